"""Reads glance's API out of its released package.

Routes, handlers and serializers come from the router, built with no database. Glance
describes itself: a request schema counts where the deserializer of the operation
validates with it, and the response of an operation is one of the sixteen schemas of
`/v2/schemas`. Which one cannot be read anywhere, since a serializer holds the schema
of its resource for every operation alike; the pairing stands in `image_bodies`.
The API has no microversions: what it offers depends on configuration.
"""

import ast
import inspect
import re
from unittest import mock

from glance.common import config, wsgi  # noqa: F401, registers the options

mock.patch("glance.db.get_api", return_value=mock.MagicMock()).start()

# The router must be imported before the configuration is read: it registers options
# of the command line.
from glance.api.v2 import policy as api_policy  # noqa: E402
from glance.api.v2 import router  # noqa: E402
from oslo_config import cfg  # noqa: E402

cfg.CONF([], project="glance", default_config_files=[])

from glance import policies  # noqa: E402

import documented  # noqa: E402
import edition  # noqa: E402
import facts  # noqa: E402
import handlers  # noqa: E402
import image_bodies as bodies  # noqa: E402

ROOT = "/v2"

# The handler answers 405 whatever the request
# (glance 33.0.0, `api.v2.tasks.TasksController.delete`).
NEVER_ALLOWED = {("DELETE", "/tasks/{task_id}"): "the handler always answers 405"}

# Handlers that check no rule: self-description and what the deployment supports
# (glance 33.0.0, `api.v2.schemas`, `api.v2.discovery`).
UNENFORCED = {
    ("GET", "/info/import"),
    ("GET", "/info/stores"),
    ("GET", "/info/usage"),
}


def main():
    """Writes the facts and digests of the image service."""
    book = facts.Facts("image", ["glance"])
    rules = list(policies.list_rules())
    book.policies(rules)
    documenting = documented.rules_by_operation(rules, strip=ROOT)
    reader = handlers.Reader(
        frozenset(rule.name for rule in rules), "glance.", methods=policy_methods()
    )
    described = self_described()
    unpaired = set(bodies.PAIRS)
    for method, path, resource, name in routes():
        operation = _operation(method, path, resource, name, reader)
        unpaired.discard((method, path))
        _describe(operation, resource, name, described, book)
        for rule in documenting.get(documented.key(method, path), ()):
            operation["policies"].append({"rule": rule, "source": "documented"})
        operation["unenforced"] = not operation["policies"] and (
            (method, path) in UNENFORCED or path.startswith("/schemas/")
        )
        book.operation(operation)
    if unpaired:
        edition.unfit(f"image_bodies pairs operations that do not exist: {sorted(unpaired)}")
    book.write()


def routes():
    """Yields (method, path below /v2, resource, handler's name) in matching order."""
    mapper = wsgi.APIMapper() if hasattr(wsgi, "APIMapper") else __import__("routes").Mapper()
    router.API(mapper)
    taken = set()
    for route in mapper.matchlist:
        resource, name = route.defaults.get("controller"), route.defaults.get("action")
        # A `reject` route only answers 405 for the methods a path does not have.
        if not isinstance(resource, wsgi.Resource) or name == "reject":
            continue
        if not hasattr(type(resource.controller), name):
            continue
        path = re.sub(r":(\w+)", r"{\1}", route.routepath)
        for method in (route.conditions or {}).get("method", ["GET"]):
            if (method, path) not in taken:
                taken.add((method, path))
                yield method, path, resource, name


def self_described():
    """Returns the sixteen schemas of `/v2/schemas`, by the name of the controller's attribute."""
    for route in _schema_routes():
        controller = route.defaults["controller"].controller
        names = [name for name in vars(controller) if name.endswith("_schema")]
        return {n.removesuffix("_schema"): plain(getattr(controller, n).raw()) for n in names}
    raise SystemExit("glance no longer has /schemas routes")


def _schema_routes():
    mapper = __import__("routes").Mapper()
    router.API(mapper)
    return [r for r in mapper.matchlist if r.routepath.startswith("/schemas/image")]


def policy_methods():
    """Returns the rules that each method of a policy class enforces (`glance.api.v2.policy`)."""
    found = {}
    for _, cls in inspect.getmembers(api_policy, inspect.isclass):
        for name, method in vars(cls).items():
            root = handlers.tree(method) if inspect.isfunction(method) else None
            for call in handlers.own_nodes(root) if root and not name.startswith("_") else ():
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "self._enforce":
                    rule = handlers.evaluate(call.args[0], method)
                    if isinstance(rule, str):
                        found.setdefault(name, []).append(rule)
    return found


def _operation(method, path, resource, name, reader):
    """Describes one operation without its bodies."""
    controller = resource.controller
    handler = getattr(type(controller), name)
    operation = facts.operation(method, path, None, type(controller), name)
    deserialize = getattr(type(resource.deserializer), name, None)
    sources = [(handler, controller)]
    if deserialize:
        sources.append((deserialize, resource.deserializer))
    for function, owner in sources:
        for check in reader.checks(function, owner):
            if not any(p["rule"] == check.rule for p in operation["policies"]):
                operation["policies"].append(
                    {"rule": check.rule, "source": "code", "conditional": check.conditional}
                )
    serialize = getattr(type(resource.serializer), name, None)
    raising = [function for function, _ in sources] + ([serialize] if serialize else [])
    raised = {code for function in raising for code in handlers.raised(function)}
    # A download of an image without data raises what is no error: 204.
    succeeding = {code for code in raised if code < 400} | statuses(resource, name)
    operation["statuses"] = [_status(code) for code in sorted(succeeding)]
    operation["errors"] = [_status(code) for code in sorted(raised - succeeding)]
    operation["phantom"] = NEVER_ALLOWED.get((method, path))
    return operation


def statuses(resource, name):
    """Returns the statuses of success, which the serializer sets or the handler returns."""
    serialize = getattr(type(resource.serializer), name, None)
    if serialize is None:
        handler = getattr(type(resource.controller), name)
        found = handlers.outcomes(handler, resource.controller)
        return {outcome.status or 200 for outcome in found}
    root = handlers.tree(serialize)
    found, always = set(), False
    unconditional = {id(s) for s in root.body} | {id(getattr(s, "value", s)) for s in root.body}
    for node in ast.walk(root):
        for value in _given_statuses(node):
            code = handlers.evaluate(value, serialize)
            if isinstance(code, int) and 200 <= code < 400:
                found.add(int(code))
                always = always or id(node) in unconditional
    return found if always else found | {200}


def _status(code):
    return {"code": code, **facts.version_range()}


def _given_statuses(node):
    """Returns the expressions that may be a status: set on the response, or passed on."""
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "response.status_int":
        return [node.value]
    return node.args if isinstance(node, ast.Call) and "render" in ast.unparse(node.func) else []


def _describe(operation, resource, name, described, book):
    """Fills in request, query and response."""
    place = (operation["method"], operation["path"])
    validated = _validated(resource.deserializer, name)
    request, response = bodies.PAIRS[place]
    if request is bodies.VALIDATED and validated is not None:
        operation["request"] = _section(book, "application/json", plain(validated), "in-tree")
    elif isinstance(request, bodies.Authored):
        operation["request"] = _section(book, request.media_type, request.schema, "authored")
    elif request is None:
        operation["request"]["state"] = "none"
    else:
        raise SystemExit(f"image_bodies lists {place} as validated, but its deserializer has no schema")
    if isinstance(response, str):
        operation["response"] = _section(book, "application/json", described[response], "in-tree")
    elif isinstance(response, bodies.Authored):
        operation["response"] = _section(book, response.media_type, response.schema, "authored")
    elif response is None:
        operation["response"]["state"] = "none"
    if place in bodies.QUERIES:
        operation["query"] = _section(book, bodies.JSON, bodies.QUERIES[place], "authored")
        collection, field = bodies.PAGED[place]
        operation["paging"] = {"collection": collection, "field": field}


def _validated(deserializer, name):
    """Returns the schema with which the deserializer validates the body, or None."""
    function = getattr(type(deserializer), name, None)
    root = handlers.tree(function) if function else None
    for node in handlers.own_nodes(root) if root else ():
        if not isinstance(node, ast.Call):
            continue
        validator = re.fullmatch(r"self\.(\w+)\.validate", ast.unparse(node.func))
        if validator:
            schema = getattr(deserializer, validator[1]).raw()
            # `add_location` wraps the body before it validates.
            return schema["properties"]["add_location"] if name == "add_location" else schema
    return None


def _section(book, media_type, schema, provenance):
    section = facts.body([book.entry(None, None, schema)], media_type=media_type)
    return {**section, "provenance": provenance}


def plain(schema, definitions=None):
    """Returns a schema without what is glance's own: hyper-schema and local definitions.

    `name`, `links` and `is_base` are no keywords of JSON Schema, descriptions are
    upstream's prose, and `#/definitions/…` only resolves in a document of its own, so
    each reference is replaced by what it names (`glance.schema.Schema.raw`). What has
    properties is an object, which glance leaves out.
    """
    if isinstance(schema, (list, tuple)):
        return [plain(entry, definitions) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    definitions = schema.get("definitions") or definitions
    if "$ref" in schema:
        return plain(definitions[schema["$ref"].removeprefix("#/definitions/")], definitions)
    dropped = ("name", "links", "is_base", "description", "definitions")
    out = {key: value for key, value in schema.items() if key not in dropped}
    for key in ("properties", "patternProperties"):
        if key in out:
            out[key] = {name: plain(value, definitions) for name, value in out[key].items()}
            out.setdefault("type", "object")
    for key in ("items", "additionalProperties", "not", "oneOf", "anyOf", "allOf"):
        if key in out:
            out[key] = plain(out[key], definitions)
    return out


if __name__ == "__main__":
    main()
