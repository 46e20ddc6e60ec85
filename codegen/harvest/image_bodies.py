"""Says which body each operation of glance takes and gives: one row an operation.

Glance 33.0.0 cannot say it itself: the serializer of a resource holds the resource's
schema for a listing and for a deletion alike. Each row was read off the deserializer
and serializer of `glance.api.v2.<module>` that its group names.

A request is VALIDATED (the deserializer validates it with a schema), Authored, or None.
A response is the name of a self-described schema, Authored, or None.
"""

import dataclasses

JSON = "application/json"
BYTES = "application/octet-stream"
JSON_PATCH = "application/openstack-images-v2.1-json-patch"

VALIDATED = object()

# `glance.domain.Task`.
STATUSES = ["pending", "processing", "success", "failure"]
TASK_BODY = "depends on the task's type"
TASK_TYPES = ["import", "api_image_import", "location_import"]


@dataclasses.dataclass(frozen=True)
class Authored:
    """A body written down here from the code that reads or writes it."""

    media_type: str
    schema: dict


def _object(required=(), /, **properties):
    out = {"type": "object", "properties": properties}
    return {**out, "required": list(required)} if required else out


def _answer(required=(), /, **properties):
    """A document that has what is described and nothing else."""
    return Authored(JSON, _closed(required, **properties))


def _closed(required=(), /, **properties):
    return {**_object(required, **properties), "additionalProperties": False}


def _all(**properties):
    return _closed(sorted(properties), **properties)


def _array(items):
    return {"type": "array", "items": items}


def _omitted(schema, why):
    return {**schema, "x-openstack": {"omitted": why}}


def _open(schema, why):
    return {**schema, "x-openstack": {"open": why}}


STRING = {"type": "string"}
NULLABLE = {"type": ["string", "null"]}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
TIME = {"type": "string", "format": "date-time"}
STRINGS = {"type": "array", "items": STRING}

DATA = Authored(BYTES, {"type": "string", "format": "binary"})

# `schema.Schema.raw`, `CollectionSchema.raw` and their `minimal` forms: a JSON Schema.
SCHEMA = _open({"type": "object"}, "a JSON Schema")
SCHEMA_DOCUMENT = Authored(
    JSON,
    _object(
        ["name", "properties"],
        name=STRING,
        properties={"type": "object", "additionalProperties": SCHEMA},
        additionalProperties={"type": ["boolean", "object"]},
        definitions={"type": "object", "additionalProperties": SCHEMA},
        required=STRINGS,
        links=_array(_all(rel=STRING, href=STRING)),
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

# What `glance-manage db_load_metadefs` loads has no `updated_at` until it is loaded again
# (`glance.db.sqlalchemy.metadata._populate_metadata`).
LOADED = "what `glance-manage db_load_metadefs` loads is not updated yet"
DATED = {"created_at": TIME, "updated_at": _omitted(TIME, LOADED)}

# metadef_resource_types: `index` gives {"resource_types": […]}, for which there is no
# schema; `show` gives the associations of a namespace.
RESOURCE_TYPES = _answer(
    ["resource_types"],
    resource_types=_array(_closed(["created_at", "name"], name=STRING, **DATED)),
)
PAIRS |= {
    ("GET", "/metadefs/resource_types"): (None, RESOURCE_TYPES),
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
# `images.ImagesController._validate_hashing_data` and `glance.location`: of what a store has.
HASHES = ("checksum", "os_hash_algo", "os_hash_value")
GIVEN = "only if the client gave it"
LOCATIONS = Authored(
    JSON,
    _array(
        _closed(
            ["url", "metadata"],
            url=STRING,
            metadata=_open({"type": "object"}, "the store's own"),
            validation_data=_omitted(
                _closed((), **{name: _omitted(STRING, GIVEN) for name in HASHES}),
                "only while the data of a location is not there yet",
            ),
        )
    ),
)

# `images.ImagesController.get_task_info`: the rows of the database.
TASKS = _answer(
    ["tasks"],
    tasks=_array(
        _all(
            id=STRING,
            type={"type": "string", "enum": TASK_TYPES},
            status={"type": "string", "enum": STATUSES},
            owner=STRING,
            user_id=NULLABLE,
            request_id=NULLABLE,
            image_id=NULLABLE,
            input=_open({"type": ["object", "null"]}, TASK_BODY),
            result=_open({"type": ["object", "null"]}, TASK_BODY),
            message=NULLABLE,
            expires_at=NULLABLE,
            created_at=TIME,
            updated_at=TIME,
            deleted_at=NULLABLE,
            deleted=BOOLEAN,
        )
    ),
)

PAIRS |= {
    ("GET", "/images"): (None, "image_collection"),
    ("POST", "/images"): (VALIDATED, "image"),
    ("GET", "/images/{image_id}"): (None, "image"),
    ("PATCH", "/images/{image_id}"): (PATCH, "image"),
    ("DELETE", "/images/{image_id}"): (None, None),
    ("GET", "/images/{image_id}/tasks"): (None, TASKS),
    ("POST", "/images/{image_id}/import"): (IMPORT, None),
    ("DELETE", "/stores/{store_id}/{image_id}"): (None, None),
    ("POST", "/images/{image_id}/locations"): (VALIDATED, None),
    ("GET", "/images/{image_id}/locations"): (None, LOCATIONS),
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
            "additionalProperties": _all(usage=INTEGER, limit=INTEGER),
        },
    ),
)

# `discovery.InfoController`. Settings say in texts what is so ("true"); what is not so is missing.
SAID = {"type": "string", "enum": ["true"]}
IMPORTS = _answer(
    ["import-methods"],
    **{
        "import-methods": _all(
            description=STRING,
            type={"type": "string", "enum": ["array"]},
            value=_array(STRING),
        )
    },
)
STORE = {
    "id": STRING,
    "description": _omitted(STRING, "only if the store is configured with one"),
    "default": _omitted(SAID, "only of the default store"),
    "read-only": _omitted(SAID, "only of stores that nothing is written to"),
}
# The properties by kind of store: `_get_file_properties` and its like.
PROPERTIES = {
    "type": "object",
    "additionalProperties": {"type": ["boolean", "integer", "null", "string"]},
}
STORES = _answer(["stores"], stores=_array(_closed(["id"], **STORE)))
DETAILS = _answer(
    ["stores"],
    stores=_array(
        _closed(
            ["id", "properties", "type", "weight"],
            **STORE,
            type=STRING,
            properties=PROPERTIES,
            weight=INTEGER,
        )
    ),
)

# cached_images, and the drivers below `glance.image_cache.drivers`: `centralized_db` has the id
# of a row and the checksum beside what `sqlite` has. `clean_cache` answers with nothing,
# `prune_cache` with what it removed.
ROW = "only of the driver `centralized_db`"
CACHE = _answer(
    ["cached_images", "queued_images"],
    cached_images=_array(
        _closed(
            ["image_id", "hits", "last_accessed", "last_modified", "size"],
            image_id=STRING,
            hits=INTEGER,
            last_accessed={"type": "number"},
            last_modified={"type": "number"},
            size=INTEGER,
            id=_omitted(INTEGER, ROW),
            checksum=_omitted(NULLABLE, ROW),
        )
    ),
    queued_images=_array(STRING),
)
NODES = Authored(JSON, _array(STRING))
PRUNED = _answer(
    ["total_bytes_pruned", "total_files_pruned"],
    total_bytes_pruned=INTEGER,
    total_files_pruned=INTEGER,
)
PAIRS |= {
    ("GET", "/info/import"): (None, IMPORTS),
    ("GET", "/info/stores"): (None, STORES),
    ("GET", "/info/stores/detail"): (None, DETAILS),
    ("GET", "/info/usage"): (None, USAGE),
    ("GET", "/cache"): (None, CACHE),
    ("DELETE", "/cache"): (None, None),
    ("PUT", "/cache/{image_id}"): (None, None),
    ("DELETE", "/cache/{image_id}"): (None, None),
    ("GET", "/cache/nodes/{image_id}"): (None, NODES),
    ("POST", "/cache/clean"): (None, None),
    ("POST", "/cache/prune"): (None, PRUNED),
}

# What the `index` of each deserializer takes out of the query; anything else is a
# filter on a property of that name.
LIMIT = {"type": "integer", "minimum": 0}
SORT_DIR = {"type": "string", "enum": ["asc", "desc"]}
PAGE = {"limit": LIMIT, "marker": STRING, "sort_key": STRING, "sort_dir": SORT_DIR}
OPEN = {"additionalProperties": STRING}

# `images.RequestDeserializer.index`, and the filters that `db.utils` and the API reference know.
# `lt:` and its like may stand before the time of a filter.
COMPARED = STRING
FLAG = {"type": "string", "enum": ["true", "false", "True", "False"]}
IMAGE_STATUSES = ["pending", "accepted", "rejected", "all"]
VISIBILITIES = ["community", "public", "private", "shared", "all"]

QUERIES = {
    ("GET", "/images"): {
        **_object(
            **PAGE,
            sort=STRING,
            member_status={"type": "string", "enum": IMAGE_STATUSES},
            visibility={"type": "string", "enum": VISIBILITIES},
            id=STRING,
            name=STRING,
            owner=STRING,
            status=STRING,
            tag=STRING,
            protected=FLAG,
            os_hidden=FLAG,
            size_min=LIMIT,
            size_max=LIMIT,
            container_format=STRING,
            disk_format=STRING,
            min_disk=LIMIT,
            min_ram=LIMIT,
            checksum=STRING,
            os_hash_value=STRING,
            created_at=COMPARED,
            updated_at=COMPARED,
        ),
        **OPEN,
    },
    ("GET", "/metadefs/namespaces"): {
        **_object(
            **PAGE,
            visibility={"type": "string", "enum": ["public", "private"]},
            resource_types=STRING,
        ),
        **OPEN,
    },
    ("GET", "/images/{image_id}/file"): {**_object(prefer=STRING), **OPEN},
    ("GET", NAMESPACE): {**_object(resource_type=STRING), **OPEN},
    ("GET", f"{NAMESPACE}/objects"): {**_object(**PAGE), **OPEN},
    ("GET", f"{NAMESPACE}/properties/{{property_name}}"): {
        **_object(resource_type=STRING),
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

# `image_data.RequestDeserializer`, `image_data.ResponseSerializer.download`.
REQUEST_HEADERS = {
    ("GET", "/images/{image_id}/file"): ["content-range", "range"],
    ("PUT", "/images/{image_id}/file"): ["x-openstack-image-size"],
    ("PUT", "/images/{image_id}/stage"): ["x-openstack-image-size"],
    ("POST", "/images/{image_id}/import"): [],
}

# Headers that depend on a state, and why.
OMITTED = {
    "content-md5": "only if the image has a checksum",
    "openstack-image-store-ids": "only if several stores are configured",
    "location": "the cache answers without it",
}

# What WebOb makes of its exceptions, by what a client accepts (`webob.exc.WSGIHTTPException`).
FAILURE = {
    JSON: _all(code=STRING, title=STRING, message=STRING),
    "text/html": STRING,
    "text/plain": STRING,
}

# Statuses that other code than the operation's own answers with, and where it stands.
REFUSED = {
    # `common.wsgi.Request.get_range_from_request`
    ("GET", "/images/{image_id}/file"): [416],
    # `common.wsgi.JSONRequestDeserializer.default`: a body is not needed, but has to be JSON.
    ("POST", "/cache/clean"): [400],
    ("POST", "/cache/prune"): [400],
}

# What the items of lists inside a namespace have beside their schemas
# (`api.v2.model.metadef_namespace`, where they are objects of the database).
INSIDE = {
    "resource_type_associations": DATED,
    "objects": {**DATED, "schema": STRING, "self": STRING},
}


# Values of any type: what a property of a namespace may be.
SCALAR = {"type": ["boolean", "integer", "number", "string"]}
ANYTHING = {**SCALAR, "type": [*SCALAR["type"], "array", "null", "object"], "items": SCALAR}


def completed(described):
    """Returns the self-described schemas, with what they leave open and why."""
    single = described["metadef_namespace"]
    listed = described["metadef_namespace_collection"]["properties"]["namespaces"]["items"]
    for namespace in (single, listed):
        for name, more in INSIDE.items():
            item = namespace["properties"][name]["items"]
            item["properties"] = {**item["properties"], **more}
    # `metadef_namespaces.NamespaceController.index` does not ask for what is in a namespace.
    for name in ("objects", "properties", "tags"):
        del listed["properties"][name]
    for task in (described["task"], described["task_collection"]["properties"]["tasks"]["items"]):
        for name in {"input", "result"} & set(task["properties"]):
            task["properties"][name] = _open(task["properties"][name], TASK_BODY)
        for name in {"expires_at", "image_id", "request_id", "user_id"} & set(task["properties"]):
            task["properties"][name] = _omitted(task["properties"][name], "only if it is known")
    images = described["image_collection"]["properties"]["images"]["items"]
    for image in (described["image"], images):
        place = image["properties"]["locations"]["items"]["properties"]
        place["metadata"] = _open(place["metadata"], "the store's own")
        given = place["validation_data"]["properties"]
        place["validation_data"]["properties"] = {n: _omitted(v, GIVEN) for n, v in given.items()}
    for name in described:
        if name.startswith("metadef"):
            described[name] = _loaded(described[name])
    return {name: _typed(schema) for name, schema in described.items()}


def _loaded(schema):
    """Returns a schema of metadata definitions that may have been loaded from a file."""
    if isinstance(schema, list):
        return [_loaded(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _loaded(value) for key, value in schema.items()}
    properties = out.get("properties", {})
    if "updated_at" in properties:
        properties["updated_at"] = _omitted(properties["updated_at"], LOADED)
    return out


def _typed(schema):
    """Returns a schema in which the values of a namespace's properties have types."""
    if isinstance(schema, list):
        return [_typed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _typed(value) for key, value in schema.items()}
    properties = out.get("properties", {})
    if {"operators", "readonly", "default"} <= set(properties):
        inside = {"type": STRING, "enum": _array(SCALAR)}
        inside = _closed((), **{name: _omitted(value, GIVEN) for name, value in inside.items()})
        properties |= {"default": ANYTHING, "enum": _array(SCALAR), "items": inside}
    return out
