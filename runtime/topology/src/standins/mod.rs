//! Our own Python that stands in for what one machine does not have: a hypervisor,
//! a volume back end, the agents of a network.

use std::path::Path;

use crate::driver::File;

/// Nova's option `compute_driver`.
pub const COMPUTE_DRIVER: &str = "squall.Driver";

/// Cinder's option `volume_driver`.
pub const VOLUME_DRIVER: &str = "squall_standins.cinder_file.FileDriver";

/// The module that a Python of neutron's environment runs in place of all agents.
pub const NETWORK_AGENTS: &str = "squall_standins.neutron_agents";

/// Gives the stand-ins' files, to be put below `folder`; it goes into `PYTHONPATH`.
pub fn files(folder: &Path) -> Vec<File> {
    let _ = folder;
    Vec::new()
}
