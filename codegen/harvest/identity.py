"""Reads keystone's API out of its released package.

The Flask application is built as keystone builds it, with no configuration file, and
asked for its routes; the database is never opened. Schemas are attributes that the
decorators of `keystone.api.validation` leave on the handlers. Three states are told
apart: no attribute (upstream does not say), None (upstream says that there is no schema,
so no body) and a schema.

A HEAD for every GET is what Flask adds by itself: the same handler answers, and the same
rule is checked. It is no operation of its own here.
"""

import ast
import inspect
import re

import keystone.conf

keystone.conf.configure()
keystone.conf.CONF([], project="keystone", default_config_files=[])

from keystone.common import policies, sql  # noqa: E402, the options must be registered first

sql.initialize()

from keystone.server.flask import application  # noqa: E402, needs what `initialize` sets up

import agreement
import documented
import edition
import enforced
import errors
import facts
import handlers
import identity_bodies as bodies
import identity_errors
import identity_queries

VERSION_PATH = "/v3"
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")

# The upstream attribute that holds the schema of each direction (`keystone.api.validation`).
SCHEMAS = {
    "request": "_request_body_schema",
    "query": "_request_query_schema",
    "response": "_response_body_schema",
}

# How handlers get at a request's body (`keystone.server.flask.common.ResourceBase`).
READS_BODY = {"request_body_json", "get_json", "get_data", "data", "form"}

# Documented paths that name no route (keystone 30.0.0, `keystone.common.policies`).
_COMPLIANCE = "identity:get_security_compliance_domain_config"
_CONFIG = "/v3/domains/{domain_id}/config"
CORRECTIONS = {
    # One group of the domain's configuration, not a resource of its own.
    (_COMPLIANCE, "GET", f"{_CONFIG}/security_compliance"): [("GET", f"{_CONFIG}/{{group}}")],
    (_COMPLIANCE, "GET", f"{_CONFIG}/security_compliance/{{option}}"): [
        ("GET", f"{_CONFIG}/{{group}}/{{option}}")
    ],
}

# `auth.AuthProjectsResource` and `auth.AuthDomainsResource` have an alternate address.
ALTERNATES = {"/OS-FEDERATION/projects", "/OS-FEDERATION/domains"}
ALIAS = "an alternate address of an operation of /auth (`ResourceMap.alternate_urls`)"

# The body of an error; `identity` is that of a plugin for authentication.
def _failure(**more):
    about = {"code": {"type": "integer"}, "title": {"type": "string"}, "message": {"type": "string"}}
    about = {
        "type": "object",
        "properties": {**about, **more},
        "required": sorted(about),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"error": about},
        "required": ["error"],
        "additionalProperties": False,
    }


FAILURE = _failure()
REJECTED = _failure(identity={"type": "object", "properties": {"methods": {"type": "array"}}})
CHALLENGE = {"type": "string", "pattern": '^Keystone uri="'}
REQUEST_ID = {"type": "string", "pattern": "^req-[0-9a-f-]{36}$"}
RECEIPT = "an answer with a receipt has none (`receipt.handlers.build_receipt`)"

# Headers that every answer has, or that HTTP gives a body.
COMMON = {"allow", "content-length", "content-type", "vary", "x-openstack-request-id"}

GONE = "the handler answers 410 to every request"
REFUSES = "the handler refuses every request, and is there to do so"


def main():
    """Writes the facts and digests of the identity service."""
    book = facts.Facts("identity", ["keystone"])
    rules = list(policies.list_rules())
    book.policies(rules)
    book.messages(messages())
    told = documented.rules_by_operation(rules, CORRECTIONS, strip=VERSION_PATH)
    service = Service(agreement.run("identity_witness.py"))
    reader = enforced.Reader(frozenset(rule.name for rule in rules), "keystone.api.")
    found = list(operations(application.application_factory()))
    for method, rule, view in found:
        operation = describe(method, rule, view, book, service)
        siblings = {
            documented.key(method, path_of(other))
            for other_method, other, other_view in found
            if (other_method, other_view) == (method, view) and other is not rule
        }
        operation["policies"] = rules_of(operation, view, reader, told, siblings)
        failures(operation, view, service)
        headers(operation, service)
        book.operation(operation)
    places = {documented.key(method, path_of(rule)) for method, rule, _ in found}
    # A documented HEAD is the GET's: it is checked with it.
    left = [place for place in told if place not in places and place[0] != "HEAD"]
    if left:
        edition.unfit(f"documented operations without a route: {sorted(left)}")
    rows = {*bodies.RESPONSES, *bodies.REQUESTS, *bodies.CORRECTED}
    if unused := rows - {(method, path_of(rule)) for method, rule, _ in found}:
        edition.unfit(f"identity_bodies describes operations that do not exist: {sorted(unused)}")
    service.check()
    book.write()


class Service(agreement.Agreement):
    """What the running service was seen to answer."""

    def __init__(self, found):
        """Takes what the witness printed: by method and path, shapes and what came with them."""
        super().__init__("keystone 30.0.0")
        self._answers = _by_key(found.get("answers", {}))
        self.seen = _by_key(found.get("seen", {}))

    def strict(self, method, path, schema):
        """Returns the schema of an answer, as strict as both sources allow."""
        seen = self._answers.get(documented.key(method, path))
        return self.inside(schema, seen, f"{method} {path}") if seen else schema


def _by_key(found):
    return {documented.key(*place.split(" ", 1)): value for place, value in found.items()}


def operations(app):
    """Yields (method, rule of the route, class that handles it)."""
    for rule in app.url_map.iter_rules():
        view = getattr(app.view_functions[rule.endpoint], "view_class", None)
        # What is no class are the version documents and Flask's own static folder.
        for method in METHODS if view else ():
            if method in rule.methods and hasattr(view, method.lower()):
                yield method, rule, view


def path_of(rule):
    """Returns a route's path below the version: `/v3/users/<string:user_id>`."""
    return re.sub(r"<(?:[^:>]*:)?([^>]+)>", r"{\1}", str(rule)).removeprefix(VERSION_PATH)


def describe(method, rule, view, book, service):
    """Returns an operation with everything but its policies."""
    handler = getattr(view, method.lower())
    codes = statuses(handler, object.__new__(view))
    found = facts.operation(method, path_of(rule), None, view, method.lower())
    place = (method, found["path"])
    for direction, attribute in SCHEMAS.items():
        found[direction] = body(handler, attribute, book)
    declared = bodies.CORRECTED.get(place) or getattr(handler, SCHEMAS["response"], None)
    if declared is not None:
        strict = service.strict(*place, facts.plain(declared))
        found["response"] = facts.body([book.entry(None, None, declared, strict=strict)])
    elif place in bodies.RESPONSES:
        found["response"] = authored(bodies.RESPONSES[place], book, service, place)
    # A handler that does not look at its body only ties what the path names.
    if place in bodies.REQUESTS:
        found["request"] = authored(bodies.REQUESTS[place], book)
    elif found["request"]["state"] == "unknown" or method == "GET":
        found["request"] = facts.body(
            state="unknown" if reads_body(handler, object.__new__(view)) else "none"
        )
    if found["query"]["state"] != "described":
        found["query"] = query(handler, view, book)
    if found["response"]["state"] == "unknown" and codes == {204}:
        found["response"] = facts.body(state="none")
    refused = handlers.raised(handler)
    found["statuses"] = [{"code": code, **facts.version_range()} for code in sorted(codes)]
    found["phantom"] = unreachable(handler, rule)
    if not found["phantom"] and not returns(handler):
        found["removed" if 410 in refused else "phantom"] = GONE if 410 in refused else REFUSES
    found["alias"] = ALIAS if found["path"] in ALTERNATES else None
    found["unenforced"] = is_unenforced(handler)
    found["paging"] = paging(handler, view) if method == "GET" else None
    return found


def authored(row, book, service=None, place=()):
    """Describes a body by its row in `identity_bodies`."""
    if row is None:
        return facts.body(state="none")
    text = row if isinstance(row, bodies.Text) else bodies.Text(facts.JSON, row)
    schema = facts.plain(text.schema)
    strict = service.strict(*place, schema) if service else None
    entry = book.entry(None, None, schema, strict=strict)
    return facts.body([entry], media_type=text.media_type, provenance="authored")


def query(handler, view, book):
    """Describes a query by what the handler looks at."""
    names = identity_queries.read(handler, object.__new__(view))
    if not names:
        return facts.body(state="none")
    return facts.body([book.entry(None, None, identity_queries.schema(names))])


def rules_of(operation, view, reader, told, siblings):
    """Returns the rules that the handler checks, then those documented for the operation.

    One handler may serve a list and an item, and check the rule of the one it was called
    for; what is documented for a sibling alone is not this operation's.
    """
    here = told.get(documented.key(operation["method"], operation["path"]), [])
    elsewhere = {name for sibling in siblings for name in told.get(sibling, ())} - {*here}
    checks = reader.checks(getattr(view, operation["handler"]), object.__new__(view))
    return [
        {"rule": check.rule, "source": "code", "conditional": check.conditional}
        for check in checks
        if check.rule not in elsewhere
    ] + [{"rule": name, "source": "documented"} for name in here]


def body(handler, attribute, book):
    """Describes a direction by what the outermost of its decorators says."""
    if not hasattr(handler, attribute):
        return facts.body()
    schema = getattr(handler, attribute)
    if schema is None:
        return facts.body(state="none")
    return facts.body([book.entry(None, None, schema)])


def statuses(handler, owner, depth=2):
    """Returns the statuses of success that stand in the source.

    Flask takes `body`, `(body, status)` and what `make_response(body, status)` made. What
    another method of the handler's class returns in its place is followed.
    """
    nodes = list(handlers.own_nodes(handlers.tree(handler)))
    made = {_status(node.args, handler) for node in nodes if _makes_response(node)}
    found = set()
    for node in nodes:
        if not isinstance(node, ast.Return):
            continue
        if isinstance(node.value, ast.Tuple):
            found.add(_status(node.value.elts, handler))
            continue
        target = None
        if isinstance(node.value, ast.Call) and depth:
            target, _ = handlers.callee(node.value, owner, handler)
        if target and target.__module__.startswith("keystone.api."):
            found |= statuses(target, owner, depth - 1)
        else:
            found |= made or {200}
    return found - {None}


def returns(handler):
    """Whether the handler ever answers, rather than raising an error every time."""
    return any(
        isinstance(node, ast.Return) for node in handlers.own_nodes(handlers.tree(handler))
    )


def messages():
    """Returns the forms of keystone's errors, and the headers of its messages.

    `keystone.server.flask.application._handle_keystone_exception`, `keystone.receipt.handlers`,
    `keystone.oauth2.handlers` and the middleware around them.
    """
    found = errors.Messages()
    challenge = {"www-authenticate": errors.header(CHALLENGE, required=True)}
    json = facts.JSON
    found.form(errors.ERROR, "An error of keystone.", {json: FAILURE})
    found.form(errors.UNAUTHORIZED, "Keystone refused the token.", {json: REJECTED}, challenge)
    receipt = {
        "www-authenticate": errors.header(CHALLENGE, omitted=RECEIPT),
        "openstack-auth-receipt": errors.header(omitted="only where a receipt is issued"),
    }
    either = {"oneOf": [REJECTED, bodies.RECEIPT]}
    found.form("NotAuthenticated", "Keystone refused to issue a token.", {json: either}, receipt)
    found.form("OAuth2", "An error of OAuth 2.0 (RFC 6749).", {json: bodies.OAUTH2_ERROR})
    client = "The client was not authenticated (RFC 6749)."
    found.form("OAuth2Client", client, {json: bodies.OAUTH2_ERROR}, challenge)
    found.every_answer(
        {
            "vary": errors.header({"type": "string", "enum": ["X-Auth-Token"]}, required=True),
            "x-openstack-request-id": errors.header(REQUEST_ID, required=True),
        }
    )
    found.every_request({"x-auth-token": errors.header(), "x-openstack-request-id": errors.header()})
    return found


def failures(operation, view, service):
    """Adds the statuses of failure: those of the source, and what follows from the operation.

    Whatever the running service was seen to answer has to be among them.
    """
    place = (operation["method"], operation["path"])
    if place in bodies.OAUTH2:
        errors.add(operation, 400, form="OAuth2")
        errors.add(operation, 401, form="OAuth2Client")
        errors.described(operation, errors="in-tree")
    else:
        issues = {"form": "NotAuthenticated"} if place in bodies.ISSUES_TOKENS else {}
        for code in identity_errors.statuses(getattr(view, operation["handler"]), view):
            errors.add(operation, code, **(issues if code == 401 else {}))
        errors.base(operation, token=not operation["unenforced"])
        if operation["request"]["state"] == "described":
            errors.add(operation, 400)
    declared = {error["code"] for error in operation["errors"]}
    seen = {int(code) for code in service.seen.get(documented.key(*place), {}) if "4" <= code < "5"}
    if (more := seen - declared) and not operation["phantom"] and not operation["removed"]:
        service.disagreements.append(f"{' '.join(place)}: {sorted(more)} is in no source")


def headers(operation, service):
    """Describes the headers of requests and of responses of success, as they were seen."""
    place = (operation["method"], operation["path"])
    for status in operation["statuses"]:
        code = status["code"]
        seen = service.seen.get(documented.key(*place), {}).get(str(code), {"headers": {}})
        for name, always in seen["headers"].items():
            if name not in COMMON:
                kind = errors.URI if name == "location" else errors.TEXT
                errors.answer_header(operation, name, errors.header(kind, always), [code])
    for name, required in bodies.REQUEST_HEADERS.get(place, {}).items():
        errors.request_header(operation, name, errors.header(required=required))
    errors.described(operation, headers="observed")


def reads_body(handler, owner, depth=2):
    """Whether the source looks at the body: the handler's, or that of a method it calls."""
    for node in handlers.own_nodes(handlers.tree(handler)):
        if isinstance(node, ast.Attribute) and node.attr in READS_BODY:
            return True
        target = None
        if isinstance(node, ast.Call) and depth:
            target, _ = handlers.callee(node, owner, handler)
        if target and target.__module__.startswith("keystone.api."):
            if reads_body(target, owner, depth - 1):
                return True
    return False


def unreachable(handler, rule):
    """Says why no request can reach the handler on this route, or gives None.

    Flask registers one class under the address of the list and of the item, with every
    method of the class on both; a method that does not take what the address gives, or
    demands more, answers 500.
    """
    parameters = list(inspect.signature(handlers.innermost(handler)).parameters.values())[1:]
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    needed = {p.name for p in parameters if p.default is p.empty}
    if missing := needed - rule.arguments:
        return f"the handler demands {', '.join(sorted(missing))}"
    if surplus := rule.arguments - {p.name for p in parameters}:
        return f"the handler does not take {', '.join(sorted(surplus))}"
    return None


def is_unenforced(handler):
    """Whether keystone's own mark lets the handler go without a check of policy."""
    return any(
        wrapper.__code__.co_qualname.startswith("unenforced_api.")
        for wrapper in handlers.decorators(handler)
    )


def paging(handler, view):
    """Returns which list has pages: its query then takes a marker."""
    query = getattr(handler, SCHEMAS["query"], None) or {}
    if "marker" not in query.get("properties", {}):
        return None
    # `ResourceBase.wrap_collection` marks the next page by the id of the last item.
    return {"collection": view.collection_key, "field": "id"}


def _makes_response(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("make_response")


def _status(values, handler):
    """Returns the second of the values, a status, or None where the source does not say it."""
    code = handlers.evaluate(values[1], handler) if len(values) > 1 else 200
    return int(code) if isinstance(code, int) else None


if __name__ == "__main__":
    main()
