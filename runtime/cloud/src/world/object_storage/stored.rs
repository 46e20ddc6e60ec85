//! Objects as they are stored: created from bytes, put at a place, removed from it.

use bytes::Bytes;
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::metadata::Metadata;
use super::stamp::http_date;
use super::{Large, Object, State, versions};
use crate::fault::Fault;
use crate::outcome::Reply;
use crate::world::object_storage::place::Place;

/// The most characters of an object's name.
pub(crate) const MAX_NAME: usize = 1024;

impl Object {
    /// Makes an object of bytes alone.
    pub(crate) fn new(data: impl Into<Bytes>, now: Timestamp) -> Self {
        let data = data.into();
        Self {
            etag: hex::encode(Md5::digest(&data)),
            data,
            content_type: "application/octet-stream".to_owned(),
            metadata: Metadata::new(),
            modified: now,
            large: None,
            version: None,
            delete_at: None,
        }
    }

    /// Returns its length, as listings tell it.
    pub(crate) fn length(&self) -> usize {
        match &self.large {
            Some(Large::Static { length, .. }) => *length,
            Some(Large::Dynamic { .. }) | None => self.data.len(),
        }
    }
}

/// Stores an object at a place whose container is there.
pub(crate) fn store(
    state: &mut State,
    place: &Place,
    object: Object,
    now: Timestamp,
) -> Result<Reply, Fault> {
    let etag = object.etag.clone();
    let version = versions::put(state, place, object, now)?;
    let reply = Reply::empty(201).header("etag", etag).header("last-modified", http_date(now));
    Ok(match version {
        Some(id) => reply.header("x-object-version-id", id),
        None => reply,
    })
}

/// Deletes the object at a place.
pub(crate) fn remove(state: &mut State, place: &Place, now: Timestamp) -> Result<Reply, Fault> {
    let mark = versions::delete(state, place, now)?;
    let reply = Reply::empty(204);
    Ok(match mark {
        Some(id) => reply.header("x-object-version-id", id),
        None => reply,
    })
}
