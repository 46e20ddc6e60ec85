//! The names of features, and how each is detected.

/// A feature with a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownFeature {
    /// Its name.
    pub name: &'static str,
    /// What a cloud with it can do.
    pub means: &'static str,
    pub(super) how: How,
}

/// How a feature is detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// A network extension has the alias.
    Extension,
    /// Object storage's `/info` has the name.
    Middleware,
    /// The image service lists the import method.
    Import,
    /// A backup service is up.
    Backups,
    /// At least this many compute services are up.
    Computes(usize),
    /// There is an external network.
    External,
    /// It cannot be detected; assumed to be present unless the settings say otherwise.
    Assumed,
    /// It cannot be detected, and using it where it is not meant to be does harm; taken as
    /// missing unless the settings say otherwise.
    Declared,
}

/// Features that no answer of the cloud lists by name.
pub const KNOWN: &[KnownFeature] = &[
    assumed("compute.change_password", "a password is set in a guest"),
    feature("compute.cold_migration", "servers move to another host", How::Computes(2)),
    assumed("compute.config_drive", "guests find their metadata on a drive"),
    assumed("compute.console_log", "the console's output can be read"),
    declared("compute.host_power", "hosts may be rebooted and shut down: nothing is behind them"),
    assumed("compute.interface_attach", "ports are attached to servers that run"),
    feature("compute.live_migration", "servers move while they run", How::Computes(2)),
    assumed("compute.metadata_service", "guests find their metadata in the network"),
    assumed("compute.pause", "servers pause"),
    assumed("compute.rescue", "servers boot from a rescue image"),
    assumed("compute.resize", "servers get another flavor"),
    assumed("compute.serial_console", "the serial console can be reached"),
    assumed("compute.shelve", "servers are shelved"),
    assumed("compute.snapshot", "images are made of servers"),
    assumed("compute.spice_console", "the SPICE console can be reached"),
    assumed("compute.suspend", "servers are suspended"),
    assumed("compute.vnc_console", "the VNC console can be reached"),
    assumed("compute.volume_attach", "volumes are attached to servers that run"),
    assumed("compute.volume_multiattach", "a volume is attached to several servers"),
    assumed("identity.application_credentials", "users make credentials for applications"),
    assumed("identity.project_tags", "projects have tags"),
    assumed("identity.trusts", "users trust each other with roles"),
    declared("image.cache", "images are kept in a cache, which may be changed"),
    assumed("image.deactivate", "images are deactivated"),
    feature("network.external", "there is an external network", How::External),
    assumed("network.ipv6", "networks have IPv6"),
    declared("volume.active_active", "several hosts serve one backend"),
    feature("volume.backup", "volumes are backed up", How::Backups),
    assumed("volume.clone", "volumes are made of volumes"),
    declared("volume.consistency_groups", "the backend has consistency groups, and deletes them"),
    assumed("volume.extend_attached", "volumes grow while they are attached"),
    assumed("volume.manage", "volumes of the backend are taken over"),
    assumed("volume.manage_snapshots", "snapshots of the backend are taken over"),
    declared("volume.replication", "the backend replicates volumes"),
    assumed("volume.revert", "volumes go back to a snapshot"),
    declared("volume.service_control", "services of volume may be enabled and disabled"),
    assumed("volume.snapshot", "snapshots are made of volumes"),
];

/// Prefixes of features whose last part is a name that the cloud lists.
pub const FAMILIES: &[(&str, &str)] = &[
    ("image.import.", "an import method, as in `image.import.web-download`"),
    ("network.extension.", "an extension's alias, as in `network.extension.trunk`"),
    ("object_storage.", "a name in `/info`, as in `object_storage.tempurl`"),
];

/// Returns how a feature is detected; `None` if its name is unknown.
pub(super) fn how(name: &str) -> Option<How> {
    if let Some(known) = KNOWN.iter().find(|known| known.name == name) {
        return Some(known.how);
    }
    let (family, _) = FAMILIES.iter().find(|(family, _)| name.starts_with(family))?;
    Some(match *family {
        "image.import." => How::Import,
        "network.extension." => How::Extension,
        _ => How::Middleware,
    })
}

/// Whether a feature can be detected, or is assumed.
pub fn is_known(name: &str) -> bool {
    how(name).is_some()
}

/// Whether the cloud can be asked for a feature.
pub fn is_probed(name: &str) -> bool {
    how(name).is_some_and(|how| !matches!(how, How::Assumed | How::Declared))
}

const fn feature(name: &'static str, means: &'static str, how: How) -> KnownFeature {
    KnownFeature { name, means, how }
}

const fn declared(name: &'static str, means: &'static str) -> KnownFeature {
    feature(name, means, How::Declared)
}

const fn assumed(name: &'static str, means: &'static str) -> KnownFeature {
    feature(name, means, How::Assumed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services;

    #[test]
    fn names_are_sorted_and_no_family_hides_one() {
        assert!(KNOWN.is_sorted_by(|a, b| a.name < b.name));
        for known in KNOWN {
            assert!(!FAMILIES.iter().any(|(family, _)| known.name.starts_with(family)));
            assert!(services::named(services::service_of(known.name)).is_some());
        }
    }

    #[test]
    fn a_name_of_a_family_is_known_and_a_misspelt_one_is_not() {
        assert!(is_known("network.extension.trunk") && is_known("object_storage.slo"));
        assert!(!is_known("network.extensions.trunk") && !is_known("compute.shelf"));
    }
}
