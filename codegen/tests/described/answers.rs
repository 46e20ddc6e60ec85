//! What descriptions say of answers: where an object, a list, an id and a state are.

use serde_json::Value;
use squall_model::description::ResourceOrigin;
use squall_model::{BodySchema, Microversion};

use super::{Described, SERVICES, none};

#[test]
fn every_place_in_an_answer_is_in_its_schema() {
    let mut wrong = Vec::new();
    for described in SERVICES.iter() {
        for resource in described.description.resources {
            let name = resource.kind.name;
            let of_group = |verb: &str| {
                let id = format!("{}.{verb}", resource.group);
                described.service.operations.iter().any(|one| one.id == id).then_some(id)
            };
            let object = resource.object;
            let mut one = vec![("the object", object.to_owned())];
            one.push(("the id", format!("{object}{}", resource.id)));
            if let Some(state) = resource.kind.state {
                one.push(("the state", format!("{object}{}", state.at)));
                one.extend(
                    state.tell.iter().map(|at| ("what tells more", format!("{object}{at}"))),
                );
            }
            let change = matches!(resource.origin, ResourceOrigin::Changed(_));
            // An id comes from what creates or lists one; it need not be shown.
            let created = matches!(resource.origin, ResourceOrigin::Created(_));
            if let Some(show) = of_group("show").filter(|_| created) {
                for (what, pointer) in one.iter().filter(|(what, _)| *what != "the id") {
                    check(described, &show, pointer, &format!("{what} of {name}"), &mut wrong);
                }
            }
            if let ResourceOrigin::Created(create) = &resource.origin {
                for (what, pointer) in &one[..2] {
                    let what = format!("{what} of {name}");
                    check(described, create.operation, pointer, &what, &mut wrong);
                }
            }
            let lists = ["list", "list_detail"].into_iter().filter_map(of_group);
            for list in lists.filter(|_| !change) {
                let what = format!("the list of {name}");
                check(described, &list, resource.collection, &what, &mut wrong);
            }
            if let ResourceOrigin::Existing { list, fields } = &resource.origin {
                for at in fields.iter().map(|(at, _)| *at).chain([resource.id]) {
                    let pointer = format!("{}/0{at}", resource.collection);
                    check(described, list, &pointer, &format!("`where` of {name}"), &mut wrong);
                }
            }
            if let Some(list) = resource.kind.list() {
                for at in [list.by, list.id] {
                    let pointer = format!("{}/0{at}", list.collection);
                    check(
                        described,
                        list.operation,
                        &pointer,
                        &format!("`found` of {name}"),
                        &mut wrong,
                    );
                }
            }
        }
    }
    none(&wrong);
}

/// Reports a place that no answer of success has, at any version at which the operation is
/// called. An answer that is not described, or not JSON, may have anything.
fn check(described: &Described, id: &str, pointer: &str, what: &str, wrong: &mut Vec<String>) {
    let operation = described.operation(id);
    let leads = |version: Option<Microversion>| {
        let responses = operation.schemas.responses.iter();
        let responses = responses.filter(|r| r.status < 400 && r.versions.contains(version));
        let bodies: Vec<&BodySchema> = responses.map(|response| &response.body).collect();
        bodies.iter().all(|body| matches!(body, BodySchema::None))
            || bodies.iter().any(|body| match body {
                BodySchema::None => false,
                BodySchema::Unknown => true,
                BodySchema::Described { media_type, schema } => {
                    !media_type.contains("json")
                        || schema.at(version).is_some_and(|schema| has(&schema, pointer))
                }
            })
    };
    if !described.versions(operation).into_iter().any(leads) {
        wrong.push(format!("{what}: `{pointer}` is not in the answer of {id}"));
    }
}

/// Whether a value of a schema may have something at a pointer.
fn has(schema: &Value, pointer: &str) -> bool {
    let Some((token, rest)) =
        pointer.strip_prefix('/').map(|p| p.split_once('/').unwrap_or((p, "")))
    else {
        return true;
    };
    let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
    let Some(keywords) = schema.as_object() else { return schema != &Value::Bool(false) };
    let branches =
        ["anyOf", "oneOf", "allOf"].iter().filter_map(|key| keywords.get(*key)?.as_array());
    if branches.flatten().any(|branch| has(branch, pointer) && describes(branch)) {
        return true;
    }
    let token = squall_model::pointer::unescaped(token);
    if token.parse::<usize>().is_ok()
        && let Some(items) = keywords.get("items")
    {
        return has(items, &rest);
    }
    match keywords.get("properties").and_then(|properties| properties.get(&token)) {
        Some(property) => has(property, &rest),
        None => match keywords.get("additionalProperties") {
            Some(others @ Value::Object(_)) => has(others, &rest),
            Some(Value::Bool(open)) => *open,
            _ => keywords.get("patternProperties").is_some() || is_open(schema),
        },
    }
}

/// Whether a schema says anything of what is inside a value.
fn describes(schema: &Value) -> bool {
    ["properties", "items", "anyOf", "oneOf", "allOf", "additionalProperties", "patternProperties"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

/// Whether a schema of an object or of anything leaves open what is inside.
fn is_open(schema: &Value) -> bool {
    let of_object = match schema.get("type") {
        None => true,
        Some(Value::String(one)) => one == "object",
        Some(Value::Array(several)) => several.iter().any(|one| one == "object"),
        Some(_) => false,
    };
    of_object && !describes(schema)
}

#[test]
fn a_place_is_found_through_lists_branches_and_open_objects() {
    let schema = serde_json::json!({"properties": {
        "toys": {"type": "array", "items": {"anyOf": [
            {"type": "null"},
            {"properties": {"id": {"type": "string"}, "extra": {"type": "object"}}},
        ]}},
    }});
    for (pointer, expected) in [
        ("", true),
        ("/toys", true),
        ("/toys/0/id", true),
        ("/toys/0/id/deeper", false),
        ("/toys/0/extra/anything", true),
        ("/toys/0/name", false),
        ("/boxes", false),
    ] {
        assert_eq!(has(&schema, pointer), expected, "{pointer}");
    }
}
