"""What nova's operations are answered beside their bodies of success: errors and headers.

All of it is in `nova.api.openstack.wsgi` (nova 34.0.0) unless a place is named: `Fault` makes
the body of an error from its status, `Resource.__call__` and `_process_stack` refuse requests
before a handler sees them, and both add the headers of the microversion. Statuses that a
handler lets through come from its own decorators (`compute.errors`). `check` holds it against
what nova answers in this process (`compute_witness.py`).
"""

import re

import jsonschema

import edition
import errors
import facts

# The key of an error's body, by its status (`Fault._fault_names`); another one is a computeFault.
FAULTS = {
    400: ("BadRequest", "badRequest"),
    403: ("Forbidden", "forbidden"),
    404: ("NotFound", "itemNotFound"),
    406: ("NotAcceptable", "computeFault"),
    409: ("Conflict", "conflictingRequest"),
    415: ("UnsupportedMediaType", "badMediaType"),
    500: ("InternalServerError", "computeFault"),
    501: ("NotImplemented", "notImplemented"),
}
# nova's own 401, beside that of keystonemiddleware: `resize` where the image service refuses
# the token, and up to 2.30 tokens of consoles that are none of RDP.
OWN_UNAUTHORIZED = {
    ("POST", "/servers/{id}/action", "resize"): ("UnauthorizedToResize", None),
    ("GET", "/os-console-auth-tokens/{id}", None): ("UnauthorizedToConsole", "2.30"),
}

REQUEST_ID = {
    "type": "string",
    "pattern": "^req-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
}
VERSION = r"(2\.[0-9]+|latest)"
OF_VERSION = {
    "openstack-api-version": {"type": "string", "pattern": r"^compute 2\.[0-9]+$"},
    "x-openstack-nova-api-version": {"type": "string", "pattern": r"^2\.[0-9]+$"},
    "vary": {"type": "string", "pattern": "[Oo]pen[Ss]tack-([Nn]ova-)?[Aa][Pp][Ii]-[Vv]ersion"},
}
IDS = {"x-openstack-request-id": REQUEST_ID, "x-compute-request-id": REQUEST_ID}
UNREADABLE = "a version that cannot be read is answered without one (`InvalidAPIVersionString`)"
UNREAD = "keystonemiddleware answers before the version is read"

# The pipeline `oscomputeversion_v2` of `etc/nova/api-paste.ini` asks for no token.
WITHOUT_TOKEN = {"/"}

# Headers of answers by (method, path, action), as (status, last version, why it may be missing).
# `servers.ServersController._add_location`, `_create_image`, `create_backup`, `server_tags`,
# `volumes`.
LOCATIONS = {
    ("POST", "/servers", None): (202, None, "with return_reservation_id there is no server"),
    ("POST", "/servers/{id}/action", "rebuild"): (202, None, None),
    ("POST", "/servers/{id}/action", "createImage"): (202, "2.44", None),
    ("POST", "/servers/{id}/action", "createBackup"): (
        202,
        "2.44",
        "a backup with the rotation 0 makes no image",
    ),
    ("PUT", "/servers/{server_id}/tags/{id}", None): (201, None, None),
    ("POST", "/os-volumes", None): (200, None, None),
}

WITH_BODY = {"POST", "PUT"}


def messages():
    """Returns what the messages of all operations have in common."""
    found = errors.Messages()
    for code, (name, key) in FAULTS.items():
        headers = _without_version(UNREADABLE) if code == 400 else {}
        found.form(name, f"The fault {key} of nova.", _content(_fault(code, key)), headers)
    challenge = {
        **_without_version(UNREAD),
        "www-authenticate": errors.header({"type": "string", "pattern": '^Keystone uri="'}, True),
    }
    rejected = _content(errors.REJECTED)
    found.form(errors.UNAUTHORIZED, "keystonemiddleware refused.", rejected, challenge)
    for name, last in OWN_UNAUTHORIZED.values():
        own = _fault(401, "unauthorized")
        if last:
            own["x-openstack"] = {"max-ver": last}
        either = _content({"oneOf": [errors.REJECTED, own]})
        found.form(name, "keystonemiddleware or nova refused.", either, challenge)
    # `nova.api.compute_req_id`, `oslo_middleware.request_id`.
    found.every_answer(
        {
            name: errors.header(schema, required=True)
            for name, schema in {**IDS, **OF_VERSION}.items()
        }
    )
    # `Request.set_api_version_request`, `best_match_language`, `keystonemiddleware.auth_token`.
    found.every_request(
        {
            "accept-language": errors.header(),
            "openstack-api-version": errors.header(
                {"type": "string", "pattern": f"compute {VERSION}"}
            ),
            "x-auth-token": errors.header(),
            "x-openstack-nova-api-version": errors.header(
                {"type": "string", "pattern": f"^{VERSION}$"}
            ),
            "x-openstack-request-id": errors.header(REQUEST_ID),
            "x-service-token": errors.header(),
        }
    )
    return found


def describe(operation):
    """Adds the errors and headers of an operation; its policies are known by then."""
    # Any request may name a version that cannot be read, and the project of another.
    errors.add(operation, 400)
    if operation["method"] in WITH_BODY:
        # `Request.get_content_type`.
        errors.add(operation, 415)
    errors.base(operation, token=operation["path"] not in WITHOUT_TOKEN, versions=406)
    key = operation["method"], operation["path"], operation["action"]
    own, _ = OWN_UNAUTHORIZED.get(key, (errors.UNAUTHORIZED, None))
    for error in operation["errors"]:
        error["form"] = own if error["code"] == 401 else FAULTS[error["code"]][0]
    if key in LOCATIONS:
        code, last, why = LOCATIONS[key]
        described = errors.header(errors.URI, required=why is None, maximum=last, omitted=why)
        errors.answer_header(operation, "location", described, codes=[code])
    errors.described(operation, errors="in-tree", headers="in-tree")


def check(answers):
    """Fails with everything in the answers of a witness that is described otherwise."""
    wrong = []
    for found in answers:
        code, place = found["status"], f"{found['request']} {found['status']}"
        for name, schema in {**IDS, **OF_VERSION}.items():
            values = found["headers"].get(name, [])
            if not values and not (code == 400 and name in OF_VERSION):
                wrong.append(f"{place}: {name} is missing")
            wrong += [
                f"{place}: {name} is {value}"
                for value in values
                if not re.search(schema["pattern"], value)
            ]
        if code >= 400:
            schema = _fault(code, FAULTS[code][1])
            problems = jsonschema.Draft7Validator(schema).iter_errors(found["body"])
            wrong += [f"{place}: {problem.message}" for problem in problems]
    if wrong:
        edition.unfit("\n".join(["nova answers otherwise:", *wrong]))


def _without_version(why):
    """Returns the headers of the version for an error that may lack them."""
    return {name: errors.header(schema, omitted=why) for name, schema in OF_VERSION.items()}


def _content(schema):
    return {facts.JSON: schema}


def _fault(code, key):
    """Returns the schema of the body that `Fault` makes for a status."""
    message = {"code": {"type": "integer", "enum": [code]}, "message": {"type": "string"}}
    return _closed({key: _closed(message)})


def _closed(properties):
    return {
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": False,
    }
