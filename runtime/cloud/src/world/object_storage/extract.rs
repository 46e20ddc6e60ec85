//! Archives: taken apart into objects.

use std::io::Read as _;

use bytes::Bytes;

use super::access::{self, Deed};
use super::report::{self, Report};
use super::{Container, Object, place, quota, stored};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::object_storage::place::Place;

/// Takes an archive apart: below the path of the request, whose container is made
/// where there is none.
pub(crate) fn extract(world: &mut World, context: &RequestContext, format: &str) -> Outcome {
    if !matches!(format.trim_matches('.').to_ascii_lowercase().as_str(), "tar" | "tar.gz") {
        return Err(Fault::bad_request("Unsupported archive format"));
    }
    let mut bytes = Vec::new();
    let read = if format.trim_matches('.').eq_ignore_ascii_case("tar.gz") {
        flate2::read::MultiGzDecoder::new(&*context.body).read_to_end(&mut bytes)
    } else {
        (&*context.body).read_to_end(&mut bytes)
    };
    match read.and_then(|_| files(&bytes)) {
        Ok(files) => Ok(store_all(world, context, files)),
        Err(_) => Ok(Report {
            good: 201,
            nothing: "Invalid Tar File: it cannot be read",
            counts: vec![("Number Files Created", 0)],
            ..Report::default()
        }
        .answer(context)),
    }
}

/// Reads the files of an archive, by their paths.
fn files(bytes: &[u8]) -> std::io::Result<Vec<(String, Bytes)>> {
    let mut files = Vec::new();
    for entry in tar::Archive::new(bytes).entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        let path = path.strip_prefix("./").unwrap_or(&path).trim_start_matches('/').to_owned();
        files.push((path, content.into()));
    }
    Ok(files)
}

fn store_all(world: &mut World, context: &RequestContext, files: Vec<(String, Bytes)>) -> Reply {
    let mut report =
        Report { good: 201, nothing: "Invalid Tar File: No Valid Files", ..Report::default() };
    let base = [context.parameter(0), context.parameter(1)];
    let base: Vec<&str> = base.into_iter().filter(|part| !part.is_empty()).collect();
    let mut created = 0;
    for (path, content) in files {
        let whole = base.iter().copied().chain([path.as_str()]).collect::<Vec<_>>().join("/");
        // What would be no object but a container is left out.
        let Some(place) = Place::parse(place::account(context), &whole) else { continue };
        match store(world, context, &place, content) {
            Ok(()) => created += 1,
            Err(fault) => report.errors.push((report::quoted(&whole), fault.status)),
        }
    }
    report.counts = vec![("Number Files Created", created)];
    report.answer(context)
}

fn store(
    world: &mut World,
    context: &RequestContext,
    place: &Place,
    content: Bytes,
) -> Result<(), Fault> {
    let now = world.clock.now();
    let owner = access::is_owner(context);
    let state = &mut world.object_storage;
    if state.container_at(&place.account, &place.container).is_none() {
        if !owner {
            return Err(access::denied(context));
        }
        let containers = &mut state.account(context).containers;
        containers.insert(place.container.clone(), Container::new(now));
    }
    access::check_at(state, &place.container, Deed::Write, context)?;
    if place.object.len() > stored::MAX_NAME {
        return Err(Fault::bad_request("Object name too long"));
    }
    quota::check_upload(state, place, content.len(), context)?;
    stored::store(state, place, Object::new(content, now), now).map(|_| ())
}
