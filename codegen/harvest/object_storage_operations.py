"""The seventeen operations of object storage, written by hand: one row an operation.

Swift routes by method names and describes nothing, so this is its description, after its
API reference and the code that each group names (swift 2.38.3). Paths are below the
account, which the catalog's endpoint ends in; those in AT_ROOT are below the host. Metadata
travels in headers: `object_storage_headers`.
"""

JSON = "application/json"
BYTES = "application/octet-stream"

STRING = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
FLAG = {"type": "boolean"}
DATA = {"type": "string", "format": "binary"}
# `common.utils.timestamp.Timestamp.isoformat`.
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$"}


def _object(required=(), /, **properties):
    """Returns the schema of an object that has no other keys."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _omitted(schema, why):
    """Marks a property that some answers lack."""
    return {**schema, "x-openstack": {"omitted": why}}


def _row(summary, id, statuses, errors, query=None, request=None, response=None, bodiless=()):
    """Makes a row; a body is None (there is none) or (media type, schema).

    `bodiless` are statuses without a body where others have one. Each operation is refused
    with 401, 403 and 412 as well, see `REFUSED`.
    """
    return {
        "summary": summary,
        "id": f"object_storage.{id}",
        "statuses": statuses,
        "errors": errors,
        "query": query,
        "request": request,
        "response": response,
        "bodiless": {*bodiless, 204, 304},
    }


# What any request below an account may be answered: `keystoneauth` refuses it, or the path is
# not UTF-8 (`proxy.server.Application.handle_request`).
REFUSED = [401, 403, 412]

# `common.swob.RESPONSE_REASONS`: swift explains a 202 to people, on a page that no program
# reads. Only where a 202 can be the answer.
PAGE = "text/html", STRING

# What a listing with a delimiter has in place of everything that shares a prefix.
SUBDIR = _object(["subdir"], subdir=STRING)

# `account.utils.account_listing_response`.
CONTAINER = _object(
    ["name", "count", "bytes", "last_modified"],
    name=STRING,
    count=COUNT,
    bytes=COUNT,
    last_modified=TIME,
    storage_policy=_omitted(STRING, "the policy is gone from the configuration"),
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
    slo_etag=_omitted(STRING, "only of a static large object"),
    symlink_path=_omitted(STRING, "only of a symlink"),
    symlink_bytes=_omitted(COUNT, "only of a symlink that names the target's ETag"),
    symlink_etag=_omitted(STRING, "only of a symlink that names the target's ETag"),
    version_id=_omitted(STRING, "only where versions are listed"),
    version_symlink=_omitted(FLAG, "only of an object whose versions are kept"),
    is_latest=_omitted(FLAG, "only where versions are listed"),
)

# `common.middleware.bulk.Bulk.handle_delete_iter`.
DELETED = _object(
    ["Response Status", "Response Body", "Number Deleted", "Number Not Found", "Errors"],
    **{
        "Response Status": STRING,
        "Response Body": STRING,
        "Number Deleted": COUNT,
        "Number Not Found": COUNT,
        "Errors": {
            "type": "array",
            "items": {"type": "array", "items": STRING, "minItems": 2, "maxItems": 2},
        },
    },
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

# `listing_formats` looks at it before it refuses what it cannot make.
FORMAT = {"format": LISTING["format"]}

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


# `proxy.controllers.account.AccountController`, `account.server.AccountController`; 406 is that
# of `listing_formats` and `bulk`, 404 that of an account that is not made by itself.
ACCOUNT = {
    ("GET", "/"): _row(
        "Lists the containers of an account.",
        "containers.list",
        [200, 204],
        [400, 404, 406],
        query=LISTING,
        response=_listing(CONTAINER),
    ),
    ("HEAD", "/"): _row(
        "Shows the metadata of an account, in headers.",
        "accounts.check",
        # 200 of an account that was never written to (`account.utils.FakeAccountBroker`).
        [200, 204],
        [404, 406],
        query=FORMAT,
    ),
    ("POST", "/"): _row(
        "Sets, changes or removes metadata of an account.",
        "accounts.update",
        [200, 204],
        [400, 404, 406],
        query={"bulk-delete": STRING},
        response=(JSON, DELETED),
    ),
    ("DELETE", "/"): _row(
        "Marks an account for deletion.", "accounts.delete", [204], [400, 404, 405]
    ),
}

# `proxy.controllers.container.ContainerController`, `container.server`.
CONTAINERS = {
    ("GET", "/{container}"): _row(
        "Lists the objects of a container.",
        "objects.list",
        [200, 204],
        [400, 404, 406],
        query={**LISTING, "path": STRING, "versions": FLAG, "version_marker": STRING},
        response=_listing(OBJECT),
    ),
    ("HEAD", "/{container}"): _row(
        "Shows the metadata of a container, in headers.",
        "containers.check",
        [204],
        [404, 406],
        query=FORMAT,
    ),
    ("PUT", "/{container}"): _row(
        "Creates a container, or changes the metadata of one that is there.",
        "containers.create",
        [201, 202],
        [400, 404, 406, 409],
        query={"extract-archive": {"type": "string", "enum": ["tar", "tar.gz", "tar.bz2"]}},
        response=PAGE,
        bodiless=[201],
    ),
    ("POST", "/{container}"): _row(
        "Sets, changes or removes metadata of a container.",
        "containers.update",
        [204],
        [400, 404],
    ),
    ("DELETE", "/{container}"): _row(
        "Deletes an empty container.", "containers.delete", [204], [404, 409]
    ),
}

# `proxy.controllers.obj.BaseObjectController`, `obj.server`, `common.middleware.copy`; 409 is
# that of large objects and symlinks whose parts are not what they should be.
OBJECTS = {
    ("GET", "/{container}/{object}"): _row(
        "Downloads an object, or a range of it.",
        "objects.show",
        [200, 206, 304],
        [400, 404, 409, 416],
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
        [200, 206, 304],
        [400, 404, 409, 416],
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
        [400, 404, 406, 408, 409, 411, 413, 422],
        query={
            **TEMP_URL,
            **_manifest("put"),
            "heartbeat": FLAG,
            "extract-archive": {"type": "string", "enum": ["tar", "tar.gz", "tar.bz2"]},
            "version-id": STRING,
        },
        request=(BYTES, DATA),
    ),
    ("POST", "/{container}/{object}"): _row(
        "Replaces the metadata of an object.",
        "objects.update",
        [202],
        [400, 404, 409],
        query={**TEMP_URL, "version-id": STRING},
        response=PAGE,
    ),
    ("DELETE", "/{container}/{object}"): _row(
        "Deletes an object.",
        "objects.delete",
        [204],
        [400, 404, 409],
        query={**TEMP_URL, **_manifest("delete"), "async": FLAG, "version-id": STRING},
    ),
    ("COPY", "/{container}/{object}"): _row(
        "Copies an object to the destination that a header names.",
        "objects.copy",
        [201],
        [400, 404, 409, 413],
        query={**TARGET, **_manifest("get")},
    ),
}

# `proxy.controllers.info.InfoController` and `common.middleware.list_endpoints`, which a
# deployment may leave out. Neither asks for a token.
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
                "properties": {
                    "swift": {
                        "type": "object",
                        "properties": {"version": STRING},
                        "required": ["version"],
                        "x-openstack": {"open": "settings of the deployment"},
                    }
                },
                "additionalProperties": {
                    "type": "object",
                    "x-openstack": {"open": "settings of the middleware of the deployment"},
                },
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

# Statuses with a body of their own that one parameter of the query selects. A client that sends
# it expects another type, so the runtime has operations of its own for them
# (`author/object_storage/operations.rs`).
OF_A_PARAMETER = {
    ("PUT", "/{container}", 200): "extract-archive",
    ("PUT", "/{container}/{object}", 200): "extract-archive",
    ("PUT", "/{container}/{object}", 202): "heartbeat",
    ("DELETE", "/{container}/{object}", 200): "multipart-manifest",
}

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
