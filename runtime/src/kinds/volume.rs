//! The kinds of volume.

use super::{Find, Gone, Kind, Step, rank, spec};

const NAME: &[(&str, &str)] = &[("name", "{name}")];
const EVERYWHERE: &[(&str, &str)] = &[("all_tenants", "1")];

/// A volume.
pub static VOLUME: Kind = Kind::new("volume.volume", spec::volume, rank::VOLUME)
    .made_by(&["volume.volumes.create"])
    .with_id("volume_id", &["/volume/id"])
    .found_by(
        Find::listed("volume.volumes.list", "/volumes")
            .with_query(NAME)
            .with_everywhere(EVERYWHERE),
    )
    .undone_by(&[Step::of("volume.volumes.delete")])
    .gone_when(Gone::NotFound("volume.volumes.show"));

/// A snapshot of a volume.
pub static SNAPSHOT: Kind = Kind::new("volume.snapshot", spec::volume, rank::COPY)
    .made_by(&["volume.snapshots.create"])
    .with_id("snapshot_id", &["/snapshot/id"])
    .found_by(
        Find::listed("volume.snapshots.list", "/snapshots")
            .with_query(NAME)
            .with_everywhere(EVERYWHERE),
    )
    .undone_by(&[Step::of("volume.snapshots.delete")])
    .gone_when(Gone::NotFound("volume.snapshots.show"));

/// A backup of a volume.
pub static BACKUP: Kind = Kind::new("volume.backup", spec::volume, rank::COPY)
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
pub static VOLUME_TYPE: Kind = Kind::new("volume.volume_type", spec::volume, rank::DEFINITION)
    .made_by(&["volume.volume_types.create"])
    .with_id("volume_type_id", &["/volume_type/id"])
    .found_by(
        Find::listed("volume.volume_types.list", "/volume_types")
            .with_query(&[("is_public", "None")]),
    )
    .undone_by(&[Step::of("volume.volume_types.delete")])
    .gone_when(Gone::NotFound("volume.volume_types.show"));
