//! Many things in one request: deleted by a list of paths.
//!
//! Archives that are taken apart are in [`super::extract`].

use http::Method;
use http::request::Parts;
use squall_model::Operation;

use super::access::{self, Deed};
use super::report::{Report, quoted};
use super::{extract, not_found, place, stored, versions};
use crate::fault::Fault;
use crate::mount::Mount;
use crate::outcome::Outcome;
use crate::query::Query;
use crate::request::RequestContext;
use crate::world::World;
use crate::world::object_storage::place::Place;

const MAX_DELETES: usize = 10_000;

/// Returns the operation of a request that brings an archive: it may be sent to an account
/// as well, which has no `PUT` otherwise.
pub(crate) fn operation(mount: &Mount, parts: &Parts) -> Option<&'static Operation> {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let archive = parts.method == Method::PUT && query.has("extract-archive");
    let stored = mount.service.name == "object_storage" && archive;
    stored.then(|| mount.spec.operation("object_storage.containers.create")).flatten()
}

/// Answers a request that does many things, where it is one.
pub(crate) fn serve(world: &mut World, context: &RequestContext) -> Option<Outcome> {
    let method = context.operation.method.as_str();
    if context.query.has("bulk-delete") && matches!(method, "POST" | "DELETE") {
        return Some(delete_listed(world, context));
    }
    match context.query.get("extract-archive") {
        Some(format) if method == "PUT" => Some(extract::extract(world, context, format)),
        _ => None,
    }
}

fn delete_listed(world: &mut World, context: &RequestContext) -> Outcome {
    if context.header("content-type").is_some_and(|kind| !kind.starts_with("text/plain")) {
        return Err(Fault::new(406, "Not Acceptable"));
    }
    let text = String::from_utf8_lossy(&context.body);
    let mut paths: Vec<String> = text
        .lines()
        .map(|line| crate::route::decode(line.trim()))
        .filter(|path| !path.is_empty())
        .collect();
    if paths.len() > MAX_DELETES {
        let why = format!("Maximum Bulk Deletes: {MAX_DELETES} per request");
        return Err(Fault::new(413, why));
    }
    // Containers come last: they go only when they are empty.
    paths.sort_by_key(|path| !path.trim_matches('/').contains('/'));
    Ok(delete_paths(world, context, &paths).answer(context))
}

/// Deletes objects and containers, and counts.
pub(crate) fn delete_paths(
    world: &mut World,
    context: &RequestContext,
    paths: &[String],
) -> Report {
    let (mut deleted, mut missing) = (0, 0);
    let mut report = Report { good: 200, nothing: "Invalid bulk delete.", ..Report::default() };
    for path in paths {
        match delete(world, context, path) {
            Ok(()) => deleted += 1,
            Err(fault) if fault.status == 404 => missing += 1,
            Err(fault) => report.errors.push((quoted(path), fault.status)),
        }
    }
    report.counts = vec![("Number Deleted", deleted), ("Number Not Found", missing)];
    report
}

fn delete(world: &mut World, context: &RequestContext, path: &str) -> Result<(), Fault> {
    let account = place::account(context);
    let now = world.clock.now();
    let state = &mut world.object_storage;
    if let Some(place) = Place::parse(account, path) {
        access::check_at(state, &place.container, Deed::Write, context)?;
        return stored::remove(state, &place, now).map(|_| ());
    }
    if !access::is_owner(context) {
        return Err(access::denied(context));
    }
    let name = path.trim_matches('/');
    let container = state.container_at(account, name).ok_or_else(not_found)?;
    versions::check_empty(container)?;
    state.account(context).containers.remove(name);
    Ok(())
}
