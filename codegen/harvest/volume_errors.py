"""Says with which statuses cinder refuses an operation, and which headers its answers have.

Statuses come from four places: what the handler and the API below it raise (`raised.py`), what
upstream's own tests were answered (the recording), what the reference lists, and what follows
from the application around the handlers (`cinder.api.openstack.wsgi`).
"""

import ast

import webob.exc
from cinder import exception
from cinder.api.openstack import wsgi
from cinder.volume.flows.api import create_volume, manage_existing

import errors
import facts
import handlers
import raised

VERSION = "openstack-api-version"
REQUEST = "x-compute-request-id"

HEADERS = {
    VERSION: errors.header({"type": "string", "pattern": r"^volume 3\.[0-9]+$"}, required=True),
    "vary": errors.header(required=True),
}
REQUEST_ID = errors.header({"type": "string", "pattern": "^req-"}, required=True)

# The forms of faults, by status: the fault's key and what its body has besides
# (`Fault` in cinder.api.openstack.wsgi).
FORMS = {
    400: "BadRequest",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    409: "Conflict",
    413: "OverLimit",
    415: "UnsupportedMediaType",
    501: "NotImplemented",
    503: "ServiceUnavailable",
}
# What a handler answers itself, with a response and not a fault.
PRECONDITION = "PreconditionFailed"

# Operations that create a volume or manage one, with the tasks of the flow that does it; flows
# are engines and call nothing by name (`cinder.volume.flows.api`).
FLOWS = {
    ("POST", "/volumes"): create_volume,
    ("POST", "/backups/{id}/restore"): create_volume,
    ("POST", "/consistencygroups/create_from_src"): create_volume,
    ("POST", "/groups/action"): create_volume,
    ("POST", "/os-volume-manage"): manage_existing,
    ("POST", "/manageable_volumes"): manage_existing,
}

# Versions of a status that only some of an operation's versions have: ETags.
SINCE = {412: "3.15"}



class Refusals(raised.Reader):
    """Reads what handlers let through, and describes it."""

    # The API, and what lies right below it.
    PACKAGES = (
        "cinder.api",
        "cinder.backup.api",
        "cinder.group.api",
        "cinder.message.api",
        "cinder.quota",
        "cinder.transfer.api",
        "cinder.volume.api",
        "cinder.volume.flows.api",
        "cinder.volume.group_types",
        "cinder.volume.qos_specs",
        "cinder.volume.volume_types",
    )

    def __init__(self):
        """Follows calls into cinder's API and what lies right below it."""
        super().__init__(["cinder"], depth=5)

    def _is_of_service(self, function):
        return (function.__module__ or "").startswith(self.PACKAGES)

    def describe(self, operation, owner, ranged, seen, documented):
        """Adds statuses of failure and headers; `seen` are the recorded answers by status."""
        codes = {*self._raised(operation, owner, ranged), *(code for code in seen if code >= 400)}
        codes |= documented.statuses | {error["code"] for error in operation["errors"]}
        if operation["request"]["state"] == "described":
            codes.add(415)
        operation["errors"] = []
        # The reference also lists what a gateway or a defect may answer.
        for code in sorted(codes & {*FORMS, 412}):
            errors.add(operation, code, SINCE.get(code))
        errors.base(operation, versions=406)
        for error in operation["errors"]:
            if error["code"] != 401:
                error["form"] = PRECONDITION if error["code"] == 412 else FORMS[error["code"]]
        if 412 in codes:
            errors.request_header(operation, "if-match", errors.header(minimum=SINCE[412]))
        self._headers(operation, owner, ranged)
        errors.described(operation, errors="in-tree", headers="in-tree")

    def _raised(self, operation, owner, ranged):
        kinds = set()
        for _, _, function in ranged:
            kinds |= self._escaping(function, owner, self._depth)
        flow = FLOWS.get((operation["method"], operation["path"]))
        for kind in vars(flow).values() if flow else ():
            if isinstance(kind, type) and "execute" in vars(kind):
                kinds |= self.of(kind, "execute")
        return set(filter(None, map(status_of, kinds)))

    def _headers(self, operation, owner, ranged):
        for name, header in HEADERS.items():
            errors.answer_header(operation, name, header)
        answers = [a for _, _, function in ranged for a in handed_over(function, owner)]
        if answers and all(answers):
            errors.answer_header(operation, REQUEST, REQUEST_ID)
        if (operation["method"], operation["path"]) == ("GET", "/volumes/{volume_id}/metadata"):
            # From then on the handler makes the response itself.
            etag = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
            errors.answer_header(operation, "etag", errors.header(etag, True, minimum="3.15"))
            older = errors.header(REQUEST_ID["schema"], True, maximum="3.14")
            errors.answer_header(operation, REQUEST, older)


def messages():
    """Returns what all of cinder's messages have in common."""
    found = errors.Messages()
    found.rejection()
    for status, name in FORMS.items():
        headers = {**HEADERS, REQUEST: REQUEST_ID}
        if status == 413:
            headers["retry-after"] = errors.header(
                errors.INTEGER, omitted="only what exceeds a quota says when to try again"
            )
        found.form(name, f"A fault with the status {status}.", {facts.JSON: fault(status)}, headers)
    found.form(PRECONDITION, "An ETag of the request does not match.", headers=HEADERS)
    found.every_answer({"x-openstack-request-id": REQUEST_ID})
    version = {"type": "string", "pattern": r"(^|,) *volume ([0-9]+\.[0-9]+|latest) *(,|$)"}
    found.every_request({
        "x-auth-token": errors.header(),
        VERSION: errors.header(version),
        "x-openstack-request-id": errors.header({"type": "string", "pattern": "^req-"}),
    })
    return found


def fault(status):
    """Returns the schema of a fault's body."""
    key = wsgi.Fault._fault_names.get(status, "computeFault")  # noqa: SLF001
    properties = {"code": {"type": "integer", "enum": [status]}, "message": {"type": "string"}}
    if status == 413:
        properties["retryAfter"] = {"type": "string"}
    inner = {
        "type": "object",
        "required": ["code", "message"],
        "properties": properties,
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "required": [key],
        "properties": {key: inner},
        "additionalProperties": False,
    }


def status_of(kind):
    """Returns the status that the application makes of an exception; None if it is no refusal.

    `ResourceExceptionHandler` in cinder.api.openstack.wsgi, and `FaultWrapper` for the rest. A
    version that a handler is not for and arguments that it does not take are no refusals of it.
    """
    if issubclass(kind, (exception.VersionNotFoundForAPIMethod, TypeError)):
        return None
    if issubclass(kind, exception.NotAuthorized):
        return 403
    if not issubclass(kind, (exception.CinderException, webob.exc.HTTPException)):
        return None
    code = getattr(kind, "code", 500)
    return code if isinstance(code, int) and code in FORMS else None


def handed_over(function, owner, depth=2):
    """Yields, for each `return`, whether the application makes the response of what is given.

    Only such a response has the id of the request under its older name
    (`_set_request_id_header` in cinder.api.openstack.wsgi).
    """
    root = handlers.tree(function)
    nodes = handlers.own_nodes(root) if root else ()
    returns = [node.value for node in nodes if isinstance(node, ast.Return)]
    for value in returns or [None]:
        target = its = None
        if isinstance(value, ast.Call):
            target, its = handlers.callee(value, owner, function)
        if target is not None and depth:
            yield from handed_over(target, its, depth - 1)
        elif not refuses(value, function):
            yield not names_response(value, root)


def refuses(value, function):
    """Whether an expression is a response with a status of failure."""
    given = {k.arg: k.value for k in value.keywords} if isinstance(value, ast.Call) else {}
    status = given.get("status_int") and handlers.evaluate(given["status_int"], function)
    return isinstance(status, int) and status >= 400


def names_response(value, root):
    """Whether an expression is a response, or a variable that one is assigned to."""
    if isinstance(value, ast.Name):
        assigned = [
            node.value
            for node in handlers.own_nodes(root)
            if isinstance(node, ast.Assign)
            and value.id in [getattr(target, "id", "") for target in node.targets]
        ]
        made = [each for each in assigned if not isinstance(each, ast.Name)]
        return any(names_response(each, root) for each in made)
    return isinstance(value, ast.Call) and ast.unparse(value.func).endswith("webob.Response")
