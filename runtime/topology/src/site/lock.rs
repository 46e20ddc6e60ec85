//! A lock that lets one command at a time act on a cloud. It is released with the process
//! that holds it, however it ends.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};

use rustix::fs::{FlockOperation, flock};

use super::error::{SiteError, SiteErrorKind};
use super::home::Home;

/// The lock of a cloud, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock for a command: `squall cloud up`.
    ///
    /// # Errors
    /// Another process holds it; the error says which.
    pub fn take(home: &Home, cloud: &str, doing: &str) -> Result<Self, SiteError> {
        let root = home.cloud(cloud)?;
        // Beside the cloud's folder, which `down --wipe` removes.
        let path = root.with_file_name(format!(".{cloud}.lock"));
        let failed = |error| SiteError::file(cloud, &path, error);
        fs::create_dir_all(home.clouds()).map_err(failed)?;
        let mut options = File::options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(error) if error == rustix::io::Errno::WOULDBLOCK => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim().to_owned();
                return Err(SiteError::new(cloud, SiteErrorKind::Held { holder }));
            }
            Err(error) => return Err(failed(error.into())),
        }
        say(&mut file, doing).map_err(failed)?;
        Ok(Self { _file: file })
    }
}

fn say(file: &mut File, doing: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "`{doing}`, process {}", std::process::id())
}
