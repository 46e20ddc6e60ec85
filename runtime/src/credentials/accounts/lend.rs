//! Lending accounts to tests.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::choose::choose;
use super::file::Account;
use super::hold::Hold;
use crate::client::Session;
use crate::credentials::identity::Identity;
use crate::credentials::lease::{Lease, Returns};
use crate::credentials::{Persona, SetupError};
use crate::ledger::Owner;

/// How long until it is looked again whether another process gave an account back.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// The accounts of a file.
#[derive(Debug)]
pub(crate) struct Accounts(Arc<Desk>);

/// Where accounts are handed out and come back.
#[derive(Debug)]
struct Desk {
    accounts: Vec<Account>,
    sessions: Vec<Session>,
    /// Where holds are kept that other processes see.
    holds: PathBuf,
    places: Mutex<Vec<Place>>,
    /// Everyone who was lent, for whoever has to act as them at the end.
    known: Mutex<BTreeMap<Owner, usize>>,
    back: Notify,
}

#[derive(Debug)]
enum Place {
    Free,
    Lent(#[expect(dead_code, reason = "held until the account is back")] Hold),
    /// Its test left something behind.
    Spoilt,
}

impl Accounts {
    /// Starts with all of them free; each proves itself as the admin's session says
    /// where to.
    pub(crate) fn new(accounts: Vec<Account>, admin: &Session, holds: PathBuf) -> Self {
        let session = |account: &Account| admin.with_credential(account.credential.clone());
        Self(Arc::new(Desk {
            sessions: accounts.iter().map(session).collect(),
            places: Mutex::new(accounts.iter().map(|_| Place::Free).collect()),
            accounts,
            holds,
            known: Mutex::default(),
            back: Notify::new(),
        }))
    }

    /// Lends an account for each wish, all at once, beside those that the asker holds
    /// already; waits until that can be.
    ///
    /// # Errors
    /// The file has no accounts that fit, or none is left that was not spoilt.
    pub(crate) async fn lease(
        &self,
        wishes: &[Persona],
        beside: &[&Lease],
    ) -> Result<Vec<Lease>, SetupError> {
        let desk = &self.0;
        let held = desk.places_of(beside);
        let all_free = vec![true; desk.accounts.len()];
        if choose(&desk.accounts, &all_free, wishes, &held).is_none() {
            return Err(SetupError::NoAccount { wanted: listed(wishes), has: desk.has() });
        }
        loop {
            let back = desk.back.notified();
            match desk.take(wishes, &held)? {
                Taken::All(chosen) => return self.leases(wishes, chosen).await,
                Taken::Spoilt => {
                    return Err(SetupError::AccountsSpoilt { wanted: listed(wishes) });
                }
                Taken::Later => {}
            }
            // Whether somebody here gave one back or it was long enough: look again.
            let _ = timeout(LOOK_AGAIN, back).await;
        }
    }

    /// Finds out who the accounts are, for a cleanup that has to act as them; those
    /// that do not get in any more are left out.
    pub(crate) async fn owners(accounts: &[Account], admin: &Session) -> BTreeMap<Owner, Session> {
        let mut owners = BTreeMap::new();
        for account in accounts {
            let session = admin.with_credential(account.credential.clone());
            if let (Ok(user), Ok(project)) = (session.user_id().await, session.project_id().await) {
                owners.insert(Owner::new(&user, project.as_deref()), session);
            }
        }
        owners
    }

    /// Gives the session of everyone who was lent.
    pub(crate) fn sessions(&self) -> BTreeMap<Owner, Session> {
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(owner, at)| (owner.clone(), self.0.sessions[*at].clone())).collect()
    }

    async fn leases(
        &self,
        wishes: &[Persona],
        chosen: Vec<usize>,
    ) -> Result<Vec<Lease>, SetupError> {
        let mut leases = Vec::with_capacity(chosen.len());
        let mut left = chosen.into_iter();
        for persona in wishes {
            let Some(at) = left.next() else { break };
            let session = self.0.sessions[at].clone();
            let who = match session.user_id().await {
                Ok(user_id) => session.project_id().await.map(|project| (user_id, project)),
                Err(error) => Err(error),
            };
            match who {
                Ok((user_id, project_id)) => {
                    let persona = persona.clone();
                    let identity = Identity { persona, user_id, project_id, session };
                    let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
                    known.insert(identity.owner(), at);
                    drop(known);
                    let returns = Arc::new(Return { desk: Arc::clone(&self.0), at });
                    leases.push(Lease::new(identity, returns));
                }
                Err(error) => {
                    // None of them was used.
                    leases.iter().for_each(Lease::give_back);
                    std::iter::once(at).chain(left).for_each(|at| self.0.put(at, Place::Free));
                    let line = self.0.accounts[at].line;
                    return Err(SetupError::Account { line, source: Box::new(error) });
                }
            }
        }
        Ok(leases)
    }
}

/// What came of asking for accounts.
enum Taken {
    All(Vec<usize>),
    Later,
    Spoilt,
}

impl Desk {
    fn take(&self, wishes: &[Persona], held: &[usize]) -> Result<Taken, SetupError> {
        let mut places = self.places();
        let mut free: Vec<bool> = places.iter().map(|place| matches!(place, Place::Free)).collect();
        while let Some(chosen) = choose(&self.accounts, &free, wishes, held) {
            let mut holds = Vec::with_capacity(chosen.len());
            for at in &chosen {
                let held = Hold::try_on(&self.holds, &self.accounts[*at]);
                let Some(hold) = held.map_err(|source| SetupError::Holds { source })? else {
                    free[*at] = false;
                    break;
                };
                holds.push(hold);
            }
            if holds.len() == chosen.len() {
                for (at, hold) in chosen.iter().zip(holds) {
                    places[*at] = Place::Lent(hold);
                }
                return Ok(Taken::All(chosen));
            }
        }
        let usable: Vec<bool> =
            places.iter().map(|place| !matches!(place, Place::Spoilt)).collect();
        let later = choose(&self.accounts, &usable, wishes, held).is_some();
        Ok(if later { Taken::Later } else { Taken::Spoilt })
    }

    /// Finds the accounts that leases are of.
    fn places_of(&self, leases: &[&Lease]) -> Vec<usize> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        leases.iter().filter_map(|lease| known.get(&lease.identity().owner()).copied()).collect()
    }

    fn put(&self, at: usize, place: Place) {
        self.places()[at] = place;
        self.back.notify_waiters();
    }

    fn places(&self) -> MutexGuard<'_, Vec<Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self) -> String {
        let mut has: Vec<String> = self
            .accounts
            .iter()
            .map(|account| {
                format!("{:?} {}", account.scope, account.roles.join("+")).to_lowercase()
            })
            .collect();
        has.sort();
        has.dedup();
        has.join(", ")
    }
}

fn listed(wishes: &[Persona]) -> String {
    wishes.iter().map(|wish| format!("`{wish}`")).collect::<Vec<_>>().join(" and ")
}

/// The way back of one account.
#[derive(Debug)]
struct Return {
    desk: Arc<Desk>,
    at: usize,
}

impl Returns for Return {
    fn back(&self, _: &Identity) {
        self.desk.put(self.at, Place::Free);
    }

    fn lost(&self, _: &Identity) {
        self.desk.put(self.at, Place::Spoilt);
    }
}

#[cfg(test)]
mod tests;
