//! Undoing all that a run left, from its ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt as _;
use futures_util::stream;

use super::{Leftover, Outcome, Removed, UndoError, UndoTimeouts, undo};
use crate::client::by_id::Api;
use crate::client::{Error, Session};
use crate::credentials::{Account, Accounts, Owners, Takeover};
use crate::kinds::{self, Kind, rank::Rank};
use crate::ledger::{self, Entry, Ledger, LedgerError, Outstanding};

/// How many things of one rank are undone at a time.
const AT_A_TIME: usize = 8;

/// Cleans up after a run that is over, from the ledger in its directory.
///
/// The credential has to be an admin's of the same cloud; `accounts` are those that
/// were lent to tests. What is left to do is
/// tried once more by the next cleanup.
///
/// # Errors
/// A ledger that cannot be read, or that a running process holds; or a cloud
/// that does not let the admin in.
pub async fn run(
    run_dir: &Path,
    admin: &Session,
    accounts: &[Account],
) -> Result<Outcome, CleanupError> {
    let reading = ledger::read(run_dir)?;
    let Some(run) = reading.records.first().map(|record| record.run.clone()) else {
        return Ok(Outcome::default());
    };
    let ledger = Ledger::open(run_dir, &run)?;
    // Read again, now that nobody else can write.
    let left = ledger::outstanding(&ledger::read(run_dir)?.records);
    if left.is_empty() {
        return Ok(Outcome::default());
    }
    let token = admin.authenticate().await?;
    let known = Accounts::owners(accounts, admin).await;
    let owners = Takeover::new(admin.clone(), token.user.id.clone(), known, &left);
    Ok(replay(&ledger, left, &owners, UndoTimeouts::default()).await)
}

/// Why nothing was cleaned up.
#[derive(Debug, thiserror::Error)]
pub enum CleanupError {
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The cloud did not let the admin in.
    #[error(transparent)]
    Cloud(#[from] Error),
}

/// Undoes things, through the identities that `owners` can act as.
///
/// - The highest [rank](crate::kinds::rank) comes first; the things of one rank
///   go side by side.
/// - What fails does not stop the rest. An identity is kept while anything that
///   it made is left, since only it may be able to undo that.
/// - What is seen gone is written to the ledger, so that a second cleanup goes on
///   where this one ended.
pub async fn replay(
    ledger: &Ledger,
    things: Vec<Outstanding>,
    owners: &dyn Owners,
    patience: UndoTimeouts,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut kept = BTreeSet::new();
    let mut ranks: BTreeMap<Rank, Vec<(&'static Kind, Outstanding)>> = BTreeMap::new();
    for thing in things.into_iter().rev() {
        if let Some(kind) = kinds::find(&thing.intent.kind) {
            ranks.entry(kind.rank).or_default().push((kind, thing));
        } else {
            kept.extend(owner_ids(&thing));
            outcome.left.push(Leftover::new(&thing, UNKNOWN));
        }
    }
    let replay = Replay { ledger, owners, patience, actors: Mutex::default() };
    for (_, group) in ranks.into_iter().rev() {
        let undoing: Vec<_> =
            group.iter().map(|(kind, thing)| replay.one(kind, thing, &kept)).collect();
        let undone: Vec<_> = stream::iter(undoing).buffered(AT_A_TIME).collect().await;
        for (result, (_, thing)) in undone.into_iter().zip(&group) {
            match result {
                Ok(removed) => outcome.removed.push(removed),
                Err(why) => {
                    kept.extend(owner_ids(thing));
                    outcome.left.push(Leftover::new(thing, why));
                }
            }
        }
    }
    outcome
}

const UNKNOWN: &str = "its kind is not known to this program; clean up with the one that \
                       made the run, which has the plugin that declares it";

struct Replay<'a> {
    ledger: &'a Ledger,
    owners: &'a dyn Owners,
    patience: UndoTimeouts,
    actors: Mutex<BTreeMap<ledger::Owner, Actor>>,
}

/// An identity to act as, or why that cannot be.
type Actor = Result<Arc<dyn Api>, String>;

impl Replay<'_> {
    async fn one(
        &self,
        kind: &Kind,
        thing: &Outstanding,
        kept: &BTreeSet<String>,
    ) -> Result<Removed, String> {
        if addresses(thing).any(|id| kept.contains(id)) {
            return Err("kept, because something that it made is left".to_owned());
        }
        let tried = match self.acting_as(&thing.intent.owner).await {
            Ok(owner) => undo(&*owner, kind, thing, &self.patience).await,
            Err(why) => Err(UndoError::Refused(why)),
        };
        let tried = match tried {
            // Who is not allowed to take away what they made has someone who is.
            Err(UndoError::Refused(_)) if !kind.private => {
                undo(&*self.owners.admin(), kind, thing, &self.patience).await
            }
            other => other,
        };
        let ids = tried.map_err(|stuck| stuck.to_string())?;
        // Should this not be written, the next cleanup looks once more.
        let _ = self.ledger.append(Entry::Gone { of: thing.seq });
        Ok(Removed { kind: thing.intent.kind.clone(), name: thing.intent.name.clone(), ids })
    }

    async fn acting_as(&self, owner: &ledger::Owner) -> Actor {
        let known = self.actors.lock().unwrap_or_else(PoisonError::into_inner).get(owner).cloned();
        if let Some(known) = known {
            return known;
        }
        let actor = self.owners.acting_as(owner).await;
        let mut actors = self.actors.lock().unwrap_or_else(PoisonError::into_inner);
        actors.entry(owner.clone()).or_insert(actor).clone()
    }
}

/// The ids under which a thing may be someone's owner.
fn addresses(thing: &Outstanding) -> impl Iterator<Item = &String> {
    thing.id.iter().chain(thing.intent.params.values())
}

fn owner_ids(thing: &Outstanding) -> impl Iterator<Item = String> + use<> {
    let owner = &thing.intent.owner;
    std::iter::once(owner.user_id.clone()).chain(owner.project_id.clone())
}
