//! What the crate promises, over every operation of every spec: a change that breaks a constraint
//! is refused by the schema, and one that keeps it is accepted; and the committed lists.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use squall_client::validate::Schema;
use squall_derived::{ConstrainedRequest, ConstraintPlace, apply, lists, stand_ins};
use squall_description::together;
use squall_model::{Description, ServiceSpec, VersionRange};

/// The fewest constraints that are broken, and kept, at the newest versions.
const LEAST: (usize, usize) = (8_000, 3_000);

/// Calls a function with each described request of a service.
fn each_request(
    spec: &ServiceSpec,
    description: &Description,
    mut then: impl FnMut(&ConstrainedRequest<'_>),
) {
    let mut seen = BTreeSet::new();
    let mut all = together::requests(description);
    all.sort_by_key(|described| described.operation);
    for described in all {
        let operation = spec.operation(described.operation).unwrap();
        if seen.insert(described.operation) {
            let schemas = operation.schemas.read().unwrap();
            let versions = spec.versions.intersect(&operation.versions).unwrap();
            then(&ConstrainedRequest {
                operation: described.operation,
                versions,
                schemas: &schemas,
                described,
            });
        }
    }
}

fn services() -> impl Iterator<Item = (&'static ServiceSpec, &'static Description)> {
    squall_services::ALL.into_iter().zip(squall_services::DESCRIPTIONS)
}

#[test]
fn every_invalid_body_is_refused_and_every_valid_one_accepted() {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<(&str, ConstraintPlace, bool), usize> = BTreeMap::new();
    for (spec, description) in services() {
        each_request(spec, description, |request| {
            let version = request.versions.max;
            let schema = request.schemas.request.schema().and_then(|schema| schema.at(version));
            let schema = schema.map(|schema| Schema::compile(&schema).unwrap());
            let sent = request.described.json_at(version).unwrap();
            let sent = sent.zip(schema.as_ref()).and_then(|(body, one)| stand_ins(&body, one));
            for (id, constraint) in request.at(version) {
                *counts.entry((spec.name, constraint.place, constraint.valid)).or_default() += 1;
                let (ConstraintPlace::Body, Some(sent), Some(schema)) =
                    (constraint.place, &sent, &schema)
                else {
                    continue;
                };
                let after = apply(sent, &constraint.change);
                let accepted = after.is_some_and(|after| schema.is_valid(&after));
                if accepted != constraint.valid {
                    wrong.push(format!("{} {id}: {:?}", request.operation, constraint.change));
                }
            }
        });
    }
    let of = |valid| -> usize {
        counts.iter().filter(|((_, _, is), _)| *is == valid).map(|(_, count)| count).sum()
    };
    println!("{counts:?}\n{} broken, {} kept", of(false), of(true));
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(of(false) >= LEAST.0, "{} are broken, fewer than {}", of(false), LEAST.0);
    assert!(of(true) >= LEAST.1, "{} are kept, fewer than {}", of(true), LEAST.1);
}

/// Of a body that nothing makes valid no constraint would be tested.
#[test]
fn every_described_body_is_valid_with_values_in_place_of_placeholders() {
    let mut without = Vec::new();
    for (spec, description) in services() {
        each_request(spec, description, |request| {
            let version = request.versions.max;
            let body = request.described.json_at(version).unwrap();
            let schema = request.schemas.request.schema().and_then(|schema| schema.at(version));
            let succeeds = request.described.answer_at(version).is_none();
            if let (Some(body), Some(schema), true) = (body, schema, succeeds) {
                let compiled = Schema::compile(&schema).unwrap();
                if stand_ins(&body, &compiled).is_none() {
                    let why = compiled.violations(&body);
                    without.push(format!("{}: {why:?}", request.operation));
                }
            }
        });
    }
    assert!(without.is_empty(), "{} bodies:\n{}", without.len(), without.join("\n"));
}

/// Tests are planned by this list, so that no schema has to be read first.
#[test]
fn the_committed_list_is_that_of_the_specs() {
    let mut listed = Vec::new();
    let mut versions: BTreeMap<String, VersionRange> = BTreeMap::new();
    for (spec, description) in services() {
        each_request(spec, description, |request| {
            listed.extend(request.list());
            versions.insert(request.operation.to_owned(), request.versions);
        });
    }
    let text = lists::write(&listed, |operation| versions[operation]);
    if std::env::var_os("SQUALL_BLESS").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/listed.txt");
        fs::write(file, &text).unwrap();
        return;
    }
    let differs = text.lines().zip(lists::COMMITTED.lines()).find(|(new, old)| new != old);
    assert!(
        text == lists::COMMITTED,
        "runtime/derived/src/listed.txt is not that of the specs (first {differs:?}): write it \
         with `SQUALL_BLESS=1 cargo test -p squall-derived`"
    );
}
