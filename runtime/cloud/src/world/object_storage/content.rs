//! What an object's bytes are: its own, or those that its manifest puts together.

use bytes::Bytes;
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::{Large, Object, State};
use crate::byte_range::{Asked, parse};
use crate::fault::Fault;
use crate::world::object_storage::place::Place;

/// How deep manifests may name manifests.
const MAX_DEPTH: usize = 10;

/// An object's bytes, and their etag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    pub(crate) etag: String,
}

/// Returns what an object of an account holds.
pub(crate) fn of(
    state: &State,
    account: &str,
    object: &Object,
    now: Timestamp,
) -> Result<Content, Fault> {
    at_depth(state, account, object, now, 0)
}

fn at_depth(
    state: &State,
    account: &str,
    object: &Object,
    now: Timestamp,
    depth: usize,
) -> Result<Content, Fault> {
    let broken = || Fault::conflict("There was a conflict when trying to complete your request.");
    if depth > MAX_DEPTH {
        return Err(broken());
    }
    match &object.large {
        None => Ok(Content { bytes: object.data.clone(), etag: object.etag.clone() }),
        Some(Large::Static { segments, etag, .. }) => {
            let mut bytes = Vec::new();
            for segment in segments {
                let place = Place::parse(account, &segment.name).ok_or_else(broken)?;
                let part = state.object_at(&place, now).ok_or_else(broken)?;
                let part = at_depth(state, account, part, now, depth + 1)?;
                if part.etag != segment.hash {
                    return Err(broken());
                }
                match segment.range.as_ref().map(|r| parse(&format!("bytes={r}"), part.bytes.len()))
                {
                    None => bytes.extend_from_slice(&part.bytes),
                    Some(Asked::Part(range)) => bytes.extend_from_slice(&part.bytes[range]),
                    Some(Asked::Outside | Asked::Unclear) => return Err(broken()),
                }
            }
            Ok(Content { bytes: bytes.into(), etag: etag.clone() })
        }
        Some(Large::Dynamic { container, prefix }) => {
            let mut bytes = Vec::new();
            let mut etags = Md5::new();
            let parts = state.container_at(account, container).map(|found| &found.objects);
            for (name, part) in parts.into_iter().flatten() {
                if name.starts_with(prefix) && !part.is_expired(now) {
                    let part = segment(state, account, part, now, depth + 1)?;
                    bytes.extend_from_slice(&part.bytes);
                    etags.update(part.etag.as_bytes());
                }
            }
            Ok(Content { bytes: bytes.into(), etag: hex::encode(etags.finalize()) })
        }
    }
}

/// Returns what a segment of a dynamic large object adds to it. Another dynamic manifest, such
/// as the object's own where its name has the prefix, adds its own bytes: it is read below the
/// middleware that puts them together (`swift.common.middleware.dlo.GetContext`).
fn segment(
    state: &State,
    account: &str,
    part: &Object,
    now: Timestamp,
    depth: usize,
) -> Result<Content, Fault> {
    match &part.large {
        Some(Large::Dynamic { .. }) => {
            Ok(Content { bytes: part.data.clone(), etag: part.etag.clone() })
        }
        _ => at_depth(state, account, part, now, depth),
    }
}
