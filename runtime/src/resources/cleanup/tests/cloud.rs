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
use crate::kinds::{Find, Gone, Kind, Listed, Step, Sweep};
use crate::ledger::Owner;
use crate::services::Service;

/// A thing of the cloud.
#[expect(clippy::struct_excessive_bools, reason = "each is a behaviour of its own")]
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
    /// Whether only an admin is told that it is there.
    pub(super) hidden: bool,
    /// What it lies in.
    pub(super) of: Option<String>,
    /// Whether its id is of a user that cannot be acted as.
    pub(super) is_lost: bool,
}

/// The cloud, as one identity sees it.
#[expect(clippy::struct_excessive_bools, reason = "each is a behaviour of its own")]
#[derive(Clone, Default)]
pub(super) struct Toy {
    pub(super) things: Arc<Mutex<BTreeMap<String, Thing>>>,
    pub(super) log: Arc<Mutex<Vec<String>>>,
    pub(super) down: bool,
    pub(super) admin: bool,
    /// Whether something in front of it answers 404 to everything.
    pub(super) only_404: bool,
    /// Whether it answers 200 without a body to everything.
    pub(super) empty_200: bool,
    /// Whether its answers do not show that it gave them.
    pub(super) bare: bool,
    /// Whether something in front of it answers 204 to every change, and changes nothing.
    pub(super) fakes_changes: bool,
    /// How many requests get no answer first.
    pub(super) silent_for: Arc<Mutex<u32>>,
    /// Whether it refuses to list what belongs to every project.
    pub(super) refuses_everywhere: bool,
    /// Whether its admin does not see the resources of every project.
    pub(super) narrow_admin: bool,
    /// How many widgets are on a page of the list.
    pub(super) page: Option<usize>,
}

impl Toy {
    pub(super) fn put(&self, id: &str, thing: Thing) {
        self.things.lock().unwrap().insert(id.to_owned(), thing);
    }

    pub(super) fn change(&self, id: &str, change: impl FnOnce(&mut Thing)) {
        change(self.things.lock().unwrap().get_mut(id).unwrap());
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.things.lock().unwrap().keys().cloned().collect()
    }

    fn answer(&self, request: &Request<'_>) -> Answer {
        if self.only_404 {
            return Answer { origin: Origin::Unproven, ..answer(404, Value::Null) };
        }
        if self.empty_200 {
            return answer(200, Value::Null);
        }
        let changes = [".create", ".delete"].iter().any(|verb| request.operation.ends_with(verb));
        if self.fakes_changes && changes {
            return Answer { origin: Origin::Unproven, ..answer(204, Value::Null) };
        }
        if self.refuses_everywhere && request.query.iter().any(|(name, _)| *name == "all") {
            return answer(403, Value::Null);
        }
        let answer = self.as_service(request);
        if self.bare { Answer { origin: Origin::Unproven, ..answer } } else { answer }
    }

    fn as_service(&self, request: &Request<'_>) -> Answer {
        let mut things = self.things.lock().unwrap();
        let id = request.params.get("widget_id").cloned().unwrap_or_default();
        self.log.lock().unwrap().push(format!("{} {id}", request.operation));
        let status = match request.operation {
            "toys.widgets.list" => {
                let visible = things.iter().filter(|(_, thing)| !thing.deleted);
                let items: Vec<Value> = visible
                    .map(|(id, thing)| json!({"id": id, "name": thing.name, "of": thing.of}))
                    .collect();
                return answer(200, self.paged(items, request));
            }
            "toys.widgets.delete" => {
                let blocked = things
                    .get(&id)
                    .and_then(|thing| thing.stands_under.clone())
                    .is_some_and(|other| things.contains_key(&other));
                match things.get_mut(&id) {
                    None => 404,
                    Some(thing) if thing.hidden && !self.admin => 404,
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
                    let status = if thing.deleted { "DELETING" } else { "ACTIVE" };
                    let widget = json!({"name": thing.name, "status": status});
                    return answer(200, json!({ "widget": widget }));
                }
            },
            "toys.joints.create" => 200,
            "toys.joints.delete" => 204,
            _ => 400,
        };
        answer(status, Value::Null)
    }

    /// One page of a list, with a link to the next.
    fn paged(&self, items: Vec<Value>, request: &Request<'_>) -> Value {
        let Some(size) = self.page else { return json!({ "widgets": items }) };
        let marker = request.query.iter().find(|(name, _)| *name == "marker");
        let after = |item: &Value| marker.is_none_or(|(_, id)| item["id"].as_str() > Some(id));
        let rest: Vec<Value> = items.into_iter().filter(after).collect();
        let page: Vec<Value> = rest.iter().take(size).cloned().collect();
        let mut body = json!({ "widgets": page });
        if rest.len() > size {
            let last = page[size - 1]["id"].as_str().unwrap();
            let href = format!("http://toys/widgets?marker={last}");
            body["widgets_links"] = json!([{"rel": "next", "href": href}]);
        }
        body
    }
}

fn answer(status: u16, body: Value) -> Answer {
    let request_id = Some(format!("req-{status}"));
    Answer { status, body, request_id, origin: Origin::RequestId }
}

impl Api for Toy {
    fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a> {
        let mut silent_for = self.silent_for.lock().unwrap();
        let is_silent = *silent_for > 0;
        *silent_for = silent_for.saturating_sub(1);
        let answer = if self.down || is_silent {
            Err(Unanswered {
                message: "connection refused".into(),
                passing: true,
                not_offered: false,
            })
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

    fn admin_sees_everything(&self) -> bool {
        !self.narrow_admin
    }

    fn acting_as<'a>(&'a self, owner: &'a Owner) -> Acting<'a> {
        let actor: Result<Arc<dyn Api>, String> = if owner.user_id == "lost"
            || self.things.lock().unwrap().get(&owner.user_id).is_some_and(|user| user.is_lost)
        {
            Err(format!("user {} is not there", owner.user_id))
        } else {
            Ok(Arc::new(self.clone()))
        };
        Box::pin(std::future::ready(actor))
    }
}

pub(super) static WIDGET: Kind = widget("toys.widget").standing_on(&["toys.box"]);
/// Something that widgets belong to.
pub(super) static BOX: Kind = widget("toys.box");
/// Something that an admin cannot address.
pub(super) static SECRET: Kind = widget("toys.secret").standing_on(&["toys.box"]).private();

/// Something that is gone once its deletion is answered, unless the answer is 202.
pub(super) static LATCH: Kind = widget("toys.latch").gone_when(Gone::Deleted("toys.widgets.show"));

/// Something of a project, which an admin lists for all of them.
pub(super) static SHARED: Kind = widget("toys.shared")
    .found_by(Find::listed("toys.widgets.list", "/widgets").with_everywhere(&[("all", "1")]));

/// Something that is addressed by its name.
pub(super) static NAMED: Kind =
    Kind::new("toys.latch_named").with_name_as_id("widget_id").undone_by(DELETION);

/// Something that a service fills by itself.
pub(super) static SWEPT: Kind = widget("toys.swept").sweeping(&[Sweep {
    listed: Listed {
        query: &[("of", "{widget_id}")],
        ..Listed::new("toys.widgets.list", "/widgets")
    },
    of: Some(("/of", "widget_id")),
    delete: "toys.widgets.delete",
    id_param: "widget_id",
    delete_query: &[],
    until_empty: false,
}]);

/// A change of a widget.
pub(super) static JOINT: Kind = Kind::new("toys.joint")
    .standing_on(&["toys.widget"])
    .made_by(&["toys.joints.create"])
    .undone_by(&[Step::of("toys.joints.delete")]);

static KINDS: &[&Kind] = &[&WIDGET, &BOX, &SECRET, &LATCH, &SHARED, &NAMED, &JOINT, &SWEPT];

const TOYS: Service = Service::new(spec).with_kinds(KINDS);

#[cfg(not(feature = "embedded"))]
crate::services::register!(TOYS);

// No test starts an embedded cloud with it: without a description it is a faulty registration.
#[cfg(feature = "embedded")]
crate::services::register!(TOYS.in_the_embedded_cloud(crate::embedded::EmbeddedService::new()));

const DELETION: &[Step] = &[Step::of("toys.widgets.delete")];

const fn widget(name: &'static str) -> Kind {
    Kind::new(name)
        .with_id("widget_id", &["/widget/id"])
        .found_by(Find::listed("toys.widgets.list", "/widgets"))
        .undone_by(DELETION)
        .gone_when(Gone::NotFound("toys.widgets.show"))
}

fn spec() -> &'static ServiceSpec {
    static SPEC: ServiceSpec = ServiceSpec {
        service_type: "toy-box",
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
