//! What a ledger may ask for. A ledger is a file that may be damaged or made by
//! someone else, so nothing is removed just because it says so.
//!
//! - A name has to be one that the run could have given.
//! - An id or parameter must not lead to another path.
//! - What an id addresses has to carry a name of the run, or lie in a project that does.
//! - A change has to be one of something that the run created.

use std::collections::BTreeMap;

use serde_json::Value;
use squall_model::Method;
use squall_model::description::DescribedCall;
use tokio::sync::Mutex;

use super::bounds::UndoError;
use super::evidence::Evidence;
use super::remove::ask;
use super::search::PROJECT_OF;
use super::undo::Undo;
use crate::kinds::{self, Find, Id, Kind};
use crate::ledger::{Ledger, Outstanding, RecordedChange};
use crate::services;

/// Returns why an entry must not be acted on, judging by the entry alone.
pub(super) fn objection(kind: &Kind, thing: &Outstanding, run: &str) -> Option<String> {
    let intent = &thing.intent;
    if !kinds::is_name_of_run(&intent.name, kind, run) {
        return Some(format!(
            "`{}` is not a name that run {run} gives to its resources",
            intent.name
        ));
    }
    if let Some(id) = &thing.id
        && matches!(kind.find, Find::Name | Find::Coordinates)
        && *id != intent.found_as()
    {
        return Some(format!("its id `{id}` is not its name"));
    }
    if let Some(RecordedChange::Restored(restoration)) = &intent.change
        && !restores(&restoration.operation)
    {
        return Some(format!("`{}` is not known to restore anything", restoration.operation));
    }
    let of_path = |value: &&String| {
        value.is_empty()
            || matches!(value.as_str(), "." | "..")
            || value.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
    };
    let bad = thing.id.iter().chain(intent.params.values()).find(of_path)?;
    Some(format!("`{bad}` is not the id of a resource"))
}

/// Whether an operation may restore what is the cloud's: a description has it for that, or
/// as a call that puts a value in the place of another.
fn restores(operation: &str) -> bool {
    let Some((spec, known)) = services::operation(operation) else { return false };
    let description = services::description(spec.name);
    let undoes =
        |call: &DescribedCall| call.undone_by.is_some_and(|undoing| undoing.operation == operation);
    let replaces = matches!(known.method, Method::Put | Method::Patch);
    description.calls.iter().any(undoes) || replaces && description.how(operation).is_some()
}

/// Verifies what entries of a ledger address, by asking the services.
#[derive(Debug)]
pub(super) struct Verifier<'a> {
    ledger: &'a Ledger,
    /// Every resource of the ledger by its id, removed ones too.
    made: BTreeMap<String, &'a Outstanding>,
    /// What was found out about them.
    known: Mutex<BTreeMap<String, bool>>,
}

impl<'a> Verifier<'a> {
    pub(super) fn new(ledger: &'a Ledger, all: &'a [Outstanding]) -> Self {
        let made = all.iter().filter_map(|thing| Some((thing.id.clone()?, thing))).collect();
        Self { ledger, made, known: Mutex::default() }
    }

    /// Verifies that an entry addresses something that the run created.
    ///
    /// What this process has created itself needs no request.
    pub(super) async fn verify(
        &self,
        undo: Undo<'_>,
        admin: Undo<'_>,
        kind: &Kind,
        thing: &Outstanding,
    ) -> Result<(), UndoError> {
        if let Some(RecordedChange::Restored(_)) = thing.intent.change {
            // Which request restores is judged by `objection`; what it restores is not the run's.
            return Ok(());
        }
        match (&thing.id, kind.id) {
            (Some(id), Id::Answer(_)) if !self.ledger.has_made(id) => {
                match shown(undo, kind, thing).await? {
                    Shown::Gone => Ok(()),
                    Shown::Named(Some(name)) if self.is_ours(&name, kind, thing) => Ok(()),
                    Shown::Named(name) => {
                        if self.is_in_our_project(admin, kind, undo, thing).await {
                            return Ok(());
                        }
                        Err(UndoError::Refused(match name {
                            Some(name) => {
                                format!("not touched: the resource with this id is named `{name}`")
                            }
                            None => "not touched: the service does not show its name".to_owned(),
                        }))
                    }
                }
            }
            (_, Id::Coordinates) => self.verify_change(undo, admin, kind, thing).await,
            _ => Ok(()),
        }
    }

    fn is_ours(&self, name: &str, kind: &Kind, thing: &Outstanding) -> bool {
        let intent = &thing.intent;
        let own = intent.found_as();
        let named = match &kind.find {
            Find::Listed(listed) => listed.has_name(name, own, intent.several),
            Find::Name | Find::Coordinates => name == own,
        };
        // A test may rename what it made; it then still begins with the run's prefix.
        named || name.starts_with(&kinds::run_prefix(self.ledger.run()))
    }

    async fn is_in_our_project(
        &self,
        admin: Undo<'_>,
        kind: &Kind,
        undo: Undo<'_>,
        thing: &Outstanding,
    ) -> bool {
        let Ok(Some(body)) = body_of(undo, kind, thing).await else { return false };
        let object = object(kind, &body);
        let projects =
            PROJECT_OF.iter().filter_map(|key| object.get(key)?.as_str()).map(str::to_owned);
        for project in projects.collect::<Vec<_>>() {
            if self.is_verified(admin, &project, Some(&kinds::identity::PROJECT)).await {
                return true;
            }
        }
        false
    }

    async fn verify_change(
        &self,
        undo: Undo<'_>,
        admin: Undo<'_>,
        kind: &Kind,
        thing: &Outstanding,
    ) -> Result<(), UndoError> {
        let run = self.ledger.run();
        for value in thing.intent.params.values() {
            // What is addressed by its name carries the run's prefix in itself.
            if value.starts_with(&kinds::run_prefix(run))
                || self.is_verified(admin, value, None).await
            {
                return Ok(());
            }
        }
        if let Some((operation, pointer)) = kind.shown_by {
            let request = ask(operation, &thing.intent.params, None);
            let answer =
                undo.remover().send(request).await.map_err(|e| UndoError::Unknown(e.message))?;
            let keys = answer.body.pointer(pointer).and_then(Value::as_object);
            let keys: Vec<String> =
                keys.into_iter().flatten().map(|(key, _)| key.clone()).collect();
            let mut ours = answer.status < 300;
            for key in &keys {
                ours = ours && self.is_verified(admin, key, None).await;
            }
            if ours {
                return Ok(());
            }
        }
        Err(UndoError::Refused("not touched: it belongs to no resource of this run".to_owned()))
    }

    /// Whether the run created the project that an entry belongs to.
    pub(super) async fn owns_project(&self, admin: Undo<'_>, thing: &Outstanding) -> bool {
        match &thing.intent.owner.project_id {
            Some(project) => {
                self.is_verified(admin, project, Some(&kinds::identity::PROJECT)).await
            }
            None => false,
        }
    }

    /// Whether the ledger has a resource with this id, of this kind if given, and the
    /// service shows it under a name of the run; or it is gone by now.
    async fn is_verified(&self, admin: Undo<'_>, id: &str, of: Option<&Kind>) -> bool {
        if self.ledger.has_made(id) {
            return true;
        }
        let Some(thing) = self.made.get(id) else { return false };
        let Some(kind) = kinds::find(&thing.intent.kind) else { return false };
        if of.is_some_and(|of| of.name != kind.name)
            || objection(kind, thing, self.ledger.run()).is_some()
        {
            return false;
        }
        let mut known = self.known.lock().await;
        if let Some(known) = known.get(id) {
            return *known;
        }
        let verified = match shown(admin, kind, thing).await {
            Ok(Shown::Gone) => of.is_none(),
            Ok(Shown::Named(name)) => name.is_some_and(|name| self.is_ours(&name, kind, thing)),
            Err(_) => false,
        };
        known.insert(id.to_owned(), verified);
        verified
    }
}

/// What a service shows for an id.
enum Shown {
    /// Nothing has this id any more.
    Gone,
    /// A resource whose text for the name is this.
    Named(Option<String>),
}

async fn shown(undo: Undo<'_>, kind: &Kind, thing: &Outstanding) -> Result<Shown, UndoError> {
    let Some(body) = body_of(undo, kind, thing).await? else { return Ok(Shown::Gone) };
    let by = match &kind.find {
        Find::Listed(listed) => listed.by,
        Find::Name | Find::Coordinates => "/name",
    };
    let name = object(kind, &body).pointer(by).and_then(kinds::text_of);
    Ok(Shown::Named(name))
}

/// Returns the body that shows a resource, or `None` if it is gone.
async fn body_of(
    undo: Undo<'_>,
    kind: &Kind,
    thing: &Outstanding,
) -> Result<Option<Value>, UndoError> {
    let unknown = |why: String| UndoError::Unknown(format!("cannot verify its name: {why}"));
    let Some(show) = kind.show() else {
        return Err(unknown("the service has no operation that shows it".to_owned()));
    };
    let mut params = thing.intent.params.clone();
    if let Some(id) = &thing.id {
        params.insert(kind.id_param.to_owned(), id.clone());
    }
    let request = ask(show, &params, None);
    let answer = undo.remover().send(request).await.map_err(|error| unknown(error.message))?;
    let evidence: &Evidence = undo.evidence;
    match answer.status {
        200..=299 => Ok(Some(answer.body)),
        // Whether it is gone is decided by the removal, with its own proof.
        404 | 410 if evidence.reports_absence(kind.service(), &answer) => Ok(None),
        403 => Err(UndoError::Refused(super::listing::describe(show, &answer))),
        _ => Err(unknown(super::listing::describe(show, &answer))),
    }
}

/// Returns the resource in the answer that shows it: where the answer that creates one has it.
/// Keystone creates limits by a list and shows one alone, in an envelope of its own.
fn object<'b>(kind: &Kind, body: &'b Value) -> &'b Value {
    let Id::Answer([first, ..]) = kind.id else { return body };
    let parent = first.rsplit_once('/').map_or("", |(parent, _)| parent);
    body.pointer(parent).unwrap_or_else(|| {
        let only =
            body.as_object().filter(|map| map.len() == 1).and_then(|map| map.values().next());
        only.filter(|value| value.is_object()).unwrap_or(body)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_list_creates_is_shown_alone() {
        const LIMIT: Kind = Kind::new("toys.limit").with_id("limit_id", &["/limits/0/id"]);
        let (created, shown) = (json!({"limits": [{"id": "a"}]}), json!({"limit": {"id": "a"}}));
        for body in [created, shown] {
            assert_eq!(object(&LIMIT, &body), &json!({"id": "a"}), "{body}");
        }
    }
}
