//! The schemas by which image describes itself.

use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("image.schemas.show_image", image),
    ("image.schemas.show_images", images),
    ("image.schemas.show_member", member),
    ("image.schemas.show_members", members),
];

fn image(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(200, image_schema()))
}

fn images(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(200, collection("images", &image_schema())))
}

fn member(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(200, member_schema()))
}

fn members(_: &mut World, _: &RequestContext) -> Outcome {
    // Members are not paged, so that there is no link to another page.
    Ok(Reply::json(
        200,
        json!({
            "name": "members",
            "properties": {
                "members": { "type": "array", "items": member_schema() },
                "schema": { "type": "string" },
            },
            "links": [{ "href": "{schema}", "rel": "describedby" }],
        }),
    ))
}

fn image_schema() -> Value {
    let text = json!({ "type": ["null", "string"] });
    json!({
        "name": "image",
        "properties": {
            "id": { "type": "string" }, "name": text, "status": { "type": "string" },
            "visibility": {
                "type": "string", "enum": ["community", "public", "private", "shared"],
            },
            "owner": text, "checksum": text, "disk_format": text, "container_format": text,
            "min_disk": { "type": "integer" }, "min_ram": { "type": "integer" },
            "protected": { "type": "boolean" }, "os_hidden": { "type": "boolean" },
            "size": { "type": ["null", "integer"] }, "virtual_size": { "type": ["null", "integer"] },
            "os_hash_algo": text, "os_hash_value": text,
            "created_at": { "type": "string" }, "updated_at": { "type": "string" },
            "tags": { "type": "array", "items": { "type": "string" } },
            "direct_url": { "type": "string" },
            "locations": { "type": "array", "items": { "type": "object" } },
            "self": { "type": "string" }, "file": { "type": "string" },
            "schema": { "type": "string" },
        },
        "additionalProperties": { "type": "string" },
        "links": [
            { "href": "{self}", "rel": "self" },
            { "href": "{file}", "rel": "enclosure" },
            { "href": "{schema}", "rel": "describedby" },
        ],
    })
}

fn member_schema() -> Value {
    json!({
        "name": "member",
        "properties": {
            "image_id": { "type": "string" }, "member_id": { "type": "string" },
            "status": { "type": "string", "enum": ["pending", "accepted", "rejected"] },
            "created_at": { "type": "string" }, "updated_at": { "type": "string" },
            "schema": { "type": "string" },
        },
    })
}

fn collection(name: &str, item: &Value) -> Value {
    json!({
        "name": name,
        "properties": {
            name: { "type": "array", "items": item },
            "first": { "type": "string" }, "next": { "type": "string" },
            "schema": { "type": "string" },
        },
        "links": [
            { "href": "{first}", "rel": "first" },
            { "href": "{next}", "rel": "next" },
            { "href": "{schema}", "rel": "describedby" },
        ],
    })
}
