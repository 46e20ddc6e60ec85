//! Versions: what a container keeps of objects that were replaced or deleted, as
//! swift's `versioned_writes.object_versioning` does.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::listing::Entry;
use super::{Container, Object, State, listing, not_found};
use crate::fault::Fault;
use crate::world::object_storage::place::Place;

/// The media type of what stands where an object was deleted.
pub(crate) const DELETED: &str = "application/x-deleted;swift_versions_deleted=1";

/// The etag of nothing.
const EMPTY: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Something that was kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Version {
    pub(crate) name: String,
    pub(crate) id: String,
    /// Nothing where the object was deleted.
    pub(crate) object: Option<Object>,
    pub(crate) modified: Timestamp,
}

impl State {
    /// Makes the id of a version: the time, later than any before.
    fn next_version(&mut self, now: Timestamp) -> String {
        let ticks = now.as_microsecond() / 10;
        self.last_version = ticks.max(self.last_version + 1);
        format!("{:010}.{:05}", self.last_version / 100_000, self.last_version % 100_000)
    }
}

/// Puts an object where it belongs, as a version where those are kept; gives its version.
pub(crate) fn put(
    state: &mut State,
    place: &Place,
    mut object: Object,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let keeps = state.container_at_mut(&place.account, &place.container)?.versioned == Some(true);
    if keeps {
        keep_current(state, place, now)?;
        object.version = Some(state.next_version(now));
    }
    let container = state.container_at_mut(&place.account, &place.container)?;
    if let Some(id) = &object.version {
        container.versions.push(Version {
            name: place.object.clone(),
            id: id.clone(),
            object: Some(object.clone()),
            modified: now,
        });
    }
    let version = object.version.clone();
    container.objects.insert(place.object.clone(), object);
    Ok(version)
}

/// Deletes an object, and leaves a mark of it where versions are kept; gives the mark's.
pub(crate) fn delete(
    state: &mut State,
    place: &Place,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let keeps = state.container_at_mut(&place.account, &place.container)?.versioned == Some(true);
    let mut mark = None;
    if keeps {
        keep_current(state, place, now)?;
        let id = state.next_version(now);
        let container = state.container_at_mut(&place.account, &place.container)?;
        container.versions.push(Version {
            name: place.object.clone(),
            id: id.clone(),
            object: None,
            modified: now,
        });
        mark = Some(id);
    }
    let container = state.container_at_mut(&place.account, &place.container)?;
    container.objects.remove(&place.object).ok_or_else(not_found)?;
    Ok(mark)
}

/// Keeps an object that was there before versions were.
fn keep_current(state: &mut State, place: &Place, now: Timestamp) -> Result<(), Fault> {
    let container = state.container_at_mut(&place.account, &place.container)?;
    let plain = container.objects.get(&place.object).filter(|object| object.version.is_none());
    let Some(mut object) = plain.cloned() else { return Ok(()) };
    let id = state.next_version(now);
    object.version = Some(id.clone());
    let container = state.container_at_mut(&place.account, &place.container)?;
    let modified = object.modified;
    container.versions.push(Version {
        name: place.object.clone(),
        id,
        object: Some(object),
        modified,
    });
    Ok(())
}

/// Returns an object as it was in a version.
pub(crate) fn get<'a>(container: &'a Container, name: &str, id: &str) -> Result<&'a Object, Fault> {
    if id == "null" {
        let found = container.objects.get(name).filter(|object| object.version.is_none());
        return found.ok_or_else(not_found);
    }
    let found = container.versions.iter().find(|v| v.name == name && v.id == id);
    match found.map(|version| &version.object) {
        Some(Some(object)) => Ok(object),
        Some(None) => Err(not_found().header("x-object-version-id", id)),
        None => Err(not_found()),
    }
}

/// Makes a version the current one again.
///
/// Returns its checksum.
pub(crate) fn restore(container: &mut Container, name: &str, id: &str) -> Result<String, Fault> {
    if id == "null" {
        return Err(Fault::bad_request("Invalid version parameter"));
    }
    let object = get(container, name, id)
        .map_err(|_| Fault::not_found("The specified version does not exist"))?
        .clone();
    let etag = object.etag.clone();
    container.objects.insert(name.to_owned(), object);
    Ok(etag)
}

/// Takes one version away for good.
pub(crate) fn forget(container: &mut Container, name: &str, id: &str) -> Result<(), Fault> {
    let current = container.objects.get(name).map(|object| object.version.as_deref());
    if id == "null" {
        container.objects.remove(name).ok_or_else(not_found)?;
        return Ok(());
    }
    let at = container.versions.iter().position(|v| v.name == name && v.id == id);
    container.versions.remove(at.ok_or_else(not_found)?);
    if current == Some(Some(id)) {
        container.objects.remove(name);
    }
    Ok(())
}

/// Refuses to let a container go that has anything in it.
pub(crate) fn check_empty(container: &Container) -> Result<(), Fault> {
    if !container.versions.is_empty() {
        return Err(Fault::conflict("Delete all versions before deleting container."));
    }
    if !container.objects.is_empty() {
        return Err(Fault::conflict("There was a conflict when trying to complete your request."));
    }
    Ok(())
}

/// Lists everything that a container keeps, by name and the newest first.
pub(crate) fn entries(container: &Container) -> Vec<Entry<'_>> {
    let plain = container.objects.iter().filter(|(_, object)| object.version.is_none());
    let mut rows: Vec<(&str, &str, Entry<'_>)> = plain
        .map(|(name, object)| {
            let row = move || with(described(name, object), "null", true);
            (name.as_str(), "null", Entry::new(name, row))
        })
        .collect();
    let mut seen: HashSet<&str> = HashSet::new();
    for version in container.versions.iter().rev() {
        let name = version.name.as_str();
        let current = container.objects.get(name);
        let latest = match (current, &version.object) {
            (Some(current), _) => current.version.as_deref() == Some(&version.id),
            (None, None) => !seen.contains(name),
            (None, Some(_)) => false,
        };
        if latest || current.is_none() && version.object.is_none() {
            seen.insert(name);
        }
        let row = move || {
            let row = match &version.object {
                Some(object) => described(name, object),
                None => deleted(name, version.modified),
            };
            with(row, &version.id, latest)
        };
        rows.push((name, &version.id, Entry::new(name, row)));
    }
    rows.sort_by(|(a, a_id, _), (b, b_id, _)| a.cmp(b).then_with(|| b_id.cmp(a_id)));
    rows.into_iter().map(|(_, _, entry)| entry).collect()
}

/// Returns what a listing says of an object.
pub(crate) fn described(name: &str, object: &Object) -> Value {
    json!({
        "name": name,
        "hash": object.etag,
        "bytes": object.length(),
        "content_type": object.content_type,
        "last_modified": listing::time(object.modified),
    })
}

fn deleted(name: &str, at: Timestamp) -> Value {
    json!({
        "name": name,
        "hash": EMPTY,
        "bytes": 0,
        "content_type": DELETED,
        "last_modified": listing::time(at),
    })
}

fn with(mut row: Value, id: &str, latest: bool) -> Value {
    row["version_id"] = json!(id);
    row["is_latest"] = json!(latest);
    row
}
