//! Our own Python that stands in for what one machine does not have: a hypervisor,
//! a volume back end, the agents of a network.
//!
//! It is put into a folder of the cloud's, which goes into `PYTHONPATH`: the
//! environments are shared between clouds and never written to.

use std::path::Path;

use crate::driver::File;

/// Nova's option `compute_driver`; nova adds `nova.virt.` before it.
pub const COMPUTE_DRIVER: &str = "squall.Driver";

/// Cinder's option `volume_driver`; its folder is the option `squall_folder`.
pub const VOLUME_DRIVER: &str = "squall_standins.cinder_file.FileDriver";

/// The module that a Python of neutron's environment runs in place of all agents.
pub const NETWORK_AGENTS: &str = "squall_standins.neutron_agents";

const FILES: [(&str, &str); 5] = [
    ("sitecustomize.py", include_str!("sitecustomize.py")),
    ("squall_standins/__init__.py", include_str!("squall_standins/__init__.py")),
    ("squall_standins/nova_virt.py", include_str!("squall_standins/nova_virt.py")),
    ("squall_standins/cinder_file.py", include_str!("squall_standins/cinder_file.py")),
    ("squall_standins/neutron_agents.py", include_str!("squall_standins/neutron_agents.py")),
];

/// Gives the stand-ins' files, to be put below `folder`; it goes into `PYTHONPATH`.
pub fn files(folder: &Path) -> Vec<File> {
    let file = |(name, text): (&str, &str)| File {
        path: folder.join(name),
        content: text.as_bytes().to_vec(),
        mode: 0o644,
    };
    FILES.into_iter().map(file).collect()
}
