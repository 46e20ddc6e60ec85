//! The microversions that a session has found out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use squall_model::VersionRange;
use tokio::sync::OnceCell;

/// A range that is read once, however many calls wait for it.
pub(crate) type Cell = Arc<OnceCell<Option<VersionRange>>>;

/// Ranges by the URLs of their version documents. None waits for another's.
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
