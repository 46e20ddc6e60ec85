//! Calls, and operations that cannot be called, as they are written.

use std::collections::BTreeSet;

use squall_model::description::{After, DescribedCall, Sender, Unreachable};
use squall_model::suggest::or_known;

use crate::item::{Fields, Item};
use crate::leak;
use crate::operations::Table;
use crate::problem::Problems;
use crate::request::{self, Defaults, Request};
use crate::resource::{Draft, full};

/// The keys of a call beside those of its request.
pub(crate) const KEYS: [&str; 8] =
    ["on", "own", "before", "after", "leaves", "answers", "why", "undone_by"];

/// A call as it was read.
pub(crate) struct CallDraft<'n, 'o> {
    pub(crate) request: Request<'n, 'o>,
    fields: Fields<'n>,
    pub(crate) undone_by: Option<Request<'n, 'o>>,
}

/// Reads a call.
pub(crate) fn read<'n, 'o>(
    item: &Item<'n>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Option<CallDraft<'n, 'o>> {
    let known: Vec<&str> = request::KEYS.into_iter().chain(KEYS).collect();
    let fields = item.fields("a call", &known, problems);
    let defaults = Defaults { operation: None, envelope: "" };
    let request = request::read(&fields, defaults, table, problems)?;
    let undone_by = fields.get("undone_by").and_then(|item| {
        let fields = item.fields("a request", &request::KEYS, problems);
        request::read(&fields, defaults, table, problems)
    });
    Some(CallDraft { request, fields, undone_by })
}

/// What a call acts on.
pub(crate) enum On<'a, 'n, 'o> {
    /// Nothing.
    Nothing,
    /// A resource of this service.
    Own(&'a Draft<'n, 'o>),
    /// A resource of another service.
    Foreign(String),
}

impl<'n, 'o: 'n> CallDraft<'n, 'o> {
    /// Finds what the call acts on.
    pub(crate) fn on<'a>(
        &self,
        drafts: &'a [Draft<'n, 'o>],
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> On<'a, 'n, 'o> {
        let Some(item) = self.fields.get("on") else {
            let group = Some(self.request.info.group());
            let mut of_group = drafts.iter().filter(|draft| draft.group == group);
            // A change shares the group of what it changes.
            let first = of_group.clone().find(|draft| draft.param.is_some()).or(of_group.next());
            return first.map_or(On::Nothing, On::Own);
        };
        let Some(text) = item.text(problems).filter(|text| *text != "none") else {
            return On::Nothing;
        };
        let kind = full(text, table);
        if let Some(draft) = drafts.iter().find(|draft| draft.kind == kind) {
            return On::Own(draft);
        }
        if kind.split('.').next() != Some(table.service) {
            return On::Foreign(kind);
        }
        let names = drafts.iter().map(|draft| draft.name).chain(["none"]);
        problems.at(item, format!("no resource is called `{text}`"), or_known(text, names));
        On::Foreign(kind)
    }

    /// Returns the call of the model.
    pub(crate) fn finish(
        &self,
        on: &On<'_, '_, '_>,
        reached: &BTreeSet<&str>,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> DescribedCall {
        let fields = &self.fields;
        let info = self.request.info;
        let own = fields.flag("own", problems);
        let own = own.unwrap_or_else(|| !matches!(on, On::Nothing) && !info.method.is_safe());
        let mut before = Vec::new();
        for (text, item) in fields.texts("before", problems) {
            let Some(found) = table.own(text, &item, problems) else { continue };
            before.push(leak::text(found.id));
            if !reached.contains(found.id) {
                let message = format!("`{}` is not described", found.id);
                problems.at(&item, message, "describe it under `calls`, or remove it here");
            }
        }
        let leaves = fields.text("leaves", problems);
        if let Some(item) = fields.get("leaves").filter(|_| !info.verb().starts_with("create")) {
            let help = "remove it: it says why an operation called `create…` leaves nothing behind";
            problems.at(item, format!("`leaves` has no effect for `{}`", info.id), help);
        }
        let request = self.request.finish(Sender::Member, &[]);
        let undone_by = self.undone_by.as_ref().map(|undo| undo.finish(request.by, &[]));
        DescribedCall {
            on: match on {
                On::Nothing => None,
                On::Own(draft) => Some(leak::text(&draft.kind)),
                On::Foreign(kind) => Some(leak::text(kind)),
            },
            own,
            before: leak::list(before),
            after: self.after(on, problems),
            leaves_nothing: leaves.map(leak::text),
            answers: request::answers(fields, problems),
            undone_by: undone_by.map(|undo| &*Box::leak(Box::new(undo))),
            ..DescribedCall::new(request)
        }
    }

    fn after(&self, on: &On<'_, '_, '_>, problems: &mut Problems) -> After {
        let Some(item) = self.fields.get("after") else {
            let waits = !matches!(on, On::Nothing) && !self.request.info.method.is_safe();
            return if waits { After::Ready } else { After::Nothing };
        };
        let text = item.text(problems).unwrap_or("none");
        match (text, on) {
            ("none", _) => After::Nothing,
            (_, On::Nothing) => {
                let help = "name the resource in `on`, or write `after: none`";
                problems.at(item, "`after` without a resource", help);
                After::Nothing
            }
            ("gone", _) => After::Gone,
            (_, On::Own(draft)) if draft.state.is_none() => {
                let message = format!("`{}` has no states to wait for", draft.kind);
                problems.at(item, message, "add `state` to the resource, or write `after: none`");
                After::Nothing
            }
            // Not every state has to be listed with the resource.
            (state, _) => After::State(leak::text(state)),
        }
    }
}

/// Reads an operation that cannot be called.
pub(crate) fn unreachable<'o>(
    item: &Item<'_>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Option<(&'o str, Unreachable)> {
    let fields =
        item.fields("an unreachable operation", &["operation", "reason", "upstream"], problems);
    let operation = fields.required("operation", "name the operation", problems);
    let reason =
        fields.required("reason", "say why no cloud of ours lets anybody call it", problems);
    let upstream = fields.required(
        "upstream",
        "name the symbol of the released package that says so",
        problems,
    );
    let place = fields.get("operation").unwrap_or(item);
    let info = table.own(operation?, place, problems)?;
    let (operation, reason) = (leak::text(info.id), leak::text(reason.unwrap_or_default()));
    Some((info.id, Unreachable { operation, reason, upstream: leak::text(upstream?) }))
}
