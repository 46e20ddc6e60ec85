//! Checks of several descriptions: which operations none reaches, which resources they name and
//! none describes, and whether resources need each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::Description;
use squall_model::description::DescribedRequest;

use crate::placeholder::{Piece, Placeholder, pieces};

/// Returns all requests of a description.
pub fn requests(description: &Description) -> Vec<&'static DescribedRequest> {
    let mut found = Vec::new();
    for resource in description.resources {
        found.extend(resource.creating());
        found.extend(resource.standard);
    }
    for call in description.calls {
        found.push(&call.request);
        found.extend(call.undone_by);
    }
    found
}

/// Returns the operations that a description reaches or says to be unreachable.
pub fn described(description: &Description) -> BTreeSet<&'static str> {
    let resources = description.resources.iter().flat_map(|resource| {
        resource.creating().into_iter().chain(resource.standard).map(|request| request.operation)
    });
    let calls = description.calls.iter().map(|call| call.request.operation);
    resources.chain(calls).chain(description.unreachable.iter().map(|one| one.operation)).collect()
}

/// Returns the kinds that a request names in its placeholders.
pub fn references(request: &DescribedRequest) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in request.texts() {
        for piece in pieces(text).unwrap_or_default() {
            if let Piece::Placeholder(Placeholder::Field(field)) = piece {
                found.insert(field.kind.to_owned());
            }
        }
    }
    found
}

/// Returns the kinds that are named and described nowhere, each with what names it.
pub fn unresolved(all: &[&Description]) -> Vec<(String, String)> {
    let known: BTreeSet<&str> =
        all.iter().flat_map(|one| one.resources).map(|resource| resource.kind.name).collect();
    let mut found = Vec::new();
    let mut check = |kind: &str, by: &str| {
        if !known.contains(kind) {
            found.push((kind.to_owned(), by.to_owned()));
        }
    };
    for description in all {
        for request in requests(description) {
            for kind in references(request) {
                check(&kind, request.operation);
            }
        }
        for resource in description.resources {
            let name = resource.kind.name;
            resource
                .within
                .iter()
                .chain(resource.kind.stands_on)
                .for_each(|kind| check(kind, name));
        }
        for call in description.calls {
            if let Some(kind) = call.on {
                check(kind, call.request.operation);
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Returns kinds that need each other in a circle, in order; `None` if there are none.
pub fn circle(all: &[&Description]) -> Option<Vec<&'static str>> {
    let resources = all.iter().flat_map(|one| one.resources);
    let needs: BTreeMap<&str, &[&str]> =
        resources.map(|resource| (resource.kind.name, resource.kind.stands_on)).collect();
    let mut done = BTreeSet::new();
    needs.keys().find_map(|kind| walk(kind, &needs, &mut Vec::new(), &mut done))
}

fn walk(
    kind: &'static str,
    needs: &BTreeMap<&'static str, &'static [&'static str]>,
    path: &mut Vec<&'static str>,
    done: &mut BTreeSet<&'static str>,
) -> Option<Vec<&'static str>> {
    if let Some(at) = path.iter().position(|known| *known == kind) {
        return Some(path[at..].to_vec());
    }
    if done.contains(kind) {
        return None;
    }
    path.push(kind);
    let next = needs.get(kind).copied().unwrap_or_default();
    let found = next.iter().find_map(|next| walk(next, needs, path, done));
    path.pop();
    done.insert(kind);
    found
}
