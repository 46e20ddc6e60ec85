//! The usual questions about a Linux guest, one function each.
//!
//! Each runs a command that both busybox (`CirrOS`) and a full system have, and reads
//! the kernel's own files where programs differ. What has to be root's goes through
//! `sudo` where the user is another.
//!
//! ```no_run
//! use squall::remote::{Guest, linux};
//!
//! # async fn doc(guest: &Guest, mac: &str) -> squall::Result {
//! let before = linux::boot_id(guest).await?;
//! squall::ensure_eq!(linux::cpus(guest).await?, 2);
//! let nics = linux::interfaces(guest).await?;
//! let nic = nics.iter().find(|nic| nic.mac.as_deref() == Some(mac));
//! squall::ensure!(nic.is_some(), "no interface has the port's address {mac}: {nics:?}");
//! # Ok(())
//! # }
//! ```

mod disks;
mod files;
mod interfaces;
mod lease;
mod ping;
mod system;

pub use disks::{Disk, disks, make_filesystem, mount, unmount};
pub use files::{md5, read_file, sha256, write_file};
pub use interfaces::{Address, NetworkInterface, interfaces};
pub use lease::{name_servers, renew_lease};
pub use ping::{Ping, ping};
pub use system::{boot_id, booted_at, cpus, hostname, memory, uptime};

use super::{Command, Guest, RemoteError};

/// Runs a command and parses its output; if that fails, the error shows all of it.
async fn read<T>(
    guest: &Guest,
    command: impl Into<Command>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, RemoteError> {
    let command = command.into();
    let named = command.to_string();
    let output = guest.check(command).await?;
    parse(&output.text()).ok_or_else(|| guest.unread(&named, &output))
}
