//! Whether described requests are valid: their bodies and queries at every version at which
//! the operation is called, with values in the place of placeholders.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use squall_client::validate::Schema;
use squall_description::placeholder::{
    Piece, Placeholder, PlaceholderError, Reference, each_text, fill_all, pieces,
};
use squall_description::together;
use squall_model::description::{DescribedBody, DescribedRequest};
use squall_model::{BodySchema, Microversion};

use super::{Described, SERVICES, none, of};

#[test]
fn every_body_is_valid_at_every_version_at_which_it_is_sent() {
    let mut wrong = Vec::new();
    for described in SERVICES.iter() {
        for request in together::requests(&described.description) {
            let operation = described.operation(request.operation);
            for version in described.versions(operation) {
                if !is_refused(described, request, version)
                    && let Err(why) = body(described, request, version)
                {
                    let at = version.map(|version| format!("@{version}")).unwrap_or_default();
                    wrong.push(format!("{}{at}: {why}", request.operation));
                }
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_query_parameter_is_one_that_the_operation_knows() {
    let mut wrong = Vec::new();
    for described in SERVICES.iter() {
        for request in together::requests(&described.description) {
            let operation = described.operation(request.operation);
            for version in described.versions(operation) {
                for name in unknown_parameters(described, request, version) {
                    wrong.push(format!("{}: {name} at {version:?}", request.operation));
                }
            }
        }
    }
    none(&wrong);
}

/// Returns the query parameters that the operation does not know at a version.
pub(super) fn unknown_parameters(
    described: &Described,
    request: &DescribedRequest,
    version: Option<Microversion>,
) -> Vec<&'static str> {
    let operation = described.operation(request.operation);
    let schema = operation.schemas.query.as_ref().and_then(|query| query.at(version));
    let Some(schema) = schema else { return Vec::new() };
    let is_open = schema.get("additionalProperties") != Some(&Value::Bool(false))
        || schema.get("patternProperties").is_some();
    let names = request.query.iter().chain(request.variants_at(version).flat_map(|one| one.query));
    let is_known = |name: &str| schema.get("properties").is_some_and(|all| all.get(name).is_some());
    names.map(|(name, _)| *name).filter(|name| !is_open && !is_known(name)).collect()
}

/// Whether a release refuses the request at a version, which the description says.
fn is_refused(
    described: &Described,
    request: &DescribedRequest,
    version: Option<Microversion>,
) -> bool {
    let call = described.description.call(request.operation);
    call.is_some_and(|call| call.answers.is_some()) || request.answer_at(version).is_some()
}

/// Checks the body that is sent at a version.
pub(super) fn body(
    described: &Described,
    request: &DescribedRequest,
    version: Option<Microversion>,
) -> Result<(), String> {
    let operation = described.operation(request.operation);
    let (media_type, schema) = match (&operation.schemas.request, request.body) {
        (BodySchema::None, DescribedBody::None) | (BodySchema::Unknown, _) => return Ok(()),
        (BodySchema::None, _) => return Err("the operation takes no body".to_owned()),
        (BodySchema::Described { media_type, schema }, _) => (media_type, schema),
    };
    let Some(schema) = schema.at(version) else { return Ok(()) };
    match request.body {
        // Whether a body may be left out is for the service to say, and no spec does.
        DescribedBody::None => Ok(()),
        DescribedBody::Text { media, .. } => {
            let fits = media_type == media || media_type.contains('*');
            fits.then_some(()).ok_or_else(|| format!("`{media}` is not `{media_type}`"))
        }
        DescribedBody::Json(_) => {
            let body = request.json_at(version).unwrap().unwrap();
            let schema = Schema::compile(&schema).map_err(|error| error.to_string())?;
            fits(&body, &schema)
        }
    }
}

/// Checks a body with values of each placeholder until one fits.
fn fits(body: &Value, schema: &Schema) -> Result<(), String> {
    let found = placeholders(body);
    let choices: Vec<Vec<Value>> = found.iter().map(|one| values(one)).collect();
    let mut chosen = vec![0; found.len()];
    let mut first = None;
    loop {
        let mut pick = |one: Placeholder<'_>| {
            let at = found.iter().position(|known| *known == one.to_string()).unwrap();
            Ok::<_, PlaceholderError>(choices[at][chosen[at]].clone())
        };
        let why = match fill_all(body, &mut pick) {
            Ok(filled) => {
                let violations = schema.violations(&filled);
                if violations.is_empty() {
                    return Ok(());
                }
                let messages = violations.iter().map(|v| format!("{}: {}", v.pointer, v.message));
                messages.collect::<Vec<_>>().join("; ")
            }
            // A value of this type cannot stand inside a longer text.
            Err(error) => error.message,
        };
        first.get_or_insert(why);
        // The next combination, as an odometer counts.
        let Some(at) = (0..chosen.len()).find(|at| chosen[*at] + 1 < choices[*at].len()) else {
            return Err(first.unwrap_or_default());
        };
        chosen[at] += 1;
        chosen[..at].fill(0);
    }
}

const NAME: &str = "squall-3c9e8b77-toy-1f0c2a9d";
const UUID: &str = "8f2b9c1e-4d53-4c1a-9b7e-0d6a5f3e2c11";
const HEX: &str = "8f2b9c1e4d534c1a9b7e0d6a5f3e2c11";

/// Returns values that a placeholder may stand for, the likeliest first.
fn values(text: &str) -> Vec<Value> {
    match pieces(text).unwrap()[..] {
        [Piece::Placeholder(Placeholder::Field(field))] => of_field(&field),
        [Piece::Placeholder(Placeholder::Word(word))] => match word {
            "name" => vec![json!(NAME), json!("CUSTOM_SQUALL_3C9E8B77_TOY_1F0C2A9D")],
            "mac" => vec![json!("fa:16:3e:12:34:56")],
            "now" | "later" => vec![json!("2026-11-29T22:00:00Z")],
            "timestamp" => vec![json!("1795993200"), json!(1_795_993_200)],
            "endpoint" => vec![json!("http://127.0.0.1:8774/v2.1")],
            "uuid" | "image" | "external_network" => vec![json!(UUID)],
            "flavor" | "other_flavor" => vec![json!(UUID), json!("1")],
            "domain" => vec![json!("default"), json!(HEX)],
            "region" | "user_name" | "project_name" | "password" | "secret" | "token"
            | "other_token" => vec![json!("RegionOne")],
            _ => vec![json!(HEX)],
        },
        _ => any(),
    }
}

fn texts() -> Vec<Value> {
    [UUID, HEX, NAME, "192.0.2.7", "10.0.0.0/24"].iter().map(|text| json!(text)).collect()
}

/// Returns a value of each type, for a field of which no answer says the type.
fn any() -> Vec<Value> {
    texts().into_iter().chain([json!(1), json!(true), json!([]), json!({})]).collect()
}

/// Returns values by what the referenced resource's answer says of the field.
fn of_field(field: &Reference<'_>) -> Vec<Value> {
    let schema = of(field.kind).and_then(|described| {
        let resource = described.description.resource(field.kind)?;
        let show = format!("{}.show", resource.group);
        let made = resource.creating().map(|request| request.operation.to_owned());
        let answers = [Some(show), made].into_iter().flatten();
        answers
            .filter_map(|id| described.service.operations.iter().find(|one| one.id == id))
            .find_map(|operation| {
                let version = described.versions(operation).pop()?;
                let response = operation.schemas.responses.iter().find(|r| r.status < 400)?;
                let schema = response.body.schema()?.at(version)?;
                let pointer = format!("{}{}", resource.object, field.pointer);
                property(&schema, &pointer).cloned()
            })
    });
    match schema.as_ref().and_then(|schema| schema.get("type")) {
        Some(Value::String(one)) if one == "integer" => vec![json!(1)],
        Some(Value::String(one)) if one == "boolean" => vec![json!(true)],
        Some(Value::String(one)) if one == "object" => vec![json!({})],
        Some(Value::String(one)) if one == "array" => vec![json!([])],
        Some(Value::String(_)) => texts(),
        _ => any(),
    }
}

fn property<'s>(schema: &'s Value, pointer: &str) -> Option<&'s Value> {
    pointer.split('/').skip(1).try_fold(schema, |schema, token| {
        let named = schema.get("properties").and_then(|properties| properties.get(token));
        named.or_else(|| schema.get("items").filter(|_| token.parse::<usize>().is_ok()))
    })
}

/// Returns the placeholders of a body, as they are written.
fn placeholders(body: &Value) -> Vec<String> {
    let mut found = BTreeSet::new();
    each_text(body, &mut |text| {
        for piece in pieces(text).unwrap() {
            if let Piece::Placeholder(placeholder) = piece {
                found.insert(placeholder.to_string());
            }
        }
    });
    found.into_iter().collect()
}

#[test]
fn a_body_that_no_value_makes_valid_is_refused() {
    let schema = Schema::compile(&json!({
        "properties": {"size": {"type": "integer", "maximum": 5}, "id": {"format": "uuid"}},
        "additionalProperties": false,
    }))
    .unwrap();
    assert_eq!(fits(&json!({"size": 5, "id": "${uuid}"}), &schema), Ok(()));
    for (body, place) in [
        (json!({"size": 6, "id": "${target/id}"}), "/size"),
        (json!({"size": "${region}"}), "/size"),
        (json!({"size": 1, "colour": "red"}), "colour"),
    ] {
        let why = fits(&body, &schema).unwrap_err();
        assert!(why.contains(place), "{why}");
    }
}
