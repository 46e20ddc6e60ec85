//! The kinds of volume.

use super::{Find, Gone, Kind, Step};

/// Every kind of this file.
pub(super) const KINDS: &[&Kind] =
    &[&BACKUP, &GROUP_TYPE, &QOS_SPEC, &SNAPSHOT, &TRANSFER, &VOLUME, &VOLUME_TYPE];

const NAME: &[(&str, &str)] = &[("name", "{name}")];
const EVERYWHERE: &[(&str, &str)] = &[("all_tenants", "1")];

/// A volume, made through volume or through compute's older proxy.
pub static VOLUME: Kind = Kind::new("volume.volume")
    .standing_on(&["image.image", "volume.volume_type"])
    .named_at(&["/volume/name"])
    .made_by(&["volume.volumes.create", "compute.volumes.create"])
    .with_id("volume_id", &["/volume/id"])
    .found_by(
        Find::listed("volume.volumes.list", "/volumes")
            .with_query(NAME)
            .with_everywhere(EVERYWHERE),
    )
    .undone_by(&[Step::of("volume.volumes.delete")])
    .gone_when(Gone::NotFound("volume.volumes.show"));

/// A snapshot of a volume, made through volume or through compute's older proxy.
pub static SNAPSHOT: Kind = Kind::new("volume.snapshot")
    .standing_on(&["volume.volume"])
    .named_at(&["/snapshot/name"])
    .made_by(&["volume.snapshots.create", "compute.snapshots.create"])
    .with_id("snapshot_id", &["/snapshot/id"])
    .found_by(
        Find::listed("volume.snapshots.list", "/snapshots")
            .with_query(NAME)
            .with_everywhere(EVERYWHERE),
    )
    .undone_by(&[Step::of("volume.snapshots.delete")])
    .gone_when(Gone::NotFound("volume.snapshots.show"));

/// A backup of a volume.
pub static BACKUP: Kind = Kind::new("volume.backup")
    .standing_on(&["volume.snapshot", "volume.volume"])
    .named_at(&["/backup/name"])
    .made_by(&["volume.backups.create"])
    .with_id("backup_id", &["/backup/id"])
    .found_by(
        Find::listed("volume.backups.list", "/backups")
            .with_query(NAME)
            .with_everywhere(EVERYWHERE),
    )
    .undone_by(&[Step::of("volume.backups.delete")])
    .gone_when(Gone::NotFound("volume.backups.show"));

/// A volume type.
pub static VOLUME_TYPE: Kind = Kind::new("volume.volume_type")
    .standing_on(&["volume.qos_spec"])
    .named_at(&["/volume_type/name"])
    .made_by(&["volume.volume_types.create"])
    .with_id("volume_type_id", &["/volume_type/id"])
    .found_by(
        Find::listed("volume.volume_types.list", "/volume_types")
            .with_query(&[("is_public", "None")]),
    )
    .undone_by(&[Step::of("volume.volume_types.delete")])
    .gone_when(Gone::Deleted("volume.volume_types.show"));

/// A group type.
pub static GROUP_TYPE: Kind = Kind::new("volume.group_type")
    .named_at(&["/group_type/name"])
    .made_by(&["volume.group_types.create"])
    .with_id("group_type_id", &["/group_type/id"])
    .found_by(
        Find::listed("volume.group_types.list", "/group_types")
            .with_query(&[("is_public", "None")]),
    )
    .undone_by(&[Step::of("volume.group_types.delete")])
    .gone_when(Gone::Deleted("volume.group_types.show"));

/// A set of quality-of-service specs.
pub static QOS_SPEC: Kind = Kind::new("volume.qos_spec")
    .named_at(&["/qos_specs/name"])
    .made_by(&["volume.qos_specs.create"])
    .with_id("qos_spec_id", &["/qos_specs/id"])
    .found_by(Find::listed("volume.qos_specs.list", "/qos_specs"))
    .undone_by(&[Step::of("volume.qos_specs.delete")])
    .gone_when(Gone::Deleted("volume.qos_specs.show"));

/// The offer of a volume to another project; an accepted one is gone.
pub static TRANSFER: Kind = Kind::new("volume.transfer")
    .standing_on(&["volume.volume"])
    .named_at(&["/transfer/name"])
    .made_by(&["volume.volume_transfers.create"])
    .with_id("volume_transfer_id", &["/transfer/id"])
    .found_by(
        Find::listed("volume.volume_transfers.list", "/transfers").with_everywhere(EVERYWHERE),
    )
    .undone_by(&[Step::of("volume.volume_transfers.delete")])
    .gone_when(Gone::Deleted("volume.volume_transfers.show"));
