//! Every generated request type is built, sent and received.
//!
//! For each operation with a described JSON body, and each version at which that changes, bodies
//! are made from the schema (see `bodies`). Each is read into the generated type, sent with the
//! generated method to a transport that keeps it, and what arrived is compared: a type that
//! cannot hold what the schema allows fails here.

mod bodies;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use squall_client::codec::{DecodeError, same};
use squall_client::decode::nothing;
use squall_client::model::{Microversion, Operation, ServiceSpec};
use squall_client::script::Script;
use squall_client::validate::Schema;
use squall_client::{Call, Decode, Json, ServiceClient, VersionChoice};
use squall_services::clients;

use bodies::Bodies;

/// An operation, and how its method is called with a body of its type.
struct Request {
    operation: &'static Operation,
    spec: &'static ServiceSpec,
    /// The key of the body under which the method puts its argument.
    envelope: Option<&'static str>,
    call: fn(ServiceClient, &Value) -> Result<Call<()>, DecodeError>,
}

// The list names `Json`, `BTreeMap` and the clients' types.
include!(concat!(env!("OUT_DIR"), "/requests.rs"));

fn read<T: Decode>(body: &Value) -> Result<T, DecodeError> {
    T::decode(body)
}

/// Operations whose type cannot hold all that the schema allows.
const NOT_HELD: &[&str] = &[
    // The names of the quotas are those of the resources that are loaded, and the schema names
    // none of them: they are sent as JSON.
    "network.quotas.update",
];

#[tokio::test]
async fn every_request_type_holds_what_its_schema_allows_and_arrives_as_it_was_sent() {
    let mut wrong = BTreeSet::new();
    let mut not_made = BTreeSet::new();
    let mut sent = 0;
    for request in REQUESTS {
        let script = Script::new().signed_in(&[(request.spec.service_type, "http://cloud.test/x")]);
        let client = ServiceClient::new(script.session(), request.spec);
        let id = request.operation.id.as_ref();
        let mut tried = Vec::new();
        for version in versions(request) {
            let Some(schema) = schema(request.operation, version) else { continue };
            // Where only the query changes, the body is the same.
            if tried.contains(&schema) {
                continue;
            }
            tried.push(schema.clone());
            let compiled = Schema::compile(&schema).unwrap();
            let made = Bodies::of(&schema);
            not_made.extend(made.missing.iter().map(|place| (id, place.clone())));
            if made.all.is_empty() {
                wrong.insert((id, String::new(), "no body was made".to_owned()));
            }
            for (place, body) in &made.all {
                assert!(compiled.is_valid(body), "{id}: {body}");
                if request.envelope.is_some_and(|key| body.get(key).is_none()) {
                    // A method sends its envelope always; without it, such a body says nothing.
                    continue;
                }
                sent += 1;
                let open = open_keys(&schema, body);
                if let Err(problem) =
                    arrives(request, &script, client.clone(), version, body, &open).await
                {
                    wrong.insert((id, place.clone(), problem));
                }
            }
        }
    }
    let narrow: BTreeSet<&str> = wrong.iter().map(|(id, ..)| *id).collect();
    let stale: Vec<&&str> = NOT_HELD.iter().filter(|id| !narrow.contains(**id)).collect();
    let wrong: Vec<String> = wrong
        .iter()
        .filter(|(id, ..)| !NOT_HELD.contains(id))
        .map(|(id, place, problem)| format!("{id} {place}: {problem}"))
        .collect();
    let not_made: Vec<String> =
        not_made.iter().map(|(id, place)| format!("{id} {place}")).collect();
    println!("{} operations, {sent} bodies", REQUESTS.len());
    assert!(wrong.is_empty(), "{} bodies did not arrive:\n{}", wrong.len(), wrong.join("\n"));
    assert!(not_made.is_empty(), "no value was made of:\n{}", not_made.join("\n"));
    assert!(stale.is_empty(), "these hold everything now: {stale:?}");
}

/// Sends a body as the operation's type, and compares what arrives.
async fn arrives(
    request: &Request,
    script: &Script,
    client: ServiceClient,
    version: Option<Microversion>,
    body: &Value,
    open: &[&str],
) -> Result<(), String> {
    let members = body.as_object();
    let inside = match request.envelope {
        Some(key) => body.get(key).ok_or("the body has no envelope")?,
        None => body,
    };
    // `body_field` adds what is beside the envelope, and keys that the schema does not name.
    let is_beside = |name: &str| match request.envelope {
        Some(key) => name != key,
        None => open.contains(&name),
    };
    let beside = members.into_iter().flatten().filter(|(name, _)| is_beside(name));
    let mut call =
        (request.call)(client, inside).map_err(|error| format!("{error} in {inside}"))?;
    for (key, value) in beside {
        call = call.body_field(key, value.clone());
    }
    if let Some(version) = version {
        call = call.version(VersionChoice::Forced(version));
    }
    // The script answers 404, which is of no interest.
    let _ = call.send().await;
    let arrived = script.last().ok_or("nothing arrived")?;
    let arrived: Value =
        serde_json::from_slice(arrived.body()).map_err(|error| error.to_string())?;
    if same(&arrived, body) { Ok(()) } else { Err(format!("{body} arrived as {arrived}")) }
}

/// Returns the keys of a body that its schema allows and does not name.
fn open_keys<'a>(schema: &Value, body: &'a Value) -> Vec<&'a str> {
    let named = schema.get("properties");
    let keys = body.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    keys.filter(|key| named.is_some_and(|named| named.get(key).is_none())).collect()
}

/// Returns the first version of an operation, the last one, and those at which its request
/// changes.
fn versions(request: &Request) -> Vec<Option<Microversion>> {
    let (op, all) = (request.operation, request.spec.versions);
    let Some(range) = op.versions.intersect(&all) else { return Vec::new() };
    let mut found: BTreeSet<Option<Microversion>> = [range.min, range.max].into();
    found.extend(op.request_boundaries.iter().map(|version| Some(*version)));
    found.into_iter().collect()
}

fn schema(operation: &Operation, version: Option<Microversion>) -> Option<Value> {
    operation
        .schemas
        .read()
        .expect("a spec's own schemas are readable")
        .request
        .schema()?
        .at(version)
}

#[test]
fn every_operation_with_a_described_json_body_is_in_the_list() {
    let listed: BTreeSet<&str> = REQUESTS.iter().map(|one| one.operation.id.as_ref()).collect();
    for spec in squall_services::ALL {
        for operation in spec.operations {
            let schemas = operation.schemas.read().unwrap();
            let is_json = matches!(
                &schemas.request,
                squall_client::model::BodySchema::Described { media_type, .. }
                    if media_type.contains("json")
            );
            assert_eq!(listed.contains(operation.id.as_ref()), is_json, "{}", operation.id);
        }
    }
}
