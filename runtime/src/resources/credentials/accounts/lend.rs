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

/// How often to check whether another process returned an account.
const RECHECK: Duration = Duration::from_millis(250);

/// The accounts of a file.
#[derive(Debug)]
pub(crate) struct Accounts(Arc<AccountPool>);

/// The accounts and their state.
#[derive(Debug)]
struct AccountPool {
    accounts: Vec<Account>,
    sessions: Vec<Session>,
    /// The directory of the lock files, which other processes see.
    holds: PathBuf,
    states: Mutex<Vec<State>>,
    /// The identities that were lent, for a cleanup that acts as them at the end.
    known: Mutex<BTreeMap<Owner, usize>>,
    back: Notify,
}

#[derive(Debug)]
enum State {
    Free,
    Lent(#[expect(dead_code, reason = "held until the account is back")] Hold),
    /// Its test left resources behind.
    Spoilt,
}

impl Accounts {
    /// Creates the accounts, all free; they authenticate in the cloud of the admin's
    /// session.
    pub(crate) fn new(accounts: Vec<Account>, admin: &Session, holds: PathBuf) -> Self {
        let session = |account: &Account| admin.with_credential(account.credential.clone());
        Self(Arc::new(AccountPool {
            sessions: accounts.iter().map(session).collect(),
            states: Mutex::new(accounts.iter().map(|_| State::Free).collect()),
            accounts,
            holds,
            known: Mutex::default(),
            back: Notify::new(),
        }))
    }

    /// Lends an account for each persona, all at once, beside those that the caller holds
    /// already. Waits until they are free.
    ///
    /// # Errors
    /// The file has no accounts that fit, or those that do had resources left behind.
    pub(crate) async fn lease(
        &self,
        wanted: &[Persona],
        beside: &[&Lease],
    ) -> Result<Vec<Lease>, SetupError> {
        let pool = &self.0;
        let held = pool.held_by(beside);
        let all_free = vec![true; pool.accounts.len()];
        if choose(&pool.accounts, &all_free, wanted, &held).is_none() {
            return Err(SetupError::NoAccount { wanted: listed(wanted), has: pool.has() });
        }
        loop {
            let back = pool.back.notified();
            match pool.take(wanted, &held)? {
                Taken::All(chosen) => return self.leases(wanted, chosen).await,
                Taken::Spoilt => {
                    return Err(SetupError::AccountsSpoilt { wanted: listed(wanted) });
                }
                Taken::Later => {}
            }
            // Try again when one is returned here, or after a while.
            let _ = timeout(RECHECK, back).await;
        }
    }

    /// Finds the identities of the accounts, for a cleanup that acts as them. Accounts that
    /// can no longer authenticate are left out.
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

    /// Returns the sessions of all identities that were lent.
    pub(crate) fn sessions(&self) -> BTreeMap<Owner, Session> {
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(owner, at)| (owner.clone(), self.0.sessions[*at].clone())).collect()
    }

    async fn leases(
        &self,
        wanted: &[Persona],
        chosen: Vec<usize>,
    ) -> Result<Vec<Lease>, SetupError> {
        let mut leases = Vec::with_capacity(chosen.len());
        let mut left = chosen.into_iter();
        for persona in wanted {
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
                    let returns = Arc::new(Return { pool: Arc::clone(&self.0), at });
                    leases.push(Lease::new(identity, returns));
                }
                Err(error) => {
                    // None of them was used.
                    leases.iter().for_each(Lease::give_back);
                    std::iter::once(at).chain(left).for_each(|at| self.0.put(at, State::Free));
                    let line = self.0.accounts[at].line;
                    return Err(SetupError::Account { line, source: Box::new(error) });
                }
            }
        }
        Ok(leases)
    }
}

/// The outcome of an attempt to take accounts.
enum Taken {
    All(Vec<usize>),
    Later,
    Spoilt,
}

impl AccountPool {
    fn take(&self, wanted: &[Persona], held: &[usize]) -> Result<Taken, SetupError> {
        let mut states = self.states();
        let mut free: Vec<bool> = states.iter().map(|state| matches!(state, State::Free)).collect();
        while let Some(chosen) = choose(&self.accounts, &free, wanted, held) {
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
                    states[*at] = State::Lent(hold);
                }
                return Ok(Taken::All(chosen));
            }
        }
        let usable: Vec<bool> =
            states.iter().map(|state| !matches!(state, State::Spoilt)).collect();
        let later = choose(&self.accounts, &usable, wanted, held).is_some();
        Ok(if later { Taken::Later } else { Taken::Spoilt })
    }

    /// Finds the accounts of leases.
    fn held_by(&self, leases: &[&Lease]) -> Vec<usize> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        leases.iter().filter_map(|lease| known.get(&lease.identity().owner()).copied()).collect()
    }

    fn put(&self, at: usize, state: State) {
        self.states()[at] = state;
        self.back.notify_waiters();
    }

    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
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

fn listed(wanted: &[Persona]) -> String {
    wanted.iter().map(|persona| format!("`{persona}`")).collect::<Vec<_>>().join(" and ")
}

/// Returns one account to the pool.
#[derive(Debug)]
struct Return {
    pool: Arc<AccountPool>,
    at: usize,
}

impl Returns for Return {
    fn back(&self, _: &Identity) {
        self.pool.put(self.at, State::Free);
    }

    fn lost(&self, _: &Identity) {
        self.pool.put(self.at, State::Spoilt);
    }
}

#[cfg(test)]
mod tests;
