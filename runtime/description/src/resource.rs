//! Resources as they are written, each with its requests. What follows from several of them is
//! decided later, in [`crate::whole`].

use squall_model::description::Sender;
use squall_model::kind::{KindState, OwnedBy};
use squall_model::suggest::did_you_mean;

use crate::item::{Fields, Item, rooted};
use crate::leak;
use crate::operations::{OperationInfo, Table};
use crate::problem::Problems;
use crate::request::{self, Defaults, Request};

/// The keys of a resource.
pub(crate) const KEYS: [&str; 34] = [
    "name",
    "summary",
    "operations",
    "envelope",
    "collection",
    "id",
    "param",
    "create",
    "change",
    "existing",
    "made_by",
    "within",
    "owner",
    "state",
    "update",
    "list",
    "list_detail",
    "show",
    "check",
    "delete",
    "named",
    "found",
    "gone",
    "undo",
    "freed_by",
    "params",
    "sweep",
    "several",
    "private",
    "before",
    "needs",
    "shown_by",
    "unnamed",
    "fresh",
];

/// The verbs of the operations that belong to a resource without being named.
pub(crate) const STANDARD: [&str; 6] = ["list", "list_detail", "show", "check", "update", "delete"];

/// A resource as it was read.
pub(crate) struct Draft<'n, 'o> {
    pub(crate) fields: Fields<'n>,
    pub(crate) name: &'n str,
    /// The kind's name, `service.name`.
    pub(crate) kind: String,
    pub(crate) summary: &'n str,
    pub(crate) group: Option<&'o str>,
    /// JSON pointers: to the object in an answer, to the list, and in the object to the id.
    pub(crate) object: String,
    pub(crate) collection: String,
    pub(crate) id: String,
    pub(crate) param: Option<&'n str>,
    pub(crate) origin: DraftOrigin<'n, 'o>,
    pub(crate) within: Option<String>,
    pub(crate) owner: OwnedBy,
    pub(crate) state: Option<KindState>,
    pub(crate) standard: Vec<Standard<'n, 'o>>,
    pub(crate) needs: Vec<&'n str>,
}

/// Where a resource comes from, as it was read.
pub(crate) enum DraftOrigin<'n, 'o> {
    Created(Request<'n, 'o>),
    Changed(Request<'n, 'o>),
    Existing { list: &'o str, fields: Vec<(String, &'n str)> },
}

/// A standard operation of a resource.
pub(crate) struct Standard<'n, 'o> {
    pub(crate) request: Request<'n, 'o>,
    /// Whether the file has it; the others follow from the operations of the group.
    pub(crate) is_written: bool,
}

impl<'n, 'o: 'n> Draft<'n, 'o> {
    /// Returns the request that creates one or makes the change.
    pub(crate) fn making(&self) -> Option<&Request<'n, 'o>> {
        match &self.origin {
            DraftOrigin::Created(request) | DraftOrigin::Changed(request) => Some(request),
            DraftOrigin::Existing { .. } => None,
        }
    }

    /// Finds an operation of its group by its verb.
    pub(crate) fn of_group(&self, verb: &str, table: &Table<'o>) -> Option<OperationInfo<'o>> {
        self.group.and_then(|group| table.of_group(group, verb))
    }

    /// Whether one is addressed by the unique name: it is in the path, or it is the id and no
    /// list is described to find it in.
    pub(crate) fn is_addressed_by_name(&self) -> bool {
        let DraftOrigin::Created(create) = &self.origin else { return false };
        let in_path = create.name_parameter().is_some_and(|found| self.param == Some(found));
        let is_id = create.name_pointers().contains(&format!("{}{}", self.object, self.id));
        let found = self.fields.get("found");
        let counted = found.is_some_and(|item| item.node.get("census").is_some());
        in_path || is_id && (found.is_none() || counted)
    }

    /// Whether it has a ledger entry of its own.
    pub(crate) fn is_tracked(&self) -> bool {
        self.within.is_none() && self.making().is_some()
    }

    /// Returns the parameters that are known when one is undone, beside what addresses it: those
    /// of its request's path, and those that `params` takes from the body.
    pub(crate) fn known(&self) -> Vec<&'n str> {
        let params = self.fields.get("params").into_iter().flat_map(Item::entries);
        let path = self.making().into_iter().flat_map(|made| made.info.parameters());
        params.map(|(name, _)| name).chain(path).collect()
    }

    /// Who sends a request of it, unless it says so itself.
    pub(crate) fn sender(&self) -> Sender {
        match self.owner {
            OwnedBy::Project | OwnedBy::User => Sender::Member,
            OwnedBy::Domain | OwnedBy::System => Sender::Admin,
        }
    }
}

/// Reads a resource; `None` if too much is missing to go on.
pub(crate) fn read<'n, 'o: 'n>(
    item: &Item<'n>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Option<Draft<'n, 'o>> {
    let fields = item.fields("a resource", &KEYS, problems);
    let name =
        fields.required("name", "name the resource in the singular, as in `snapshot`", problems);
    let summary = fields
        .required("summary", "say in one line what the resource is", problems)
        .unwrap_or_default();
    if let Some(item) = fields.get("summary").filter(|_| summary.contains('\n')) {
        problems.at(item, "`summary` has several lines", "say in one line what the resource is");
    }
    let name = name?;
    if !is_name(name) {
        let item = fields.get("name").unwrap_or(item);
        let help = "write it in lower case, with `_` between words, as in `volume_type`";
        problems.at(item, format!("`{name}` is not a name of a resource"), help);
    }
    let origin = single_origin(&fields, problems)?;
    let group = group(name, origin, &fields, table, problems)?;
    let envelope = fields.text("envelope", problems).unwrap_or(name);
    let short = |group: &'o str| group.split_once('.').map_or(group, |(_, short)| short);
    let collection = fields.text("collection", problems);
    let collection = collection.or(group.map(short)).unwrap_or_default();
    let param = fields.text("param", problems).or_else(|| {
        let group = group.filter(|_| origin != "change")?;
        let shown = ["show", "check", "delete"].iter().find_map(|verb| table.of_group(group, verb));
        shown?.parameters().last()
    });
    let origin = read_origin(origin, &fields, group, envelope, table, problems)?;
    let owner = fields.get("owner").and_then(|item| item.word(&OWNERS, problems));
    let within = fields.text("within", problems).map(|text| full(text, table));
    let mut draft = Draft {
        name,
        kind: full(name, table),
        summary,
        group,
        object: rooted(envelope),
        collection: rooted(collection),
        id: rooted(fields.text("id", problems).unwrap_or("id")),
        param,
        origin,
        within,
        owner: owner.unwrap_or(OwnedBy::Project),
        state: fields.get("state").and_then(|item| state(item, problems)),
        standard: Vec::new(),
        needs: fields.texts("needs", problems).into_iter().map(|(text, _)| text).collect(),
        fields,
    };
    draft.standard = standard(&draft.fields, group, envelope, table, problems);
    Some(draft)
}

const OWNERS: [(&str, OwnedBy); 4] = [
    ("project", OwnedBy::Project),
    ("user", OwnedBy::User),
    ("domain", OwnedBy::Domain),
    ("system", OwnedBy::System),
];

/// Returns the name of a kind with its service.
pub(crate) fn full(text: &str, table: &Table<'_>) -> String {
    if text.contains('.') { text.to_owned() } else { format!("{}.{text}", table.service) }
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Returns the one of `create`, `change` and `existing` that the resource has.
fn single_origin(fields: &Fields<'_>, problems: &mut Problems) -> Option<&'static str> {
    let found =
        ["create", "change", "existing"].into_iter().filter(|key| fields.get(key).is_some());
    let found: Vec<&'static str> = found.collect();
    if let [only] = found[..] {
        return Some(only);
    }
    let has = if found.is_empty() { "none".to_owned() } else { found.join(" and ") };
    problems.at(
        &fields.item,
        format!("a resource has one of `create`, `change` and `existing`, and this has {has}"),
        "write `create` if a request makes one, `change` if a request changes something that has \
         no id, `existing` if nothing makes one",
    );
    None
}

/// Returns the group of the resource's operations; `Some(None)` if it has none.
#[expect(clippy::option_option, reason = "a resource may lack a group; an error ends the reading")]
fn group<'o>(
    name: &str,
    origin: &str,
    fields: &Fields<'_>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Option<Option<&'o str>> {
    if let Some(item) = fields.get("operations") {
        let text = item.text(problems)?;
        let group = table.group(text);
        if group.is_none() && text != "none" {
            let message = format!("{} has no group of operations `{text}`", table.service);
            let help = did_you_mean(text, table.group_names());
            problems.at(
                item,
                message,
                help.unwrap_or_else(|| {
                    "write the middle part of the operations' ids, or `none` if each is named"
                        .to_owned()
                }),
            );
            return None;
        }
        return Some(group);
    }
    let group = table.group_of(name);
    if group.is_none() && origin != "change" {
        let near = did_you_mean(name, table.group_names());
        let near = near.map(|near| format!(": {near}")).unwrap_or_default();
        problems.at(
            &fields.item,
            format!("no group of operations of {} is the plural of `{name}`", table.service),
            format!("name the group in `operations`{near}"),
        );
        return None;
    }
    Some(group)
}

fn read_origin<'n, 'o: 'n>(
    key: &str,
    fields: &Fields<'n>,
    group: Option<&'o str>,
    envelope: &str,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Option<DraftOrigin<'n, 'o>> {
    let item = fields.get(key)?;
    if key == "existing" {
        return existing(item, fields.get("list"), group, table, problems);
    }
    let made = item.fields("a request", &request::KEYS, problems);
    let default =
        group.filter(|_| key == "create").and_then(|group| table.of_group(group, "create"));
    if default.is_none() && made.get("operation").is_none() {
        let message = match group.filter(|_| key == "create") {
            Some(group) => format!("`{group}` has no operation `create`"),
            None => "`operation` is missing".to_owned(),
        };
        problems.at(item, message, "name the operation that makes one in `operation`");
        return None;
    }
    let defaults = Defaults { operation: default.map(|info| info.id), envelope };
    let request = request::read(&made, defaults, table, problems)?;
    Some(if key == "create" {
        DraftOrigin::Created(request)
    } else {
        DraftOrigin::Changed(request)
    })
}

fn existing<'n, 'o>(
    item: &Item<'n>,
    written: Option<&Item<'n>>,
    group: Option<&'o str>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Option<DraftOrigin<'n, 'o>> {
    let fields = item.fields("`existing`", &["list", "where"], problems);
    let written = written.and_then(|item| item.entries().find(|(key, _)| *key == "operation"));
    let named = fields.get("list").cloned().or(written.map(|(_, item)| item));
    let list = match &named {
        Some(item) => Some(table.own(item.text(problems)?, item, problems)?),
        None => ["list", "list_detail"].iter().find_map(|verb| table.of_group(group?, verb)),
    };
    let Some(list) = list else {
        let help = "name the operation that lists them in `existing.list`";
        problems.at(item, "no operation lists these resources", help);
        return None;
    };
    let pairs = fields.pairs("where", problems).into_iter();
    let fields = pairs.map(|(key, text, _)| (rooted(key), text)).collect();
    Some(DraftOrigin::Existing { list: list.id, fields })
}

fn state(item: &Item<'_>, problems: &mut Problems) -> Option<KindState> {
    let fields = item.fields("`state`", &["at", "ready", "passing", "dead", "tell"], problems);
    let at = fields.required("at", "name the field that has the state", problems)?;
    let mut texts = |key: &str| {
        let found = fields.texts(key, problems);
        leak::list(found.into_iter().map(|(text, _)| leak::text(text)))
    };
    let (ready, passing, dead) = (texts("ready"), texts("passing"), texts("dead"));
    let tell = leak::list(texts("tell").iter().map(|text| leak::text(&rooted(text))));
    if ready.is_empty() {
        problems.at(item, "no state is `ready`", "list the states in which one can be used");
    }
    Some(KindState { at: leak::text(&rooted(at)), ready, passing, dead, tell })
}

fn standard<'n, 'o: 'n>(
    fields: &Fields<'n>,
    group: Option<&'o str>,
    envelope: &str,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Vec<Standard<'n, 'o>> {
    let mut found = Vec::new();
    for verb in STANDARD {
        let info = group.and_then(|group| table.of_group(group, verb));
        let written = fields.get(verb);
        let named = written.is_some_and(|item| item.node.get("operation").is_some());
        if info.is_none() && !named {
            if let Some(item) = written {
                let group = group.unwrap_or("the resource");
                problems.at(item, format!("`{group}` has no operation `{verb}`"), "remove it");
            }
            continue;
        }
        // One that is not written has no keys: the place is the resource's.
        let read = match written {
            Some(item) => item.fields("a request", &request::KEYS, problems),
            None => fields.item.without_keys(),
        };
        let envelope = if verb == "update" { envelope } else { "" };
        let defaults = Defaults { operation: info.map(|info| info.id), envelope };
        if let Some(request) = request::read(&read, defaults, table, problems) {
            if request.info.verb() != verb {
                let item = read.get("operation").unwrap_or(&read.item);
                let message = format!("`{}` has no effect as `{verb}`", request.info.id);
                let help = format!(
                    "name an operation that is called `{verb}`, or describe it under `calls`"
                );
                problems.at(item, message, help);
            }
            found.push(Standard { request, is_written: written.is_some() });
        }
    }
    found
}
