"""Says what neutron's attribute maps cannot: bodies of actions and of special controllers.

Written down from the handlers of neutron 29.0.0 that each group names. What is not here
and in no attribute map is unknown.
"""

import facts
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


# Rules that handlers check in some cases: of another project's quotas, with the words of
# `context.is_admin` or as a rule (`quotasv2.QuotaSetsController`, `quotasv2_detail`).
CONDITIONAL_RULES = {
    ("QuotaSetsController", "show"): ["get_quota"],
    ("QuotaSetsController", "default"): ["get_quota"],
    ("DetailQuotaSetsController", "details"): ["context_is_admin"],
}
# What the generic controller checks by a rule that nobody registered falls to `default`
# (`oslo_policy.policy.Rules`).
DEFAULT_RULE = {"PUT /ports/{port_id}/bindings/{id}"}
TAGS_OF_POLICIES = "/qos/policies/{id}/tags"


def tags_of_policies(rules):
    """Returns where the operations are that rules document for the tags of QoS policies.

    `neutron.pecan_wsgi.controllers.root.V2Controller._lookup` routes a path with the prefix past
    the controller of tags, which then gets neither a body nor what it is about; without it the
    extension's own route is taken.
    """
    return {
        (rule.name, place["method"], place["path"]): [
            (place["method"], place["path"].removeprefix("/qos"))
        ]
        for rule in rules
        for place in facts.documented_operations(rule)
        if place["path"].startswith(TAGS_OF_POLICIES)
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


# What the serializer makes of a handler that returns nothing
# (`neutron.api.wsgi.JSONDictSerializer`).
NULL = {"enum": [None]}
DRIVERS_OWN = {"type": "object", "x-openstack": {"open": "the mechanism driver's own"}}

# `tagging.TaggingController`, `validate_tags`; `show` answers without a body.
TAGS = _closed(["tags"], tags=_list({"type": "string", "minLength": 1, "maxLength": 255}))
TAGS_RESPONSE = _closed(["tags"], tags=_list(STRING))
TAGGING = {
    "index": {"response": TAGS_RESPONSE},
    "show": {"response": "none"},
    "create": {"request": TAGS, "response": TAGS_RESPONSE},
    "update": {"request": "none", "response": NULL},
    "update_all": {"request": TAGS, "response": TAGS_RESPONSE},
    "delete": {},
    "delete_all": {},
}

# `quotasv2.QuotaSetsController` and `quotasv2_detail`: a limit a resource, -1 for none.
LIMITS = {"type": "object", "additionalProperties": INTEGER}
QUOTA = _closed(["quota"], quota=LIMITS)
QUOTA_UPDATE = _object(
    ["quota"],
    quota={
        "type": "object",
        "properties": {"force": BOOLEAN, "check_limit": BOOLEAN},
        "additionalProperties": {"type": "integer", "minimum": -1},
    },
)
PROJECT_QUOTA = {**_object(tenant_id=STRING, project_id=STRING), "additionalProperties": INTEGER}
USAGE = _closed(["limit", "used", "reserved"], limit=INTEGER, used=INTEGER, reserved=INTEGER)
QUOTAS = {
    "index": {"response": _closed(["quotas"], quotas=_list(PROJECT_QUOTA))},
    "show": {"response": QUOTA},
    "update": {"request": QUOTA_UPDATE, "response": QUOTA},
    "default": {"response": QUOTA},
    "project": {
        "response": _closed(["project"], project=_closed(["project_id"], project_id=STRING))
    },
    "tenant": {"response": _closed(["tenant"], tenant=_closed(["tenant_id"], tenant_id=STRING))},
    "details": {
        "response": _closed(["quota"], quota={"type": "object", "additionalProperties": USAGE})
    },
}

# `neutron.api.extensions.ExtensionController._translate`.
EXTENSION = _closed(
    ["name", "alias", "description", "updated", "links"],
    name=STRING,
    alias=STRING,
    description=STRING,
    updated=STRING,
    # Nothing is ever in it ("TODO(dprince)" there).
    links={"type": "array", "items": {"type": "object"}, "maxItems": 0},
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
INTERFACE_RESPONSE = _closed(
    ["id", "network_id", "port_id", "project_id", "subnet_id", "subnet_ids"],
    id=UUID,
    project_id=STRING,
    port_id=UUID,
    network_id=UUID,
    subnet_id=UUID,
    subnet_ids=_list(UUID),
)

# `db.l3_db.ExtraRoute_dbonly_mixin.add_extraroutes` and `remove_extraroutes`.
EXTRA_ROUTES = _closed(
    ["router"],
    router=_closed(
        ["routes"],
        routes=_list(_closed(["destination", "nexthop"], destination=STRING, nexthop=STRING)),
    ),
)
# `db.address_group_db.AddressGroupDbMixin.add_addresses` and `remove_addresses`.
ADDRESSES = _closed(["addresses"], addresses=_list(STRING))
# `db.db_base_plugin_v2.NeutronDbPluginV2.add_prefixes` and `remove_prefixes`.
PREFIXES = _closed(["prefixes"], prefixes=_list(STRING))
# `plugins.ml2.plugin.Ml2Plugin.activate_port_binding`, by `_make_port_binding_dict`.
BINDING_RESPONSE = _closed(
    ["host", "profile", "status", "vif_details", "vif_type", "vnic_type"],
    host=STRING,
    profile=DRIVERS_OWN,
    status=STRING,
    vif_details=DRIVERS_OWN,
    vif_type=STRING,
    vnic_type=STRING,
)

# `services.trunk.plugin.TrunkPlugin.add_subports`, `remove_subports` and `get_subports`.
SUBPORT = _object(["port_id"], port_id=UUID, segmentation_id=INTEGER, segmentation_type=STRING)
SUBPORTS = _object(["sub_ports"], sub_ports=_list(SUBPORT))
SUBPORTS_RESPONSE = _closed(
    ["sub_ports"],
    sub_ports=_list(
        _closed(
            ["port_id", "segmentation_id", "segmentation_type"],
            port_id=UUID,
            segmentation_id=INTEGER,
            segmentation_type=STRING,
        )
    ),
)
REMOVED_SUBPORTS = _object(["sub_ports"], sub_ports=_list(_object(["port_id"], port_id=UUID)))

# `neutron.common.ovn.constants`, `HA_CHASSIS_GROUP_LOWEST_PRIORITY` and `_HIGHEST_PRIORITY`.
PRIORITY = {"type": ["integer", "null"], "minimum": 1, "maximum": 32767}

# `db.db_base_plugin_v2.NeutronDbPluginV2.onboard_network_subnets`.
ONBOARDED = _list(_closed(["cidr", "id"], cidr=STRING, id=UUID))

# `db.l3_extra_gws_db.ExtraGatewaysMixinDbMixin`, by the key specification of
# `neutron_lib.api.definitions.l3_ext_gw_multihoming.EXTERNAL_GATEWAYS`.
GATEWAY = _object(
    ["network_id"],
    network_id=UUID,
    enable_snat=BOOLEAN,
    external_fixed_ips=_list(_object(ip_address=STRING, subnet_id=UUID)),
    qos_policy_id={"type": ["null", "string"], "format": "uuid"},
)
GATEWAYS = _closed(["router"], router=_closed(["external_gateways"], external_gateways=_list(GATEWAY)))

BODIES = {
    **{("TaggingController", None, handler): body for handler, body in TAGGING.items()},
    **{("QuotaSetsController", None, handler): body for handler, body in QUOTAS.items()},
    **{("DetailQuotaSetsController", None, handler): body for handler, body in QUOTAS.items()},
    ("ExtensionController", None, "index"): {
        "response": _closed(["extensions"], extensions=_list(EXTENSION))
    },
    ("ExtensionController", None, "show"): {
        "response": _closed(["extension"], extension=EXTENSION)
    },
    # `dhcpagentscheduler` and `l3agentscheduler`: `create` reads one id out of the body.
    ("NetworkSchedulerController", None, "create"): {
        "request": _object(["network_id"], network_id=UUID),
        "response": NULL,
    },
    ("RouterSchedulerController", None, "create"): {
        "request": _object(
            ["router_id"], router_id=UUID, ha_chassis_priority=PRIORITY
        ),
        "response": NULL,
    },
    # `services.ovn_l3.plugin.OVNL3RouterPlugin.update_router_in_l3_agent`; the reference plugin
    # cannot do it.
    ("RouterSchedulerController", None, "update"): {
        "request": _object(ha_chassis_priority=PRIORITY),
        "response": NULL,
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
    ("Controller", "trunk", "get_subports"): {"response": SUBPORTS_RESPONSE},
    ("Controller", "router", "add_extraroutes"): {"request": EXTRA_ROUTES},
    ("Controller", "router", "remove_extraroutes"): {"request": EXTRA_ROUTES},
    ("Controller", "address_group", "add_addresses"): {"request": ADDRESSES},
    ("Controller", "address_group", "remove_addresses"): {"request": ADDRESSES},
    ("Controller", "subnetpool", "add_prefixes"): {"request": PREFIXES, "response": PREFIXES},
    ("Controller", "subnetpool", "remove_prefixes"): {"request": PREFIXES, "response": PREFIXES},
    ("Controller", "subnetpool", "onboard_network_subnets"): {
        "request": _object(["network_id"], network_id=UUID),
        "response": ONBOARDED,
    },
    **{
        ("Controller", "router", f"{verb}_external_gateways"): {"request": GATEWAYS}
        for verb in ("add", "update", "remove")
    },
    ("Controller", "binding", "activate"): {"request": "none", "response": BINDING_RESPONSE},
}

# Answers that contain a resource as the plugin has it: no controller drops what the attribute
# map does not have. By the handler: the collection, the resource, the extension that brings it,
# and the key that it has in the answer (a list where the key is the collection).
UNFILTERED = {
    ("NetworkSchedulerController", None, "index"): ("networks", "network", None, "networks"),
    ("RouterSchedulerController", None, "index"): ("routers", "router", "router", "routers"),
    ("DhcpAgentsHostingNetworkController", None, "index"): ("agents", "agent", "agent", "agents"),
    ("L3AgentsHostingRouterController", None, "index"): ("agents", "agent", "agent", "agents"),
    ("Controller", "router", "add_extraroutes"): ("routers", "router", "router", "router"),
    ("Controller", "router", "remove_extraroutes"): ("routers", "router", "router", "router"),
    **{
        ("Controller", "router", f"{verb}_external_gateways"): (
            "routers",
            "router",
            "router",
            "router",
        )
        for verb in ("add", "update", "remove")
    },
    ("Controller", "address_group", "add_addresses"): (
        "address_groups",
        "address_group",
        "address-group",
        "address_group",
    ),
    ("Controller", "address_group", "remove_addresses"): (
        "address_groups",
        "address_group",
        "address-group",
        "address_group",
    ),
    ("Controller", "trunk", "add_subports"): ("trunks", "trunk", "trunk", None),
    ("Controller", "trunk", "remove_subports"): ("trunks", "trunk", "trunk", None),
}


def unfiltered(route):
    """Returns the entry of `UNFILTERED` for a route, or None."""
    controller = route["controller"]
    cls = controller if isinstance(controller, type) else type(controller)
    return UNFILTERED.get((cls.__name__, route["resource"], route["handler"]))
