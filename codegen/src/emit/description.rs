//! Emits `description.rs`: what the service's resources are and how its operations are called,
//! as data.
//!
//! The code uses `model::description`, `model::kind`, `model::VersionRange` and
//! `model::Microversion` of `squall_client`.

use squall_model::description::{
    After, Condition, DescribedBody, DescribedCall, DescribedRequest, Resource, ResourceOrigin,
    Sender, Variant,
};
use squall_model::kind::{Find, Gone, Id, KindState, Listed, Naming, OwnedBy, Step, Sweep};
use squall_model::{Description, Kind};

use super::{File, text};

/// Emits the file: a module `kinds` with the kinds that a run may create, and `DESCRIPTION`.
pub fn emit(service: &str, description: &Description) -> File {
    let mut out = text::header(service);
    let (tracked, others): (Vec<_>, Vec<_>) =
        description.resources.iter().partition(|resource| resource.is_tracked());
    out.push_str(
        "\n/// The kinds of resources that a run may create, and of changes that it may make.\n",
    );
    let kinds: String = tracked.iter().map(|one| kind_static("pub ", one.kind)).collect();
    out.push_str(&format!("pub mod kinds {{\n{USES}{kinds}}}\n\n{USES}"));
    let mut body: String = others.iter().map(|one| kind_static("", one.kind)).collect();
    body.push_str("/// What the service's resources are, and how its operations are called.\n");
    body.push_str("pub static DESCRIPTION: Description = Description {\n");
    body.push_str(&format!("resources: {},\n", list(description.resources, resource)));
    body.push_str(&format!("calls: {},\n", list(description.calls, call)));
    body.push_str(&format!("conditions: {},\n", list(description.conditions, condition)));
    let unreachable = list(description.unreachable, |one| {
        let (operation, reason, upstream) = (one.operation, one.reason, one.upstream);
        format!(
            "Unreachable {{ operation: {operation:?}, reason: {reason:?}, upstream: {upstream:?} }}"
        )
    });
    body.push_str(&format!("unreachable: {unreachable},\n}};\n"));
    out.push_str(&body);
    File { name: "description.rs", content: out.into_bytes() }
}

/// The imports, whichever of them a description needs.
const USES: &str = "#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = \"which of them are needed depends on the description\"
)]
use squall_client::model::{
    Description, Kind, Microversion, VersionRange, description::*, kind::*,
};

";

/// Returns the declaration of a kind, called like the resource.
fn kind_static(visibility: &str, kind: &Kind) -> String {
    let mut out = String::new();
    text::doc(&mut out, 0, kind.summary);
    let (name, value) = (constant(kind), self::kind(kind));
    out.push_str(&format!("{visibility}static {name}: Kind = {value};\n\n"));
    out
}

fn constant(kind: &Kind) -> String {
    kind.name.rsplit('.').next().unwrap_or_default().to_uppercase()
}

fn kind(kind: &Kind) -> String {
    let Kind {
        name,
        summary,
        stands_on,
        owner,
        made_by,
        naming,
        name_at,
        state,
        id_param,
        id,
        body_params,
        find,
        undo,
        freed_by,
        gone,
        sweep,
        several,
        private,
        census,
        shown_by,
        within_ours,
    } = kind;
    let mut fields = Fields::default();
    fields.add("summary", &text_of(summary));
    fields.some("stands_on", stands_on, &list(stands_on, |text| text_of(text)));
    if *owner != OwnedBy::Project {
        fields.add("owner", &owner_of(*owner));
    }
    fields.some("made_by", made_by, &list(made_by, |text| text_of(text)));
    if *naming == Naming::Custom {
        fields.add("naming", "Naming::Custom");
    }
    fields.some("name_at", name_at, &list(name_at, |text| text_of(text)));
    if let Some(state) = state {
        fields.add("state", &format!("Some({})", state_of(state)));
    }
    if !id_param.is_empty() {
        fields.add("id_param", &text_of(id_param));
    }
    match id {
        Id::Answer(pointers) => {
            fields.add("id", &format!("Id::Answer({})", list(pointers, |text| text_of(text))));
        }
        Id::Name => fields.add("id", "Id::Name"),
        Id::Coordinates => {}
    }
    fields.some("body_params", body_params, &pairs(body_params));
    match find {
        Find::Listed(found) => fields.add("find", &format!("Find::Listed({})", listed(found))),
        Find::Name => fields.add("find", "Find::Name"),
        Find::Coordinates => {}
    }
    fields.some("undo", undo, &list(undo, step));
    fields.some("freed_by", freed_by, &list(freed_by, step));
    match gone {
        Gone::Accepted => {}
        Gone::Deleted(show) => fields.add("gone", &format!("Gone::Deleted({show:?})")),
        Gone::NotFound(show) => fields.add("gone", &format!("Gone::NotFound({show:?})")),
        Gone::NotFoundOr(show, at, is) => {
            fields.add("gone", &format!("Gone::NotFoundOr({show:?}, {at:?}, {is:?})"));
        }
    }
    fields.some("sweep", sweep, &list(sweep, sweep_of));
    fields.some("several", several, &list(several, |text| text_of(text)));
    for (name, value) in [("private", *private), ("within_ours", *within_ours)] {
        if value {
            fields.add(name, "true");
        }
    }
    if let Some(census) = census {
        fields.add("census", &format!("Some({})", listed(census)));
    }
    if let Some((operation, at)) = shown_by {
        fields.add("shown_by", &format!("Some(({operation:?}, {at:?}))"));
    }
    fields.end("Kind", &format!("Kind::new({name:?})"))
}

fn owner_of(owner: OwnedBy) -> String {
    let name = match owner {
        OwnedBy::Project => "Project",
        OwnedBy::User => "User",
        OwnedBy::Domain => "Domain",
        OwnedBy::System => "System",
    };
    format!("OwnedBy::{name}")
}

fn state_of(state: &KindState) -> String {
    let mut fields = Fields::default();
    for (name, found) in [("passing", state.passing), ("dead", state.dead), ("tell", state.tell)] {
        fields.some(name, found, &list(found, |text| text_of(text)));
    }
    let rest =
        format!("KindState::new({:?}, {})", state.at, list(state.ready, |text| text_of(text)));
    fields.end("KindState", &rest)
}

fn listed(found: &Listed) -> String {
    let mut fields = Fields::default();
    for (name, found) in
        [("query", found.query), ("everywhere", found.everywhere), ("left_out", found.left_out)]
    {
        fields.some(name, found, &pairs(found));
    }
    for (name, found, default) in [("by", found.by, "/name"), ("id", found.id, "/id")] {
        if found != default {
            fields.add(name, &text_of(found));
        }
    }
    for (name, value) in [("inside", found.inside), ("by_offset", found.by_offset)] {
        if value {
            fields.add(name, "true");
        }
    }
    fields.end("Listed", &format!("Listed::new({:?}, {:?})", found.operation, found.collection))
}

fn step(step: &Step) -> String {
    let body = step.body.map(|body| format!(".with_body({body:?})")).unwrap_or_default();
    format!("Step::of({:?}){body}", step.operation)
}

fn sweep_of(sweep: &Sweep) -> String {
    let Sweep { listed: found, of, delete, id_param, delete_query, until_empty } = sweep;
    format!(
        "Sweep {{ listed: {}, of: {of:?}, delete: {delete:?}, id_param: {id_param:?}, \
         delete_query: {}, until_empty: {until_empty} }}",
        listed(found),
        pairs(delete_query),
    )
}

fn resource(resource: &Resource) -> String {
    let Resource { kind, group, object, collection, id, origin, within, fresh, standard } =
        resource;
    let module = if resource.is_tracked() { "kinds::" } else { "" };
    let origin = match origin {
        ResourceOrigin::Created(made) => format!("ResourceOrigin::Created({})", request(made)),
        ResourceOrigin::Changed(made) => format!("ResourceOrigin::Changed({})", request(made)),
        ResourceOrigin::Existing { list, fields } => {
            format!("ResourceOrigin::Existing {{ list: {list:?}, fields: {} }}", pairs(fields))
        }
    };
    format!(
        "Resource {{\nkind: &{module}{},\ngroup: {group:?},\nobject: {object:?},\n\
         collection: {collection:?},\nid: {id:?},\norigin: {origin},\nwithin: {within:?},\n\
         fresh: {fresh},\nstandard: {},\n}}",
        constant(kind),
        list(standard, request),
    )
}

fn request(request: &DescribedRequest) -> String {
    let DescribedRequest { operation, by, path, query, headers, body, variants, features } =
        request;
    let mut fields = Fields::default();
    if *by != Sender::Member {
        let name = match by {
            Sender::Member => "Member",
            Sender::Reader => "Reader",
            Sender::Other => "Other",
            Sender::Admin => "Admin",
        };
        fields.add("by", &format!("Sender::{name}"));
    }
    for (name, found) in [("path", path), ("query", query), ("headers", headers)] {
        fields.some(name, found, &pairs(found));
    }
    match body {
        DescribedBody::None => {}
        DescribedBody::Json(text) => fields.add("body", &format!("DescribedBody::Json({text:?})")),
        DescribedBody::Text { text, media } => {
            fields.add(
                "body",
                &format!("DescribedBody::Text {{ text: {text:?}, media: {media:?} }}"),
            );
        }
    }
    fields.some("variants", variants, &list(variants, variant));
    fields.some("features", features, &list(features, |text| text_of(text)));
    fields.end("DescribedRequest", &format!("DescribedRequest::new({operation:?})"))
}

fn variant(variant: &Variant) -> String {
    let Variant { versions, patch, path, query, answers } = variant;
    format!(
        "Variant {{ versions: {}, patch: {patch:?}, path: {}, query: {}, answers: {answers:?} }}",
        text::range_value(*versions),
        pairs(path),
        pairs(query),
    )
}

fn condition(condition: &Condition) -> String {
    let Condition { rule, on, request: sent, shows } = condition;
    let (sent, shows) = (request(sent), list(shows, |text| text_of(text)));
    format!("Condition {{ rule: {rule:?}, on: {on:?}, request: {sent}, shows: {shows} }}")
}

fn call(call: &DescribedCall) -> String {
    let mut fields = Fields::default();
    if call.on.is_some() {
        fields.add("on", &format!("{:?}", call.on));
    }
    if call.own {
        fields.add("own", "true");
    }
    fields.some("before", call.before, &list(call.before, |text| text_of(text)));
    match call.after {
        After::Nothing => {}
        After::Ready => fields.add("after", "After::Ready"),
        After::Gone => fields.add("after", "After::Gone"),
        After::State(state) => fields.add("after", &format!("After::State({state:?})")),
    }
    if call.leaves_nothing.is_some() {
        fields.add("leaves_nothing", &format!("{:?}", call.leaves_nothing));
    }
    if call.answers.is_some() {
        fields.add("answers", &format!("{:?}", call.answers));
    }
    if let Some(undo) = call.undone_by {
        fields.add("undone_by", &format!("Some(&{})", request(undo)));
    }
    fields.end("DescribedCall", &format!("DescribedCall::new({})", request(&call.request)))
}

/// The fields of a struct that differ from a default.
#[derive(Default)]
struct Fields(String);

impl Fields {
    fn add(&mut self, name: &str, value: &str) {
        self.0.push_str(&format!("{name}: {value}, "));
    }

    /// Adds a list that is not empty.
    fn some<T>(&mut self, name: &str, list: &[T], value: &str) {
        if !list.is_empty() {
            self.add(name, value);
        }
    }

    fn end(self, name: &str, rest: &str) -> String {
        if self.0.is_empty() { rest.to_owned() } else { format!("{name} {{ {}..{rest} }}", self.0) }
    }
}

fn text_of(text: &str) -> String {
    format!("{text:?}")
}

fn pairs(pairs: &[(&str, &str)]) -> String {
    list(pairs, |(key, value)| format!("({key:?}, {value:?})"))
}

fn list<T>(items: &[T], each: impl Fn(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(each).collect();
    format!("&[{}]", items.join(", "))
}
