//! Python stand-ins for what a single machine lacks: a hypervisor, a volume back end, and
//! network agents.
//!
//! They are written to a folder of the cloud, which is added to `PYTHONPATH`, because the
//! environments are shared between clouds and never changed.

use std::path::Path;

use crate::driver::File;

/// The value of nova's option `compute_driver`; nova prepends `nova.virt.`.
pub const COMPUTE_DRIVER: &str = "squall.Driver";

/// The value of cinder's option `volume_driver`; the option `squall_folder` sets its folder.
pub const VOLUME_DRIVER: &str = "squall_standins.cinder_file.FileDriver";

/// The module that replaces all agents, run with the Python of neutron's environment.
pub const NETWORK_AGENTS: &str = "squall_standins.neutron_agents";

const FILES: [(&str, &str); 5] = [
    ("sitecustomize.py", include_str!("sitecustomize.py")),
    ("squall_standins/__init__.py", include_str!("squall_standins/__init__.py")),
    ("squall_standins/nova_virt.py", include_str!("squall_standins/nova_virt.py")),
    ("squall_standins/cinder_file.py", include_str!("squall_standins/cinder_file.py")),
    ("squall_standins/neutron_agents.py", include_str!("squall_standins/neutron_agents.py")),
];

/// Returns the stand-ins' files below `folder`, the folder to add to `PYTHONPATH`.
pub fn files(folder: &Path) -> Vec<File> {
    let file = |(name, text): (&str, &str)| File {
        path: folder.join(name),
        content: text.as_bytes().to_vec(),
        mode: 0o644,
    };
    FILES.into_iter().map(file).collect()
}
