//! Answers that upstream does not describe stand on two sources: every property and every type of
//! a `replayed` response is in `evidence.tsv` with at least two, and what is said to be recorded
//! is in `recording.tsv`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use squall_codegen::model::{Operation, Service};
use squall_model::{Microversion, Provenance};

mod specs;

use specs::{SERVICES, service, text};

/// For each described service the number of `replayed` operations.
const REPLAYED: [(&str, usize); 2] = [("placement", 23), ("volume", 141)];

/// Method, path, action.
type Place = (String, String, String);

type Evidence = BTreeMap<(Place, String, String), BTreeSet<String>>;

#[test]
fn every_part_of_a_replayed_answer_stands_on_two_sources() {
    let mut counts = BTreeMap::new();
    for name in SERVICES.iter().copied() {
        let service = service(&text(name, "openapi.yaml"));
        let wrong = unsupported(&service, &evidence(name), &recorded(name));
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        let count = replayed(&service).count();
        if count > 0 {
            counts.insert(name, count);
        }
    }
    assert_eq!(counts, BTreeMap::from(REPLAYED));
}

#[test]
fn a_property_without_two_sources_is_detected() {
    let (evidence, recorded) = (evidence("placement"), recorded("placement"));
    let spec = text("placement", "openapi.yaml");
    let known = "max_version: {type: string}\n";
    let added =
        spec.replacen(known, &format!("{known}{}sky: {{type: string}}\n", " ".repeat(24)), 1);
    let wrong = unsupported(&service(&added), &evidence, &recorded);
    assert_eq!(wrong.len(), 2, "{wrong:#?}");
    assert!(wrong[0].starts_with("placement.versions.list: /versions/*/sky name"), "{wrong:#?}");

    let of_one = evidence.keys().map(|key| (key.clone(), BTreeSet::from(["code".to_owned()])));
    assert!(!unsupported(&service(&spec), &of_one.collect(), &recorded).is_empty());
    assert!(!unsupported(&service(&spec), &evidence, &BTreeSet::new()).is_empty());
}

/// The parts of replayed answers that do not stand on two sources.
fn unsupported(
    service: &Service,
    evidence: &Evidence,
    recorded: &BTreeSet<(Place, String)>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for op in replayed(service) {
        let place = place(op);
        for (pointer, what) in parts(service, op) {
            let key = (place.clone(), pointer.clone(), what.to_owned());
            let sources = evidence.get(&key).cloned().unwrap_or_default();
            let seen = is_recorded(recorded, &place, &pointer);
            if sources.len() < 2 || (sources.contains("recording") && !seen) {
                wrong.push(format!("{}: {pointer} {what}: {sources:?}", op.id));
            }
        }
    }
    wrong
}

/// Whether something was recorded at a pointer. What the code makes a map may be recorded with
/// the keys that its values had in the tests.
fn is_recorded(recorded: &BTreeSet<(Place, String)>, place: &Place, pointer: &str) -> bool {
    let tokens: Vec<&str> = pointer.split('/').collect();
    recorded.iter().filter(|(at, _)| at == place).any(|(_, found)| {
        let found: Vec<&str> = found.split('/').collect();
        found.len() == tokens.len()
            && tokens.iter().zip(found).all(|(token, found)| *token == found || *token == "{}")
    })
}

fn replayed(service: &Service) -> impl Iterator<Item = &Operation> {
    service.operations.iter().filter(|op| op.schemas.origins.response == Provenance::Replayed)
}

fn place(op: &Operation) -> Place {
    let action = op.action.clone().unwrap_or_else(|| "-".to_owned());
    (op.method.as_str().to_owned(), specs::template(&op.path), action)
}

/// The properties of an operation's answers and the types of their leaves, at all versions.
fn parts(service: &Service, op: &Operation) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    let mut versions: BTreeSet<Option<Microversion>> =
        op.response_boundaries().into_iter().map(Some).collect();
    versions.insert(op.versions.min.or(service.versions.min));
    for response in op.schemas.responses.iter().filter(|response| response.status < 400) {
        for schema in versions.iter().filter_map(|v| response.body.schema()?.at(*v)) {
            collect(&schema, "", &mut found);
        }
    }
    found
}

fn collect(schema: &Value, pointer: &str, found: &mut BTreeSet<(String, &'static str)>) {
    // The code alone may say that there is a list or an object.
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if types.iter().any(|one| !["null", "array", "object"].contains(one)) {
        found.insert((pointer.to_owned(), "type"));
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let place = squall_model::pointer::join(pointer, key);
        found.insert((place.clone(), "name"));
        collect(inner, &place, found);
    }
    for (keyword, token) in [("items", "*"), ("additionalProperties", "{}")] {
        if let Some(inner) = schema.get(keyword) {
            collect(inner, &format!("{pointer}/{token}"), found);
        }
    }
}

fn evidence(name: &str) -> Evidence {
    let mut found = BTreeMap::new();
    for line in text(name, "evidence.tsv").lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [method, path, action, pointer, what, sources] = columns[..] else {
            unreachable!("{name}: {line}")
        };
        let place = (method.to_owned(), specs::template(path), action.to_owned());
        let sources = sources.split(' ').map(str::to_owned).collect();
        found.insert((place, pointer.trim_end_matches('/').to_owned(), what.to_owned()), sources);
    }
    found
}

fn recorded(name: &str) -> BTreeSet<(Place, String)> {
    let text = text(name, "recording.tsv");
    let columns = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let success = columns.filter(|columns| columns[3].starts_with('2'));
    success
        .map(|columns| {
            let place = (columns[0].to_owned(), specs::template(columns[1]), columns[2].to_owned());
            (place, columns[4].trim_end_matches('/').to_owned())
        })
        .collect()
}
