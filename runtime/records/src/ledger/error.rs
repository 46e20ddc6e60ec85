//! Why a ledger cannot be used.

use std::io;
use std::path::PathBuf;

/// Why the ledger cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another process has it open.
    #[error(
        "{} is in use: the run is still in progress; wait for it to end or stop it first",
        path.display()
    )]
    Busy {
        /// The ledger's path.
        path: PathBuf,
    },
    /// An error of the file system.
    #[error("cannot use the ledger {}: {source}", path.display())]
    Io {
        /// The ledger's path.
        path: PathBuf,
        /// The file system's error.
        source: io::Error,
    },
}
