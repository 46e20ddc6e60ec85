//! Which cloud a name means: one of the user's own `clouds.yaml`, else one that was
//! brought up on this machine.

use crate::client::config::{CloudConfig, Clouds, ConfigError, Sources};

/// Gives the cloud of a name; the error for one that nobody knows lists all.
pub(crate) fn find(name: &str) -> Result<CloudConfig, ConfigError> {
    let mut clouds = Clouds::find(&Sources::from_process())?;
    add_brought_up(&mut clouds);
    clouds.cloud(Some(name))
}

/// Adds those that were brought up here. One whose file cannot be read is left out:
/// it may be half made, and is none of the user's.
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
