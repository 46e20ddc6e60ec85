//! Checks of the committed descriptions: every operation is described, every request is valid,
//! what is said of answers leads somewhere in their schemas, and the services' descriptions fit
//! together. The reader's own checks are those of `squall-description`.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod answers;
mod conditions;
mod requests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use squall_codegen::build::SpecFiles;
use squall_codegen::model::{Operation, Service};
use squall_description::together;
use squall_model::{Description, Microversion};

/// How many operations may be unreachable, over all services.
const MOST_UNREACHABLE: usize = 60;

/// A service with its description.
pub(crate) struct Described {
    pub(crate) service: Service,
    pub(crate) description: Description,
}

impl Described {
    pub(crate) fn operation(&self, id: &str) -> &Operation {
        self.service.operations.iter().find(|operation| operation.id == id).unwrap()
    }

    /// Returns the versions at which an operation is called: the first of each interval of its
    /// answer, and the last it has. One without microversions is called at none.
    pub(crate) fn versions(&self, operation: &Operation) -> Vec<Option<Microversion>> {
        let Some(first) = self.service.versions.min else { return vec![None] };
        let mut found = BTreeSet::from([operation.versions.min.unwrap_or(first)]);
        found.extend(operation.versions.max.or(self.service.versions.max));
        found.extend(operation.response_boundaries());
        found.into_iter().map(Some).collect()
    }
}

/// Every service, sorted by folder.
pub(crate) static SERVICES: LazyLock<Vec<Described>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api-specs");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> =
        folders.filter(|folder| folder.join("openapi.yaml").is_file()).collect();
    folders.sort();
    folders
        .iter()
        .map(|folder| {
            let outcome = SpecFiles::read(folder).unwrap().generate();
            let messages: Vec<String> =
                outcome.diagnostics.iter().map(ToString::to_string).collect();
            assert!(outcome.service.is_some(), "{}", messages.join("\n\n"));
            Described { service: outcome.service.unwrap(), description: outcome.description }
        })
        .collect()
});

/// Returns the description of the service that a kind or an operation belongs to.
pub(crate) fn of(name: &str) -> Option<&'static Described> {
    let service = name.split('.').next().unwrap();
    SERVICES.iter().find(|described| described.service.name == service)
}

fn descriptions() -> Vec<&'static Description> {
    SERVICES.iter().map(|described| &described.description).collect()
}

/// Fails with what is wrong, a line each.
pub(crate) fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_operation_is_described_or_says_why_it_cannot_be_called() {
    let mut missing = Vec::new();
    for Described { service, description } in SERVICES.iter() {
        let described = together::described(description);
        let ids = service.operations.iter().map(|operation| operation.id.as_str());
        missing.extend(ids.filter(|id| !described.contains(id)).map(str::to_owned));
    }
    none(&missing);
}

#[test]
fn few_operations_are_unreachable() {
    let unreachable: Vec<&str> =
        descriptions().iter().flat_map(|one| one.unreachable).map(|one| one.operation).collect();
    assert!(unreachable.len() <= MOST_UNREACHABLE, "{}: {unreachable:#?}", unreachable.len());
}

#[test]
fn every_reference_leads_to_a_resource() {
    let unresolved = together::unresolved(&descriptions());
    let wrong = unresolved.iter().map(|(kind, by)| format!("{by} names `{kind}`"));
    none(&wrong.collect::<Vec<_>>());
}

#[test]
fn no_resources_need_each_other_in_a_circle() {
    assert_eq!(together::circle(&descriptions()), None);
}

#[test]
fn every_operation_that_a_kind_names_exists() {
    let mut wrong = Vec::new();
    for resource in descriptions().iter().flat_map(|one| one.resources) {
        let kind = resource.kind;
        let steps = kind.undo.iter().chain(kind.freed_by).map(|step| step.operation);
        let sweeps = kind.sweep.iter().flat_map(|sweep| [sweep.listed.operation, sweep.delete]);
        let named = kind.made_by.iter().copied().chain(steps).chain(sweeps);
        for id in named.chain(kind.list().map(|list| list.operation)).chain(kind.show()) {
            let known = of(id).is_some_and(|described| {
                described.service.operations.iter().any(|operation| operation.id == id)
            });
            if !known {
                wrong.push(format!("{} names `{id}`", kind.name));
            }
        }
    }
    none(&wrong);
}

/// The reader checks this for resources of the same service.
#[test]
fn every_path_parameter_of_a_call_on_another_services_resource_has_a_value() {
    let mut wrong = Vec::new();
    for described in SERVICES.iter() {
        for call in described.description.calls {
            let service = described.service.name.as_str();
            let Some(kind) = call.on.filter(|kind| kind.split('.').next() != Some(service)) else {
                continue;
            };
            let mut known = addresses(kind);
            known.extend(call.request.path.iter().map(|(name, _)| *name));
            let operation = described.operation(call.request.operation);
            let missing = operation.path_parameters().filter(|name| !known.contains(name));
            wrong.extend(missing.map(|name| format!("{}: `{name}`", operation.id)));
        }
    }
    none(&wrong);
}

/// Returns the path parameters that a resource gives values.
fn addresses(kind: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut next = Some(kind.to_owned());
    while let Some(kind) = next.take() {
        let Some(resource) = of(&kind).and_then(|one| one.description.resource(&kind)) else {
            continue;
        };
        found.insert(resource.kind.id_param);
        if let Some(request) = resource.creating() {
            found.extend(request.path.iter().map(|(name, _)| *name));
            for kind in together::references(request) {
                let referred = of(&kind).and_then(|one| one.description.resource(&kind));
                found.extend(referred.map(|resource| resource.kind.id_param));
            }
        }
        next = resource.within.map(str::to_owned);
    }
    found
}

/// What creates something creates a kind, or says why nothing has to be undone.
#[test]
fn every_operation_called_create_makes_a_kind_or_leaves_nothing() {
    let mut makers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for resource in descriptions().iter().flat_map(|one| one.resources) {
        for maker in resource.kind.made_by {
            if let Some(other) = makers.insert(maker, resource.kind.name) {
                wrong.push(format!("{maker} makes both {other} and {}", resource.kind.name));
            }
        }
    }
    for call in descriptions().iter().flat_map(|one| one.calls) {
        let id = call.request.operation;
        let creates = id.rsplit('.').next().unwrap().starts_with("create");
        let succeeds = call.answers.is_none();
        if creates && succeeds && !makers.contains_key(id) && call.leaves_nothing.is_none() {
            wrong.push(format!("{id} is in the `made_by` of no resource, and has no `leaves`"));
        }
        if makers.contains_key(id) && call.leaves_nothing.is_some() {
            wrong.push(format!("{id} has `leaves`, and is in the `made_by` of a resource"));
        }
    }
    none(&wrong);
}

#[test]
fn the_guides_examples_are_in_the_committed_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = fs::read_to_string(root.join("docs/src/guides/resources.md")).unwrap();
    let committed: Vec<String> = ["compute", "volume"]
        .map(|folder| root.join("api-specs").join(folder).join("resources.yaml"))
        .map(|file| fs::read_to_string(file).unwrap())
        .to_vec();
    let blocks = guide.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks: Vec<&str> = blocks.collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        let is_there = committed.iter().any(|text| text.contains(block));
        assert!(is_there, "in no resources.yaml of compute and volume:\n{block}");
    }
}
