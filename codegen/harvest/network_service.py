"""Holds neutron's attribute maps against the answers of the service itself.

The maps say what an answer may have, `network_witness.py` what answers have. A key is required
where both agree; where they do not, the property says why an answer may lack it. The maps
alone say nothing of the insides of most values: there the authored schemas of
`network_types.READ_ONLY` and the witness have to agree.
"""

import agreement
import network_errors

SERVICE = "neutron 29.0.0"

UNFILTERED = "several at once are answered as the plugin has them, without a filter"

# Attributes that the witness always has and that a cloud was seen to answer without.
LACKING = {
    ("port", "device_profile"): "only the ML2 extension driver port_device_profile answers it",
    ("port", "numa_affinity_policy"): (
        "only the ML2 extension driver port_numa_affinity_policy answers it"
    ),
    ("subnetpool", "address_scope_id"): "the answer to an update may lack it",
}


class Service(agreement.Agreement):
    """What the running service was seen to answer."""

    def __init__(self, found, checks):
        """Takes what the witness printed, and the check of each policy rule by its name."""
        self._extensions = set(found.get("extensions", ()))
        self._resources = found.get("resources", {})
        self._nulls = _places(dict.fromkeys(found.get("nulls", ()), True))
        self._worked = set(_places(dict.fromkeys(found.get("worked", ()))))
        self._queries = _places(found.get("queries", {}))
        self._raised = found.get("raised", {})
        self._refused = _places(found.get("refused", {}))
        self._bulk = found.get("bulk", {})
        self._one_by_one = found.get("one by one", {})
        self._checks = checks
        self.forms = found.get("errors", {})
        self.quotas = set(found.get("quotas", ()))
        super().__init__(SERVICE)
        self.disagreements += network_errors.check(self)

    def strict(self, path, resource, schema):
        """Returns the schema of a resource at a path, as strict as both sources allow.

        The generic controller drops every attribute that is not visible or not in the map
        (`neutron.api.v2.base.Controller._exclude_attributes_by_policy`, and the method of the
        same name of `neutron.pecan_wsgi.hooks.policy_enforcement.PolicyHook`), so its objects
        are closed.
        """
        seen = self._resources.get(path, {"types": []})
        properties = {
            name: self._property(path, resource, name, inner, seen)
            for name, inner in schema["properties"].items()
        }
        return {**schema, "properties": properties, "additionalProperties": False}

    def lacks(self, path, name):
        """Whether the resources at a path were seen, and none of them had the attribute."""
        seen = self._resources.get(path, {})
        return "keys" in seen and name not in seen["keys"]

    def is_null(self, method, path):
        """Whether an operation answers the JSON null."""
        return network_errors.spelled(method, path) in self._nulls

    def unseen_null(self, operation):
        """Notes that what is written down of an empty answer is not what was seen."""
        place = f"{operation['method']} {operation['path']}"
        was_asked = network_errors.spelled(operation["method"], operation["path"]) in self._worked
        if was_asked and not operation["phantom"]:
            self.disagreements.append(f"{place}: only one source says that it answers null")

    def takes_fields(self, method, path):
        """Whether an operation lets the request choose the attributes of its answer.

        What creates is taken to do as what updates: both pass the same hooks.
        """
        if method == "POST":
            return self.query("PUT", f"{path}/{{id}}").get("fields", False)
        return self.query(method, path).get("fields", method == "GET")

    def query(self, method, path):
        """Returns how an operation takes its query; an empty map if that was not seen."""
        return self._queries.get(network_errors.spelled(method, path), {})

    def raised(self, method, path):
        """Returns the statuses of failure that the source of the plugins has."""
        place = network_errors.spelled(method, path)
        # An extension may forget the prefix of the resource that it adds to.
        return set(self._raised.get(place, self._raised.get(place.replace(" /qos/", " /"), ())))

    def refused(self, method, path):
        """Returns the statuses of failure that were seen."""
        return set(self._refused.get(network_errors.spelled(method, path), ()))

    def cannot(self, path):
        """Whether some request to a path was answered that the plugin cannot do it."""
        methods = ("GET", "POST", "PUT", "DELETE")
        return any(501 in self.refused(method, path) for method in methods)

    def bulk(self, path):
        """Returns the key under which several resources are created at a path, or None."""
        return self._bulk.get(network_errors.spelled("", path).strip())

    def created_several(self, path, schema):
        """Returns the schema of an item of several that were created at a path.

        Where a plugin creates them one by one, the answer has all that the plugin gives
        (`network_created.py`), which may be more than the resource's own schema has.
        """
        seen = self._one_by_one.get(network_errors.spelled("", path).strip())
        if seen is None or ("keys" in seen and set(seen["keys"]) <= set(schema["properties"])):
            return schema
        schema = {key: value for key, value in schema.items() if key != "additionalProperties"}
        return agreement.marked(schema, {"open": UNFILTERED})

    def _property(self, path, resource, name, schema, seen):
        found = seen.get("keys", {}).get(name, {"types": []})
        return agreement.marked(
            self.inside(schema, found, f"{path} {name}"),
            self._mark(resource, name, schema, seen),
        )

    def _mark(self, resource, name, schema, seen):
        """Returns the mark that says whether every answer has an attribute, or why not."""
        rule = f"get_{resource}:{name}"
        if self._checks.get(rule, self._checks.get(f"get_{resource}")) != self._checks.get(
            f"get_{resource}"
        ):
            return {"omitted": f"the policy rule {rule} may hide it"}
        if (resource, name) in LACKING:
            return {"omitted": LACKING[resource, name]}
        if name in seen.get("always", ()):
            return {"always": True}
        alias = schema.get("x-openstack", {}).get("extension")
        if "keys" in seen and (alias is None or alias in self._extensions):
            return {"omitted": f"not in every answer of {SERVICE}"}
        return {}


def _places(found):
    """Returns what was found by place, without the names of parameters in it."""
    return {network_errors.spelled(*place.split(" ", 1)): value for place, value in found.items()}


def run(rules):
    """Runs the witness; returns the service that it saw. `rules` are the policy rules."""
    found = agreement.run("network_witness.py")
    return Service(found, {rule.name: rule.check_str for rule in rules})
