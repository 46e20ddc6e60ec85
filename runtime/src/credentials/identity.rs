//! An identity of ours: a user, with a role in a scope.

use crate::client::Session;
use crate::ledger::Owner;

use super::Persona;

/// An identity that was made for this run.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) persona: Persona,
    pub(crate) user_id: String,
    /// The project of its own; none in another scope.
    pub(crate) project_id: Option<String>,
    /// The session, which nobody watches yet.
    pub(crate) session: Session,
}

impl Identity {
    /// Gives how the ledger names it.
    pub(crate) fn owner(&self) -> Owner {
        Owner::new(&self.user_id, self.project_id.as_deref())
    }
}

/// What a test wishes for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) persona: Persona,
    /// Whether nobody may have had it before.
    pub(crate) fresh: bool,
}
