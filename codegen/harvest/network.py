"""Reads neutron's API out of its released package and neutron-lib's.

Routes come from the extension manager, with every extension of the tree loaded and
every plugin mocked; schemas come from the attribute maps, extended as the API router
extends them (`neutron.api.extensions.ExtensionManager.extend_resources`). The API has no
microversions: each operation and each attribute names the extension that brings it.

The manager routes all five verbs for each resource, whatever the plugins support. An
operation counts when a policy rule documents it or `network_bodies.UNDOCUMENTED` names
it with a reason; the rest are phantoms. What only a rule documents (tags of segments)
has no route and is no operation.
"""

import os
from unittest import mock

from neutron.common import config
from neutron_lib.plugins import constants
from oslo_config import cfg

config.register_common_config_options()
cfg.CONF([], project="neutron", default_config_files=[])

# Which resources take tags and standard attributes depends on the models that are known.
from neutron.db.migration.models import head  # noqa: E402, F401

import documented  # noqa: E402
import edition  # noqa: E402
import facts  # noqa: E402
import network_attributes  # noqa: E402
import network_bodies as bodies  # noqa: E402
import network_bulk  # noqa: E402
import network_errors  # noqa: E402
import network_service  # noqa: E402
import network_types as types  # noqa: E402

# Only these plugins have a path prefix (`path_prefix` of QoSPlugin, MeteringPlugin and
# LoggingPlugin in neutron 29.0.0).
PREFIXES = {constants.QOS: "/qos", constants.METERING: "/metering", constants.LOG_API: "/log"}
# `neutron.extensions.qos_pps_rule` forgets the prefix of the resource whose parts it brings;
# neutron takes the path with it and without. `tagging` forgets it too, but with the prefix the
# path is routed past its controller and fails: there `network_bodies.TAGS_OF_POLICIES` says
# where the operations are.
FORGOTTEN_PREFIXES = {("policies", "packet_rate_limit_rules"): "/qos"}

VERBS = (
    ("GET", "", "index"),
    ("POST", "", "create"),
    ("GET", "/{id}", "show"),
    ("PUT", "/{id}", "update"),
    ("DELETE", "/{id}", "delete"),
)

NO_RULE = "no policy rule documents it, and no plugin of the tree is known to do it"
NO_HANDLER = "the controller has no handler for it"


def main():
    """Writes the facts and digests of the network service."""
    from neutron.conf import policies

    book = facts.Facts("network", ["neutron", "neutron-lib"])
    rules = list(policies.list_rules())
    book.policies(rules)
    names = {rule.name for rule in rules}
    manager = extension_manager()
    service = network_service.run(rules)
    attributes = network_attributes.Attributes(manager, service)
    corrections = bodies.tags_of_policies(rules)
    documenting = _spelled_alike(documented.rules_by_operation(rules, corrections))
    book.messages(network_errors.messages())
    unused = set(bodies.UNDOCUMENTED)
    taken = set()
    for route in [*core_routes(), *extension_routes(manager)]:
        key = (route["method"], route["path"])
        if key in taken:
            continue
        taken.add(key)
        operation, response = _operation(route, attributes, names, book, service)
        for rule in documenting.get(_spelling(documented.key(*key)), ()):
            # A rule with a part after the first word guards an attribute, not the request.
            conditional = ":" in rule and not rule.endswith(":tags")
            checked = (policy for policy in operation["policies"] if policy["rule"] == rule)
            conditional = conditional or any(policy["conditional"] for policy in checked)
            operation["policies"].append(
                {"rule": rule, "source": "documented", "conditional": conditional}
            )
        is_known = any(policy["source"] == "documented" for policy in operation["policies"])
        unused.discard(key)
        if not is_known and key not in bodies.UNDOCUMENTED and not edition.is_in_current(*key):
            operation["phantom"] = operation["phantom"] or NO_RULE
        operation["alias"] = bodies.ALIASES.get(key)
        operation["unenforced"] = not operation["policies"] and not operation["phantom"]
        network_errors.describe(operation, route, service, response)
        book.operation(operation)
        if several := network_bulk.operation(operation, route, service, response, attributes, book):
            book.operation(several)
    if unused:
        edition.unfit(f"network_bodies lists operations without a route: {sorted(unused)}")
    service.check()
    book.write()


def extension_manager():
    """Loads every extension of the tree, with plugins and messaging mocked."""
    mock.patch("neutron_lib.plugins.directory.get_plugin", side_effect=_plugin).start()
    mock.patch(
        "neutron_lib.plugins.directory.get_plugins", return_value={"CORE": _plugin()}
    ).start()
    mock.patch("neutron_lib.rpc.get_notifier", return_value=mock.MagicMock()).start()
    mock.patch("neutron_lib.rpc.get_client", return_value=mock.MagicMock()).start()
    from neutron import extensions
    from neutron.api import extensions as api_extensions

    return api_extensions.ExtensionManager(os.path.dirname(extensions.__file__))


def _plugin(alias=None):
    plugin = mock.MagicMock()
    plugin.get_plugin_type = lambda *_: "plugin"
    plugin.supported_extension_aliases = []
    if alias in PREFIXES:
        plugin.path_prefix = PREFIXES[alias]
    else:
        del plugin.path_prefix
    return plugin


def core_routes():
    """Returns the routes of the core resources (`neutron.api.v2.router.RESOURCES`)."""
    for collection, resource in network_attributes.CORE.items():
        for method, path, handler in VERBS:
            yield {
                "method": method,
                "path": f"/{collection}{path}",
                "handler": handler,
                "controller": None,
                "resource": resource,
                "collection": collection,
                "action_status": {"create": 201, "delete": 204},
                "extension": None,
                "parent": None,
            }
    for method, path, handler in VERBS:
        if method == "GET":
            yield {
                "method": method,
                "path": "/extensions" + path.replace("{id}", "{alias}"),
                "handler": handler,
                "controller": _extension_controller(),
                "resource": None,
                "collection": None,
                "action_status": {},
                "extension": None,
                "parent": None,
            }


def _extension_controller():
    from neutron.api import extensions

    return extensions.ExtensionController


def extension_routes(manager):
    """Returns the routes of every resource that an extension brings.

    An extension comes after those it requires, which may route the same resource.
    """
    for alias, extension in network_attributes.in_order(manager.extensions):
        for resource in extension.get_resources():
            controller = getattr(resource.controller, "controller", resource.controller)
            common = {
                "controller": controller,
                "resource": getattr(controller, "_resource", None),
                "collection": getattr(controller, "_collection", None),
                "action_status": getattr(
                    resource.controller, "action_status", {"create": 201, "delete": 204}
                ),
                "extension": alias,
                "parent": resource.parent,
            }
            for method, path, handler in _places(resource):
                yield {**common, "method": method, "path": path, "handler": handler}


def _places(resource):
    """Returns (method, path, handler) of each route of a resource, as the router makes them."""
    base = resource.path_prefix or ""
    if resource.parent:
        whose = (resource.parent["collection_name"], resource.collection)
        base = base or FORGOTTEN_PREFIXES.get(whose, "")
        base += "/{collection_name}/{{{member_name}_id}}".format(**resource.parent)
    collection = f"{base}/{resource.collection}"
    # Routes of their own come first: `quotas/project` is no quota of a project so named.
    for handler, method in resource.collection_actions.items():
        yield method, f"{collection}/{handler}", handler
    for handler, method in resource.member_actions.items():
        yield method, f"{collection}/{{id}}/{handler}", handler
    for handler, method in resource.collection_methods.items():
        yield method, collection, handler
    for method, path, handler in VERBS:
        yield method, collection + path, handler


def _operation(route, attributes, rules, book, service):
    """Describes one operation as far as its route and attributes tell.

    Returns it with the schema of the resource that it answers, if there is one.
    """
    controller = route["controller"]
    handler = route["handler"]
    cls = controller if isinstance(controller, type) else type(controller)
    operation = facts.operation(route["method"], route["path"], None, cls, handler)
    if controller is None:
        operation["controller"] = "neutron.api.v2.base.Controller"
    operation["extension"] = bodies.ACTION_EXTENSIONS.get(handler, route["extension"])
    status = route["action_status"].get(handler, 200)
    operation["statuses"] = [_status(status)]
    is_generic = controller is None or cls.__name__ == "Controller"
    if not is_generic and not hasattr(cls, handler):
        operation["phantom"] = NO_HANDLER
    # Whatever is not described below reads no parameter.
    operation["query"] = facts.body(state="none")
    authored = bodies.authored(route)
    response = attributes.of(route).response() if is_generic else None
    if authored:
        _fill(operation, authored, book)
    elif is_generic and handler in {verb for _, _, verb in VERBS}:
        _describe(operation, route, attributes.of(route), response, book, service)
    if inner := bodies.unfiltered(route):
        operation["response"] = _section(book, _with_inner(route, inner, attributes))
    if status == 204:
        operation["response"] = facts.body(state="none")
    if route["method"] in ("GET", "DELETE"):
        operation["request"] = facts.body(state="none")
    if service.is_null(route["method"], route["path"]) != (authored.get("response") == bodies.NULL):
        service.unseen_null(operation)
    for rule in _code_rules(route):
        if rule in rules:
            operation["policies"].append({"rule": rule, "source": "code", "conditional": False})
        elif is_generic and f"{route['method']} {route['path']}" in bodies.DEFAULT_RULE:
            operation["policies"].append({"rule": "default", "source": "code", "conditional": False})
    for rule in bodies.CONDITIONAL_RULES.get((cls.__name__, handler), ()):
        operation["policies"].append({"rule": rule, "source": "code", "conditional": True})
    return operation, response


def _code_rules(route):
    """Returns the rule that the generic controller checks (`Controller._plugin_handlers`)."""
    if not route["resource"]:
        return []
    parent = f"{route['parent']['member_name']}_" if route["parent"] else ""
    words = {"index": "get", "show": "get"}
    words |= {word: word for word in ("create", "update", "delete")}
    if route["handler"] in words:
        return [f"{words[route['handler']]}_{parent}{route['resource']}"]
    return [route["handler"]]


def _describe(operation, route, resource, response, book, service):
    """Fills in request, query and response of one of the five verbs."""
    name, collection, handler = route["resource"], route["collection"], route["handler"]
    if handler in ("create", "update"):
        operation["request"] = _section(book, envelope(name, resource.request(handler)))
    if handler in ("create", "show", "update"):
        operation["response"] = _section(book, envelope(name, response))
    if handler == "index":
        operation["response"] = _section(book, listed(collection, response))
        seen = service.query(route["method"], route["path"])
        operation["query"] = _section(book, resource.list_query(seen))
        # `PaginationEmulatedHelper` of `neutron.api.api_common` reads the key of every item:
        # a list of items that lack it has no pages.
        if resource.has_key() and seen.get("pages", True):
            operation["paging"] = {"collection": collection, "field": resource.key()}
    elif service.takes_fields(route["method"], route["path"]):
        operation["query"] = _section(book, network_attributes.FIELDS_QUERY)


def envelope(name, schema):
    """Returns a body: the resource under its name, and nothing beside it."""
    return {
        "type": "object",
        "properties": {name: schema},
        "required": [name],
        "additionalProperties": False,
    }


def listed(collection, schema):
    """Returns a listing, with the links that a page of it has."""
    link = {
        "type": "object",
        "properties": {"href": types.STRING, "rel": types.STRING},
        "required": ["href", "rel"],
        "additionalProperties": False,
    }
    links = {"type": "array", "items": link, "x-openstack": {"omitted": "only a page has links"}}
    return {
        "type": "object",
        "properties": {
            collection: {"type": "array", "items": schema},
            f"{collection}_links": links,
        },
        "required": [collection],
        "additionalProperties": False,
    }


def _with_inner(route, inner, attributes):
    """Returns an answer that contains a resource which no controller has filtered."""
    collection, resource, extension, key = inner
    schema = attributes.unfiltered(route["path"], collection, resource, extension)
    if key is None:
        return schema
    held = {"type": "array", "items": schema} if key == collection else schema
    return envelope(key, held)


def _fill(operation, authored, book):
    for direction in facts.DIRECTIONS:
        found = authored.get(direction)
        if found == "none":
            operation[direction] = facts.body(state="none")
        elif found is not None:
            section = _section(book, found)
            operation[direction] = {**section, "provenance": "authored"}


def _section(book, schema):
    return facts.body([book.entry(None, None, schema)])


def _status(code):
    return {"code": code, **facts.version_range()}


def _spelled_alike(rules_by_operation):
    """Merges operations that differ in `-` and `_` alone, which the documentation mixes."""
    found = {}
    for key, names in rules_by_operation.items():
        spelled = found.setdefault(_spelling(key), [])
        spelled += [name for name in names if name not in spelled]
    return found


def _spelling(key):
    method, path, action = key
    return method, path.replace("_", "-"), action


if __name__ == "__main__":
    main()
