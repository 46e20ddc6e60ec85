//! Image: descriptions of images, their bytes, and who shares them.

pub(crate) mod actions;
pub(crate) mod bootstrap;
pub(crate) mod data;
pub(crate) mod find;
pub(crate) mod images;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod members;
pub(crate) mod patch;
pub(crate) mod policy;
pub(crate) mod schemas;
pub(crate) mod tags;
pub(crate) mod view;

use bytes::Bytes;
use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::fault::Fault;
use crate::request::RequestContext;
use crate::table::Table;

/// What image can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] = &[
    actions::BEHAVIOURS,
    data::BEHAVIOURS,
    images::BEHAVIOURS,
    info::BEHAVIOURS,
    list::BEHAVIOURS,
    members::BEHAVIOURS,
    schemas::BEHAVIOURS,
    tags::BEHAVIOURS,
];

/// Refuses a new image with what links to it, before its other properties are looked at
/// (glance 33.0.0, `glance.api.v2.images.RequestDeserializer._check_allowed`).
pub(crate) fn before_body(context: &RequestContext) -> Result<(), Fault> {
    if context.operation.id != "image.images.create" {
        return Ok(());
    }
    let links = ["direct_url", "self", "file", "schema", "stores"];
    match links.into_iter().find(|key| context.json.get(key).is_some()) {
        Some(key) => Err(Fault::forbidden(format!("Attribute '{key}' is read-only."))),
        None => Ok(()),
    }
}

/// What image knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub(crate) images: Table<Image>,
}

/// An image: its properties as they are shown, its bytes, its members.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Image {
    pub(crate) properties: Document,
    pub(crate) data: Option<Bytes>,
    /// Bytes that wait to be imported.
    pub(crate) staged: Option<Bytes>,
    pub(crate) members: Vec<Member>,
}

/// A project that an image is shared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) project: String,
    pub(crate) status: String,
    pub(crate) created: String,
    pub(crate) updated: String,
}

impl Image {
    pub(crate) fn text(&self, key: &str) -> &str {
        crate::document::text(&self.properties, key)
    }

    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.properties.insert(key.to_owned(), value.into());
    }
}
