"""Says which body each operation of glance takes and gives: one row an operation.

Glance 33.0.0 cannot say it itself: the serializer of a resource holds the resource's
schema for a listing and for a deletion alike. Each row was read off the deserializer
and serializer of `glance.api.v2.<module>` that its group names.

A request is VALIDATED (the deserializer validates it with a schema), Authored, or None.
A response is the name of a self-described schema, Authored, UNKNOWN, or None.
"""

import dataclasses

JSON = "application/json"
BYTES = "application/octet-stream"
JSON_PATCH = "application/openstack-images-v2.1-json-patch"

VALIDATED = object()
UNKNOWN = object()


@dataclasses.dataclass(frozen=True)
class Authored:
    """A body written down here from the code that reads or writes it."""

    media_type: str
    schema: dict


def _object(required=(), /, **properties):
    out = {"type": "object", "properties": properties}
    return {**out, "required": list(required)} if required else out


STRING = {"type": "string"}
STRINGS = {"type": "array", "items": STRING}
DATA = Authored(BYTES, {"type": "string", "format": "binary"})

# `schema.Schema.raw`, `CollectionSchema.raw` and their `minimal` forms: a JSON Schema.
SCHEMA_DOCUMENT = Authored(
    JSON,
    _object(
        ["name", "properties"],
        name=STRING,
        properties={"type": "object"},
        additionalProperties={},
        definitions={"type": "object"},
        required=STRINGS,
        links={"type": "array", "items": {"type": "object"}},
    ),
)

# `images.RequestDeserializer.update` and `_get_change_operation_d10`.
PATCH = Authored(
    JSON_PATCH,
    {
        "type": "array",
        "items": _object(
            ["op", "path"],
            op={"type": "string", "enum": ["add", "remove", "replace"]},
            path={"type": "string", "pattern": "^/"},
            value={},
        ),
    },
)

# `images.RequestDeserializer._validate_import_body`.
IMPORT = Authored(
    JSON,
    _object(
        ["method"],
        method=_object(["name"], name=STRING, uri=STRING),
        stores=STRINGS,
        all_stores={"type": "boolean"},
        all_stores_must_succeed={"type": "boolean"},
    ),
)

# `image_members.RequestDeserializer.create` and `update`.
MEMBER_CREATE = Authored(JSON, _object(["member"], member={"type": "string", "minLength": 1}))
MEMBER_UPDATE = Authored(JSON, _object(["status"], status=STRING))

NAMESPACE = "/metadefs/namespaces/{namespace}"

# schemas: `Controller` has no serializer of its own.
PAIRS = {
    ("GET", f"/schemas/{name}"): (None, SCHEMA_DOCUMENT)
    for name in (
        "image",
        "images",
        "member",
        "members",
        "task",
        "tasks",
        "metadefs/namespace",
        "metadefs/namespaces",
        "metadefs/resource_type",
        "metadefs/resource_types",
        "metadefs/property",
        "metadefs/properties",
        "metadefs/object",
        "metadefs/objects",
        "metadefs/tag",
        "metadefs/tags",
    )
}

# metadef_resource_types: `index` gives {"resource_types": […]}, for which there is no
# schema; `show` gives the associations of a namespace.
PAIRS |= {
    ("GET", "/metadefs/resource_types"): (None, UNKNOWN),
    ("GET", f"{NAMESPACE}/resource_types"): (None, "metadef_resource_type_collection"),
    ("POST", f"{NAMESPACE}/resource_types"): (VALIDATED, "metadef_resource_type"),
    ("DELETE", f"{NAMESPACE}/resource_types/{{resource_type}}"): (None, None),
}

# metadef_namespaces; `delete_properties`, `delete_objects` and `delete_tags` are its own.
PAIRS |= {
    ("GET", "/metadefs/namespaces"): (None, "metadef_namespace_collection"),
    ("POST", "/metadefs/namespaces"): (VALIDATED, "metadef_namespace"),
    ("GET", NAMESPACE): (None, "metadef_namespace"),
    ("PUT", NAMESPACE): (VALIDATED, "metadef_namespace"),
    ("DELETE", NAMESPACE): (None, None),
    ("DELETE", f"{NAMESPACE}/properties"): (None, None),
    ("DELETE", f"{NAMESPACE}/objects"): (None, None),
    ("DELETE", f"{NAMESPACE}/tags"): (None, None),
}

# metadef_properties: `index` gives a map, which its collection schema says.
PAIRS |= {
    ("GET", f"{NAMESPACE}/properties"): (None, "metadef_property_collection"),
    ("POST", f"{NAMESPACE}/properties"): (VALIDATED, "metadef_property"),
    ("GET", f"{NAMESPACE}/properties/{{property_name}}"): (None, "metadef_property"),
    ("PUT", f"{NAMESPACE}/properties/{{property_name}}"): (VALIDATED, "metadef_property"),
    ("DELETE", f"{NAMESPACE}/properties/{{property_name}}"): (None, None),
}

# metadef_objects.
PAIRS |= {
    ("GET", f"{NAMESPACE}/objects"): (None, "metadef_object_collection"),
    ("POST", f"{NAMESPACE}/objects"): (VALIDATED, "metadef_object"),
    ("GET", f"{NAMESPACE}/objects/{{object_name}}"): (None, "metadef_object"),
    ("PUT", f"{NAMESPACE}/objects/{{object_name}}"): (VALIDATED, "metadef_object"),
    ("DELETE", f"{NAMESPACE}/objects/{{object_name}}"): (None, None),
}

# metadef_tags: `create` takes the tag from the path, `create_tags` a whole list.
PAIRS |= {
    ("GET", f"{NAMESPACE}/tags"): (None, "metadef_tag_collection"),
    ("POST", f"{NAMESPACE}/tags"): (VALIDATED, "metadef_tag_collection"),
    ("GET", f"{NAMESPACE}/tags/{{tag_name}}"): (None, "metadef_tag"),
    ("POST", f"{NAMESPACE}/tags/{{tag_name}}"): (None, "metadef_tag"),
    ("PUT", f"{NAMESPACE}/tags/{{tag_name}}"): (VALIDATED, "metadef_tag"),
    ("DELETE", f"{NAMESPACE}/tags/{{tag_name}}"): (None, None),
}

# images: `get_locations` and `get_task_info` go through the default serializer and have
# no schema.
PAIRS |= {
    ("GET", "/images"): (None, "image_collection"),
    ("POST", "/images"): (VALIDATED, "image"),
    ("GET", "/images/{image_id}"): (None, "image"),
    ("PATCH", "/images/{image_id}"): (PATCH, "image"),
    ("DELETE", "/images/{image_id}"): (None, None),
    ("GET", "/images/{image_id}/tasks"): (None, UNKNOWN),
    ("POST", "/images/{image_id}/import"): (IMPORT, None),
    ("DELETE", "/stores/{store_id}/{image_id}"): (None, None),
    ("POST", "/images/{image_id}/locations"): (VALIDATED, None),
    ("GET", "/images/{image_id}/locations"): (None, UNKNOWN),
}

# image_actions, image_data, image_tags.
PAIRS |= {
    ("POST", "/images/{image_id}/actions/deactivate"): (None, None),
    ("POST", "/images/{image_id}/actions/reactivate"): (None, None),
    ("GET", "/images/{image_id}/file"): (None, DATA),
    ("PUT", "/images/{image_id}/file"): (DATA, None),
    ("PUT", "/images/{image_id}/stage"): (DATA, None),
    ("PUT", "/images/{image_id}/tags/{tag_value}"): (None, None),
    ("DELETE", "/images/{image_id}/tags/{tag_value}"): (None, None),
}

# image_members.
PAIRS |= {
    ("GET", "/images/{image_id}/members"): (None, "member_collection"),
    ("POST", "/images/{image_id}/members"): (MEMBER_CREATE, "member"),
    ("GET", "/images/{image_id}/members/{member_id}"): (None, "member"),
    ("PUT", "/images/{image_id}/members/{member_id}"): (MEMBER_UPDATE, "member"),
    ("DELETE", "/images/{image_id}/members/{member_id}"): (None, None),
}

# tasks: the items of `index` leave out input, result and message, which the schema
# does not require.
PAIRS |= {
    ("GET", "/tasks"): (None, "task_collection"),
    ("POST", "/tasks"): (VALIDATED, "task"),
    ("GET", "/tasks/{task_id}"): (None, "task"),
    ("DELETE", "/tasks/{task_id}"): (None, None),
}

# `discovery.InfoController.get_usage`; its `_USAGE_SCHEMA` says an array, and serves only
# to filter the keys.
USAGE = Authored(
    JSON,
    _object(
        ["usage"],
        usage={
            "type": "object",
            "additionalProperties": _object(
                ["usage", "limit"], usage={"type": "integer"}, limit={"type": "integer"}
            ),
        },
    ),
)

# discovery and cached_images have no schema. `clean_cache` answers with nothing,
# `prune_cache` with what it removed.
PAIRS |= {
    ("GET", "/info/import"): (None, UNKNOWN),
    ("GET", "/info/stores"): (None, UNKNOWN),
    ("GET", "/info/stores/detail"): (None, UNKNOWN),
    ("GET", "/info/usage"): (None, USAGE),
    ("GET", "/cache"): (None, UNKNOWN),
    ("DELETE", "/cache"): (None, None),
    ("PUT", "/cache/{image_id}"): (None, None),
    ("DELETE", "/cache/{image_id}"): (None, None),
    ("GET", "/cache/nodes/{image_id}"): (None, UNKNOWN),
    ("POST", "/cache/clean"): (None, None),
    ("POST", "/cache/prune"): (None, UNKNOWN),
}

# What the `index` of each deserializer takes out of the query; anything else is a
# filter on a property of that name.
LIMIT = {"type": "integer", "minimum": 0}
SORT_DIR = {"type": "string", "enum": ["asc", "desc"]}
PAGE = {"limit": LIMIT, "marker": STRING, "sort_key": STRING, "sort_dir": SORT_DIR}
OPEN = {"additionalProperties": STRING}
STATUSES = ["pending", "processing", "success", "failure"]

QUERIES = {
    ("GET", "/images"): {
        **_object(
            **PAGE,
            sort=STRING,
            member_status={"type": "string", "enum": ["pending", "accepted", "rejected", "all"]},
        ),
        **OPEN,
    },
    ("GET", "/metadefs/namespaces"): {
        **_object(**PAGE, visibility={"type": "string", "enum": ["public", "private"]}),
        **OPEN,
    },
    ("GET", f"{NAMESPACE}/tags"): {**_object(**PAGE), **OPEN},
    ("GET", "/tasks"): {
        **_object(**PAGE, status={"type": "string", "enum": STATUSES}, type=STRING),
        **OPEN,
    },
}

# The collection in the body, and the field of an item that the next marker repeats.
PAGED = {
    ("GET", "/images"): ("images", "id"),
    ("GET", "/metadefs/namespaces"): ("namespaces", "namespace"),
    ("GET", f"{NAMESPACE}/tags"): ("tags", "name"),
    ("GET", "/tasks"): ("tasks", "id"),
}
