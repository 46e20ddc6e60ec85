//! Undoing everything that a ledger lists as left.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::time::{Instant, timeout};

use super::bounds::{UndoError, UndoTimeouts};
use super::evidence::Evidence;
use super::trust::{Verifier, objection};
use super::undo::{Undo, is_hidden_from_its_maker};
use crate::client::by_id::Api;
use crate::credentials::Owners;
use crate::kinds::{self, Kind};
use crate::ledger::{
    self, CleanupOutcome, Ledger, LedgerEntry, Leftover, Outstanding, RecordedChange, Removed,
};
use crate::services;

/// How many resources of one depth are undone at a time.
const AT_A_TIME: usize = 8;

/// After how long, again and again, a removal that goes on is reported.
const REPORT_AFTER: Duration = Duration::from_secs(10);

/// How often what is left is tried again, as long as something was removed.
const MAX_ROUNDS: usize = 4;

/// What a replay reports while it goes on.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A resource was removed.
    Removed(&'a Removed),
    /// A resource is still being removed.
    Waiting {
        /// The resource.
        thing: &'a Outstanding,
        /// Since when.
        since: Duration,
    },
    /// A round ended with resources left.
    Left {
        /// How many.
        count: usize,
        /// Whether they are tried again.
        again: bool,
    },
}

/// Undoes what a ledger lists as left.
pub struct Replay<'a> {
    /// Where it is recorded.
    pub ledger: &'a Ledger,
    /// Everything that the run created, for verifying what entries address.
    pub made: &'a [Outstanding],
    /// The identities to act as.
    pub owners: &'a dyn Owners,
    /// Time limits.
    pub timeouts: UndoTimeouts,
    /// What is known about the services.
    pub evidence: Evidence,
    /// The services at another endpoint than the run's: the run's endpoint by service.
    pub moved: BTreeMap<String, String>,
    /// Called with the progress.
    pub on_progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl Replay<'_> {
    /// Undoes `things`.
    ///
    /// - What stands on others comes before them; resources of the same depth are undone in
    ///   parallel, the latest first.
    /// - A failure does not stop the rest, and is tried again once something else was
    ///   removed. An identity is kept while anything that it made is left, since only it
    ///   may be able to undo that.
    /// - What is verified to be gone is recorded in the ledger, so that a second cleanup
    ///   continues where this one ended.
    pub async fn run(&self, things: Vec<Outstanding>) -> CleanupOutcome {
        let verifier = Verifier::new(self.ledger, self.made);
        let actors = Actors { owners: self.owners, known: Mutex::default() };
        let mut outcome = CleanupOutcome::default();
        let mut rest = things;
        for round in 1.. {
            let (removed, left) = self.round(&rest, &verifier, &actors).await;
            let again =
                !removed.is_empty() && round < MAX_ROUNDS && left.iter().any(|(_, left)| left.1);
            outcome.removed.extend(removed);
            if !left.is_empty() {
                (self.on_progress)(Progress::Left { count: left.len(), again });
            }
            if !again {
                outcome.left = left.into_iter().map(|(_, (leftover, _))| leftover).collect();
                break;
            }
            rest = left.into_iter().map(|(thing, _)| thing).collect();
            rest.sort_by_key(|thing| thing.seq);
        }
        outcome
    }

    /// Tries everything once; returns what was removed and what is left, each with
    /// whether trying again may help.
    async fn round(
        &self,
        things: &[Outstanding],
        verifier: &Verifier<'_>,
        actors: &Actors<'_>,
    ) -> (Vec<Removed>, Vec<(Outstanding, (Leftover, bool))>) {
        let (mut removed, mut left) = (Vec::new(), Vec::new());
        let mut kept = BTreeSet::new();
        let mut depths: BTreeMap<usize, Vec<(&'static Kind, &Outstanding)>> = BTreeMap::new();
        for thing in things.iter().rev() {
            let kind = kinds::find(&thing.intent.kind);
            let reason = match kind {
                None => Some(UNKNOWN_KIND.to_owned()),
                Some(kind) => self.reason_to_skip(kind, thing),
            };
            match (kind, reason) {
                (Some(kind), None) => {
                    depths.entry(kinds::depth(kind)).or_default().push((kind, thing));
                }
                (_, reason) => {
                    kept.extend(owner_ids(thing));
                    let reason = reason.unwrap_or_default();
                    left.push((thing.clone(), (Leftover::new(thing, reason), false)));
                }
            }
        }
        for (_, group) in depths.into_iter().rev() {
            let undoing: Vec<_> = group
                .iter()
                .map(|(kind, thing)| {
                    self.watched(thing, self.one(kind, thing, &kept, verifier, actors))
                })
                .collect();
            let undone: Vec<_> = stream::iter(undoing).buffered(AT_A_TIME).collect().await;
            for (result, (_, thing)) in undone.into_iter().zip(&group) {
                match result {
                    Ok(one) => removed.push(one),
                    Err(why) => {
                        kept.extend(owner_ids(thing));
                        left.push(((*thing).clone(), (Leftover::new(thing, why), true)));
                    }
                }
            }
        }
        (removed, left)
    }

    fn reason_to_skip(&self, kind: &Kind, thing: &Outstanding) -> Option<String> {
        let service = match &thing.intent.change {
            Some(RecordedChange::Restored(change)) => services::service_of(&change.operation),
            _ => kind.service(),
        };
        if let Some(endpoint) = self.moved.get(service) {
            return Some(format!(
                "the run used the {service} service at {endpoint}, which is not the endpoint that this cloud has now"
            ));
        }
        objection(kind, thing, self.ledger.run()).map(|why| format!("not touched: {why}"))
    }

    /// Reports again and again that a resource is still being removed.
    async fn watched<T>(&self, thing: &Outstanding, undoing: impl Future<Output = T>) -> T {
        let mut undoing = pin!(undoing);
        let start = Instant::now();
        loop {
            match timeout(REPORT_AFTER, &mut undoing).await {
                Ok(undone) => return undone,
                Err(_) => {
                    (self.on_progress)(Progress::Waiting { thing, since: start.elapsed() });
                }
            }
        }
    }

    async fn one(
        &self,
        kind: &Kind,
        thing: &Outstanding,
        kept: &BTreeSet<String>,
        verifier: &Verifier<'_>,
        actors: &Actors<'_>,
    ) -> Result<Removed, String> {
        if addresses(thing).any(|id| kept.contains(id)) {
            return Err("kept, because something that it made is left".to_owned());
        }
        let sees_all = self.owners.admin_sees_everything();
        let freer = self.owners.admin();
        let freer = sees_all.then_some(&*freer);
        let admin = self.owners.admin();
        let mut admin = self.acting(&*admin, false, freer);
        // Asked only where it matters.
        if thing.id.is_none() && thing.intent.other_name().is_some() {
            admin.owns_project = verifier.owns_project(admin, thing).await;
        }
        let is_hidden = is_hidden_from_its_maker(kind, thing);
        let tried = match actors.acting_as(&thing.intent.owner).await {
            _ if is_hidden && sees_all => verified(verifier, admin, admin, kind, thing).await,
            Ok(owner) => {
                let mut owner = self.acting(&*owner, true, freer);
                owner.owns_project = admin.owns_project;
                verified(verifier, owner, admin, kind, thing).await
            }
            Err(why) => Err(UndoError::Refused(why)),
        };
        let tried = match tried {
            // If the owner may not remove it, the admin may.
            Err(UndoError::Refused(_) | UndoError::Unknown(_)) if !kind.private && sees_all => {
                verified(verifier, admin, admin, kind, thing).await
            }
            other => other,
        };
        let ids = tried.map_err(|error| error.to_string())?;
        // If this is not written, the next cleanup verifies it again.
        let _ = self.ledger.append(LedgerEntry::Gone { of: thing.seq });
        let removed =
            Removed { kind: thing.intent.kind.clone(), name: thing.intent.name.clone(), ids };
        (self.on_progress)(Progress::Removed(&removed));
        Ok(removed)
    }

    fn acting<'s>(
        &'s self,
        api: &'s dyn Api,
        as_owner: bool,
        admin: Option<&'s dyn Api>,
    ) -> Undo<'s> {
        let Self { evidence, timeouts, .. } = self;
        Undo { api, as_owner, admin, owns_project: false, evidence, timeouts }
    }
}

async fn verified(
    verifier: &Verifier<'_>,
    undo: Undo<'_>,
    admin: Undo<'_>,
    kind: &Kind,
    thing: &Outstanding,
) -> Result<Vec<String>, UndoError> {
    verifier.verify(undo, admin, kind, thing).await?;
    undo.undo(kind, thing).await
}

const UNKNOWN_KIND: &str = "its kind is not known to this program; clean up with the program \
                            that made the run, which has the plugin that declares it";

/// The identities that this replay has acted as.
struct Actors<'a> {
    owners: &'a dyn Owners,
    known: Mutex<BTreeMap<ledger::Owner, Actor>>,
}

/// An identity to act as, or why that is not possible.
type Actor = Result<Arc<dyn Api>, String>;

impl Actors<'_> {
    async fn acting_as(&self, owner: &ledger::Owner) -> Actor {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(owner).cloned();
        if let Some(known) = known {
            return known;
        }
        let actor = self.owners.acting_as(owner).await;
        let mut actors = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        actors.entry(owner.clone()).or_insert(actor).clone()
    }
}

/// The ids under which a resource may be the owner of others.
fn addresses(thing: &Outstanding) -> impl Iterator<Item = &String> {
    thing.id.iter().chain(thing.intent.params.values())
}

fn owner_ids(thing: &Outstanding) -> impl Iterator<Item = String> + use<> {
    let owner = &thing.intent.owner;
    std::iter::once(owner.user_id.clone()).chain(owner.project_id.clone())
}
