"""Says with which statuses placement refuses an operation, and which headers its answers have.

Statuses are those that the handlers let through (`raised.py`), those that upstream's own tests
were answered (the recording), and what follows from the middleware (`placement.deploy`). The
recording is of the whole application and says which answers have a header.
"""

import webob.exc
from placement import exception

import errors
import facts
import handlers
import raised

VERSION = "openstack-api-version"
VERSION_HEADER = errors.header(
    {"type": "string", "pattern": r"^placement 1\.[0-9]+$"}, required=True
)
REQUEST_ID = {"type": "string", "pattern": "^req-"}

# The headers of answers of success, with the version that brings them and the schema of the
# text: `placement.handlers` set them, the last two for caches.
HEADERS = {
    "location": (None, {"type": "string", "format": "uri"}),
    "cache-control": ("1.15", {"type": "string", "enum": ["no-cache"]}),
    "last-modified": ("1.15", {"type": "string", "format": "http-date"}),
}

# Why answers lack a header that others of the operation have.
OMITTED = "there is nothing that could have been modified"

# The status of an unsupported version, which is refused before the version is known.
UNSUPPORTED = "NotAcceptable"


class Refusals(raised.Reader):
    """Reads what handlers let through, and describes it."""

    def __init__(self):
        """Follows calls into placement, down to where the database is asked."""
        super().__init__(["placement"], depth=6)

    def describe(self, operation, ranged, recorded, token):
        """Adds statuses of failure and headers; `recorded` are the answers seen, by status."""
        found = operation["errors"]
        operation["errors"] = []
        for error in found:
            errors.add(operation, error["code"], error["min"], error["max"])
        known = {error["code"] for error in found}
        for low, high, function in ranged:
            kinds = self._escaping(handlers.innermost(function), None, self._depth)
            for code in sorted(set(filter(None, map(status_of, kinds))) - known):
                errors.add(operation, code, low, high)
        known = {error["code"] for error in operation["errors"]}
        # A version that the operation is not for, and a method of another version, are no
        # answers of it.
        for code in sorted(code for code in recorded if code >= 400 and code not in known):
            if any(self._serves(ranged, version) for version in recorded[code].answered):
                errors.add(operation, code)
        errors.base(operation, token=token, versions=406)
        for error in operation["errors"]:
            if error["code"] == 406:
                error["form"] = UNSUPPORTED
        self._headers(operation, recorded)
        errors.described(operation, errors="in-tree", headers="replayed")

    def _serves(self, ranged, version):
        key = facts.version_key(version)
        return any(
            facts.version_key(low) <= key and (high is None or key <= facts.version_key(high))
            for low, high, _ in ranged
        )

    def _headers(self, operation, recorded):
        errors.answer_header(operation, VERSION, VERSION_HEADER)
        errors.answer_header(operation, "vary", errors.header(required=True))
        for name, (minimum, schema) in HEADERS.items():
            codes = [c for c, seen in sorted(recorded.items()) if c < 400 and name in seen.headers]
            lacked = [
                code
                for code in codes
                if recorded[code].lacked.get(name, set()) & since(minimum, recorded[code])
            ]
            for some, header in (
                (set(codes) - set(lacked), errors.header(schema, True, minimum)),
                (lacked, errors.header(schema, minimum=minimum, omitted=OMITTED)),
            ):
                if some:
                    errors.answer_header(operation, name, header, sorted(some))


def messages():
    """Returns what all of placement's messages have in common."""
    found = errors.Messages()
    found.rejection()
    known = {VERSION: VERSION_HEADER}
    found.form(errors.ERROR, "An error of the service.", {facts.JSON: error()}, known)
    found.form(
        UNSUPPORTED,
        "The service does not have the version, or nothing that the client accepts.",
        {facts.JSON: error(unsupported=True)},
        {VERSION: errors.header(VERSION_HEADER["schema"], omitted="the version is not known")},
    )
    found.every_answer({"x-openstack-request-id": errors.header(REQUEST_ID, required=True)})
    version = {"type": "string", "pattern": r"(^|,) *placement ([0-9]+\.[0-9]+|latest) *(,|$)"}
    found.every_request({
        "x-auth-token": errors.header(),
        VERSION: errors.header(version),
        "x-openstack-request-id": errors.header(REQUEST_ID),
    })
    return found


def error(unsupported=False):
    """Returns the schema of an error's body (`json_error_formatter` in placement.util).

    Without a version that it supports, the service says which ones it has, and has no code.
    """
    properties = {
        "code": {"type": "string", "x-openstack": {"min-ver": "1.23"}},
        "detail": {"type": "string"},
        "request_id": REQUEST_ID,
        "status": {"type": "integer"},
        "title": {"type": "string"},
    }
    inner = {
        "type": "object",
        "required": ["detail", "request_id", "status", "title"],
        "properties": properties,
        "additionalProperties": False,
    }
    if unsupported:
        text = {"type": "string", "pattern": r"^1\.[0-9]+$"}
        inner["properties"] = {**properties, "max_version": text, "min_version": text}
    else:
        inner["x-openstack"] = {"required": [{"name": "code", "min-ver": "1.23"}]}
    return {
        "type": "object",
        "required": ["errors"],
        "properties": {"errors": {"type": "array", "minItems": 1, "items": inner}},
        "additionalProperties": False,
    }


def status_of(kind):
    """Returns the status of an exception (`PlacementHandler` in placement.handler)."""
    if issubclass(kind, exception.NotFound):
        return 404
    if issubclass(kind, exception.PolicyNotAuthorized):
        return 403
    code = getattr(kind, "code", None)
    refused = issubclass(kind, webob.exc.HTTPException) and isinstance(code, int)
    return code if refused and 400 <= code < 500 else None


def since(minimum, seen):
    """Returns the versions of answers that are not below one."""
    low = facts.version_key(minimum)
    return {version for version in seen.answered if facts.version_key(version) >= low}
