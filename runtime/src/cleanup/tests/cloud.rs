//! A cloud that is a map from paths to things, with what makes undoing hard:
//! things that are busy, that stay a while, and that others stand on.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use squall_model::blob::SchemaSource;
use squall_model::{Method, Operation, ServiceSpec, VersionRange};

use crate::cleanup::{Acting, Owners};
use crate::client::by_id::{Answer, Api, Origin, Pending, Request, Unanswered};
use crate::kinds::{Find, Gone, Kind, Step, rank};
use crate::ledger::Owner;

/// A thing of the cloud.
#[derive(Debug, Clone, Default)]
pub(super) struct Thing {
    pub(super) name: String,
    /// How many deletions are refused first.
    pub(super) busy: u32,
    /// For how many looks it is seen after its deletion.
    pub(super) lingers: u32,
    /// Whether the answer to its deletion tells so.
    pub(super) says_so: bool,
    /// A thing that cannot go before this one.
    pub(super) stands_under: Option<String>,
    pub(super) deleted: bool,
    pub(super) forbidden: bool,
}

/// The cloud, as one identity sees it.
#[derive(Clone, Default)]
pub(super) struct Toy {
    pub(super) things: Arc<Mutex<BTreeMap<String, Thing>>>,
    pub(super) log: Arc<Mutex<Vec<String>>>,
    pub(super) down: bool,
    pub(super) admin: bool,
}

impl Toy {
    pub(super) fn put(&self, id: &str, thing: Thing) {
        self.things.lock().unwrap().insert(id.to_owned(), thing);
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.things.lock().unwrap().keys().cloned().collect()
    }

    fn answer(&self, request: &Request<'_>) -> Answer {
        let mut things = self.things.lock().unwrap();
        let id = request.params.get("widget_id").cloned().unwrap_or_default();
        self.log.lock().unwrap().push(format!("{} {id}", request.operation));
        let status = match request.operation {
            "toys.widgets.list" => {
                let visible = things.iter().filter(|(_, thing)| !thing.deleted);
                let items: Vec<Value> =
                    visible.map(|(id, thing)| json!({"id": id, "name": thing.name})).collect();
                return answer(200, json!({"widgets": items}));
            }
            "toys.widgets.delete" => {
                let blocked = things
                    .get(&id)
                    .and_then(|thing| thing.stands_under.clone())
                    .is_some_and(|other| things.contains_key(&other));
                match things.get_mut(&id) {
                    None => 404,
                    Some(thing) if thing.forbidden && !self.admin => 403,
                    Some(_) if blocked => 409,
                    Some(thing) if thing.busy > 0 => {
                        thing.busy -= 1;
                        409
                    }
                    Some(thing) => {
                        thing.deleted = true;
                        let status = if thing.says_so { 202 } else { 204 };
                        if thing.lingers == 0 {
                            things.remove(&id);
                        }
                        status
                    }
                }
            }
            "toys.widgets.show" => match things.get_mut(&id) {
                None => 404,
                Some(thing) if thing.deleted && thing.lingers <= 1 => {
                    things.remove(&id);
                    404
                }
                Some(thing) => {
                    thing.lingers = thing.lingers.saturating_sub(1);
                    return answer(200, json!({"widget": {"status": "DELETING"}}));
                }
            },
            _ => 400,
        };
        answer(status, Value::Null)
    }
}

fn answer(status: u16, body: Value) -> Answer {
    let request_id = Some(format!("req-{status}"));
    Answer { status, body, request_id, origin: Origin::RequestId }
}

impl Api for Toy {
    fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a> {
        let answer = if self.down {
            Err(Unanswered { message: "connection refused".into(), passing: true })
        } else {
            Ok(self.answer(&request))
        };
        Box::pin(std::future::ready(answer))
    }
}

/// Everyone is the same cloud; `lost` cannot be acted as.
impl Owners for Toy {
    fn admin(&self) -> Arc<dyn Api> {
        Arc::new(Self { admin: true, ..self.clone() })
    }

    fn acting_as<'a>(&'a self, owner: &'a Owner) -> Acting<'a> {
        let actor: Result<Arc<dyn Api>, String> = if owner.user_id == "lost" {
            Err("user lost is not there".to_owned())
        } else {
            Ok(Arc::new(self.clone()))
        };
        Box::pin(std::future::ready(actor))
    }
}

pub(super) static WIDGET: Kind = widget("toys.widget", rank::VOLUME);
/// Something that widgets belong to.
pub(super) static BOX: Kind = widget("toys.box", rank::PROJECT);
/// Something that an admin cannot address.
pub(super) static SECRET: Kind = widget("toys.secret", rank::OBJECT).private();

/// Something that is gone once its deletion is answered, unless the answer is 202.
pub(super) static LATCH: Kind =
    widget("toys.latch", rank::VOLUME).gone_when(Gone::Deleted("toys.widgets.show"));

crate::kinds::register!(WIDGET, BOX, SECRET, LATCH);

const DELETION: &[Step] = &[Step::of("toys.widgets.delete")];

const fn widget(name: &'static str, rank: rank::Rank) -> Kind {
    Kind::new(name, spec, rank)
        .with_id("widget_id", &["/widget/id"])
        .found_by(Find::listed("toys.widgets.list", "/widgets"))
        .undone_by(DELETION)
        .gone_when(Gone::NotFound("toys.widgets.show"))
}

fn spec() -> &'static ServiceSpec {
    static SPEC: ServiceSpec = ServiceSpec {
        service_type: "toys",
        name: "toys",
        version_path: "",
        versions: VersionRange::ALL,
        source: "",
        history: &[],
        operations: &[&DELETE],
    };
    &SPEC
}

static DELETE: Operation = Operation {
    id: Cow::Borrowed("toys.widgets.delete"),
    method: Method::Delete,
    path: Cow::Borrowed("/widgets/{widget_id}"),
    action: None,
    summary: Cow::Borrowed("Deletes a widget."),
    versions: VersionRange::ALL,
    success: Cow::Borrowed(&[]),
    errors: Cow::Borrowed(&[]),
    policies: Cow::Borrowed(&[]),
    extension: None,
    paging: None,
    response_boundaries: Cow::Borrowed(&[]),
    request_boundaries: Cow::Borrowed(&[]),
    response_known: true,
    schemas: SchemaSource::Nowhere,
};
