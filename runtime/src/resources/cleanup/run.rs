//! `squall cleanup`: cleaning up after a run, from the ledger in its directory.

use std::collections::BTreeMap;
use std::path::Path;

use super::bounds::UndoTimeouts;
use super::endpoints;
use super::evidence::Evidence;
use super::replay::{Progress, Replay};
use crate::census;
use crate::client::by_id::SessionApi;
use crate::client::{Error, Session};
use crate::credentials::{Account, Accounts, Takeover, sees_everything};
use crate::journal::{self, Entry, Event, Match, Target};
use crate::kinds;
use crate::ledger::{self, CleanupOutcome, Damage, Ledger, LedgerContent, LedgerError, Leftover};

/// Cleans up after a run that has ended.
///
/// The credential has to be an admin's of the run's cloud; `accounts` are those that
/// tests borrowed. What is left is tried again by the next cleanup.
///
/// - If the journal says that the run used another cloud, nothing is touched. If it does
///   not say which, nothing counts as gone that was not removed here.
/// - What damage to the ledger may hide is searched for by the prefix of the run's names,
///   and reported as left.
///
/// # Errors
/// A ledger that cannot be read, or that a running process holds; another cloud; or a
/// cloud that refuses the admin.
pub async fn run(
    run_dir: &Path,
    admin: &Session,
    accounts: &[Account],
    on_progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<CleanupOutcome, CleanupError> {
    let history = History::of(run_dir);
    let reading = ledger::read(run_dir)?;
    let recorded = reading.records.first().map(|record| record.run.clone());
    let Some(run) = history.run.clone().or(recorded) else {
        let mut unknown = unreadable(&reading);
        unknown.push("neither the journal nor the ledger says which run this was".to_owned());
        return Ok(CleanupOutcome { unknown, ..CleanupOutcome::default() });
    };
    let was_torn = reading.is_torn;
    let ledger = Ledger::open(run_dir, &run)?;
    // Read again, now that no other process can write.
    let mut reading = ledger::read(run_dir)?;
    reading.is_torn |= was_torn;
    let left = ledger::outstanding(&reading.records);
    let is_lost = reading.records.is_empty() && history.created.is_some();
    if left.is_empty()
        && reading.damage.is_empty()
        && !reading.is_torn
        && history.is_finished
        && !is_lost
    {
        return Ok(CleanupOutcome::default());
    }
    let token = admin.authenticate().await?;
    let now = endpoints::target(admin).await;
    let (evidence, moved) = match history.target.as_ref().map(|target| target.compare(&now)) {
        None => (Evidence::of_unknown_cloud(), BTreeMap::new()),
        Some(Match::Same { moved }) => (Evidence::default(), moved),
        Some(Match::Other) => {
            let used = history.target.unwrap_or_default().auth_url;
            return Err(CleanupError::OtherCloud { used, now: now.auth_url });
        }
    };
    let known = Accounts::owners(accounts, admin).await;
    let sees_everything = sees_everything(admin).await;
    let owners = Takeover::new(admin.clone(), token.user.id.clone(), known, &left)
        .with_admin_rights(sees_everything);
    let made = ledger::made(&reading.records);
    let replay = Replay {
        ledger: &ledger,
        made: &made,
        owners: &owners,
        timeouts: UndoTimeouts::default(),
        evidence,
        moved,
        on_progress,
    };
    let mut outcome = replay.run(left).await;
    if let Some(other) = reading.records.iter().find(|record| record.run != run) {
        outcome.unknown.push(format!("the ledger has records of run {}", other.run));
    }
    if let Some(operation) = history.created.filter(|_| is_lost) {
        outcome.unknown.push(format!(
            "the ledger is empty, although the journal has a `{operation}` of the run"
        ));
    }
    search(&run, admin, &reading, &mut outcome).await;
    Ok(outcome)
}

/// Why nothing was cleaned up.
#[derive(Debug, thiserror::Error)]
pub enum CleanupError {
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The run used another cloud.
    #[error("the run used the cloud at {used}, and this one is at {now}: nothing was touched")]
    OtherCloud {
        /// The run's identity service.
        used: String,
        /// The identity service of this cloud.
        now: String,
    },
    /// The cloud refused the admin.
    #[error(transparent)]
    Cloud(#[from] Error),
}

/// What the journal of a run says that its ledger does not.
#[derive(Debug, Default)]
struct History {
    run: Option<String>,
    target: Option<Target>,
    /// Whether the run came to its end, and so has undone what it could by itself. Otherwise
    /// the end of its ledger may be lost.
    is_finished: bool,
    /// An operation by which it created something.
    created: Option<String>,
}

impl History {
    fn of(run_dir: &Path) -> Self {
        let Ok(reading) = journal::read(run_dir) else { return Self::default() };
        let run = reading.entries.iter().find_map(|entry| match &entry.event {
            Event::RunStarted(header) => Some(header.run.clone()),
            _ => None,
        });
        let is_end = |entry: &Entry| matches!(entry.event, Event::RunFinished { .. });
        let created = reading.entries.iter().find_map(|entry| match &entry.event {
            Event::Exchange { exchange, .. } => {
                let is_success = exchange.status.is_some_and(|status| (200..300).contains(&status));
                (is_success && kinds::making(&exchange.operation).is_some())
                    .then(|| exchange.operation.clone())
            }
            _ => None,
        });
        Self {
            run,
            target: Target::of_run(&reading.entries),
            is_finished: reading.entries.iter().any(is_end),
            created,
        }
    }
}

fn unreadable(reading: &LedgerContent) -> Vec<String> {
    let damaged = |damage: &Damage| format!("the ledger cannot be read in full: {damage}");
    reading.damage.iter().map(damaged).collect()
}

/// Searches the cloud for resources whose names begin as the run's do: what the ledger
/// says may not be everything.
async fn search(run: &str, admin: &Session, reading: &LedgerContent, outcome: &mut CleanupOutcome) {
    outcome.unknown.extend(unreadable(reading));
    let census = census::take(&SessionApi::new(admin.clone())).await;
    for (kind, things) in &census.kinds {
        for (id, name) in things {
            let listed = outcome.left.iter().any(|left| {
                left.kind == *kind && (left.id.as_ref() == Some(id) || left.name == *name)
            });
            if listed || !kinds::begins_like_run(name, run) {
                continue;
            }
            outcome.left.push(Leftover {
                seq: 0,
                kind: kind.clone(),
                name: name.clone(),
                id: Some(id.clone()),
                test: None,
                why: "found by its name; the ledger does not list it as left, so it was not \
                      touched"
                    .to_owned(),
            });
        }
    }
    if !reading.damage.is_empty() {
        let unlisted = census.unlisted.iter();
        let unlisted = unlisted.filter(|(_, why)| !why.is_absent());
        outcome
            .unknown
            .extend(unlisted.map(|(kind, why)| format!("{kind} could not be searched for: {why}")));
    }
}
