//! The ledger: what a run creates, recorded before it is created.
//!
//! It is `ledger.jsonl` in the run's directory, one record per line, append-only.
//! An intent is written in one `write` before its request is sent, so that a run
//! that dies at any point leaves enough to undo it. The later records (`made`,
//! `refused`, `gone`) only reduce what is left to undo: losing one costs work,
//! never a forgotten resource.
//!
//! ```
//! # use squall_records as squall;
//! use squall::ledger::{self, LedgerEntry, Intent, Ledger, Owner};
//!
//! let dir = std::env::temp_dir().join(format!("squall-doc-{}", std::process::id()));
//! std::fs::create_dir_all(&dir)?;
//! let book = Ledger::open(&dir, "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77")?;
//! let server = book.append(LedgerEntry::Intent(Intent::create(
//!     "compute.server",
//!     "squall-3c9e8b77-server-1f0c2a9d",
//!     Owner::new("user-1", Some("project-1")),
//! )))?;
//! // The request goes out here; had the run died, the name would find the server.
//! book.append(LedgerEntry::Made { of: server, id: "6c3b…".into() })?;
//!
//! let left = ledger::outstanding(&ledger::read(&dir)?.records);
//! assert_eq!(left[0].id.as_deref(), Some("6c3b…"));
//! # drop(book);
//! # std::fs::remove_dir_all(&dir)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod leftovers;
mod read;
mod record;
mod replay;
mod seal;
mod write;

pub use error::LedgerError;
pub use leftovers::{CleanupOutcome, Leftover, Removed};
pub use read::{Damage, LedgerContent, read};
pub use record::{Intent, LedgerEntry, Owner, Record, RecordedChange, Restoration, SentName};
pub use replay::{Outstanding, made, outstanding};
pub use write::Ledger;

/// The ledger's name in a run's directory.
pub const FILE: &str = "ledger.jsonl";
