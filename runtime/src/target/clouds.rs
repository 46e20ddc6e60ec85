//! Finding a cloud by its name: in the user's own `clouds.yaml`, else among those that
//! were brought up on this machine.

use std::io::{self, Write as _};

use crate::client::config::{CloudConfig, Clouds, ConfigError, Sources};
use crate::client::{clean, redact};

/// Finds a cloud by its name; the error for an unknown name lists all.
pub(crate) fn find(name: &str) -> Result<CloudConfig, ConfigError> {
    let mut clouds = Clouds::find(&Sources::from_process())?;
    add_brought_up(&mut clouds);
    clouds.cloud(Some(name))
}

/// Finds a cloud for a command, and writes to standard error what a reader of its
/// configuration should know, such as keys without effect.
pub(crate) fn find_for_command(name: &str) -> Result<CloudConfig, ConfigError> {
    let config = find(name)?;
    for note in &config.notes {
        let note = redact::text(note);
        // Standard error may be closed.
        let _ = writeln!(io::stderr(), "warning: {}", clean::printed(&note, false));
    }
    Ok(config)
}

/// Adds the clouds that were brought up here. One whose file cannot be read is left out:
/// it may still be coming up, and is none of the user's files.
#[cfg(feature = "topology")]
fn add_brought_up(clouds: &mut Clouds) {
    let Ok(home) = squall_topology::site::Home::find() else { return };
    for name in home.names() {
        let folder = home.clouds().join(name);
        let _ = clouds.add(&folder.join("clouds.yaml"));
    }
}

#[cfg(not(feature = "topology"))]
fn add_brought_up(_: &mut Clouds) {}
