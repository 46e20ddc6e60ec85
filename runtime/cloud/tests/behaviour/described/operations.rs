//! The operations of the service, as a client of it would declare them.

use std::borrow::Cow;

use serde_json::{Value, json};
use squall_model::Method::{Delete, Get, Head, Post, Put};
use squall_model::{
    BodySchema, Gate, Merged, Method, Microversion, Operation, OperationSchemas, Paging, PolicyRef,
    ResponseSchema, ServiceSpec, VersionRange,
};

/// A method, the end of an id, a path, the body of the request, the status and the body of the
/// response; bodies by name, see [`schema`].
type Line = (Method, &'static str, &'static str, &'static str, u16, &'static str);

const LINES: &[Line] = &[
    (Post, "crates.create", "/depots/{id}/crates", "new crate", 201, "one crate"),
    (Get, "crates.list", "/depots/{id}/crates", "", 200, "crates"),
    (Get, "crates.show", "/depots/{id}/crates/{crate_id}", "", 200, "one crate"),
    (Put, "depots.build", "/depots/{id}", "new depot", 201, "one depot"),
    (Get, "depots.show", "/depots/{id}", "", 200, "one depot"),
    (Post, "fuels.create", "/fuels", "new fuel", 201, "one fuel"),
    (Put, "hangars.build", "/hangars/{id}", "new hangar", 201, "one hangar"),
    (Delete, "hangars.delete", "/hangars/{id}", "", 204, ""),
    (Get, "hangars.show", "/hangars/{id}", "", 200, "one hangar"),
    (Post, "pads.create", "/pads", "new pad", 201, "one pad"),
    (Get, "pads.list", "/pads", "", 200, "pads"),
    (Head, "rockets.check", "/rockets/{rocket_id}", "", 204, ""),
    (Post, "rockets.create", "/rockets", "new rocket", 201, "one rocket"),
    (Delete, "rockets.delete", "/rockets/{rocket_id}", "", 202, ""),
    (Post, "rockets.launch", "/rockets/{rocket_id}/launch", "", 200, "one rocket"),
    (Get, "rockets.list", "/rockets", "", 200, "rockets"),
    (Post, "rockets.scrub", "/rockets/{rocket_id}/scrub", "", 202, ""),
    (Get, "rockets.show", "/rockets/{rocket_id}", "", 200, "one rocket"),
    (Put, "rockets.update", "/rockets/{rocket_id}", "changed rocket", 200, "one rocket"),
    (Post, "stages.create", "/rockets/{rocket_id}/stages", "new stage", 200, "one stage"),
    (Get, "stages.list", "/rockets/{rocket_id}/stages", "", 200, "stages"),
    (Get, "stages.show", "/rockets/{rocket_id}/stages/{stage_id}", "", 200, "one stage"),
    (Post, "stickers.create", "/stickers", "sticker", 201, "sticker"),
    (Delete, "stickers.delete", "/stickers/{sticker_name}", "", 204, ""),
    (Get, "stickers.list", "/stickers", "", 200, "stickers"),
];

/// Returns the service's operations, under a name and a type.
pub(super) fn spec(name: &'static str, service_type: &'static str) -> &'static ServiceSpec {
    let operations: Vec<&'static Operation> = LINES
        .iter()
        .map(|(method, id, path, sent, status, answered)| {
            let schemas = OperationSchemas {
                request: body(sent),
                responses: vec![ResponseSchema::new(*status, body(answered))],
                ..OperationSchemas::default()
            };
            let made = Operation::new(format!("{name}.{id}"), *method, *path, schemas);
            let policies = policies(id);
            &*Box::leak(Box::new(Operation { paging: paging(id), policies, ..made }))
        })
        .collect();
    Box::leak(Box::new(ServiceSpec {
        service_type,
        name,
        version_path: "/v1",
        versions: VersionRange::new(Some(Microversion::new(1, 1)), Some(Microversion::new(1, 3))),
        source: "rocketry 1",
        history: &[],
        operations: operations.leak(),
    }))
}

/// Returns the rules that an operation checks; a cloud enforces them if the service has any.
fn policies(id: &str) -> Cow<'static, [PolicyRef]> {
    let rule = match id {
        "rockets.show" => "rocketry:show",
        "rockets.update" | "rockets.delete" => "rocketry:change",
        "pads.create" => "rocketry:pave",
        _ => return Cow::Borrowed(&[]),
    };
    vec![PolicyRef { rule: rule.into(), gate: Gate::Gate }].into()
}

fn paging(id: &str) -> Option<Paging> {
    match id {
        "rockets.list" => Some(Paging::Marker {
            collection: "/rockets".into(),
            markers: vec!["/id".into()].into(),
        }),
        "crates.list" => {
            Some(Paging::Link { collection: "/crates".into(), next: "/crates_links".into() })
        }
        "stages.list" => Some(Paging::Link { collection: "/stages".into(), next: "/next".into() }),
        _ => None,
    }
}

fn body(name: &str) -> BodySchema {
    if name.is_empty() {
        return BodySchema::None;
    }
    BodySchema::Described {
        media_type: "application/json".to_owned(),
        schema: Merged(schema(name)),
    }
}

/// Returns a schema: `rocket`, `new rocket`, both also under an envelope as `one rocket`, and
/// lists, as `rockets`.
fn schema(name: &str) -> Value {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    if let Some(one) = name.strip_prefix("one ") {
        return object(&[one], &json!({ one: schema(one) }));
    }
    match name {
        "rocket" => object(
            &["id", "name", "status", "project_id", "created_at", "payload"],
            &json!({
                "id": {"type": "string", "format": "uuid"}, "name": text, "fuel": number,
                "status": text, "project_id": text,
                "created_at": {"type": "string", "format": "date-time"},
                "payload": {"type": ["string", "null"]},
                "crew": {"type": "integer", "x-openstack": {"min-ver": "1.2"}},
            }),
        ),
        "new rocket" => {
            let rocket = json!({ "name": text, "fuel": number, "crew": number });
            object(&["rocket"], &json!({ "rocket": object(&["name"], &rocket) }))
        }
        "changed rocket" => {
            object(&["rocket"], &json!({ "rocket": object(&[], &json!({ "fuel": number })) }))
        }
        "stage" => object(&["id", "thrust"], &json!({ "id": text, "thrust": number })),
        "new stage" => {
            let stage = object(&["thrust"], &json!({ "thrust": number }));
            object(&["stage"], &json!({ "stage": stage }))
        }
        "stages" => object(&["stages"], &json!({ "stages": list("stage"), "next": text })),
        "sticker" => object(&["name"], &json!({ "name": text })),
        "stickers" => list("sticker"),
        "pad" => object(&["id", "number"], &json!({ "id": text, "number": number })),
        "fuel" => object(&["id", "octane"], &json!({ "id": text, "octane": number })),
        "hangar" | "depot" => object(&["name"], &json!({ "name": text, "colour": text })),
        "crate" => object(&["id"], &json!({ "id": text })),
        "crates" => {
            let links = json!({ "type": "array" });
            object(&["crates"], &json!({ "crates": list("crate"), "crates_links": links }))
        }
        "new pad" | "new fuel" | "new hangar" | "new depot" | "new crate" => {
            let name = &name[4..];
            object(&[name], &json!({ name: object(&[], &json!({})) }))
        }
        several => {
            let one = several.strip_suffix('s').unwrap_or_else(|| panic!("no schema {several}"));
            object(&[several], &json!({ several: list(one) }))
        }
    }
}

fn list(one: &str) -> Value {
    json!({ "type": "array", "items": schema(one) })
}

fn object(required: &[&str], properties: &Value) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}
