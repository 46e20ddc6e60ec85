//! What a session knows about the versions and extensions of services.

use std::collections::{BTreeSet, HashMap};
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

/// The aliases of a service's extensions; `None` if the service does not list them.
pub(crate) type ExtensionsCell = Arc<OnceCell<Option<Arc<BTreeSet<String>>>>>;

/// What is known, by the URL of the service. None waits for another's.
#[derive(Debug, Default)]
pub(crate) struct Discovered {
    versions: ByUrl<Cell>,
    extensions: ByUrl<ExtensionsCell>,
}

impl Discovered {
    /// Returns the cell of a service's versions, empty where it was not asked yet.
    pub(crate) fn cell(&self, documents: &str) -> Cell {
        self.versions.get(documents)
    }

    /// Returns the cell of a service's extensions, empty where it was not asked yet.
    pub(crate) fn extensions(&self, root: &str) -> ExtensionsCell {
        self.extensions.get(root)
    }
}

#[derive(Debug)]
struct ByUrl<C>(Mutex<HashMap<String, C>>);

impl<C> Default for ByUrl<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Clone + Default> ByUrl<C> {
    fn get(&self, url: &str) -> C {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match cells.get(url) {
            Some(cell) => cell.clone(),
            None => cells.entry(url.to_owned()).or_default().clone(),
        }
    }
}
