"""Puts neutron's attribute maps together, and gives a resource's schemas from them.

Each attribute knows the extension that brought it first. Its specification is the last
one that an extension gave, as in the running service, where extensions are applied in
the order of their requirements (`ExtensionManager.extend_resources`).
"""

from neutron_lib.api.definitions import network, port, subnet, subnetpool

import network_types as types

# The core resources, which no extension brings.
CORE = {
    definition.COLLECTION_NAME: definition.RESOURCE_NAME
    for definition in (network, subnet, port, subnetpool)
}

# Filled in from the token where it is not given
# (`neutron_lib.api.attributes.AttributeInfo.populate_project_id`).
FROM_TOKEN = ("tenant_id", "project_id")

OPEN = "the plugin's own dictionary, which no attribute map filters"
FIELDS = {"type": "array", "items": types.STRING}
FIELDS_QUERY = {"type": "object", "properties": {"fields": FIELDS}}
PAGE = {
    "limit": {"type": "integer", "minimum": 0},
    "marker": types.STRING,
    "page_reverse": types.BOOLEAN,
}
SORT_DIRECTION = {"type": "array", "items": {"type": "string", "enum": ["asc", "desc"]}}


class Attributes:
    """The attributes of all resources, extended by every extension."""

    def __init__(self, manager, service):
        """Merges the maps of the core and of the manager's extensions.

        `service` is what the running service was seen to answer (`network_service.Service`).
        """
        self._service = service
        self._resources = {}
        # The collections of sub-resources.
        self._parts = set()
        for definition in (network, subnet, port, subnetpool):
            for collection, attributes in definition.RESOURCE_ATTRIBUTE_MAP.items():
                self._add(collection, attributes, None)
        for alias, extension in in_order(manager.extensions):
            for collection, attributes in extension.get_extended_resources("2.0").items():
                # A sub-resource's map says whose it is, beside its attributes.
                if "parent" in attributes:
                    self._parts.add(collection.replace("-", "_"))
                self._add(collection, attributes.get("parameters", attributes), alias)

    def of(self, route):
        """Returns the resource of a route of the generic controller."""
        own = getattr(route["controller"], "_attr_info", None)
        own = getattr(own, "attributes", own) or {}
        merged = self._resources.get(route["collection"], {})
        # A sub-resource may be called like a resource of its own (`service_profiles` of a
        # flavor), and then both only have what their controllers were given.
        if route["parent"] and not set(own) >= set(merged) - _brought_later(merged, own):
            merged = {}
        if own and not route["parent"] and route["collection"] in self._parts:
            merged = {}
        attributes = {name: (spec, route["extension"]) for name, spec in own.items()}
        attributes.update(merged)
        path = route["path"].removesuffix("/{id}")
        return Resource(route, path, attributes, self._service)

    def unfiltered(self, path, collection, resource, extension):
        """Returns a resource as an answer at another path has it, which no map has filtered."""
        route = {
            "controller": None,
            "collection": collection,
            "resource": resource,
            "extension": extension,
            "parent": None,
            "path": path,
        }
        schema = {**self.of(route).response()}
        del schema["additionalProperties"]
        return {**schema, "x-openstack": {"open": OPEN}}

    def _add(self, collection, attributes, alias):
        known = self._resources.setdefault(collection.replace("-", "_"), {})
        for name, spec in attributes.items():
            if isinstance(spec, dict) and "allow_post" in spec:
                known[name] = (spec, known[name][1] if name in known else alias)


class Resource:
    """One resource's attributes, each with the extension that brings it."""

    def __init__(self, route, path, attributes, service):
        """Takes attributes as name to (specification, extension); the route's brings all."""
        self._collection = route["collection"]
        self._extension = route["extension"]
        self._resource = route["resource"]
        self._path = path
        self._service = service
        self._attributes = dict(attributes)
        # Both words are taken and given (`attributes.populate_project_info`).
        for word, other in (FROM_TOKEN, FROM_TOKEN[::-1]):
            if word in self._attributes:
                self._attributes.setdefault(other, self._attributes[word])

    def request(self, handler):
        """Returns what may be sent to create or update the resource."""
        allowed = "allow_post" if handler == "create" else "allow_put"
        sent = {n: pair for n, pair in self._attributes.items() if pair[0].get(allowed)}
        schema = {
            "type": "object",
            "properties": {n: self._marked(n, types.attribute(s)) for n, (s, _) in sent.items()},
            "additionalProperties": False,
        }
        # What an extension adds is required only where the extension is there.
        required = sorted(
            name
            for name, (spec, alias) in sent.items()
            if "default" not in spec and name not in FROM_TOKEN and self._is_own(alias)
        )
        return {**schema, "required": required} if required and handler == "create" else schema

    def response(self):
        """Returns what comes back, as strict as the map and the service agree."""
        properties = {
            name: self._marked(name, types.response_attribute(self._collection, name, spec))
            for name, (spec, _) in self._attributes.items()
            if spec.get("is_visible") and not self._is_never_there(name)
        }
        schema = {"type": "object", "properties": properties}
        return self._service.strict(self._path, self._resource, schema)

    def key(self):
        """Returns the attribute that names one of the resources, and serves as a marker."""
        keys = [name for name, (spec, _) in self._attributes.items() if spec.get("primary_key")]
        return keys[0] if keys else "id"

    def has_key(self):
        """Whether the responses have the attribute that serves as a marker."""
        return self.key() in self.response()["properties"]

    def list_query(self, seen):
        """Returns the parameters of a listing: filters, fields, pages and order.

        `seen` is how the running service takes them (`network_probes.py`): some plugins make no
        pages, and some answer all attributes whatever `fields` says. Other names are refused
        where the extension `filter-validation` is there, as it is by default.
        """
        properties = {
            name: self._marked(name, _filter(spec))
            for name, (spec, _) in self._attributes.items()
            if spec.get("is_filter")
        }
        if seen.get("pages", True):
            properties |= PAGE
        if seen.get("sorts", True):
            keys = sorted(n for n, (spec, _) in self._attributes.items() if spec.get("is_sort_key"))
            key = {**types.STRING, "enum": keys} if keys else types.STRING
            properties |= {"sort_key": {"type": "array", "items": key}, "sort_dir": SORT_DIRECTION}
        if seen.get("fields", True):
            properties["fields"] = FIELDS
        query = {"type": "object", "properties": properties}
        return {**query, "additionalProperties": seen.get("filters") != "refused"}

    def _is_never_there(self, name):
        """Whether answers lack the project, which every map gets in two spellings."""
        return name in FROM_TOKEN and self._service.lacks(self._path, name)

    def _is_own(self, alias):
        return alias is None or alias == self._extension

    def _marked(self, name, schema):
        alias = self._attributes[name][1]
        if self._is_own(alias):
            return schema
        return {**schema, "x-openstack": {**schema.get("x-openstack", {}), "extension": alias}}


def in_order(extensions):
    """Returns the extensions so that each comes after those it requires."""
    pending, done = dict(sorted(extensions.items())), set()
    check_optional = True
    while pending:
        ready = [
            alias
            for alias, extension in pending.items()
            if set(extension.get_required_extensions()) <= done
            and not (check_optional and set(extension.get_optional_extensions()) - done)
        ]
        if not ready and not check_optional:
            # What requires an extension of another package comes last.
            ready = list(pending)
        check_optional = bool(ready) and check_optional
        for alias in ready:
            done.add(alias)
            yield alias, pending.pop(alias)


def _filter(spec):
    """Returns a filter's schema: the attribute's type where it is one that a query can spell."""
    kind = types.attribute(spec).get("type")
    return {"type": kind} if kind in ("boolean", "integer") else dict(types.STRING)


def _brought_later(merged, own):
    """Returns the attributes of a merged map that some extension adds to the controller's own."""
    return {name for name in merged if name not in own} if set(own) <= set(merged) else set()
