//! The source of the identities of a run.

use std::collections::BTreeMap;

use super::accounts::Accounts;
use super::{Lease, Persona, PersonaRequest, Pool, SetupError};
use crate::client::Session;
use crate::ledger::Owner;

/// The source of identities.
#[derive(Debug)]
pub(crate) enum Provider {
    /// The admin creates them on demand, and they are deleted at the end.
    Made(Box<Pool>),
    /// They are lent from an accounts file.
    Lent(Accounts),
}

impl Provider {
    /// Waits until identities can be lent in addition to those that the test holds
    /// already, and returns them; `None` where they are created.
    pub(crate) async fn admit(
        &self,
        requests: &[PersonaRequest],
        beside: &[&Lease],
    ) -> Result<Option<Vec<Lease>>, SetupError> {
        match self {
            Self::Lent(accounts) => accounts.lease(&lendable(requests)?, beside).await.map(Some),
            Self::Made(_) => Ok(None),
        }
    }

    /// Returns an exclusive identity for each request.
    pub(crate) async fn make(&self, requests: &[PersonaRequest]) -> Result<Vec<Lease>, SetupError> {
        match self {
            Self::Lent(accounts) => accounts.lease(&lendable(requests)?, &[]).await,
            Self::Made(pool) => {
                let mut leases = Vec::with_capacity(requests.len());
                for request in requests {
                    leases.push(pool.lease(request).await?);
                }
                Ok(leases)
            }
        }
    }

    /// Whether the number of identities is limited.
    pub(crate) fn is_lending(&self) -> bool {
        matches!(self, Self::Lent(_))
    }

    /// Returns the session of every identity that was leased.
    pub(crate) fn sessions(&self) -> BTreeMap<Owner, Session> {
        match self {
            Self::Made(pool) => pool.sessions(),
            Self::Lent(accounts) => accounts.sessions(),
        }
    }
}

/// Returns the personas of the requests; an account is never fresh.
fn lendable(requests: &[PersonaRequest]) -> Result<Vec<Persona>, SetupError> {
    let lendable = |one: &PersonaRequest| (!one.fresh).then(|| one.persona.clone());
    requests.iter().map(lendable).collect::<Option<_>>().ok_or(SetupError::NoneFresh)
}
