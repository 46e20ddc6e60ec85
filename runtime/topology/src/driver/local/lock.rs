//! A lock that lets one program at a time act on a process.

use std::fs::File;
use std::path::Path;

use tokio::task::spawn_blocking;

use super::files;
use crate::driver::{DriverError, DriverErrorKind};

/// While this value lives, no other program acts on the process.
#[derive(Debug)]
pub(super) struct Lock {
    /// The lock is released when the file is closed, also when this program is killed.
    _file: File,
}

impl Lock {
    /// Waits until no other program acts on the process.
    pub(super) async fn take(run: &Path, id: &str) -> Result<Self, DriverError> {
        let path = run.join(format!("{id}.lock"));
        let file = files::append(&path)?;
        let locked = spawn_blocking(move || file.lock().map(|()| file)).await;
        match locked {
            Ok(Ok(file)) => Ok(Self { _file: file }),
            Ok(Err(error)) => Err(DriverError::file(&path, error)),
            Err(error) => Err(DriverError::new(id, DriverErrorKind::System(error.into()))),
        }
    }
}
