//! An identity: a user with roles in a scope.

use crate::client::Session;
use crate::ledger::Owner;

use super::Persona;

/// An identity of this run.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) persona: Persona,
    pub(crate) user_id: String,
    /// Its project; `None` in another scope.
    pub(crate) project_id: Option<String>,
    /// The session, without an observer.
    pub(crate) session: Session,
}

impl Identity {
    /// Returns its name in the ledger.
    pub(crate) fn owner(&self) -> Owner {
        Owner::new(&self.user_id, self.project_id.as_deref())
    }
}

/// An identity that a test asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonaRequest {
    pub(crate) persona: Persona,
    /// Whether it must not have been leased before.
    pub(crate) fresh: bool,
}
