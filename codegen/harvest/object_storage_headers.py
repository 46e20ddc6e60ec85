"""The headers of object storage, by hand: swift keeps its state in them.

Read from the code that each group names (swift 2.38.3) and from its API reference. What
`object_storage_witness` is answered has to agree: `object-storage.py` compares it. A name that
ends in `*` is a family. Of requests, only headers that swift or its middleware reads.
"""

import errors

NUMBER = errors.INTEGER
TEXT = errors.TEXT
BYTES = {"type": "string", "enum": ["bytes"]}
# `common.utils.timestamp.Timestamp.normal`.
TIMESTAMP = {"type": "string", "pattern": r"^\d{10}\.\d{5}$"}
# That of a large object is in quotes.
ETAG = {"type": "string", "pattern": '^"?[0-9a-f]{32}(-[0-9]+)?"?$'}
# `common.utils.generate_trans_id`; X-Trans-Id-Extra is added at the end.
TRANSACTION = {"type": "string", "pattern": "^tx[0-9a-f]{21}-[0-9a-f]{10}"}
TRUE = {"type": "string", "enum": ["True", "true"]}
VARY = {"type": "string", "pattern": "[Aa]ccept"}


def _always(schema):
    return errors.header(schema, required=True)


def _some(*names, schema=TEXT):
    return {name: errors.header(schema) for name in names}


# `catch_errors`, and swob, which gives every response a type.
EVERY_ANSWER = {
    "content-type": _always(TEXT),
    "x-trans-id": _always(TRANSACTION),
    "x-openstack-request-id": _always(TRANSACTION),
    "date": errors.header(errors.DATE),
    "content-length": errors.header(NUMBER, omitted="a report is sent piece by piece"),
}

# `keystonemiddleware.auth_token`, `catch_errors`, `proxy.server`.
EVERY_REQUEST = _some("x-auth-token", "x-service-token", "x-trans-id-extra")

# `account.utils.get_response_headers`, `account_quotas`, `keystoneauth`.
ACCOUNT = {
    **{
        f"x-account-{name}": _always(NUMBER)
        for name in ("bytes-used", "container-count", "object-count")
    },
    "x-timestamp": _always(TIMESTAMP),
    "accept-ranges": errors.header(BYTES, omitted="an account that was never written to"),
    **_some("x-put-timestamp", schema=TIMESTAMP),
    **_some("x-account-quota-bytes", "x-account-quota-count", schema=NUMBER),
    **_some(
        "x-account-meta-*",
        "x-account-storage-policy-*",
        "x-account-quota-bytes-policy-*",
        "x-account-quota-count-policy-*",
        "x-account-access-control",
        "x-account-project-domain-id",
    ),
    **_some("vary", schema=VARY),
}

# `container.server.ContainerController`, `proxy.controllers.container`, `versioned_writes`.
CONTAINER = {
    **{f"x-container-{name}": _always(NUMBER) for name in ("bytes-used", "object-count")},
    "x-timestamp": _always(TIMESTAMP),
    "last-modified": _always(errors.DATE),
    "accept-ranges": _always(BYTES),
    "x-storage-policy": _always(TEXT),
    **_some(
        "x-container-meta-*",
        "x-container-read",
        "x-container-write",
        "x-container-sync-key",
        "x-container-sync-to",
        "x-versions-location",
        "x-history-location",
    ),
    **_some("x-versions-enabled", schema=errors.BOOLEAN),
    **_some("vary", schema=VARY),
}

# `obj.server.ObjectController`, `slo`, `dlo`, `symlink`, `object_versioning`, `tempurl`.
OBJECT = {
    "x-timestamp": _always(TIMESTAMP),
    "last-modified": _always(errors.DATE),
    "accept-ranges": _always(BYTES),
    "etag": _always(ETAG),
    **_some("x-delete-at", "x-parts-count", schema=NUMBER),
    **_some("x-static-large-object", schema=TRUE),
    **_some("expires"),
    **_some(
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-location",
        "x-manifest-etag",
        "x-object-manifest",
        "x-object-meta-*",
        "x-object-version-id",
        "x-robots-tag",
        "x-symlink-target",
        "x-symlink-target-account",
    ),
}
RANGE = {"content-range": errors.header(TEXT, omitted="each of several ranges has its own")}

# `obj.server.ObjectController.PUT`, `copy`, `object_versioning`.
STORED = {
    "etag": _always(ETAG),
    "last-modified": _always(errors.DATE),
    **_some(
        "x-object-meta-*",
        "x-object-version-id",
        "x-copied-from",
        "x-copied-from-account",
        "x-copied-from-last-modified",
        "x-copied-from-version-id",
    ),
}
COPIED = {
    **STORED,
    "x-copied-from": _always(TEXT),
    "x-copied-from-account": _always(TEXT),
    "x-copied-from-last-modified": _always(errors.DATE),
}
DELETED = _some("x-object-version-id", "x-object-current-version-id")

# The headers of answers beyond those of every answer, by status.
ANSWERS = {
    ("GET", "/"): {200: ACCOUNT, 204: ACCOUNT},
    ("HEAD", "/"): {200: ACCOUNT, 204: ACCOUNT},
    ("GET", "/{container}"): {200: CONTAINER, 204: CONTAINER},
    ("HEAD", "/{container}"): {204: CONTAINER},
    ("GET", "/{container}/{object}"): {200: OBJECT, 206: {**OBJECT, **RANGE}, 304: OBJECT},
    ("HEAD", "/{container}/{object}"): {200: OBJECT, 206: {**OBJECT, **RANGE}, 304: OBJECT},
    ("PUT", "/{container}/{object}"): {201: STORED},
    ("COPY", "/{container}/{object}"): {201: COPIED},
    ("DELETE", "/{container}/{object}"): {204: DELETED},
}

# `proxy.controllers.base`, `listing_formats`, the conditions of swob's responses.
NEWEST = _some("x-newest", schema=errors.BOOLEAN)
ACCEPT = _some("accept")
CONDITIONS = _some("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")

# Which headers `proxy.controllers.base.Controller.transfer_headers` passes on.
SET_ACCOUNT = {
    **_some("x-account-meta-*", "x-remove-account-*", "x-account-access-control"),
    **_some("x-account-quota-bytes", "x-account-quota-count", schema=NUMBER),
    **_some("x-account-quota-bytes-policy-*", "x-account-quota-count-policy-*"),
}
SET_CONTAINER = _some(
    "x-container-meta-*",
    "x-container-read",
    "x-container-sync-key",
    "x-container-sync-to",
    "x-container-write",
    "x-history-location",
    "x-remove-container-*",
    "x-remove-history-location",
    "x-remove-versions-location",
    "x-versions-enabled",
    "x-versions-location",
)
# `obj.server.ObjectController.allowed_headers`, `symlink`.
SET_OBJECT = {
    **_some("x-delete-after", "x-delete-at", schema=NUMBER),
    **_some(
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-type",
        "expires",
        "x-object-meta-*",
        "x-robots-tag",
    ),
}
FRESH = _some("x-fresh-metadata", schema=errors.BOOLEAN)

# The headers that a request may have, beyond those of every request.
REQUESTS = {
    ("GET", "/"): {**NEWEST, **ACCEPT},
    ("HEAD", "/"): {**NEWEST, **ACCEPT},
    ("POST", "/"): {**SET_ACCOUNT, **ACCEPT},
    ("GET", "/{container}"): {**NEWEST, **ACCEPT},
    ("HEAD", "/{container}"): {**NEWEST, **ACCEPT},
    ("PUT", "/{container}"): {**SET_CONTAINER, **_some("x-storage-policy")},
    ("POST", "/{container}"): SET_CONTAINER,
    ("GET", "/{container}/{object}"): {**NEWEST, **CONDITIONS, **_some("range")},
    ("HEAD", "/{container}/{object}"): {**NEWEST, **CONDITIONS, **_some("range")},
    ("PUT", "/{container}/{object}"): {
        **SET_OBJECT,
        **FRESH,
        **_some("content-length", schema=NUMBER),
        **_some("x-detect-content-type", schema=errors.BOOLEAN),
        **_some(
            "etag",
            "if-none-match",
            "transfer-encoding",
            "x-copy-from",
            "x-copy-from-account",
            "x-object-manifest",
            "x-symlink-target",
            "x-symlink-target-account",
            "x-symlink-target-bytes",
            "x-symlink-target-etag",
        ),
    },
    ("POST", "/{container}/{object}"): SET_OBJECT,
    ("DELETE", "/{container}/{object}"): ACCEPT,
    ("COPY", "/{container}/{object}"): {
        **SET_OBJECT,
        **FRESH,
        "destination": errors.header(TEXT, required=True),
        **_some("destination-account"),
    },
}
