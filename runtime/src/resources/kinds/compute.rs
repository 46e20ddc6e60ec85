//! The kinds of compute.

use super::{Find, Gone, Kind, Step};

/// Every kind of this file.
pub(super) const KINDS: &[&Kind] = &[
    &AGGREGATE,
    &AGGREGATE_HOST,
    &FLAVOR,
    &KEYPAIR,
    &QUOTA_SET,
    &SERVER,
    &SERVER_GROUP,
    &VOLUME_ATTACHMENT,
];

/// What is locked its owner can neither delete nor detach from.
const UNLOCK: &[Step] = &[Step::of("compute.servers.unlock").with_body(r#"{"unlock":null}"#)];
const EVERYWHERE: &[(&str, &str)] = &[("all_tenants", "1")];

/// A server, or several of one name.
pub static SERVER: Kind = Kind::new("compute.server")
    .standing_on(&[
        "compute.aggregate_host",
        "compute.flavor",
        "compute.keypair",
        "compute.quota_set",
        "compute.server_group",
        "image.image",
        "network.network",
        "network.port",
        "network.security_group",
        "network.subnet",
        "network.trunk",
        "volume.snapshot",
        "volume.volume",
    ])
    .named_at(&["/server/name"])
    .made_by(&["compute.servers.create"])
    .with_id("server_id", &["/server/id"])
    .found_by(
        Find::listed("compute.servers.list", "/servers")
            .with_query(&[("name", "{name}")])
            .with_everywhere(EVERYWHERE),
    )
    .undone_by(&[Step::of("compute.servers.delete")])
    .freed_by(UNLOCK)
    .gone_when(Gone::NotFoundOr("compute.servers.show", "/server/status", "DELETED"))
    .several_with(&["/server/min_count", "/server/max_count"]);

/// A flavor.
pub static FLAVOR: Kind = Kind::new("compute.flavor")
    .named_at(&["/flavor/name"])
    .made_by(&["compute.flavors.create"])
    .with_id("flavor_id", &["/flavor/id"])
    .found_by(Find::listed("compute.flavors.list", "/flavors").with_query(&[("is_public", "none")]))
    .undone_by(&[Step::of("compute.flavors.delete")])
    .gone_when(Gone::Deleted("compute.flavors.show"));

/// A keypair, which belongs to its user alone and is addressed by its name.
pub static KEYPAIR: Kind = Kind::new("compute.keypair")
    .named_at(&["/keypair/name"])
    .made_by(&["compute.keypairs.create"])
    .with_name_as_id("keypair_name")
    .undone_by(&[Step::of("compute.keypairs.delete")])
    .gone_when(Gone::Deleted("compute.keypairs.show"))
    .private();

/// A server group.
pub static SERVER_GROUP: Kind = Kind::new("compute.server_group")
    .named_at(&["/server_group/name"])
    .made_by(&["compute.server_groups.create"])
    .with_id("server_group_id", &["/server_group/id"])
    .found_by(
        Find::listed("compute.server_groups.list", "/server_groups")
            .with_everywhere(&[("all_projects", "1")])
            .with_offset(),
    )
    .undone_by(&[Step::of("compute.server_groups.delete")])
    .gone_when(Gone::Deleted("compute.server_groups.show"));

/// An aggregate of hosts.
pub static AGGREGATE: Kind = Kind::new("compute.aggregate")
    .named_at(&["/aggregate/name"])
    .made_by(&["compute.aggregates.create"])
    .with_id("aggregate_id", &["/aggregate/id"])
    .found_by(Find::listed("compute.aggregates.list", "/aggregates"))
    .undone_by(&[Step::of("compute.aggregates.delete")])
    .gone_when(Gone::Deleted("compute.aggregates.show"));

/// A host in an aggregate, which has to leave before the aggregate can go.
pub static AGGREGATE_HOST: Kind = Kind::new("compute.aggregate_host")
    .standing_on(&["compute.aggregate"])
    .made_by(&["compute.aggregates.add_host"])
    .with_body_params(&[("host", "/add_host/host")])
    .undone_by(&[Step::of("compute.aggregates.remove_host")
        .with_body(r#"{"remove_host":{"host":"{host}"}}"#)]);

/// The quotas of a project: a value that is replaced, and put back.
pub static QUOTA_SET: Kind = Kind::new("compute.quota_set")
    .made_by(&["compute.quota_sets.update"])
    .undone_by(&[Step::of("compute.quota_sets.update")]);

/// A volume attached to a server, which is a change of both.
pub static VOLUME_ATTACHMENT: Kind = Kind::new("compute.volume_attachment")
    .standing_on(&["compute.server", "volume.volume"])
    .made_by(&["compute.server_volume_attachments.create"])
    .with_body_params(&[("volume_id", "/volumeAttachment/volumeId")])
    .undone_by(&[Step::of("compute.server_volume_attachments.delete")])
    .freed_by(UNLOCK)
    .gone_when(Gone::NotFound("compute.server_volume_attachments.show"));
