//! The specs are exact: the schema for a version is upstream's, for every operation, direction
//! and version at which anything changes.
//!
//! Compared with `digests.tsv`, which the introspectors write before anything is merged. Needs
//! no Python.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use squall_codegen::model::{Operation, Service};
use squall_model::{BodySchema, Microversion, VersionRange, canonical};

mod specs;

use specs::{Digest, SERVICES, digests, service, template, text, value};

/// The number of lines of kept operations by part, and of those outside the versions of their
/// operation (nova's schemas for v2.0).
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    request: usize,
    query: usize,
    response: usize,
    outside: usize,
}

#[test]
fn nova_is_exact() {
    let counts = Counts { request: 148, query: 163, response: 351, outside: 9 };
    assert_eq!(exact("compute"), counts);
}

#[test]
fn keystone_is_exact() {
    assert_eq!(exact("identity"), Counts { request: 53, query: 33, response: 149, outside: 0 });
}

#[test]
fn glance_is_exact() {
    assert_eq!(exact("image"), Counts { request: 18, query: 8, response: 57, outside: 0 });
}

#[test]
fn neutron_is_exact() {
    assert_eq!(exact("network"), Counts { request: 127, query: 82, response: 241, outside: 0 });
}

#[test]
fn swift_is_exact() {
    assert_eq!(exact("object-storage"), Counts { request: 1, query: 13, response: 8, outside: 0 });
}

#[test]
fn placement_is_exact() {
    assert_eq!(exact("placement"), Counts { request: 25, query: 26, response: 48, outside: 0 });
}

#[test]
fn cinder_is_exact() {
    assert_eq!(exact("volume"), Counts { request: 116, query: 112, response: 230, outside: 0 });
}

/// Operations whose schemas an override changes, with the lines that no longer match.
const OVERRIDDEN: [(&str, &str); 4] = [
    (
        "volume",
        "GET\t/capabilities/{id}\t-\tresponse\t-\t-\t\
         edb82c50a73bbacb2adde910877756ace5615e5fc3d83ea413d03b7a259bb77a\t\
         edb82c50a73bbacb2adde910877756ace5615e5fc3d83ea413d03b7a259bb77a\treplayed",
    ),
    (
        "volume",
        "GET\t/os-volume-transfer/detail\t-\tresponse\t3.57\t-\t\
         0be492a066dd5389f393e26777d9e3b01168bc559d466f305a3df8cfbec4f042\t\
         0be492a066dd5389f393e26777d9e3b01168bc559d466f305a3df8cfbec4f042\treplayed",
    ),
    (
        "volume",
        "GET\t/os-volume-transfer/{id}\t-\tresponse\t3.57\t-\t\
         9837af380a8a66db35a4c939f9d62bb16b30338e083ebc0147e9c4d580832662\t\
         9837af380a8a66db35a4c939f9d62bb16b30338e083ebc0147e9c4d580832662\treplayed",
    ),
    (
        "volume",
        "POST\t/os-volume-transfer\t-\tresponse\t3.57\t-\t\
         62e5a44d27777bfb6fbaf8305b18eb3720bcf48a3e0bc4e1839e85d1b87fb667\t\
         62e5a44d27777bfb6fbaf8305b18eb3720bcf48a3e0bc4e1839e85d1b87fb667\treplayed",
    ),
];

/// The number of entries that are not upstream's own schema as it is, by reason. `replayed` ones
/// are described from several sources, see `evidence.rs`.
const NOT_ALL_CARRIED: [(&str, &str, usize); 10] = [
    ("compute", "stricter-by-witness", 34),
    ("identity", "prose", 153),
    ("identity", "stricter-by-witness", 125),
    ("image", "stricter-by-witness", 44),
    ("placement", "replayed", 48),
    ("placement", "stricter-by-witness", 22),
    ("volume", "prose", 3),
    ("volume", "replayed", 229),
    ("volume", "stray-type-in-properties", 30),
    ("volume", "stricter-by-witness", 6),
];

#[test]
fn incompletely_carried_entries_are_listed() {
    let mut found: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for name in SERVICES.iter().copied() {
        let document = service(&text(name, "openapi.yaml"));
        let by_place = by_place(&document);
        for digest in digests(name).iter().filter(|digest| by_place.contains_key(&place(digest))) {
            for reason in &digest.reasons {
                *found.entry((name, reason.clone())).or_default() += 1;
            }
        }
    }
    let listed: BTreeMap<(&str, String), usize> = NOT_ALL_CARRIED
        .iter()
        .map(|(name, reason, count)| ((*name, (*reason).to_owned()), *count))
        .collect();
    assert_eq!(found, listed);
}

#[test]
fn overridden_entries_are_listed() {
    let mut found = Vec::new();
    for name in SERVICES.iter().copied() {
        let document = service(&text(name, "openapi.yaml"));
        let (_, wrong) = compare(&document, &digests(name));
        found.extend(wrong.into_iter().map(|mismatch| (name, mismatch.line)));
    }
    found.dedup();
    let listed: Vec<(&str, String)> =
        OVERRIDDEN.iter().map(|(name, line)| (*name, (*line).to_owned())).collect();
    assert_eq!(found, listed);
}

/// Corrupts a document.
type Spoil = fn(&mut Value);

#[test]
fn a_corrupted_spec_is_detected() {
    let spoil: [(&str, Spoil); 4] = [
        ("a property is missing", |spec| {
            properties(spec).as_object_mut().unwrap().remove("hostId").unwrap();
        }),
        ("a property starts a version late", |spec| {
            properties(spec)["locked"]["x-openstack"]["min-ver"] = json!("2.10");
        }),
        ("a name is no longer required", |spec| {
            server(spec)["required"].as_array_mut().unwrap().pop().unwrap();
        }),
        ("a type is another one", |spec| properties(spec)["hostId"] = json!({"type": "integer"})),
    ];
    let digests = digests("compute");
    for (what, spoil) in spoil {
        let mut spec = value("compute", "openapi.yaml");
        spoil(&mut spec);
        let (_, wrong) = compare(&service(&spec.to_string()), &digests);
        assert!(!wrong.is_empty(), "not detected: {what}");
        assert!(wrong.iter().all(|w| w.id == "compute.servers.show"), "{what}: {wrong:#?}");
    }
}

fn server(spec: &mut Value) -> &mut Value {
    let at = "/paths/~1servers~1{server_id}/get/responses/200/content/application~1json/schema";
    let schema = spec.pointer_mut(at).expect(at);
    &mut schema["properties"]["server"]["x-openstack"]["variants"][0]["schema"]
}

fn properties(spec: &mut Value) -> &mut Value {
    &mut server(spec)["properties"]
}

/// Compares a service with its digests, and fails with all differences except for the listed
/// overrides.
fn exact(name: &str) -> Counts {
    let document = service(&text(name, "openapi.yaml"));
    let (counts, mut wrong) = compare(&document, &digests(name));
    wrong.retain(|mismatch| !OVERRIDDEN.contains(&(name, mismatch.line.as_str())));
    assert!(wrong.is_empty(), "{wrong:#?}");
    counts
}

/// A difference between the spec and upstream.
#[derive(Debug)]
struct Mismatch {
    id: String,
    line: String,
    #[expect(dead_code, reason = "shown if the test fails")]
    message: String,
}

type Place = (String, String, Option<String>);

fn place(digest: &Digest) -> Place {
    (digest.method.clone(), template(&digest.path), digest.action.clone())
}

fn by_place(service: &Service) -> BTreeMap<Place, &Operation> {
    let keyed = service
        .operations
        .iter()
        .map(|op| ((op.method.as_str().to_owned(), template(&op.path), op.action.clone()), op));
    keyed.collect()
}

fn compare(service: &Service, digests: &[Digest]) -> (Counts, Vec<Mismatch>) {
    let operations = by_place(service);
    let (mut counts, mut wrong) = (Counts::default(), Vec::new());
    let mut lines: BTreeMap<(Place, &str), Vec<&Digest>> = BTreeMap::new();
    for digest in digests {
        lines.entry((place(digest), &digest.part)).or_default().push(digest);
    }
    for ((place, part), lines) in lines {
        let Some(op) = operations.get(&place) else { continue };
        match part {
            "request" => counts.request += lines.len(),
            "query" => counts.query += lines.len(),
            _ => counts.response += lines.len(),
        }
        let versions = versions(service, op, &lines);
        for digest in &lines {
            let here = versions.iter().filter(|v| inside(digest.versions, **v, service)).copied();
            let here: Vec<Option<Microversion>> = here.collect();
            counts.outside += usize::from(here.is_empty());
            for version in here {
                for message in differences(op, part, version, &digest.carried) {
                    let (id, line) = (op.id.clone(), digest.line.clone());
                    wrong.push(Mismatch { id, line, message });
                }
            }
        }
        for version in versions {
            let covered = lines.iter().any(|digest| inside(digest.versions, version, service));
            if !covered && !absent(op, part, version) {
                let message =
                    format!("upstream has no schema at {version:?}, but the spec has one");
                wrong.push(Mismatch { id: op.id.clone(), line: lines[0].line.clone(), message });
            }
        }
    }
    (counts, wrong)
}

/// The versions of an operation at which anything may change, by the spec or upstream; `None`
/// if the service has no microversions.
fn versions(service: &Service, op: &Operation, lines: &[&Digest]) -> Vec<Option<Microversion>> {
    let Some(first) = service.versions.min else { return vec![None] };
    let mut found = BTreeSet::from([op.versions.min.unwrap_or(first)]);
    found.extend(op.versions.max.or(service.versions.max));
    found.extend(op.response_boundaries());
    found.extend(op.request_boundaries());
    for digest in lines {
        found.extend(digest.versions.min);
        found.extend(digest.versions.max);
        found.extend(digest.versions.max.map(Microversion::next));
    }
    found.retain(|v| op.versions.contains(Some(*v)) && service.versions.contains(Some(*v)));
    found.into_iter().map(Some).collect()
}

/// Whether a version is in upstream's range, which does not count for a service without
/// microversions.
fn inside(range: VersionRange, version: Option<Microversion>, service: &Service) -> bool {
    service.versions.min.is_none() || range.contains(version)
}

fn differences(
    op: &Operation,
    part: &str,
    version: Option<Microversion>,
    carried: &str,
) -> Vec<String> {
    let found = materialised(op, part, version);
    let all = found.iter().filter_map(|schema| {
        let text = schema.as_ref().map(canonical::text).unwrap_or_default();
        let digest = format!("{:x}", Sha256::digest(&text));
        (digest != carried).then(|| format!("at {version:?} the spec has {text}"))
    });
    let mut out: Vec<String> = all.collect();
    if found.is_empty() {
        out.push(format!("at {version:?} the spec has nothing"));
    }
    out
}

/// The schemas that the validator would use: one, or one for each status.
fn materialised(op: &Operation, part: &str, version: Option<Microversion>) -> Vec<Option<Value>> {
    match part {
        "request" => vec![of_body(&op.schemas.request, version)],
        "query" => vec![op.schemas.query.as_ref().and_then(|schema| schema.at(version))],
        _ => {
            let here: Vec<&BodySchema> = op
                .schemas
                .responses
                .iter()
                .filter(|response| response.status < 400 && response.versions.contains(version))
                .map(|response| &response.body)
                .collect();
            // Where one status has a body, another may have none: a 204 beside a 200.
            let is_described = |body: &&&BodySchema| matches!(body, BodySchema::Described { .. });
            let any = here.iter().any(|body| is_described(&body));
            let counted = here.iter().filter(|body| !any || is_described(body));
            counted.map(|body| of_body(body, version)).collect()
        }
    }
}

fn of_body(body: &BodySchema, version: Option<Microversion>) -> Option<Value> {
    match body {
        // Upstream's form of it.
        BodySchema::None => Some(json!({"type": "null"})),
        BodySchema::Unknown => None,
        BodySchema::Described { schema, .. } => schema.at(version),
    }
}

fn absent(op: &Operation, part: &str, version: Option<Microversion>) -> bool {
    materialised(op, part, version).iter().all(Option::is_none)
}
