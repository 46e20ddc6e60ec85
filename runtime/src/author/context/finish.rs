//! The end of a test: deletes everything it created, the latest first.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;

use crate::cleanup::{Evidence, Undo, UndoTimeouts};
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
        let undo = Undo { api: &**actor, as_owner: true, evidence, timeouts };
        let ids = undo.undo(kind, outstanding).await.map_err(|error| error.to_string())?;
        // If this is not written, a later cleanup verifies it again.
        let _ = self.ledger.append(LedgerEntry::Gone { of: outstanding.seq });
        let intent = &outstanding.intent;
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
