"""Returns the JSON Schema of a neutron attribute, from its validators and converters.

An attribute map says what a request is held against (`neutron_lib.api.validators`), so
a request's schema is what passes; spellings that only a converter lets through ("True",
"1") are left out, since the schema says what to send. The same map is all there is to
say what a response looks like. There it keeps types, formats, enums and structure, and
no limits: those bind who sends. A response may hold null wherever the map does not rule
it out, see `may_be_null`. What has neither a validator nor a converter that tells the
type stays `{}`: unknown.
"""

from neutron_lib import constants

import network_leaves

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
UUID = {"type": "string", "format": "uuid"}
ADDRESS = {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}

# Limits of what may be sent, which say nothing about what comes back.
LIMITS = ("minLength", "maxLength", "minimum", "maximum", "pattern", "minItems", "uniqueItems")

UNSET = object()
TYPE_NAMES = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))


def attribute(spec):
    """Returns the schema of what may be sent as the attribute."""
    for validator, argument in (spec.get("validate") or {}).items():
        schema = validated(validator, argument)
        if schema:
            return schema
    converter = getattr(spec.get("convert_to"), "__name__", "")
    return dict(CONVERTERS.get(converter, {}))


def response_attribute(collection, name, spec):
    """Returns the schema of what may come back as the attribute."""
    schema = without_limits(attribute(spec))
    if (collection, name) in network_leaves.LEAVES:
        return dict(network_leaves.LEAVES[collection, name])
    if not schema:
        return dict(READ_ONLY.get(name, {}))
    if schema == {"type": "object"}:
        schema = {**schema, "x-openstack": {"open": "its map allows any dictionary"}}
    has_null = may_be_null(spec) or (collection, name) in NULL_IN_ANSWERS
    return nullable(schema) if has_null else schema


def may_be_null(spec):
    """Whether a response may hold null in place of the attribute.

    It may where the default is null or nothing was given at all, and where nobody can
    send a value, so that no validator ever sees one; the key of a resource is never null.
    """
    if spec.get("primary_key"):
        return False
    default = spec.get("default", UNSET)
    if default is None or default is constants.ATTR_NOT_SPECIFIED:
        return True
    return not spec.get("allow_post") and not spec.get("allow_put")


def validated(validator, argument):
    """Returns the schema for one entry of `validate`, or `{}` where it does not tell the type."""
    name = validator.removeprefix("type:")
    if name == "values":
        return _values(argument)
    for suffix in ("_or_none", "_or_nodata"):
        if name.endswith(suffix):
            schema = validated(f"type:{name.removesuffix(suffix)}", argument)
            return nullable(schema) if schema else {}
    maker = VALIDATORS.get(name)
    return maker(argument) if callable(maker) else dict(maker or {})


def nullable(schema):
    """Returns the schema with null allowed beside what it allows."""
    if "enum" in schema:
        schema = {**schema, "enum": [*[v for v in schema["enum"] if v is not None], None]}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    # The formats of an address say nothing about null, so `anyOf` may stay as it is.
    return {**schema, "type": sorted({*types, "null"})}


def without_limits(schema):
    """Returns the schema without the limits that only bind who sends."""
    out = {key: value for key, value in schema.items() if key not in LIMITS}
    if "properties" in out:
        out["properties"] = {k: without_limits(v) for k, v in out["properties"].items()}
        out.pop("required", None)
        out.pop("additionalProperties", None)
    if "items" in out:
        out["items"] = without_limits(out["items"])
    if "anyOf" in out:
        out["anyOf"] = [without_limits(branch) for branch in out["anyOf"]]
    return out


def _values(allowed):
    allowed = sorted(allowed, key=str) if isinstance(allowed, (set, frozenset)) else list(allowed)
    found = [name for value in allowed for kind, name in TYPE_NAMES if type(value) is kind]
    types = sorted(set(found) | ({"null"} if None in allowed else set()))
    return {"type": types[0] if len(types) == 1 else types, "enum": allowed}


def _string(length=None):
    return {**STRING, "maxLength": length} if length else dict(STRING)


def _filled_string(length=None):
    return {**_string(length), "minLength": 1}


def _range(limits):
    low, high = limits
    out = dict(INTEGER)
    if low is not None:
        out["minimum"] = low
    if high is not None:
        out["maximum"] = high
    return out


def _pattern(pattern):
    # `validate_regex` matches from the start of the text, JSON Schema anywhere in it.
    return {**STRING, "pattern": pattern if pattern.startswith("^") else f"^(?:{pattern})"}


def _list(items, **more):
    return {"type": "array", "items": items, **more}


def _set(items, **more):
    return _list(items, uniqueItems=True, **more)


def _object(required=(), /, **properties):
    out = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**out, "required": list(required)} if required else out


def _dictionary(keys):
    """Returns the object that a key specification describes, any object where there is none."""
    if not keys:
        return {"type": "object"}
    properties = {name: _key(spec) for name, spec in keys.items()}
    required = [name for name, spec in keys.items() if spec.get("required")]
    out = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**out, "required": required} if required else out


def _key(spec):
    """Returns the schema of one key of a dictionary: its validators stand beside the rest."""
    validators = {name: value for name, value in spec.items() if name.startswith("type:")}
    return attribute({"validate": validators, "convert_to": spec.get("convert_to")})


def _any_dictionary(specifications):
    return _list({"anyOf": [_dictionary(keys) for keys in specifications]})


ROUTE = _object(["destination", "nexthop"], destination=STRING, nexthop=ADDRESS)
FIXED_IP = _object(ip_address=ADDRESS, subnet_id=UUID)
POOL = _object(["start", "end"], start=ADDRESS, end=ADDRESS)
ADDRESS_PAIR = _object(["ip_address"], ip_address=STRING, mac_address=STRING)
SUBPORT = _object(
    ["port_id"],
    port_id=UUID,
    segmentation_id=INTEGER,
    segmentation_type=STRING,
)
SEGMENT = {
    "type": "object",
    "properties": {
        "provider:network_type": STRING,
        "provider:physical_network": {"type": ["null", "string"]},
        "provider:segmentation_id": {"type": ["integer", "null"]},
    },
}

# Validators of neutron-lib 5.0.1, `neutron_lib.api.validators`, and of neutron, which
# registers `name_not_default`, `service_plugin_type` and `valid_target_project` itself.
# Names that end in `_or_none` and `_or_nodata` are their plain form with null.
VALIDATORS = {
    "allowed_address_pairs": _list(ADDRESS_PAIR),
    "availability_zone_hint_list": _set(STRING),
    "boolean": BOOLEAN,
    "dict": _dictionary,
    "dict_or_empty": _dictionary,
    "dns_domain_name": _string,
    "dns_host_name": _string,
    "ethertype": STRING,
    "fip_dns_host_name": _string,
    "fixed_ips": _list(FIXED_IP),
    "hostroutes": _set(ROUTE),
    "integer": INTEGER,
    "ip_address": ADDRESS,
    "ip_or_subnet": STRING,
    "ip_pools": _list(POOL),
    "list_of_any_key_specs": _any_dictionary,
    "list_of_dict": lambda keys: _list(_dictionary(keys)),
    "list_of_regex": lambda pattern: _set(_pattern(pattern)),
    "list_of_subnet_service_types": _set(STRING),
    "list_of_subnets": _set(STRING),
    "list_of_unique_strings": lambda length: _set(_string(length)),
    "mac_address": STRING,
    "name_not_default": _string,
    "name_string": _string,
    "name_string_not_default": _string,
    "nameservers": _set(ADDRESS),
    "network_segments": _list(SEGMENT),
    "non_negative": {**INTEGER, "minimum": 0},
    "not_empty_name_string": _filled_string,
    "not_empty_string": _filled_string,
    "oneline_not_empty_string": _filled_string,
    "port_range": {"type": ["integer", "null", "string"]},
    "range": _range,
    "regex": _pattern,
    "service_plugin_type": STRING,
    "string": _string,
    "subnet": STRING,
    "subnet_list": _set(STRING),
    # Besides a UUID, the name of the prefix delegation pool.
    "subnetpool_id": STRING,
    "subports": _list(SUBPORT),
    "uuid": UUID,
    "uuid_list": _set(UUID),
    "uuid_list_non_empty": _set(UUID, minItems=1),
    "valid_target_project": STRING,
}

# Converters of `neutron_lib.api.converters` and of `neutron.extensions.securitygroup` that
# tell a type by themselves. A protocol may be a number or null, whatever was sent.
CONVERTERS = {
    "convert_ethertype_to_case_insensitive": STRING,
    "convert_ip_prefix_to_cidr": {"type": ["null", "string"]},
    "convert_none_to_empty_dict": {"type": "object"},
    "convert_none_to_empty_list": {"type": "array"},
    "convert_none_to_empty_string": {"type": ["null", "string"]},
    "convert_protocol": {"type": ["integer", "null", "string"]},
    "convert_to_boolean": BOOLEAN,
    "convert_to_boolean_if_not_none": {"type": ["boolean", "null"]},
    "convert_to_int": INTEGER,
    "convert_to_int_if_not_none": {"type": ["integer", "null"]},
    "convert_to_list": {"type": "array"},
    "convert_to_protocol": {"type": ["integer", "null", "string"]},
    "convert_to_string": STRING,
    "convert_valid_object_type": STRING,
    "convert_validate_port_value": {"type": ["integer", "null"]},
}

# Attributes that are null in answers although the map that holds now does not say so. In
# the samples of the API reference (neutron-lib 5.0.1, `api-ref/source/v2/samples`): a range
# that is shared belongs to nobody, and a segment's description is older than the standard
# one. On a running neutron 29.0.0: rules that come with a new group have no description,
# `neutron.db.securitygroups_db.SecurityGroupDbMixin._create_rules_from_template` drops it.
# By the collection, the attribute.
NULL_IN_ANSWERS = {
    ("network_segment_ranges", "project_id"),
    ("network_segment_ranges", "tenant_id"),
    ("security_group_rules", "description"),
    ("segments", "description"),
}

# Attributes that nobody sends, so that no validator stands in their map: the columns of
# `neutron.db.models` and of `neutron.db.standard_attr` tell what they are. Times have no
# format: those of agents are spelled unlike all others.
READ_ONLY = {
    "created_at": STRING,
    "revision_number": INTEGER,
    "status": {"type": ["null", "string"]},
    "tags": {"type": "array", "items": STRING},
    "updated_at": STRING,
}
