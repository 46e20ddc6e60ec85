//! The service: its description, and the handlers for what that does not say.

use serde_json::{Map, Value, json};
use squall_cloud::engine::{
    DescribedService, EmbeddedService, Handler, IdForm, Item, ItemStore, ServiceAnswer,
    ServiceFault, ServiceRequest,
};
use squall_cloud::{Cloud, Options};
use squall_model::description::{
    DescribedCall, DescribedRequest, Description, Resource, ResourceOrigin, Sender,
};
use squall_model::kind::{Find, Kind, KindState, OwnedBy};

use super::operations::spec;
use crate::caller::Caller;

static ROCKET: Kind = Kind::new("rocketry.rocket")
    .with_id("rocket_id", &["/rocket/id"])
    .with_state(KindState::new("/status", &["idle"]))
    .found_by(
        Find::listed("rocketry.rockets.list", "/rockets").with_everywhere(&[("everyones", "1")]),
    );
static STAGE: Kind = Kind::new("rocketry.stage").with_id("stage_id", &["/stage/id"]);
static STICKER: Kind = Kind::new("rocketry.sticker").with_name_as_id("sticker_name").private();
static PAD: Kind =
    Kind::new("rocketry.pad").owned_by(OwnedBy::System).with_id("pad_id", &["/pad/id"]);
static FUEL: Kind = Kind::new("rocketry.fuel").with_id("fuel_id", &["/fuel/id"]);

static HANGAR: Kind = Kind::new("rocketry.hangar").with_name_as_id("id");
static DEPOT: Kind = Kind::new("rocketry.depot").with_name_as_id("id");
static CRATE: Kind = Kind::new("rocketry.crate").with_id("crate_id", &["/crate/id"]);

const fn request(operation: &'static str, by: Sender) -> DescribedRequest {
    DescribedRequest { by, ..DescribedRequest::new(operation) }
}

const fn resource(
    kind: &'static Kind,
    group: &'static str,
    (object, collection, id): (&'static str, &'static str, &'static str),
    created: DescribedRequest,
) -> Resource {
    let origin = ResourceOrigin::Created(created);
    Resource {
        kind,
        group,
        object,
        collection,
        id,
        origin,
        within: None,
        fresh: false,
        standard: &[],
    }
}

pub(super) const fn call(operation: &'static str) -> DescribedCall {
    let request = request(operation, Sender::Member);
    DescribedCall { on: Some("rocketry.rocket"), own: true, ..DescribedCall::new(request) }
}

pub(super) static DESCRIPTION: Description = Description {
    resources: &[
        resource(
            &ROCKET,
            "rocketry.rockets",
            ("/rocket", "/rockets", "/id"),
            request("rocketry.rockets.create", Sender::Member),
        ),
        resource(
            &STAGE,
            "rocketry.stages",
            ("/stage", "/stages", "/id"),
            request("rocketry.stages.create", Sender::Member),
        ),
        resource(
            &STICKER,
            "rocketry.stickers",
            ("", "", "/name"),
            request("rocketry.stickers.create", Sender::Member),
        ),
        resource(
            &PAD,
            "rocketry.pads",
            ("/pad", "/pads", "/id"),
            request("rocketry.pads.create", Sender::Admin),
        ),
        resource(
            &FUEL,
            "rocketry.fuels",
            ("/fuel", "/fuels", "/id"),
            request("rocketry.fuels.create", Sender::Member),
        ),
        resource(
            &HANGAR,
            "rocketry.hangars",
            ("/hangar", "/hangars", "/name"),
            request("rocketry.hangars.build", Sender::Member),
        ),
        resource(
            &DEPOT,
            "rocketry.depots",
            ("/depot", "/depots", "/name"),
            request("rocketry.depots.build", Sender::Member),
        ),
        resource(
            &CRATE,
            "rocketry.crates",
            ("/crate", "/crates", "/id"),
            request("rocketry.crates.create", Sender::Member),
        ),
    ],
    calls: &[call("rocketry.rockets.launch"), call("rocketry.rockets.scrub")],
    conditions: &[],
    unreachable: &[],
};

/// A launch needs fuel, and the rocket is gone from the ground afterwards.
fn launch(
    store: &mut ItemStore,
    request: &ServiceRequest<'_>,
) -> Result<ServiceAnswer, ServiceFault> {
    let rocket = request.target_mut(store)?;
    if rocket.fields().get("fuel").is_none_or(|fuel| *fuel == 0) {
        return Err(ServiceFault::conflict("The rocket has no fuel."));
    }
    rocket.fields_mut().insert("status".to_owned(), "flying".into());
    let rocket = request.target(store)?;
    request.shown(rocket)
}

/// A pad has a number that is painted on it.
fn pave(
    store: &mut ItemStore,
    request: &ServiceRequest<'_>,
) -> Result<ServiceAnswer, ServiceFault> {
    let number = store.items("rocketry.pad").count() + 1;
    request.standard_with(store, Map::from_iter([("number".to_owned(), number.into())]))
}

/// A crate has a number, which addresses it.
fn stow(
    store: &mut ItemStore,
    request: &ServiceRequest<'_>,
) -> Result<ServiceAnswer, ServiceFault> {
    let number = store.items("rocketry.crate").count() + 1;
    let id = format!("crate-{number}");
    request.standard_with(store, Map::from_iter([("id".to_owned(), id.into())]))
}

/// The cloud has a pad from the start.
fn first_pad(store: &mut ItemStore) {
    let id = store.new_id(IdForm::Uuid);
    let fields = json!({ "id": id, "number": 1 });
    let Value::Object(fields) = fields else { return };
    store.insert("rocketry.pad", Item::new(id.as_str().unwrap_or_default(), fields));
}

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("rocketry.pads.create", pave),
    ("rocketry.rockets.launch", launch),
    ("rocketry.crates.create", stow),
];

/// Returns the service as a plugin registers it.
pub(super) fn service() -> DescribedService {
    DescribedService {
        spec: spec("rocketry", "rocketry"),
        description: &DESCRIPTION,
        embedded: EmbeddedService::new().with_handlers(HANDLERS).beginning_with(first_pad),
        policy_rules: &[],
    }
}

/// Returns the administrator of a cloud with the service.
pub(super) fn admin() -> Caller {
    let options = Options { seed: 1, speed: f64::INFINITY };
    Caller::admin_of(Cloud::with_services(options, &[service()]).unwrap())
}
