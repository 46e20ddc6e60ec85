//! The end of a test: deletes everything it created, the latest first.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;

use crate::cleanup::{Evidence, Undo, UndoTimeouts, is_hidden_from_its_maker};
use crate::client::by_id::Api;
use crate::ledger::{CleanupOutcome, LedgerEntry, Leftover, Removed};
use crate::making::Maker;
use crate::making::stack::{Step, Thing};

impl Maker {
    /// Undoes everything; one failure does not stop the rest.
    ///
    /// Resources whose id is in `kept` stay, because only they can undo something else
    /// that is left.
    pub(crate) async fn finish(&self, kept: &BTreeSet<String>) -> CleanupOutcome {
        let mut outcome = CleanupOutcome::default();
        let evidence = Evidence::default();
        while let Some(step) = self.stack.close_and_pop() {
            match step {
                Step::Thing(thing) => match self.undone(&thing, kept, &evidence).await {
                    Ok(removed) => outcome.removed.push(removed),
                    Err(why) => outcome.left.push(Leftover::new(&thing.outstanding, why)),
                },
                Step::Deferred { place, action } => {
                    // A panic in one action must not prevent the others.
                    let done = AssertUnwindSafe(action).catch_unwind().await;
                    let why = match done {
                        Ok(Ok(())) => continue,
                        Ok(Err(failure)) => failure.to_string(),
                        Err(panic) => format!("it panicked: {}", message(&*panic)),
                    };
                    outcome.left.push(Leftover {
                        seq: 0,
                        kind: "deferred action".to_owned(),
                        name: place.to_string(),
                        id: None,
                        test: self.test.clone(),
                        why,
                    });
                }
            }
        }
        outcome
    }

    async fn undone(
        &self,
        thing: &Thing,
        kept: &BTreeSet<String>,
        evidence: &Evidence,
    ) -> Result<Removed, String> {
        let Thing { kind, outstanding, actor, answered } = thing;
        let addresses = outstanding.id.iter().chain(outstanding.intent.params.values());
        if addresses.into_iter().any(|id| kept.contains(id)) {
            return Err("kept, because something that it made is left".to_owned());
        }
        // Once the service has answered, a search finds what it created.
        let settle = if *answered { Duration::ZERO } else { UndoTimeouts::default().settle };
        let timeouts = &UndoTimeouts {
            settle,
            wait_history: self.wait_history.clone(),
            ..UndoTimeouts::default()
        };
        let project = outstanding.intent.owner.project_id.as_deref();
        let admin = self.admin.as_ref().map(|admin| admin as &dyn Api);
        let instead = admin.filter(|_| is_hidden_from_its_maker(kind, outstanding));
        let undo = Undo {
            api: instead.unwrap_or(&**actor),
            as_owner: instead.is_none(),
            admin,
            owns_project: project.is_some_and(|project| self.ledger.has_made(project)),
            evidence,
            timeouts,
        };
        let mut outstanding = outstanding.clone();
        if let (None, Some(sent)) = (&outstanding.id, &mut outstanding.intent.sent) {
            // What other tests created meanwhile is known, and is none of these.
            sent.before.extend(self.ledger.all_made());
        }
        let ids = undo.undo(kind, &outstanding).await.map_err(|error| error.to_string())?;
        let intent = &outstanding.intent;
        // What the service may still be creating is looked for again at the end of the run.
        let may_come = !*answered && ids.is_empty();
        if !may_come {
            // If this is not written, a later cleanup verifies it again.
            let _ = self.ledger.append(LedgerEntry::Gone { of: outstanding.seq });
        }
        Ok(Removed { kind: intent.kind.clone(), name: intent.name.clone(), ids })
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::client::script::Script;
    use crate::compute::Compute;
    use crate::kinds::compute::FLAVOR;
    use crate::ledger::{self, Ledger};
    use crate::wait::WaitHistory;

    const RUN: &str = "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77";
    const FLAVORS: &str = "/compute/v2.1/flavors";

    /// Returns what the ledger still lists after a test whose creating request got an answer.
    async fn left_after(status: u16, headers: &[(&str, &str)]) -> usize {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Arc::new(Ledger::open(dir.path(), RUN).unwrap());
        let versions = json!({"version": {"id": "v2.1", "min_version": "2.1", "version": "2.96"}});
        let script = Script::new()
            .signed_in(&[("compute", "http://cloud.test/compute/v2.1")])
            .answer("GET", "/compute/v2.1/", 200, versions)
            .answer_with("POST", FLAVORS, status, headers, Value::Null)
            .answer("GET", FLAVORS, 200, json!({"flavors": []}));
        let compute = Compute::new(script.session().service(Compute::SPEC));
        let maker = Maker::new(ledger, WaitHistory::default(), None);
        let flavor = |name: &str| json!({"name": name, "ram": 1, "vcpus": 1, "disk": 1});
        let made = maker.create_named(&FLAVOR, |name| compute.flavors().create(flavor(name))).await;
        assert!(made.is_err());
        assert!(maker.finish(&BTreeSet::new()).await.is_clean());
        ledger::outstanding(&ledger::read(dir.path()).unwrap().records).len()
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_still_be_created_is_searched_for_again_at_the_end_of_the_run() {
        let of_service = [("x-openstack-request-id", "req-1")];
        assert_eq!(left_after(500, &of_service).await, 0, "the service has finished with it");
        assert_eq!(left_after(403, &of_service).await, 0, "it was refused");
        assert_eq!(left_after(504, &[]).await, 1, "a proxy gave up waiting for the service");
    }
}
