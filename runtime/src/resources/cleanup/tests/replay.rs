//! Replays a ledger on the cloud that is a map.

use std::collections::BTreeMap;
use std::path::Path;

use super::cloud::Toy;
use crate::cleanup::{CleanupOutcome, Evidence, Progress, Replay, UndoTimeouts};
use crate::ledger::{self, Ledger};

pub(super) const RUN: &str = "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77";

/// Undoes what the ledger in a folder lists as left, and reports progress.
pub(super) async fn replay(
    dir: &Path,
    cloud: &Toy,
    evidence: Evidence,
    on_progress: &(dyn Fn(Progress<'_>) + Sync),
) -> CleanupOutcome {
    let ledger = Ledger::open(dir, RUN).unwrap();
    let records = ledger::read(dir).unwrap().records;
    let replay = Replay {
        ledger: &ledger,
        made: &ledger::made(&records),
        owners: cloud,
        timeouts: UndoTimeouts::default(),
        evidence,
        moved: BTreeMap::new(),
        on_progress,
    };
    replay.run(ledger::outstanding(&records)).await
}
