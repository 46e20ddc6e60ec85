//! What a session knows about the versions of services.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use squall_model::VersionRange;
use tokio::sync::OnceCell;

/// What a service's version documents say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// The API version has these microversions.
    Range(VersionRange),
    /// The documents list the API version, without microversions.
    Unversioned,
    /// No version document of the service was found; the reason for each URL.
    Unknown(String),
}

impl Versions {
    /// Returns the microversions, if the documents name any.
    pub fn range(&self) -> Option<VersionRange> {
        match self {
            Self::Range(range) => Some(*range),
            Self::Unversioned | Self::Unknown(_) => None,
        }
    }
}

/// Version documents that are read once, however many calls wait for them.
pub(crate) type Cell = Arc<OnceCell<Versions>>;

/// What is known, by the URL of the service. None waits for another's.
#[derive(Debug, Default)]
pub(crate) struct Discovered(Mutex<HashMap<String, Cell>>);

impl Discovered {
    /// Returns the cell of a service, empty where it was not asked yet.
    pub(crate) fn cell(&self, documents: &str) -> Cell {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match cells.get(documents) {
            Some(cell) => Arc::clone(cell),
            None => Arc::clone(cells.entry(documents.to_owned()).or_default()),
        }
    }
}
