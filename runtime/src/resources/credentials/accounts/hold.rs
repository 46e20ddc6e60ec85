//! Holding an account against other processes on this machine.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use sha2::{Digest as _, Sha256};

use super::file::Account;

/// An account that no other process gets. The system ends it with this process,
/// however that ends.
#[derive(Debug)]
pub(super) struct Hold(#[expect(dead_code, reason = "the lock ends when the file is closed")] File);

impl Hold {
    /// Tries to get hold of an account; none where another process has it.
    pub(super) fn try_on(dir: &Path, account: &Account) -> io::Result<Option<Self>> {
        crate::journal::create_dir(dir)?;
        // What is hashed says who it is and holds no secret.
        let name = format!("{:x}", Sha256::digest(account.credential.to_string()));
        let path = dir.join(format!("{name:.24}.lock"));
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::client::auth::Credential;
    use crate::credentials::PersonaScope;

    #[test]
    fn a_hold_is_for_its_owner_alone_and_for_one_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let holds = dir.path().join("holds");
        let account = Account {
            credential: Credential::password("user", "hush", "project"),
            scope: PersonaScope::Project,
            roles: Vec::new(),
            line: 1,
        };
        let held = Hold::try_on(&holds, &account).unwrap();
        assert!(held.is_some() && Hold::try_on(&holds, &account).unwrap().is_none());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let file = std::fs::read_dir(&holds).unwrap().next().unwrap().unwrap().path();
        assert_eq!((mode(&holds), mode(&file)), (0o700, 0o600));
    }
}
