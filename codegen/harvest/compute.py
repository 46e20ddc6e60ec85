"""Reads nova's API out of its released package.

`nova.api.openstack.compute.routes.ROUTE_LIST` is data: each route names the classes
that handle it. Everything else stands on the handlers as decorators left it: schemas
and statuses as attributes, the range of versions too, errors in closures. Nothing is
instantiated, so no configuration, database or message bus is needed.
"""

import ast
import inspect

from nova import policies
from nova.api.openstack import api_version_request
from nova.api.openstack.compute import routes
from nova.api.openstack.compute.schemas import servers

import agreement
import compute_leaves
import compute_messages
import documented
import edition
import enforced
import facts
import handlers
import leaves

# The upstream attribute that holds the schemas of each direction (`nova.api.validation`).
SCHEMAS = {
    "request": "request_body_schemas",
    "query": "request_query_schemas",
    "response": "response_body_schemas",
}

# Only these methods carry a body (`nova.api.openstack.wsgi._METHODS_WITH_BODY`).
WITH_BODY = {"POST", "PUT"}

# What the marker of the next page is taken from, by the name of the list of links
# (`_get_collection_links` in `nova.api.openstack.compute.views`), as the field is called
# in what the client is shown.
PAGED = {
    "flavors_links": "id",
    "hypervisors_links": "id",
    "images_links": "id",
    "keypairs_links": "/keypair/name",
    "links": "request_id",
    "migrations_links": "uuid",
    "servers_links": "id",
}
# The only list whose links have no name of their own (`views.instance_actions`).
UNNAMED = {"/servers/{server_id}/os-instance-actions": "instanceActions"}
# Usages have pages of instances, which no field of the listed tenants marks
# (`views.usages`): the links to the next page are all a client can follow.
UNMARKED = {"tenant_usage_links", "tenant_usages_links"}

# Statuses that handlers make themselves, in place of a declared one, as (code, min, max).
MADE = {
    # floating_ips.FloatingIPActionController.
    ("/servers/{id}/action", "addFloatingIp"): [(202, None, None)],
    ("/servers/{id}/action", "removeFloatingIp"): [(202, None, None)],
    # server_external_events.ServerExternalEventsController.create: 207 where an event fails.
    ("/os-server-external-events", None): [(200, None, None), (207, None, None)],
    # server_tags.ServerTagsController.update: 204 where the tag is there already.
    ("/servers/{server_id}/tags/{id}", None): [(201, None, None), (204, None, None)],
    # volume_attachments.VolumeAttachmentController.create.
    ("/servers/{server_id}/os-volume_attachments", None): [
        (200, None, "2.100"),
        (202, "2.101", None),
    ],
}

# Handlers that check no rule: they hand over to the image and bare metal services, which
# check their own, or show what everybody with a token may see.
UNENFORCED = {
    "/",
    "/flavors",
    "/images",
    "/images/detail",
    "/images/{id}",
    "/images/{image_id}/metadata",
    "/images/{image_id}/metadata/{id}",
    "/os-baremetal-nodes",
    "/os-baremetal-nodes/{id}",
    "/os-baremetal-nodes/{id}/action",
    "/versions/{id}",
}

# `servers.ServersController._get_servers` serves two operations, and checks the rule of
# the one it was called for.
RULE_OF_THE_OTHER = {
    "index": "os_compute_api:servers:detail:get_all_tenants",
    "detail": "os_compute_api:servers:index:get_all_tenants",
}

# Lists of names that upstream makes out of sets: their order is another in every process.
UNORDERED = [servers.VALID_SORT_KEYS_V273["enum"], servers.VALID_SORT_KEYS_V275["enum"]]

# Documented paths that name no route (nova 34.0.0, `nova.policies`).
CORRECTIONS = {
    ("os_compute_api:os-hypervisors:list-detail", "GET", "/os-hypervisors/details"): [
        ("GET", "/os-hypervisors/detail")
    ],
}

REMOVED = "the handler answers 410 and is marked `wsgi.removed`"
ALIASED = "/os-volumes_boot"
ALIAS = "routes to the controller of /servers, which does the same"


def main():
    """Writes the facts and digests of the compute service."""
    book = facts.Facts("compute", ["nova"])
    book.version_range(api_version_request._MIN_API_VERSION, api_version_request._MAX_API_VERSION)
    book.versions_from_history(
        facts.package_file("nova", "api/openstack/compute/rest_api_version_history.rst")
    )
    rules = list(policies.list_rules())
    book.policies(rules)
    documenting = documented.rules_by_operation(rules, CORRECTIONS)
    reader = enforced.Reader(
        frozenset(rule.name for rule in rules), "nova.api.openstack.", verbs=("can",)
    )
    known = leaves.Leaves(
        compute_leaves.OMITTED,
        compute_leaves.OPEN,
        compute_leaves.STRICTER,
        compute_leaves.WRONG,
        compute_leaves.SAMPLES,
    )
    compute_messages.check(agreement.run("compute_witness.py"))
    book.messages(compute_messages.messages())
    for method, path, action, controller, name in operations():
        operation = describe(method, path, action, controller, name, book, known)
        operation["policies"] = rules_of(controller, name, reader)
        for rule in documenting.pop(documented.key(method, path, action), ()):
            operation["policies"].append({"rule": rule, "source": "documented"})
        operation["unenforced"] = is_unenforced(operation)
        if not operation["removed"]:
            compute_messages.describe(operation)
        book.operation(operation)
    known.check()
    if documenting:
        edition.unfit(f"documented operations without a route: {sorted(documenting.items())}")
    book.write()


def operations():
    """Yields (method, path, action, controller, name of the handler)."""
    for path, methods in routes.ROUTE_LIST:
        if isinstance(methods, str):  # A redirection.
            continue
        for method, (make, name) in methods.items():
            # `functools.partial(_create_controller, controller, controllers of actions)`.
            controller, others = make.args
            if name != "action":
                yield method, path, None, controller, name
                continue
            for owner in [controller, *others]:
                for handler_name, handler in inspect.getmembers(owner, inspect.isfunction):
                    if hasattr(handler, "wsgi_action"):
                        yield method, path, handler.wsgi_action, owner, handler_name


def describe(method, path, action, controller, name, book, known):
    """Returns an operation without its policies."""
    handler = getattr(controller, name)
    found = facts.operation(method, path, action, controller, name)
    found["versions"] = [
        facts.version_range(
            getattr(handler, "min_version", None), getattr(handler, "max_version", None)
        )
    ]
    found["statuses"] = statuses(found, handler)
    found["errors"] = errors(handler)
    for direction, attribute in SCHEMAS.items():
        marked = known if direction == "response" and not is_left_out(path, handler) else None
        found[direction] = facts.body(list(entries(path, handler, attribute, book, marked)))
    if found["query"]["state"] == "unknown" and not reads_query(handler, controller):
        found["query"] = facts.body(state="none")
    if method not in WITH_BODY:
        found["request"] = facts.body(state="none")
    found["removed"] = REMOVED if getattr(handler, "removed", False) else None
    found["alias"] = ALIAS if path.startswith(ALIASED) else None
    if method == "GET":
        found["paging"] = paging(path, handler)
    return found


def is_left_out(path, handler):
    """Whether the spec does not have the operation."""
    return getattr(handler, "removed", False) or path.startswith(ALIASED)


def entries(path, handler, attribute, book, known=None):
    """Yields an entry for each schema of one direction, its range as upstream gives it.

    `known` marks what is known of a response beyond its schema.
    """
    schemas = getattr(handler, attribute, None)
    for schema, minimum, maximum in schemas._schemas if schemas else ():
        schema = facts.plain(ordered(schema))
        strict = known.marked(path, schema, _text(minimum)) if known else None
        yield book.entry(_text(minimum), _text(maximum), schema, strict=strict)


def reads_query(handler, controller):
    """Whether the handler, or a method of its controller that it calls, reads the query string."""
    pending, seen = [handlers.innermost(handler)], set()
    while pending:
        function = pending.pop()
        if function in seen:
            continue
        seen.add(function)
        for node in handlers.own_nodes(handlers.tree(function)):
            if isinstance(node, (ast.Attribute, ast.Constant)) and _names_query(node):
                return True
            if isinstance(node, ast.Call):
                target, _ = handlers.callee(node, object.__new__(controller), function)
                if target is not None and target.__module__.startswith("nova.api.openstack"):
                    pending.append(handlers.innermost(target))
    return False


def _names_query(node):
    if isinstance(node, ast.Constant):
        return node.value == "QUERY_STRING"
    return node.attr in ("GET", "params", "query_string", "str_GET")


def ordered(schema):
    """Returns the schema with the lists of `UNORDERED` sorted, because they are sets."""
    if isinstance(schema, dict):
        return {
            key: set(value) if key == "enum" and value in UNORDERED else ordered(value)
            for key, value in schema.items()
        }
    return [ordered(value) for value in schema] if isinstance(schema, (list, tuple)) else schema


def statuses(operation, handler):
    """Returns the statuses of success; a handler that declares and creates none responds with 200."""
    declared = handler.wsgi_codes._codes if hasattr(handler, "wsgi_codes") else [(200, None, None)]
    if operation["method"] in WITH_BODY:
        declared = MADE.get((operation["path"], operation["action"]), declared)
    unknown = made(handler) - {code for code, _, _ in declared}
    if unknown:
        raise SystemExit(f"{operation['path']} creates the statuses {unknown}: add their versions to MADE")
    found = [{"code": code, **facts.version_range(low, high)} for code, low, high in declared]
    return sorted(found, key=_by_code)


def made(handler):
    """Returns the statuses that the handler gives to the responses that it creates.

    They are those of `webob.Response`, and the values of a variable that becomes the `_code`
    of a `wsgi.ResponseObject`.
    """
    nodes = list(handlers.own_nodes(handlers.tree(handler)))
    found = {
        keyword.value.value
        for node in nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "webob.Response"
        for keyword in node.keywords
        if keyword.arg == "status_int"
    }
    assigned = [node for node in nodes if isinstance(node, ast.Assign)]
    coded = {
        ast.unparse(node.value)
        for node in assigned
        if ast.unparse(node.targets[0]).endswith("._code")
    }
    return found | {
        node.value.value
        for node in assigned
        if ast.unparse(node.targets[0]) in coded and isinstance(node.value, ast.Constant)
    }


def errors(handler):
    """Returns the statuses that `wsgi.expected_errors` lets through, each with its range.

    The decorator stands on some handlers several times, once a range of versions.
    """
    found = []
    for wrapper in handlers.decorators(handler):
        values = handlers.closure(wrapper)
        if "errors" not in values:
            continue
        codes = values["errors"]
        for code in [codes] if isinstance(codes, int) else codes:
            expected = facts.version_range(values["min_version"], values["max_version"])
            if {"code": code, **expected} not in found:
                found.append({"code": code, **expected})
    return sorted(found, key=_by_code)


def rules_of(controller, name, reader):
    """Returns the rules that the handler and what it calls of the API check.

    The methods of a controller are looked up on an instance that was never initialised.
    """
    other = RULE_OF_THE_OTHER.get(name) if hasattr(controller, "_get_servers") else None
    return [
        {"rule": check.rule, "source": "code", "conditional": check.conditional}
        for check in reader.checks(getattr(controller, name), object.__new__(controller))
        if check.rule != other
    ]


def is_unenforced(operation):
    """Whether no rule is checked, which has to be listed explicitly."""
    if operation["policies"] or operation["removed"]:
        return False
    if operation["path"] not in UNENFORCED:
        place = operation["path"]
        edition.unfit(f"{place} checks no policy rule: add it to UNENFORCED if that is correct")
    return True


def paging(path, handler):
    """Returns the paged list: the response has a list of links beside it."""
    schemas = getattr(handler, SCHEMAS["response"], None)
    newest = schemas._schemas[-1][0] if schemas else {}
    for links in newest.get("properties", {}):
        if links == "links" and path in UNNAMED:
            return {"collection": UNNAMED[path], "field": PAGED[links]}
        if links.endswith("_links") and links not in UNMARKED:
            return {"collection": links.removesuffix("_links"), "field": PAGED[links]}
    return None


def _by_code(status):
    return status["code"], facts.version_key(status["min"])


def _text(version):
    """Returns a version as text, or None for an open end."""
    return None if version.is_null() else version.get_string()


if __name__ == "__main__":
    main()
