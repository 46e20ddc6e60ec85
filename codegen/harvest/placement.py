"""Reads placement's API out of its released package.

`placement.handler.ROUTE_DECLARATIONS` is data, and `microversion.VERSIONED_METHODS` knows
which function serves which versions. Which schema holds at a version is decided inside the
handlers, so every handler is asked: it is called once a version with an empty request, up
to the point where it checks that request against a schema, and no further. The schema and
the version are then certain, also where code puts a schema's name together. Nothing of the
database is reached: the objects that stand for it are replaced while a handler is asked.
"""

import ast
import contextlib
import inspect
import re
import sys
import uuid
from unittest import mock

# This file is called like the package it reads: the package has to be found first.
sys.path.append(sys.path.pop(0))

import microversion_parse  # noqa: E402, after the path is set right
import webob
from placement import handler as routes
from placement import microversion, policies, util

import answers
import documented
import edition
import enforced
import facts
import handlers
import placement_answers
import placement_errors
import placement_queries
import recording
import reference

# What an asked handler is given as body, to tell it from other documents it may check.
BODY = b'{"asked": true}'

PARAMETER = re.compile(r"\{(\w+)\}")

# Handlers that set a status by version (`handlers.resource_provider.create_resource_provider`
# answers with the provider, and then 200, from 1.20 on).
MADE = {("POST", "/resource_providers"): [(200, "1.20", None), (201, None, "1.19")]}

# Documented paths that name no route (openstack-placement 16.0.0, `placement.policies`).
CORRECTIONS = {}

ALIAS = "the root of the API without its slash"
ROOT = "/"


class Asked(BaseException):
    """Ends the call of an asked handler; no `except Exception` of the handler catches it."""


def main():
    """Writes the facts and digests of the placement service."""
    given = facts.arguments("placement")
    described = Described(
        recording.read(given.recording.read_text(encoding="utf-8")),
        reference.read(given.reference, maps=placement_answers.MAPS),
    )
    book = facts.Facts("placement", ["openstack-placement"])
    book.version_range(microversion.min_version_string(), microversion.max_version_string())
    titles = dict(facts.headings(facts.package_file("placement", "rest_api_version_history.rst")))
    book.versions((version, titles.get(version)) for version in microversion.VERSIONS)
    rules = list(policies.list_rules())
    book.policies(rules)
    rules_of = documented.rules_by_operation(rules, CORRECTIONS)
    reader = enforced.Reader(frozenset(rule.name for rule in rules), "placement.", verbs=("can",))
    refusals = placement_errors.Refusals()
    book.messages(placement_errors.messages())
    for path, methods in routes.ROUTE_DECLARATIONS.items():
        for method, served in methods.items():
            operation = describe(method, path, served, reader, book, described)
            if operation["alias"] is None:
                for rule in rules_of.pop(documented.key(method, path), ()):
                    operation["policies"].append({"rule": rule, "source": "documented"})
            operation["unenforced"] = path.strip("/") == "" and not operation["policies"]
            if not operation["policies"] and not operation["unenforced"]:
                edition.unfit(f"{method} {path} checks no policy rule: mark it if that is correct")
            # The root says which versions there are, and asks for no token (`placement.auth`).
            recorded = described.recorded(method, path)
            token = path.strip("/") != ""
            refusals.describe(operation, functions(served), recorded, token)
            book.operation(operation)
    if rules_of:
        edition.unfit(f"documented operations without a route: {sorted(rules_of.items())}")
    book.answers(described.account)
    book.write()


class Described:
    """Describes the answers of operations by what was recorded and documented."""

    def __init__(self, recorded, documented_answers):
        """Starts an account of descriptions."""
        self.account = answers.Answers()
        self._recorded, self._documented = recorded, documented_answers

    def recorded(self, method, path):
        """Returns the recorded answers of an operation, by status."""
        at = [method, path, "-"]
        return {status: seen for (*place, status), seen in self._recorded.items() if place == at}

    def entries(self, method, path, served, ranged, book):
        """Returns the schema entries of an operation's answers."""
        first = facts.version_key(ranged[0][0] or microversion.VERSIONS[0])
        versions = [v for v in microversion.VERSIONS if facts.version_key(v) >= first]
        recorded = self.recorded(method, path)
        seen = [found for status, found in recorded.items() if status < 400]
        found = self.account.describe(
            answers.Operation(
                place=(method, path, None),
                forms=placement_answers.forms(versions, method, path, served, request),
                seen=recording.merged(seen),
                documented=self._documented.get(
                    (method, reference.template(path), None), reference.Documented()
                ),
            )
        )
        return [book.entry(*span) for span in open_ended(found, ranged)]


def describe(method, path, served, reader, book, described):
    """Returns an operation, the facts of the functions for all its versions together."""
    ranged = functions(served)
    module = sys.modules[ranged[0][2].__module__]
    found = facts.operation(method, path, None, module, ranged[0][2].__name__)
    found["versions"] = [facts.version_range(low, high) for low, high, _ in ranged]
    found["alias"] = ALIAS if path == "" else None
    for low, high, function in ranged:
        for code in sorted(statuses(function)):
            found["statuses"].append({"code": code, **facts.version_range(low, high)})
    for code, low, high in MADE.get((method, path), ()):
        found["statuses"] = [s for s in found["statuses"] if s["code"] != code]
        found["statuses"].append({"code": code, **facts.version_range(low, high)})
    found["statuses"] = facts.joined(found["statuses"])
    asked = ask(method, path, served)
    was_asked(found, ranged, asked)
    spans = spans_of(asked["request"], ranged)
    found["request"] = facts.body([book.entry(*span) for span in spans])
    spans = placement_queries.spans(path, spans_of(asked["query"], ranged))
    entries = [book.entry(*span, strict=strict) for *span, strict in spans]
    found["query"] = facts.body(entries, state=None if entries else "none")
    if not found["request"]["entries"] and not any(checks_body(f) for _, _, f in ranged):
        found["request"] = facts.body(state="none")
    if not any(writes_body(f) for _, _, f in ranged):
        found["response"] = facts.body(state="none")
    elif path:
        entries = described.entries(method, path, served, ranged, book)
        found["response"] = facts.body(entries, provenance=facts.REPLAYED)
    found["errors"] = errors(ranged, served, asked)
    for rule, conditional in rules_of(ranged, reader).items():
        found["policies"].append({"rule": rule, "source": "code", "conditional": conditional})
    return found


def functions(served):
    """Returns (min, max, function) for each range of versions, ascending.

    Under the WSGI wrapper stand decorators, among them perhaps `version_handler`, which
    keeps no function but a name that all the functions are registered under.
    """
    for wrapper in wrappers(served):
        name = handlers.closure(wrapper).get("qualified_name")
        if name is None:
            continue
        newest = microversion.max_version_string()
        registered = sorted(microversion.VERSIONED_METHODS[name], key=lambda found: found[0])
        return [
            (str(low), None if str(high) == newest else str(high), handlers.innermost(function))
            for low, high, function in registered
        ]
    return [(None, None, handlers.innermost(served.func))]


def wrappers(served):
    """Returns the functions around a handler, from the WSGI wrapper inwards.

    `version_handler` does not say which function it wraps, so what it stands around is
    taken from its register.
    """
    found = handlers.decorators(served.func)
    name = handlers.closure(found[-1]).get("qualified_name")
    for _, _, function in microversion.VERSIONED_METHODS.get(name, ()):
        found += handlers.decorators(function)
    return found


def ask(method, path, served):
    """Returns the schemas that a handler checks, {version: schema} for body and query.

    A version that the handler does not serve, or at which it checks nothing, is absent.
    """
    found = {"request": {}, "query": {}}

    def take_body(body, schema):
        if body == BODY:
            found["request"][version] = schema
            raise Asked
        return {}

    def take_query(_, schema):
        found["query"][version] = schema
        raise Asked

    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(util, "extract_json", take_body))
        stack.enter_context(mock.patch.object(util, "validate_query_params", take_query))
        replace_objects(stack)
        for version in microversion.VERSIONS:
            with contextlib.suppress(Asked, Exception):
                request(method, path, version).get_response(served)
    return found


def was_asked(operation, ranged, asked):
    """Refuses to go on where a handler checks a request that it was not seen to check."""
    for low, high, function in ranged:
        first, last = facts.version_key(low), facts.version_key(high or microversion.VERSIONS[-1])
        served = {v for v in microversion.VERSIONS if first <= facts.version_key(v) <= last}
        for direction, checks in (("request", checks_body), ("query", checks_query)):
            if checks(function) and (missed := served - set(asked[direction])):
                place = f"{operation['method']} {operation['path']}"
                raise SystemExit(f"{place} did not check its {direction} at {missed}")


def replace_objects(stack):
    """Replaces what the handlers' modules know of the database, until the stack is left."""
    for name, module in list(sys.modules.items()):
        if not name.startswith("placement.handlers."):
            continue
        for word, value in list(vars(module).items()):
            if inspect.ismodule(value) and value.__name__.startswith("placement.objects."):
                stack.enter_context(mock.patch.object(module, word, mock.MagicMock()))


def request(method, path, version):
    """Makes a request as it reaches a handler, after the middleware."""
    made = webob.Request.blank(path or "/", method=method, accept="application/json")
    if method in ("POST", "PUT"):
        made.body, made.content_type = BODY, "application/json"
    parsed = microversion_parse.parse_version_string(version)
    parsed.max_version = microversion_parse.parse_version_string(microversion.max_version_string())
    parsed.min_version = microversion_parse.parse_version_string(microversion.min_version_string())
    made.environ[microversion.MICROVERSION_ENVIRON] = parsed
    made.environ["placement.context"] = mock.MagicMock()
    made.environ["wsgiorg.routing_args"] = ((), dict(map(path_item, PARAMETER.findall(path))))
    return made


def path_item(name):
    """Returns a value for a parameter of a path that no handler refuses."""
    return name, str(uuid.UUID(int=0)) if "uuid" in name else "CUSTOM_ASKED"


def spans_of(asked, ranged):
    """Returns (min, max, schema) for each run of versions at which one schema was checked."""
    spans = []
    previous = None
    for version in microversion.VERSIONS:
        schema = asked.get(version)
        if schema is not None:
            if spans and previous is not None and schema == spans[-1][2]:
                spans[-1][1] = version
            else:
                spans.append([version, version, schema])
        previous = schema
    return open_ended(spans, ranged)


def open_ended(spans, ranged):
    """Leaves the ends of spans open that are the ends of the service's versions."""
    first, last = microversion.min_version_string(), microversion.max_version_string()
    open_start = ranged[0][0] is None
    return [
        (None if low == first and open_start else low, None if high == last else high, schema)
        for low, high, schema in spans
    ]


def statuses(function):
    """Returns the statuses of success that the function, or what it hands over to, sets."""
    if codes := assigned_codes(function):
        return codes
    return set().union(*map(assigned_codes, helpers(function))) or {200}


def assigned_codes(function):
    """Returns the numbers that a function assigns to a status or passes on as one."""
    found = set()
    for node in handlers.own_nodes(handlers.tree(function)):
        if isinstance(node, ast.Assign):
            named = [getattr(t, "attr", getattr(t, "id", None)) for t in node.targets]
        elif isinstance(node, ast.keyword):
            named = [node.arg]
        else:
            continue
        if "status" in named and isinstance(node.value, ast.Constant):
            found.add(node.value.value)
    return {code for code in found if isinstance(code, int)}


def errors(ranged, served, asked):
    """Returns the statuses of refusal that stand in the source, or that a check implies."""
    common = set()
    for wrapper in wrappers(served):
        place = wrapper.__code__.co_qualname
        common |= {415} if place.startswith("require_content.") else set()
        common |= {406} if place.startswith("check_accept.") else set()
    common |= {400} if asked["request"] or asked["query"] else set()
    return facts.joined(
        {"code": code, **facts.version_range(low, high)}
        for low, high, function in ranged
        for code in common.union(*map(handlers.raised, [function, *helpers(function)]))
    )


def helpers(function):
    """Returns the functions of the handler's module that it calls."""
    found = []
    for node in handlers.own_nodes(handlers.tree(function)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            target = handlers.innermost(function).__globals__.get(node.func.id)
            if inspect.isfunction(target) and target.__module__ == function.__module__:
                found.append(target)
    return found


def checks_body(function):
    """Whether the function, or what it hands over to, checks the request's body."""
    return mentions(function, "req.body")


def checks_query(function):
    """Whether the function, or what it hands over to, checks the query."""
    return mentions(function, "util.validate_query_params")


def mentions(function, word):
    """Whether a dotted word stands in the function or in what it hands over to."""
    return any(
        isinstance(node, ast.Attribute) and ast.unparse(node) == word
        for each in [function, *helpers(function)]
        for node in handlers.own_nodes(handlers.tree(each))
    )


def writes_body(function):
    """Whether the function, or what it hands over to, sets a body of the response."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == "body" and isinstance(node.ctx, ast.Store)
        for each in [function, *helpers(function)]
        for node in handlers.own_nodes(handlers.tree(each))
    )


def rules_of(ranged, reader):
    """Returns the rules that the functions check, each with whether only some requests do."""
    found = {}
    for _, _, function in ranged:
        for check in reader.checks(function, None):
            found[check.rule] = found.get(check.rule, True) and check.conditional
    return found


if __name__ == "__main__":
    main()
