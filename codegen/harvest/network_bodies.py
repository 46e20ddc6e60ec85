"""Says what neutron's attribute maps cannot: bodies of actions and of special controllers.

Written down from the handlers of neutron 29.0.0 that each group names. What is not here
and in no attribute map is unknown.
"""

from network_types import BOOLEAN, INTEGER, STRING, UUID

# Operations that no policy rule documents and that exist, with the reason to keep them.
UNDOCUMENTED = {
    ("GET", "/extensions"): "neutron.api.extensions.ExtensionController.index",
    ("GET", "/extensions/{alias}"): "neutron.api.extensions.ExtensionController.show",
    ("GET", "/quotas/project"): "neutron.extensions.quotasv2.QuotaSetsController.project",
    ("GET", "/quotas/tenant"): "neutron.extensions.quotasv2.QuotaSetsController.tenant",
    ("GET", "/quotas/{id}/default"): "neutron.extensions.quotasv2.QuotaSetsController.default",
    ("GET", "/quotas/{id}/details"): "neutron.extensions.quotasv2_detail.DetailQuotaSetsController",
    ("GET", "/ports/{port_id}/bindings/{id}"): "neutron.plugins.ml2.plugin.get_port_binding",
    ("PUT", "/ports/{port_id}/bindings/{id}"): "neutron.plugins.ml2.plugin.update_port_binding",
}

ALIASES = {("GET", "/quotas/tenant"): "the old word for /quotas/project"}


# Actions of a resource that another extension brings. Their maps cannot say: neutron-lib's
# definitions add to the map of the router itself (`l3_ext_gw_multihoming.ACTION_MAP`).
ACTION_EXTENSIONS = {
    "add_extraroutes": "extraroute-atomic",
    "remove_extraroutes": "extraroute-atomic",
    "add_external_gateways": "external-gateway-multihoming",
    "update_external_gateways": "external-gateway-multihoming",
    "remove_external_gateways": "external-gateway-multihoming",
}


def authored(route):
    """Returns the authored bodies of a route by direction, or an empty map."""
    controller = route["controller"]
    cls = controller if isinstance(controller, type) else type(controller)
    return BODIES.get((cls.__name__, route["resource"], route["handler"]), {})


def _object(required=(), /, **properties):
    out = {"type": "object", "properties": properties}
    return {**out, "required": list(required)} if required else out


def _closed(required=(), /, **properties):
    return {**_object(required, **properties), "additionalProperties": False}


def _list(items):
    return {"type": "array", "items": items}


OPEN = {"type": "object"}

# `tagging.TaggingController`, `validate_tags`; `update` and `show` answer without a body.
TAGS = _closed(["tags"], tags=_list({"type": "string", "minLength": 1, "maxLength": 255}))
TAGS_RESPONSE = _object(["tags"], tags=_list(STRING))
TAGGING = {
    "index": {"response": TAGS_RESPONSE},
    "show": {"response": "none"},
    "create": {"request": TAGS, "response": TAGS_RESPONSE},
    "update": {"request": "none"},
    "update_all": {"request": TAGS, "response": TAGS_RESPONSE},
    "delete": {},
    "delete_all": {},
}

# `quotasv2.QuotaSetsController` and `quotasv2_detail`: a limit a resource, -1 for none.
LIMITS = {"type": "object", "additionalProperties": INTEGER}
QUOTA = _object(["quota"], quota=LIMITS)
QUOTA_UPDATE = _object(
    ["quota"],
    quota={
        "type": "object",
        "properties": {"force": BOOLEAN, "check_limit": BOOLEAN},
        "additionalProperties": {"type": "integer", "minimum": -1},
    },
)
PROJECT_QUOTA = {**_object(tenant_id=STRING, project_id=STRING), "additionalProperties": INTEGER}
USAGE = _object(["limit", "used", "reserved"], limit=INTEGER, used=INTEGER, reserved=INTEGER)
QUOTAS = {
    "index": {"response": _object(["quotas"], quotas=_list(PROJECT_QUOTA))},
    "show": {"response": QUOTA},
    "update": {"request": QUOTA_UPDATE, "response": QUOTA},
    "default": {"response": QUOTA},
    "project": {
        "response": _object(["project"], project=_object(["project_id"], project_id=STRING))
    },
    "tenant": {"response": _object(["tenant"], tenant=_object(["tenant_id"], tenant_id=STRING))},
    "details": {
        "response": _object(["quota"], quota={"type": "object", "additionalProperties": USAGE})
    },
}

# `neutron.api.extensions.ExtensionController._translate`.
EXTENSION = _object(
    ["name", "alias", "description", "updated", "links"],
    name=STRING,
    alias=STRING,
    description=STRING,
    updated=STRING,
    links=_list(OPEN),
)

# `db.l3_db.L3_NAT_dbonly_mixin.add_router_interface` and `_validate_interface_info`: a
# subnet or a port, not both; `_make_router_interface_info` gives what comes back.
INTERFACE = {
    "oneOf": [
        _closed(["subnet_id"], subnet_id=UUID),
        _closed(["port_id"], port_id=UUID),
    ],
    "type": "object",
}
# To remove one, both may be named.
REMOVED_INTERFACE = {
    **_closed(subnet_id=UUID, port_id=UUID),
    "anyOf": [{"required": ["subnet_id"]}, {"required": ["port_id"]}],
}
INTERFACE_RESPONSE = _object(
    id=UUID,
    tenant_id=STRING,
    project_id=STRING,
    port_id=UUID,
    network_id=UUID,
    subnet_id=UUID,
    subnet_ids=_list(UUID),
)

# `services.trunk.plugin.TrunkPlugin.add_subports`, `remove_subports` and `get_subports`.
SUBPORT = _object(["port_id"], port_id=UUID, segmentation_id=INTEGER, segmentation_type=STRING)
SUBPORTS = _object(["sub_ports"], sub_ports=_list(SUBPORT))
REMOVED_SUBPORTS = _object(["sub_ports"], sub_ports=_list(_object(["port_id"], port_id=UUID)))

BODIES = {
    **{("TaggingController", None, handler): body for handler, body in TAGGING.items()},
    **{("QuotaSetsController", None, handler): body for handler, body in QUOTAS.items()},
    **{("DetailQuotaSetsController", None, handler): body for handler, body in QUOTAS.items()},
    ("ExtensionController", None, "index"): {
        "response": _object(["extensions"], extensions=_list(EXTENSION))
    },
    ("ExtensionController", None, "show"): {
        "response": _object(["extension"], extension=EXTENSION)
    },
    # `dhcpagentscheduler` and `l3agentscheduler`: `create` reads one id out of the body.
    ("NetworkSchedulerController", None, "create"): {
        "request": _object(["network_id"], network_id=UUID)
    },
    ("NetworkSchedulerController", None, "index"): {
        "response": _object(["networks"], networks=_list(OPEN))
    },
    ("RouterSchedulerController", None, "create"): {
        "request": _object(["router_id"], router_id=UUID)
    },
    ("RouterSchedulerController", None, "index"): {
        "response": _object(["routers"], routers=_list(OPEN))
    },
    ("DhcpAgentsHostingNetworkController", None, "index"): {
        "response": _object(["agents"], agents=_list(OPEN))
    },
    ("L3AgentsHostingRouterController", None, "index"): {
        "response": _object(["agents"], agents=_list(OPEN))
    },
    ("Controller", "router", "add_router_interface"): {
        "request": INTERFACE,
        "response": INTERFACE_RESPONSE,
    },
    ("Controller", "router", "remove_router_interface"): {
        "request": REMOVED_INTERFACE,
        "response": INTERFACE_RESPONSE,
    },
    ("Controller", "trunk", "add_subports"): {"request": SUBPORTS},
    ("Controller", "trunk", "remove_subports"): {"request": REMOVED_SUBPORTS},
    ("Controller", "trunk", "get_subports"): {"response": SUBPORTS},
}
