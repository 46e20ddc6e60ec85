//! Volume: volumes, their types, snapshots, backups and attachments.
//!
//! What a volume holds is kept without the zeros at its end, and goes along with all that is
//! made of it.

pub(crate) mod actions;
pub(crate) mod attachments;
pub(crate) mod backups;
pub(crate) mod bootstrap;
pub(crate) mod collection;
pub(crate) mod content;
pub(crate) mod find;
pub(crate) mod image_metadata;
pub(crate) mod limits;
pub(crate) mod messages;
pub(crate) mod metadata;
pub(crate) mod placement;
pub(crate) mod policy;
pub(crate) mod quotas;
pub(crate) mod service;
pub(crate) mod snapshots;
pub(crate) mod transfers;
pub(crate) mod type_access;
pub(crate) mod type_extra_specs;
pub(crate) mod types;
pub(crate) mod view;
pub(crate) mod volumes;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::table::Table;

/// What volume can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] = &[
    actions::BEHAVIOURS,
    attachments::BEHAVIOURS,
    backups::BEHAVIOURS,
    content::BEHAVIOURS,
    image_metadata::BEHAVIOURS,
    limits::BEHAVIOURS,
    messages::BEHAVIOURS,
    metadata::BEHAVIOURS,
    placement::BEHAVIOURS,
    quotas::BEHAVIOURS,
    service::BEHAVIOURS,
    snapshots::BEHAVIOURS,
    transfers::BEHAVIOURS,
    type_access::BEHAVIOURS,
    type_extra_specs::BEHAVIOURS,
    types::BEHAVIOURS,
    volumes::BEHAVIOURS,
];

/// What volume knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub(crate) volumes: Table<Volume>,
    pub(crate) types: Table<VolumeType>,
    pub(crate) default_type: String,
    pub(crate) snapshots: Table<Snapshot>,
    pub(crate) backups: Table<Backup>,
    pub(crate) attachments: Table<Attachment>,
    pub(crate) messages: Table<messages::Message>,
    pub(crate) transfers: Table<transfers::Transfer>,
    pub(crate) quotas: HashMap<String, Document>,
    pub(crate) service_id: String,
}

/// A volume.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Volume {
    pub(crate) id: String,
    pub(crate) name: Value,
    pub(crate) description: Value,
    pub(crate) status: String,
    /// In GiB.
    pub(crate) size: u64,
    pub(crate) type_id: String,
    /// Where it is, as `host@back end#pool`.
    pub(crate) place: String,
    /// What a migration that is over came to.
    pub(crate) migration: Option<&'static str>,
    pub(crate) content: Bytes,
    pub(crate) snapshot_id: Option<String>,
    pub(crate) source_id: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    /// What the image said that it was made from; a volume with it can boot.
    pub(crate) image_metadata: Document,
    pub(crate) bootable: bool,
    pub(crate) read_only: bool,
    pub(crate) multiattach: bool,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) created: String,
    pub(crate) updated: Option<String>,
}

/// A volume type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VolumeType {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Value,
    pub(crate) public: bool,
    pub(crate) extra_specs: BTreeMap<String, String>,
    /// The projects that may use it where it is not public.
    pub(crate) projects: BTreeSet<String>,
}

/// A snapshot of a volume.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) id: String,
    pub(crate) name: Value,
    pub(crate) description: Value,
    pub(crate) status: String,
    pub(crate) volume_id: String,
    pub(crate) content: Bytes,
    pub(crate) size: u64,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) created: String,
    pub(crate) updated: Option<String>,
}

/// A backup of a volume.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Backup {
    pub(crate) id: String,
    pub(crate) name: Value,
    pub(crate) description: Value,
    pub(crate) status: String,
    pub(crate) volume_id: String,
    pub(crate) snapshot_id: Option<String>,
    pub(crate) size: u64,
    pub(crate) container: String,
    /// The backup that an incremental one adds to.
    pub(crate) parent: Option<String>,
    pub(crate) content: Bytes,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) created: String,
    pub(crate) updated: Option<String>,
}

/// A volume's connection to a server, or the reservation of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    pub(crate) volume_id: String,
    pub(crate) server_id: Option<String>,
    pub(crate) status: String,
    pub(crate) mode: String,
    pub(crate) device: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) connector: Value,
    pub(crate) project: String,
    pub(crate) attached: Option<String>,
}
