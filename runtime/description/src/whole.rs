//! Reads a whole description, and checks what one part says of another.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::description::{Resource, ResourceOrigin, Unreachable};
use squall_model::suggest::or_known;
use squall_model::{Description, Diagnostic};
use squall_yaml::{DuplicateKeys, Options};

use crate::call::{self, CallDraft, On};
use crate::condition::{self, ConditionDraft};
use crate::item::Item;
use crate::kind;
use crate::leak;
use crate::operations::{Operations, Table};
use crate::problem::Problems;
use crate::request::Request;
use crate::resource::{self, Draft, DraftOrigin, full};
use crate::source::Source;

/// Reads the description of a service's resources.
///
/// `file` is its name in what is reported. The texts of the description are never freed.
///
/// # Errors
/// Everything that is wrong in the file, in its order.
pub fn read(
    file: &str,
    text: &str,
    operations: &dyn Operations,
) -> Result<Description, Vec<Diagnostic>> {
    let mut problems = Problems::new(file);
    let options = Options::default().with_duplicate_keys(DuplicateKeys::Keep);
    let root = match squall_yaml::read(text, &options) {
        Ok(root) => root,
        Err(error) => {
            let help = "fix the syntax at this line; the rest was not checked";
            let message = format!("invalid YAML: {}", error.what);
            problems.add(error.line(), String::new(), message, help);
            return problems.or(Description::EMPTY);
        }
    };
    for (key, position) in root.repeated() {
        let message = format!("the key `{key}` is in the mapping twice");
        problems.add(Some(position.line), String::new(), message, "remove one of them");
    }
    let description = document(&Item::root(&root), &Table::new(operations), &mut problems);
    problems.or(description)
}

fn document<'n, 'o: 'n>(
    root: &Item<'n>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Description {
    let keys = ["service", "resources", "calls", "conditions", "unreachable"];
    let fields = root.fields("a description", &keys, problems);
    let service = fields.required("service", "name the service, as in `service: volume`", problems);
    if let Some((service, item)) = service.zip(fields.get("service"))
        && service != table.service
    {
        let message =
            format!("the file describes `{service}`, and lies beside `{}`", table.service);
        problems.at(item, message, format!("write `service: {}`", table.service));
    }
    let items = fields.list("resources", problems);
    let drafts: Vec<Draft<'n, 'o>> =
        items.iter().filter_map(|item| resource::read(item, table, problems)).collect();
    let calls = fields.list("calls", problems);
    let calls: Vec<CallDraft<'n, 'o>> =
        calls.iter().filter_map(|item| call::read(item, table, problems)).collect();
    let conditions = fields.list("conditions", problems);
    let conditions: Vec<ConditionDraft<'n, 'o>> =
        conditions.iter().flat_map(|item| condition::read(item, table, problems)).collect();
    let unreachable = fields.list("unreachable", problems);
    let unreachable: Vec<(Item<'n>, &'o str, Unreachable)> = unreachable
        .into_iter()
        .filter_map(|item| {
            let (id, found) = call::unreachable(&item, table, problems)?;
            Some((item, id, found))
        })
        .collect();
    let whole = Whole {
        names: names(&items, problems),
        drafts: &drafts,
        calls: &calls,
        conditions: &conditions,
        table,
    };
    whole.check_references(problems);
    let reached = whole.reached(&unreachable, problems);
    let resources: Vec<Resource> =
        drafts.iter().map(|draft| whole.resource(draft, &reached, problems)).collect();
    let reached = whole.with_standard(reached);
    let calls: Vec<_> = calls.iter().map(|call| whole.call(call, &reached, problems)).collect();
    let description = Description {
        resources: leak::list(resources),
        calls: leak::list(calls),
        conditions: &[],
        unreachable: leak::list(unreachable.into_iter().map(|(_, _, found)| found)),
    };
    // A condition adds to the request that its operation is described with.
    let conditions: Vec<_> =
        conditions.iter().filter_map(|one| one.finish(&description, problems)).collect();
    Description { conditions: leak::list(conditions), ..description }
}

/// Returns the names of all resources, also of those that cannot be read.
fn names<'n>(items: &[Item<'n>], problems: &mut Problems) -> BTreeSet<&'n str> {
    let mut found = BTreeSet::new();
    for item in items {
        if let Some(name) = item.node.get("name").and_then(|node| node.text())
            && !found.insert(name)
        {
            let help = "give every resource a name of its own";
            problems.at(item, format!("a resource is already called `{name}`"), help);
        }
    }
    found
}

struct Whole<'a, 'n, 'o> {
    names: BTreeSet<&'n str>,
    drafts: &'a [Draft<'n, 'o>],
    calls: &'a [CallDraft<'n, 'o>],
    conditions: &'a [ConditionDraft<'n, 'o>],
    table: &'a Table<'o>,
}

impl<'n, 'o: 'n> Whole<'_, 'n, 'o> {
    /// Reports resources of this service that are named and not described.
    fn check_references(&self, problems: &mut Problems) {
        let of_resources = self.drafts.iter().flat_map(|draft| {
            draft.making().into_iter().chain(draft.standard.iter().map(|one| &one.request))
        });
        let of_calls = self
            .calls
            .iter()
            .flat_map(|call| std::iter::once(&call.request).chain(&call.undone_by));
        let of_conditions = self.conditions.iter().map(|condition| &condition.added);
        for request in of_resources.chain(of_calls).chain(of_conditions) {
            for (kind, item) in &request.references {
                self.check_kind(kind, item, problems);
            }
        }
        for (kind, item) in self.conditions.iter().filter_map(|condition| condition.on.as_ref()) {
            self.check_kind(kind, item, problems);
        }
        for draft in self.drafts {
            if let Some((kind, item)) = draft.within.as_ref().zip(draft.fields.get("within")) {
                self.check_kind(kind, item, problems);
            }
            for (text, item) in draft.fields.texts("before", problems) {
                self.check_kind(&full(text, self.table), &item, problems);
            }
            if let Some(item) = draft.making().and_then(|request| request.target.as_ref()) {
                let help = "name the resource, as in `${volume.volume/id}`";
                problems.at(item, "`${target/…}` where nothing exists yet", help);
            }
        }
    }

    fn check_kind(&self, kind: &str, item: &Item<'n>, problems: &mut Problems) {
        let Some((service, name)) = kind.split_once('.') else { return };
        if service != self.table.service || self.names.contains(name) {
            return;
        }
        let message = format!("no resource of {service} is called `{name}`");
        problems.at(item, message, or_known(name, self.names.iter().copied()));
    }

    /// Returns the operations that are described, and reports those that are twice.
    fn reached(
        &self,
        unreachable: &[(Item<'n>, &'o str, Unreachable)],
        problems: &mut Problems,
    ) -> BTreeSet<&'o str> {
        let mut lines: BTreeMap<&'o str, u32> = BTreeMap::new();
        let made = self.drafts.iter().filter_map(Draft::making);
        let standard = self.drafts.iter().flat_map(|draft| &draft.standard);
        let written = standard.filter(|one| one.is_written).map(|one| &one.request);
        let called = self.calls.iter().map(|call| &call.request);
        let all = made.chain(written).chain(called).map(|request| (&request.item, request.info.id));
        for (item, id) in all.chain(unreachable.iter().map(|(item, id, _)| (item, *id))) {
            if let Some(line) = lines.get(id) {
                problems.at(
                    item,
                    format!("`{id}` is described twice: it is in line {line} already"),
                    "describe each operation once: by a resource, under `calls`, or under \
                     `unreachable`",
                );
            } else {
                lines.insert(id, item.line);
            }
        }
        lines.into_keys().collect()
    }

    /// Adds the operations that belong to resources without being written.
    fn with_standard(&self, mut reached: BTreeSet<&'o str>) -> BTreeSet<&'o str> {
        let standard = self.drafts.iter().flat_map(|draft| &draft.standard);
        reached.extend(standard.map(|one| one.request.info.id));
        reached
    }

    fn resource(
        &self,
        draft: &Draft<'n, 'o>,
        reached: &BTreeSet<&'o str>,
        problems: &mut Problems,
    ) -> Resource {
        let source = Source { draft, drafts: self.drafts, calls: self.calls, table: self.table };
        let kind = kind::kind(&source, problems);
        let mut standard = Vec::new();
        for one in &draft.standard {
            let id = one.request.info.id;
            // One that is described elsewhere is not the resource's, except that a state is
            // awaited by whoever may see this one.
            let first = self.drafts.iter().find(|other| other.group == draft.group);
            let elsewhere =
                reached.contains(id) || first.is_some_and(|other| other.kind != draft.kind);
            let is_created = matches!(draft.origin, DraftOrigin::Created(_));
            let is_awaited =
                is_created && draft.state.is_some() && id.rsplit('.').next() == Some("show");
            if !one.is_written && elsewhere && !is_awaited {
                continue;
            }
            if id.ends_with(".update") && !one.is_written {
                let help = "add `update` with a body that changes something harmless, or describe \
                            the operation under `calls`";
                problems.at(&draft.fields.item, format!("`{id}` is not described"), help);
            }
            self.check_path(&one.request, &On::Own(draft), problems);
            standard.push(one.request.finish(draft.sender(), &draft.needs));
        }
        if let Some(request) = draft.making() {
            self.check_path(request, &On::Nothing, problems);
        }
        if let DraftOrigin::Existing { list, .. } = &draft.origin
            && !standard.iter().any(|request| request.operation == *list)
        {
            problems.at(
                &draft.fields.item,
                format!("`{list}` finds one, and is described elsewhere"),
                "write the request into `list`, with its `operation`",
            );
        }
        let making = |request: &Request<'_, '_>| request.finish(draft.sender(), &draft.needs);
        let group = draft.group.or(draft.making().map(|request| request.info.group()));
        Resource {
            kind,
            group: leak::text(group.unwrap_or_default()),
            object: leak::text(&draft.object),
            collection: leak::text(&draft.collection),
            id: leak::text(&draft.id),
            origin: match &draft.origin {
                DraftOrigin::Created(request) => ResourceOrigin::Created(making(request)),
                DraftOrigin::Changed(request) => ResourceOrigin::Changed(making(request)),
                DraftOrigin::Existing { list, fields } => {
                    ResourceOrigin::Existing { list: leak::text(list), fields: leak::pairs(fields) }
                }
            },
            within: draft.within.as_deref().map(leak::text),
            fresh: draft.fields.flag("fresh", problems).unwrap_or_default(),
            standard: leak::list(standard),
        }
    }

    fn call(
        &self,
        call: &CallDraft<'n, 'o>,
        reached: &BTreeSet<&str>,
        problems: &mut Problems,
    ) -> squall_model::description::DescribedCall {
        let on = call.on(self.drafts, self.table, problems);
        for request in std::iter::once(&call.request).chain(&call.undone_by) {
            if let (On::Nothing, Some(item)) = (&on, &request.target) {
                problems.at(item, "`${target/…}` without a resource", "name the resource in `on`");
            }
            self.check_path(request, &on, problems);
        }
        call.finish(&on, reached, self.table, problems)
    }

    /// Reports path parameters that nothing gives a value.
    fn check_path(&self, request: &Request<'n, 'o>, on: &On<'_, 'n, 'o>, problems: &mut Problems) {
        let mut known: BTreeSet<&str> = request.path.iter().map(|(name, _)| *name).collect();
        match on {
            // Another service's resource is checked with all descriptions.
            On::Foreign(_) => return,
            On::Own(draft) => known.extend(self.addresses(draft)),
            On::Nothing => {
                let made = self.drafts.iter().find(|draft| {
                    draft.making().is_some_and(|making| std::ptr::eq(making, request))
                });
                known.extend(made.into_iter().flat_map(|draft| self.surroundings(draft)));
            }
        }
        for parameter in request.info.parameters().filter(|parameter| !known.contains(parameter)) {
            let mut help = format!("add `path: {{{parameter}: …}}`");
            if !known.is_empty() {
                let known: Vec<&str> = known.iter().copied().collect();
                help = format!("{help}; known are {}", known.join(", "));
            }
            problems.at(
                &request.item,
                format!("the path parameter `{parameter}` of `{}` has no value", request.info.id),
                help,
            );
        }
    }

    /// Returns the path parameters that a resource gives values: its own and those around it.
    fn addresses(&self, draft: &Draft<'n, 'o>) -> BTreeSet<&str> {
        let mut found = self.surroundings(draft);
        found.extend(draft.param);
        found.extend(
            draft.fields.get("params").into_iter().flat_map(Item::entries).map(|(name, _)| name),
        );
        found
    }

    /// Returns the path parameters that are known before a resource exists: those of its
    /// request, of what it is in, and of what it refers to.
    fn surroundings(&self, draft: &Draft<'n, 'o>) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(draft);
        while let Some(draft) = next.filter(|draft| seen.insert(&draft.kind)) {
            let path = draft.making().into_iter().flat_map(|request| &request.path);
            found.extend(path.map(|(name, _)| *name));
            let whole = self.drafts.iter().find(|other| draft.within.as_ref() == Some(&other.kind));
            found.extend(whole.and_then(|whole| whole.param));
            next = whole;
        }
        for (kind, _) in draft.making().iter().flat_map(|request| &request.references) {
            found
                .extend(self.drafts.iter().find(|other| other.kind == *kind).and_then(|d| d.param));
        }
        found
    }
}
