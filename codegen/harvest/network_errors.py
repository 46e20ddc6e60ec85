"""Says how neutron's operations fail, and which headers its messages have.

A status of failure has one of these sources:

- the controllers: `neutron.api.v2.base.Controller`, and for what the core brings
  `neutron.pecan_wsgi`. They refuse a body or a parameter (400), a caller (403, but not where a
  resource is only read: it is hidden then), what is not there (404), an outdated revision (412)
  and what is above the quota (409);
- the source of the plugins (`network_statuses.py`);
- what the running service was seen to refuse (`network_probes.py`).

What a plugin may raise when something is only read is left out, except where it was seen: most of
it belongs to the checks of attributes, which a reader does not send. A 501 counts where the source
has it and some request to the path was seen to be answered so; a 500 is never a fact.
"""

import re

import errors
import facts

NOT_FOUND = "NotFound"
PAGE = "Page"
NOT_IMPLEMENTED = "NotImplemented"

# `neutron.api.api_common.get_exception_data`.
DATA = {
    "type": "object",
    "required": ["detail", "message", "type"],
    "properties": {name: errors.TEXT for name in ("detail", "message", "type")},
    "additionalProperties": False,
}


def _under(key):
    return {
        "type": "object",
        "required": [key],
        "properties": {key: DATA},
        "additionalProperties": False,
    }


# `webob.exc.WSGIHTTPException.generate_response`, which no hook translates.
WEBOB = {
    "type": "object",
    "required": ["code", "message", "title"],
    "properties": {name: errors.TEXT for name in ("code", "message", "title")},
    "additionalProperties": False,
}
# The forms that the witness has to see, by the name that they have here.
SEEN = {
    errors.ERROR: {"NeutronError(detail,message,type)"},
    NOT_FOUND: {"NeutronError(detail,message,type)", "detail message type"},
    PAGE: {"code message title", "text/html", "text/plain"},
    NOT_IMPLEMENTED: {"NotImplementedError(detail,message,type)"},
}

REVISION = {"type": "string", "pattern": "revision_number=[0-9]+"}
REQUEST_ID = {"type": "string", "pattern": "^req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
READS = ("index", "show")
# What a plugin may raise while something is only read.
OF_READS = {403, 409, 503}
IN_GENERAL = {400, 403, 404, 409, 412, 413, 503}


def messages():
    """Returns the forms of errors and the headers that all messages have."""
    found = errors.Messages()
    found.form(errors.ERROR, "An error of the service.", {facts.JSON: _under("NeutronError")})
    # What a policy hides when it is shown, has no envelope: the hook that answers comes after
    # the one that makes it (`neutron.pecan_wsgi.hooks.policy_enforcement.PolicyHook.after`).
    hidden = {"oneOf": [_under("NeutronError"), DATA]}
    found.form(NOT_FOUND, "There is no such resource, or it is hidden.", {facts.JSON: hidden})
    pages = {facts.JSON: WEBOB, "text/html": errors.TEXT, "text/plain": errors.TEXT}
    found.form(PAGE, "A page of the web framework, in the form that the client accepts.", pages)
    missing = {facts.JSON: _under("NotImplementedError")}
    found.form(NOT_IMPLEMENTED, "The plugin cannot do it.", missing)
    found.rejection()
    found.every_answer({"x-openstack-request-id": errors.header(REQUEST_ID, required=True)})
    found.every_request(
        {
            "accept-language": errors.header(),
            "x-auth-token": errors.header(),
            "x-openstack-request-id": errors.header(),
        }
    )
    return found


def describe(operation, route, service, response):
    """Adds the statuses of failure and the headers of an operation; call it last.

    `response` is the schema of the resource that the operation is about, if there is one.
    """
    generic = route["resource"] is not None
    handler, method = route["handler"], route["method"]
    reads = method == "GET" and (not generic or handler in READS)
    is_core = generic and route["controller"] is None
    codes = {401}
    if operation["policies"] and not (generic and handler in READS):
        codes.add(403)
    if "{" in route["path"]:
        codes.add(404)
    if method in ("POST", "PUT") or (generic and method == "DELETE"):
        codes.add(400)
    if handler == "create" and route["resource"] in service.quotas:
        codes.add(409)
    if generic and method in ("PUT", "DELETE") and _has(response, "revision_number"):
        codes.add(412)
        errors.request_header(operation, "if-match", errors.header(REVISION))
    raised = service.raised(method, route["path"])
    codes |= raised & (OF_READS if reads else IN_GENERAL)
    seen = service.refused(method, route["path"])
    codes |= seen & IN_GENERAL
    for code in sorted(codes):
        errors.add(operation, code, form=_form(code, is_core and handler == "show", route))
    if 501 in seen or (501 in raised and service.cannot(route["path"])):
        reason = "what the plugin of this cloud cannot do"
        errors.add(operation, 501, form=NOT_IMPLEMENTED, reason=reason)
    errors.described(operation, errors="in-tree", headers="in-tree")


def _form(code, is_shown_by_core, route):
    if code != 404:
        return None
    if route["path"] == "/extensions/{alias}":
        return PAGE
    return NOT_FOUND if is_shown_by_core else None


def _has(schema, name):
    return schema is not None and name in schema["properties"]


def check(service):
    """Returns what the witness saw of errors and what no form here describes."""
    known = set().union(*SEEN.values())
    found = []
    for status, forms in sorted(service.forms.items()):
        # The service's own failures are never facts.
        unknown = set(forms) - known if status != "500" else ()
        found += [f"{status}: {form} is no form of an error" for form in sorted(unknown)]
    return found


def spelled(method, path):
    """Returns a place without the names of its parameters."""
    return f"{method} {re.sub(r'{[^}]*}', '{}', path)}"
