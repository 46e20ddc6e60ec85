"""Reads glance's API out of its released package.

Routes, handlers and serializers come from the router, built with no database. Glance
describes itself: a request schema counts where the deserializer of the operation
validates with it, and the response of an operation is one of the sixteen schemas of
`/v2/schemas`. Which one cannot be read anywhere, since a serializer holds the schema
of its resource for every operation alike; the pairing stands in `image_bodies`.
The API has no microversions: what it offers depends on configuration.
"""

import ast
import functools
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

import agreement  # noqa: E402
import documented  # noqa: E402
import edition  # noqa: E402
import errors  # noqa: E402
import enforced  # noqa: E402
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


# `images.ImagesController.update` calls a method for each change of the patch: `_do_add` and so on.
CHANGES = ("_do_add", "_do_remove", "_do_replace")

# Headers that every answer has, or that HTTP gives a body.
COMMON = {"allow", "content-length", "content-type", "date", "x-openstack-request-id"}


def main():
    """Writes the facts and digests of the image service."""
    book = facts.Facts("image", ["glance"])
    book.messages(messages())
    service = Service(agreement.run("image_witness.py"))
    rules = list(policies.list_rules())
    book.policies(rules)
    documenting = documented.rules_by_operation(rules, strip=ROOT)
    reader = enforced.Reader(
        frozenset(rule.name for rule in rules), "glance.", methods=policy_methods()
    )
    described = bodies.completed(self_described())
    unpaired = set(bodies.PAIRS)
    for method, path, resource, name in routes():
        operation = _operation(method, path, resource, name, reader)
        unpaired.discard((method, path))
        _describe(operation, resource, name, described, book, service)
        for rule in documenting.get(documented.key(method, path), ()):
            operation["policies"].append({"rule": rule, "source": "documented"})
        operation["unenforced"] = not operation["policies"] and (
            (method, path) in UNENFORCED or path.startswith("/schemas/")
        )
        _fail(operation, resource, name, service)
        _head(operation, service)
        book.operation(operation)
    service.check()
    if unpaired:
        edition.unfit(f"image_bodies pairs operations that do not exist: {sorted(unpaired)}")
    book.write()


class Service(agreement.Agreement):
    """What the running service was seen to answer."""

    def __init__(self, found):
        """Takes what the witness printed: by method and path, shapes and what came with them."""
        super().__init__("glance 33.0.0")
        self._answers = found.get("answers", {})
        self.seen = found.get("seen", {})

    def strict(self, method, path, schema, like=()):
        """Returns the schema of an answer, as strict as both sources allow.

        `like` are the operations that answer with the same schema: what one of them does not
        show is in the form in which another one does.
        """
        seen = self._answers.get(f"{method} {path}")
        if not seen:
            return schema
        others = [self._answers[place] for place in like if place in self._answers]
        return self.inside(schema, _grafted(seen, _joined([seen, *others])), f"{method} {path}")

    def inside(self, schema, seen, place):
        """Also looks at the values of a map."""
        out = super().inside(schema, seen, place)
        values = schema.get("additionalProperties")
        others = set(seen.get("keys", ())) - set(schema.get("properties", ()))
        if isinstance(values, dict) and others:
            joined = _joined([seen["keys"][name] for name in sorted(others)])
            out["additionalProperties"] = self.inside(values, joined, f"{place}{{}}")
        return out


def _joined(shapes):
    """Returns the shape of the values of several shapes."""
    out = {"types": sorted({kind for one in shapes for kind in one["types"]})}
    objects = [one for one in shapes if "keys" in one]
    if objects:
        names = sorted({name for one in objects for name in one["keys"]})
        out["always"] = [name for name in names if all(name in one["always"] for one in objects)]
        out["keys"] = {
            name: _joined([one["keys"][name] for one in objects if name in one["keys"]])
            for name in names
        }
    items = [one["items"] for one in shapes if "items" in one]
    return {**out, "items": _joined(items)} if items else out


def _grafted(seen, whole):
    """Returns a shape with what only the whole knows, which is not in every answer then."""
    out = dict(seen)
    if "keys" in whole and "object" in seen["types"]:
        own = seen.get("keys", {})
        out["always"] = seen.get("always", [])
        out["keys"] = {
            name: _grafted(own[name], inner) if name in own else inner
            for name, inner in whole["keys"].items()
        }
    if "items" in whole and "array" in seen["types"]:
        out["items"] = _grafted(seen["items"], whole["items"]) if "items" in seen else whole["items"]
    return out


def messages():
    """Returns the forms of glance's errors, and the headers of its messages."""
    found = errors.Messages()
    found.form(errors.ERROR, "An error of glance, as WebOb writes it.", bodies.FAILURE)
    found.rejection()
    request_id = {"type": "string", "pattern": "^req-"}
    found.every_answer({"x-openstack-request-id": errors.header(request_id, required=True)})
    found.every_request({"x-auth-token": errors.header(), "x-openstack-request-id": errors.header()})
    return found


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
    for change in CHANGES if name == "update" and hasattr(controller, CHANGES[0]) else ():
        for check in reader.checks(getattr(type(controller), change), controller):
            if not any(p["rule"] == check.rule for p in operation["policies"]):
                operation["policies"].append(
                    {"rule": check.rule, "source": "code", "conditional": True}
                )
    # A download of an image without data raises what is no error: 204.
    succeeding = {code for code in raised(resource, name) if code < 400} | statuses(resource, name)
    operation["statuses"] = [_status(code) for code in sorted(succeeding)]
    operation["phantom"] = NEVER_ALLOWED.get((method, path))
    return operation


def raised(resource, name):
    """Returns the statuses of the exceptions that an operation's own code raises."""
    pending, found = [], set()
    for owner in (resource.controller, resource.deserializer, resource.serializer):
        if function := getattr(type(owner), name, None):
            pending.append((function, owner))
    if name == "update" and hasattr(resource.controller, CHANGES[0]):
        pending += [(getattr(type(resource.controller), c), resource.controller) for c in CHANGES]
    read = set()
    while pending:
        function, owner = pending.pop()
        if handlers.innermost(function) in read:
            continue
        read.add(handlers.innermost(function))
        found |= set(handlers.raised(function))
        root = handlers.tree(function)
        for node in handlers.own_nodes(root) if root else ():
            if isinstance(node, ast.Call):
                target, its = handlers.callee(node, owner, function)
                if target is not None and target.__module__.startswith(("glance.api", "glance.common.wsgi")):
                    pending.append((target, its or owner))
    return found


@functools.cache
def without_body():
    """Returns the paths of which a router refuses requests with a body (`body_reject`)."""
    mapper = __import__("routes").Mapper()
    router.API(mapper)
    refusing = [r.routepath for r in mapper.matchlist if "body_reject" in r.defaults]
    return {re.sub(r":(\w+)", r"{\1}", path) for path in refusing}


def _fail(operation, resource, name, service):
    """Adds the statuses of failure: those of the source, and what follows from the operation.

    Whatever the running service was seen to answer has to be among them.
    """
    succeeding = {status["code"] for status in operation["statuses"]}
    for code in sorted(raised(resource, name) - succeeding):
        if code < 500:
            errors.add(operation, code)
    # A query is checked by the deserializer, which is among the source.
    errors.base(operation, checked=False)
    if operation["request"]["state"] == "described" or operation["path"] in without_body():
        errors.add(operation, 400)
    for code in bodies.REFUSED.get((operation["method"], operation["path"]), ()):
        errors.add(operation, code)
    place = f"{operation['method']} {operation['path']}"
    seen = {int(code) for code in service.seen.get(place, {}) if "4" <= code < "5"}
    declared = {error["code"] for error in operation["errors"]}
    if (more := seen - declared) and not operation["phantom"]:
        service.disagreements.append(f"{place}: {sorted(more)} is in no source")


def _head(operation, service):
    """Describes the headers of requests and of responses of success, as they were seen."""
    place = (operation["method"], operation["path"])
    for status in operation["statuses"]:
        code = status["code"]
        seen = service.seen.get(" ".join(place), {}).get(str(code), {"headers": {}})
        for name, always in seen["headers"].items():
            if name not in COMMON:
                why = bodies.OMITTED.get(name)
                header = errors.header(None, always and not why, omitted=why)
                errors.answer_header(operation, name, header, [code])
    for name in bodies.REQUEST_HEADERS.get(place, ()):
        errors.request_header(operation, name, errors.header())
    errors.described(operation, headers="observed")


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


def _describe(operation, resource, name, described, book, service):
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
        operation["response"] = _answered(book, service, place, described[response], "in-tree")
    elif isinstance(response, bodies.Authored) and response.media_type == bodies.JSON:
        operation["response"] = _answered(book, service, place, response.schema, "authored")
    elif isinstance(response, bodies.Authored):
        operation["response"] = _section(book, response.media_type, response.schema, "authored")
    elif response is None:
        operation["response"]["state"] = "none"
    if place in bodies.QUERIES:
        operation["query"] = _section(book, bodies.JSON, bodies.QUERIES[place], "authored")
    elif _reads_query(resource, name):
        edition.unfit(f"image_bodies has no query of {place}, whose deserializer reads one")
    else:
        errors.no_query(operation)
    if place in bodies.PAGED:
        collection, field = bodies.PAGED[place]
        operation["paging"] = {"collection": collection, "field": field}


def _reads_query(resource, name):
    """Whether the source looks at the query: the deserializer's, or the handler's."""
    functions = (getattr(type(one), name, None) for one in (resource.deserializer, resource.controller))
    nodes = (n for f in functions if f for n in ast.walk(handlers.tree(f) or ast.Pass()))
    return any(isinstance(node, ast.Attribute) and node.attr in ("params", "GET") for node in nodes)


def _answered(book, service, place, schema, provenance):
    """Describes an answer, as strict as its schema and the running service agree."""
    paired = bodies.PAIRS[place][1]
    like = [" ".join(other) for other, pair in bodies.PAIRS.items() if pair[1] is paired]
    strict = service.strict(*place, facts.plain(schema), like)
    section = facts.body([book.entry(None, None, schema, strict=strict)], media_type=bodies.JSON)
    return {**section, "provenance": provenance}


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
