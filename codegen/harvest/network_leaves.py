"""Schemas of the answered attributes whose map does not tell what they are.

Nobody sends them, or their validator only says "a dictionary" or "a list". Written down from
the code that each group names, of neutron 29.0.0. `network_service.py` holds each against what
the running service answers, and says there which keys are in every answer.
"""

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
# Counts of addresses: those of an IPv6 network are larger than any machine integer.
NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}
UUID = {"type": "string", "format": "uuid"}
TEXT_OR_NULL = {"type": ["null", "string"]}
UUID_OR_NULL = {"type": ["null", "string"], "format": "uuid"}
INTEGER_OR_NULL = {"type": ["integer", "null"]}
BOOLEAN_OR_NULL = {"type": ["boolean", "null"]}


def _object(**properties):
    return {"type": "object", "properties": properties}


def _list(items):
    return {"type": "array", "items": items}


def _with(alias, schema):
    """Marks what an extension adds inside of a value."""
    return {**schema, "x-openstack": {"extension": alias}}


def _or_null(schema):
    return {**schema, "type": [schema["type"], "null"]}


# `neutron.db.agents_db.AgentDbMixin._make_agent_dict`, fields of `neutron.objects.agent.Agent`.
# The configuration is the agent's own.
AGENT = {
    "agent_type": STRING,
    "alive": BOOLEAN,
    "availability_zone": TEXT_OR_NULL,
    "binary": STRING,
    "configurations": {"type": "object", "x-openstack": {"open": "the agent's own"}},
    "heartbeat_timestamp": STRING,
    "host": STRING,
    "resources_synced": BOOLEAN_OR_NULL,
    "started_at": STRING,
    "topic": STRING,
}

# `neutron.services.network_ip_availability` by
# `neutron.db.network_ip_availability_db.IpAvailabilityMixin`.
AVAILABILITY_DETAILS = _object(
    total_ips_in_allocation_pool=NUMBER,
    total_ips_in_subnet=NUMBER,
    used_ips_in_allocation_pool=NUMBER,
    used_ips_in_subnet=NUMBER,
)
AVAILABILITY = {
    "ip_availability_details": AVAILABILITY_DETAILS,
    "network_id": UUID,
    "network_name": STRING,
    "project_id": STRING,
    "subnet_ip_availability": _list(
        _object(
            cidr=STRING,
            ip_availability_details=AVAILABILITY_DETAILS,
            ip_version=INTEGER,
            subnet_id=UUID,
            subnet_name=STRING,
            total_ips=NUMBER,
            used_ips=NUMBER,
        )
    ),
    "tenant_id": STRING,
    "total_ips": NUMBER,
    "used_ips": NUMBER,
}

# `neutron.objects.ports.Port` and the functions that extend its dictionary:
# `neutron.db.dns_db`, `neutron.services.trunk.plugin._extend_port_trunk_details`,
# `neutron.db.portbindings_db`. The details of a binding are its driver's.
PORT = {
    "binding:host_id": STRING,
    "binding:vif_type": STRING,
    "dns_assignment": _list(_object(fqdn=STRING, hostname=STRING, ip_address=STRING)),
    "ip_allocation": {"type": "string", "enum": ["immediate", "deferred", "none"]},
    "trunk_details": _object(
        sub_ports=_list(
            _object(
                mac_address=STRING,
                port_id=UUID,
                segmentation_id=INTEGER,
                segmentation_type=STRING,
            )
        ),
        trunk_id=UUID,
    ),
}

# `neutron.db.l3_db._make_floatingip_dict`; the port's details are those of
# `neutron.db.l3_fip_port_details.Fip_port_details_db_mixin`, the forwardings of
# `neutron.services.portforwarding.pf_plugin.PortForwardingPlugin._extend_floatingip_dict`.
PORT_RANGES = "floating-ip-port-forwarding-port-ranges"
FLOATING_IP = {
    "port_details": _or_null(
        _object(
            admin_state_up=BOOLEAN,
            device_id=STRING,
            device_owner=STRING,
            mac_address=STRING,
            name=STRING,
            network_id=UUID,
            status=STRING,
        )
    ),
    "port_forwardings": _list(
        _object(
            external_port=INTEGER,
            external_port_range=_with(PORT_RANGES, STRING),
            id=UUID,
            internal_ip_address=STRING,
            internal_port=INTEGER,
            internal_port_id=UUID,
            internal_port_range=_with(PORT_RANGES, STRING),
            protocol=STRING,
        )
    ),
    "qos_network_policy_id": UUID_OR_NULL,
}

# `neutron.db.securitygroups_db.SecurityGroupDbMixin._make_security_group_rule_dict`. Inside a
# group nothing hides what only the database needs.
SECURITY_GROUP_RULE = _object(
    belongs_to_default_sg=_with("security-groups-rules-belongs-to-default-sg", BOOLEAN_OR_NULL),
    created_at=_with("standard-attr-timestamp", STRING),
    description=_with("standard-attr-description", TEXT_OR_NULL),
    direction=STRING,
    ethertype=STRING,
    id=UUID,
    normalized_cidr=_with("security-groups-normalized-cidr", TEXT_OR_NULL),
    port_range_max=INTEGER_OR_NULL,
    port_range_min=INTEGER_OR_NULL,
    project_id=STRING,
    protocol=TEXT_OR_NULL,
    remote_address_group_id=_with("security-groups-remote-address-group", UUID_OR_NULL),
    remote_group_id=UUID_OR_NULL,
    remote_ip_prefix=TEXT_OR_NULL,
    revision_number=_with("standard-attr-revisions", INTEGER),
    security_group_id=UUID,
    standard_attr_id=INTEGER,
    tags=_with("standard-attr-tag", _list(STRING)),
    tenant_id=STRING,
    updated_at=_with("standard-attr-timestamp", STRING),
)

# `neutron.objects.qos.rule`: each kind of rule has `id`, `qos_policy_id` and `type`.
QOS_RULE = _object(
    direction=STRING,
    dscp_mark=INTEGER,
    id=UUID,
    max_burst_kbps=INTEGER,
    max_burst_kpps=INTEGER,
    max_kbps=INTEGER,
    max_kpps=INTEGER,
    min_kbps=INTEGER,
    min_kpps=INTEGER,
    qos_policy_id=UUID,
    type=STRING,
)
# `neutron.objects.qos.rule_type`: the values of a parameter are a range or a list of choices.
QOS_DRIVER = _object(
    name=STRING,
    supported_parameters=_list(
        _object(
            parameter_name=STRING,
            parameter_type=STRING,
            parameter_values={"type": ["array", "object"]},
        )
    ),
)


def _of(collection, attributes):
    return {(collection, name): schema for name, schema in attributes.items()}


LEAVES = {
    **_of("agents", AGENT),
    **_of("network_ip_availabilities", AVAILABILITY),
    **_of("ports", PORT),
    **_of("floatingips", FLOATING_IP),
    # `neutron.db.availability_zone`.
    ("availability_zones", "name"): STRING,
    ("availability_zones", "resource"): {"type": "string", "enum": ["network", "router"]},
    ("availability_zones", "state"): {"type": "string", "enum": ["available", "unavailable"]},
    # `neutron.objects.securitygroup`; a default rule may name the group that it will be in.
    ("default_security_group_rules", "remote_address_group_id"): UUID_OR_NULL,
    ("default_security_group_rules", "remote_group_id"): TEXT_OR_NULL,
    ("security_group_rules", "remote_address_group_id"): UUID_OR_NULL,
    ("security_group_rules", "remote_group_id"): UUID_OR_NULL,
    ("security_groups", "security_group_rules"): _list(SECURITY_GROUP_RULE),
    # `neutron.objects.local_ip.LocalIPAssociation`.
    ("port_associations", "host"): STRING,
    ("port_associations", "local_ip_address"): STRING,
    ("port_associations", "local_ip_id"): UUID,
    # `neutron.objects.logapi.logging_resource`, `neutron.services.logapi`.
    ("loggable_resources", "type"): STRING,
    # `neutron.objects.metering`.
    ("metering_label_rules", "destination_ip_prefix"): TEXT_OR_NULL,
    ("metering_label_rules", "id"): UUID,
    ("metering_label_rules", "remote_ip_prefix"): TEXT_OR_NULL,
    ("metering_label_rules", "source_ip_prefix"): TEXT_OR_NULL,
    ("metering_labels", "id"): UUID,
    # The project by the segmentation id, see `neutron.db.network_segment_range_db`.
    ("network_segment_ranges", "used"): {"type": "object", "additionalProperties": STRING},
    # `neutron.db.db_base_plugin_common.DbBasePluginCommon._make_network_dict` and the functions
    # that extend it.
    ("networks", "availability_zones"): _list(STRING),
    ("networks", "l2_adjacency"): BOOLEAN,
    ("networks", "subnets"): _list(UUID),
    # `neutron.plugins.ml2.plugin.Ml2Plugin._make_port_binding_dict`.
    ("bindings", "host"): STRING,
    ("bindings", "vif_type"): STRING,
    # `neutron.objects.qos.policy.QosPolicy` and `neutron.objects.qos.rule_type.QosRuleType`.
    ("policies", "rules"): _list(QOS_RULE),
    ("rule_types", "drivers"): _list(QOS_DRIVER),
    ("rule_types", "type"): STRING,
    ("alias_bandwidth_limit_rules", "project_id"): STRING,
    ("alias_bandwidth_limit_rules", "tenant_id"): STRING,
    ("alias_dscp_marking_rules", "project_id"): STRING,
    ("alias_dscp_marking_rules", "tenant_id"): STRING,
    ("alias_minimum_bandwidth_rules", "project_id"): STRING,
    ("alias_minimum_bandwidth_rules", "tenant_id"): STRING,
    # `neutron.db.l3_db._make_router_dict` and the functions that extend it.
    ("routers", "availability_zones"): _list(STRING),
    ("routers", "conntrack_helpers"): _list(_object(helper=STRING, port=INTEGER, protocol=STRING)),
    ("routers", "flavor_id"): UUID_OR_NULL,
    # `neutron.db.servicetype_db.ServiceTypeManager.get_service_providers`.
    ("service_providers", "default"): BOOLEAN,
    ("service_providers", "name"): STRING,
    ("service_providers", "service_type"): STRING,
    ("service_profiles", "metainfo"): TEXT_OR_NULL,
    # `neutron.db.db_base_plugin_common.DbBasePluginCommon._make_subnetpool_dict` makes strings of
    # the lengths, and an update answers numbers.
    ("subnetpools", "default_prefixlen"): {"type": ["integer", "null", "string"]},
    ("subnetpools", "ip_version"): INTEGER,
    ("subnetpools", "max_prefixlen"): {"type": ["integer", "null", "string"]},
    ("subnetpools", "min_prefixlen"): {"type": ["integer", "null", "string"]},
}
