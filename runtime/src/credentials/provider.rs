//! Where the identities of a run come from.

use std::collections::BTreeMap;

use super::accounts::Accounts;
use super::{Lease, Persona, Pool, SetupError, Wish};
use crate::client::Session;
use crate::ledger::Owner;

/// Where identities come from.
#[derive(Debug)]
pub(crate) enum Provider {
    /// They are made by the admin when they are wished for, and undone at the end.
    Made(Box<Pool>),
    /// They are lent from a file.
    Lent(Accounts),
}

impl Provider {
    /// Waits until identities can be lent beside those that the asker holds already,
    /// and gives them; none where they are made.
    pub(crate) async fn admit(
        &self,
        wishes: &[Wish],
        beside: &[&Lease],
    ) -> Result<Option<Vec<Lease>>, SetupError> {
        match self {
            Self::Lent(accounts) => accounts.lease(&lendable(wishes)?, beside).await.map(Some),
            Self::Made(_) => Ok(None),
        }
    }

    /// Gives an identity for each wish; nobody else has them meanwhile.
    pub(crate) async fn make(&self, wishes: &[Wish]) -> Result<Vec<Lease>, SetupError> {
        match self {
            Self::Lent(accounts) => accounts.lease(&lendable(wishes)?, &[]).await,
            Self::Made(pool) => {
                let mut leases = Vec::with_capacity(wishes.len());
                for wish in wishes {
                    leases.push(pool.lease(wish).await?);
                }
                Ok(leases)
            }
        }
    }

    /// Tells whether there are only so many identities.
    pub(crate) fn is_lending(&self) -> bool {
        matches!(self, Self::Lent(_))
    }

    /// Gives the session of everyone who was in a test's hands.
    pub(crate) fn sessions(&self) -> BTreeMap<Owner, Session> {
        match self {
            Self::Made(pool) => pool.sessions(),
            Self::Lent(accounts) => accounts.sessions(),
        }
    }
}

/// Gives the personas of wishes that accounts can fulfil, which were lent before.
fn lendable(wishes: &[Wish]) -> Result<Vec<Persona>, SetupError> {
    let lendable = |wish: &Wish| (!wish.fresh).then(|| wish.persona.clone());
    wishes.iter().map(lendable).collect::<Option<_>>().ok_or(SetupError::NoneFresh)
}
