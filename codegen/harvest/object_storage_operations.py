"""The seventeen operations of object storage, written by hand: one row an operation.

Swift routes by method names and describes nothing, so this is its description, after its
API reference and the code that each group names (swift 2.38.3). Paths are below the
account, which the catalog's endpoint ends in; those in AT_ROOT are below the host.

Metadata travels in headers, which no row can say yet.
"""

JSON = "application/json"
BYTES = "application/octet-stream"

STRING = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
FLAG = {"type": "boolean"}
DATA = {"type": "string", "format": "binary"}
TIME = STRING


def _object(required=(), /, **properties):
    out = {"type": "object", "properties": properties}
    return {**out, "required": list(required)} if required else out


def _row(summary, id, statuses, errors, query=None, request=None, response=None):
    """Makes a row; a body is None (there is none) or (media type, schema)."""
    return {
        "summary": summary,
        "id": f"object_storage.{id}",
        "statuses": statuses,
        "errors": errors,
        "query": query,
        "request": request,
        "response": response,
    }


# `common.swob.RESPONSE_REASONS`: swift explains a 202 to people, on a page that no program
# reads. Only where a 202 can be the answer.
PAGE = "text/html", STRING

# What a listing with a delimiter has in place of everything that shares a prefix.
SUBDIR = _object(["subdir"], subdir=STRING)

# `account.utils.account_listing_response`. `storage_policy` is left out where the policy
# is gone from the configuration, or the service is older.
CONTAINER = _object(
    ["name", "count", "bytes"],
    name=STRING,
    count=COUNT,
    bytes=COUNT,
    last_modified=TIME,
    storage_policy=STRING,
)

# `container.server.ContainerController.update_data_record`; `slo_etag` comes from
# `common.middleware.slo`, `symlink_*` from `symlink`, and the versions from
# `versioned_writes.object_versioning`.
OBJECT = _object(
    ["name", "bytes", "hash", "content_type", "last_modified"],
    name=STRING,
    bytes=COUNT,
    hash=STRING,
    content_type=STRING,
    last_modified=TIME,
    slo_etag=STRING,
    symlink_path=STRING,
    symlink_bytes=COUNT,
    symlink_etag=STRING,
    version_id=STRING,
    version_symlink=FLAG,
    is_latest=FLAG,
)


def _listing(item):
    return JSON, {"type": "array", "items": {"anyOf": [item, SUBDIR]}}


# `common.middleware.listing_formats` and `common.constraints`. Without `format`, and
# without an Accept header that asks for JSON, a listing is plain text.
LISTING = {
    "limit": COUNT,
    "marker": STRING,
    "end_marker": STRING,
    "prefix": STRING,
    "delimiter": STRING,
    "reverse": FLAG,
    "format": {"type": "string", "enum": ["plain", "json", "xml"]},
}

# `common.middleware.tempurl`.
TEMP_URL = {
    "temp_url_sig": STRING,
    "temp_url_expires": STRING,
    "temp_url_prefix": STRING,
    "temp_url_ip_range": STRING,
    "filename": STRING,
    "inline": STRING,
}

# `common.middleware.symlink` and `versioned_writes.object_versioning`.
TARGET = {"symlink": {"type": "string", "enum": ["get"]}, "version-id": STRING}


def _manifest(*words):
    """Returns what `common.middleware.slo` takes for a large object's manifest."""
    return {"multipart-manifest": {"type": "string", "enum": list(words)}}


# `proxy.controllers.account.AccountController`, `account.server.AccountController`.
ACCOUNT = {
    ("GET", "/"): _row(
        "Lists the containers of an account.",
        "containers.list",
        [200, 204],
        [401, 403, 404, 412],
        query=LISTING,
        response=_listing(CONTAINER),
    ),
    ("HEAD", "/"): _row(
        "Shows the metadata of an account, in headers.", "accounts.check", [204], [401, 403, 404]
    ),
    ("POST", "/"): _row(
        "Sets, changes or removes metadata of an account.",
        "accounts.update",
        [204],
        [400, 401, 403, 404],
        query={"bulk-delete": STRING},
    ),
    ("DELETE", "/"): _row(
        "Marks an account for deletion.", "accounts.delete", [204], [400, 401, 403, 404, 405]
    ),
}

# `proxy.controllers.container.ContainerController`, `container.server`.
CONTAINERS = {
    ("GET", "/{container}"): _row(
        "Lists the objects of a container.",
        "objects.list",
        [200, 204],
        [401, 403, 404, 412],
        query={**LISTING, "path": STRING, "versions": FLAG, "version_marker": STRING},
        response=_listing(OBJECT),
    ),
    ("HEAD", "/{container}"): _row(
        "Shows the metadata of a container, in headers.",
        "containers.check",
        [204],
        [401, 403, 404],
    ),
    ("PUT", "/{container}"): _row(
        "Creates a container, or changes the metadata of one that is there.",
        "containers.create",
        [201, 202],
        [400, 401, 403, 404, 409],
        query={"extract-archive": {"type": "string", "enum": ["tar", "tar.gz", "tar.bz2"]}},
        response=PAGE,
    ),
    ("POST", "/{container}"): _row(
        "Sets, changes or removes metadata of a container.",
        "containers.update",
        [204],
        [400, 401, 403, 404],
    ),
    ("DELETE", "/{container}"): _row(
        "Deletes an empty container.", "containers.delete", [204], [401, 403, 404, 409]
    ),
}

# `proxy.controllers.obj.BaseObjectController`, `obj.server`, `common.middleware.copy`.
# Deleting the segments of a large object as well (`multipart-manifest=delete`) answers
# 200 with a report, which the row leaves out.
OBJECTS = {
    ("GET", "/{container}/{object}"): _row(
        "Downloads an object, or a range of it.",
        "objects.show",
        [200, 206],
        [401, 403, 404, 412, 416],
        query={
            **TEMP_URL,
            **TARGET,
            **_manifest("get"),
            "format": {"type": "string", "enum": ["raw"]},
            "part-number": {"type": "integer", "minimum": 1},
        },
        response=(BYTES, DATA),
    ),
    ("HEAD", "/{container}/{object}"): _row(
        "Shows the metadata of an object, in headers.",
        "objects.check",
        [200],
        [401, 403, 404, 412],
        query={
            **TEMP_URL,
            **TARGET,
            **_manifest("get"),
            "part-number": {"type": "integer", "minimum": 1},
        },
    ),
    ("PUT", "/{container}/{object}"): _row(
        "Creates or replaces an object.",
        "objects.create",
        [201],
        [400, 401, 403, 404, 408, 409, 411, 412, 413, 422],
        query={
            **TEMP_URL,
            **_manifest("put"),
            "heartbeat": FLAG,
            "extract-archive": {"type": "string", "enum": ["tar", "tar.gz", "tar.bz2"]},
        },
        request=(BYTES, DATA),
    ),
    ("POST", "/{container}/{object}"): _row(
        "Replaces the metadata of an object.",
        "objects.update",
        [202],
        [400, 401, 403, 404, 409],
        query={**TEMP_URL, "version-id": STRING},
        response=PAGE,
    ),
    ("DELETE", "/{container}/{object}"): _row(
        "Deletes an object.",
        "objects.delete",
        [204],
        [400, 401, 403, 404, 409],
        query={**TEMP_URL, **_manifest("delete"), "async": FLAG, "version-id": STRING},
    ),
    ("COPY", "/{container}/{object}"): _row(
        "Copies an object to the destination that a header names.",
        "objects.copy",
        [201],
        [400, 401, 403, 404, 409, 412, 413],
        query={**TARGET, **_manifest("get")},
    ),
}

# `proxy.controllers.info.InfoController` and `common.middleware.list_endpoints`, which a
# deployment may leave out.
ROOT = {
    ("GET", "/info"): _row(
        "Shows what the deployment supports.",
        "info.show",
        [200],
        [401, 403],
        query={"swiftinfo_sig": STRING, "swiftinfo_expires": STRING},
        response=(
            JSON,
            {
                "type": "object",
                "properties": {"swift": _object(["version"], version=STRING)},
                "additionalProperties": {"type": "object"},
                "required": ["swift"],
            },
        ),
    ),
    ("GET", "/v1/endpoints"): _row(
        "Lists where an account, a container or an object is kept.",
        "endpoints.list",
        [200],
        [400, 405],
        response=(
            JSON,
            {
                "anyOf": [
                    {"type": "array", "items": STRING},
                    _object(
                        ["endpoints", "headers"],
                        endpoints={"type": "array", "items": STRING},
                        headers={"type": "object", "additionalProperties": STRING},
                    ),
                ]
            },
        ),
    ),
}

OPERATIONS = {**ACCOUNT, **CONTAINERS, **OBJECTS, **ROOT}

# Paths that are not below the account.
AT_ROOT = {path for _, path in ROOT}

# The key of an item that the next marker repeats; the body is the list itself.
# A listing with a delimiter has folders, whose marker is their own field.
PAGED = {("GET", "/"): ["name", "subdir"], ("GET", "/{container}"): ["name", "subdir"]}

# Public methods of the proxy's controllers that are no operation, and why.
NOT_OPERATIONS = {
    ("account", "PUT"): "only for a deployment that lets accounts be managed by hand",
    ("account", "OPTIONS"): "the browser's question before a request (CORS)",
    ("container", "OPTIONS"): "the browser's question before a request (CORS)",
    ("object", "OPTIONS"): "the browser's question before a request (CORS)",
    ("info", "OPTIONS"): "the browser's question before a request (CORS)",
    ("info", "HEAD"): "the headers of GET, which the API reference does not name",
}
