"""What nova's answers may lack, always have, or may have besides, where its schemas do not say.

Each line was read from the view or controller named above it (nova 34.0.0). A reason says why
an answer may lack a property (`omitted`) or have keys that no spec lists (`open`). Where nova's
schemas are wrong (`WRONG`), the code says what is answered. Where they are looser than it
(`ALWAYS`, `CLOSED`, a type), the answers of nova's own functional tests have to agree: the wheel
has them as templates. See `leaves.py`.
"""

import facts
from leaves import ALWAYS, CLOSED

SAMPLES = facts.package_file("nova", "tests/functional/api_sample_tests/api_samples")

BOOLEAN = {"type": "boolean"}
NEXT = "the last page has no link to a next one"
LAST_OF_ALL = "the list of links is always empty"


def _rule(name):
    return f"the policy rule os_compute_api:{name} may hide it"


def _each(names, mark):
    return dict.fromkeys(names, mark)


# `views.servers.ViewBuilder.show`, `_get_fault` and `_add_security_grps`.
ATTRIBUTES = _rule("os-extended-server-attributes")
HINTS = "only the hints that the server was created with"
SERVER = {
    **_each(
        [
            f"OS-EXT-SRV-ATTR:{name}"
            for name in (
                "host",
                "hypervisor_hostname",
                "instance_name",
                "kernel_id",
                "launch_index",
                "ramdisk_id",
                "reservation_id",
                "root_device_name",
                "user_data",
            )
        ],
        ATTRIBUTES,
    ),
    "OS-EXT-SRV-ATTR:hostname": f"{ATTRIBUTES}, up to 2.89",
    "fault": "only the status ERROR or DELETED has one",
    "fault/details": "of an error 500 only administrators see them",
    "flavor/extra_specs": _rule("servers:show:flavor-extra-specs"),
    "host_status": _rule("servers:show:host_status"),
    "progress": "not every status has one (`_progress_statuses`)",
    "security_groups": "a server without ports has none",
    "key_name": "the answer to an update has it since 2.75",
    "adminPass": "only where the setting `enable_instance_password` is on",
    **{
        f"scheduler_hints/{name}": HINTS
        for name in (
            "build_near_host_ip",
            "cidr",
            "different_cell",
            "different_host",
            "group",
            "query",
            "same_host",
            "target_cell",
        )
    },
}
OPEN_SERVER = {
    "scheduler_hints": "scheduler filters of a deployment have hints of their own",
    "scheduler_hints/query": "a query of a scheduler filter, in JSON",
}

# `views.flavors.ViewBuilder`, `flavor_access._marshall_flavor_access`.
FLAVOR = {"extra_specs": _rule("os-flavor-extra-specs:index")}
STRICT_FLAVOR = {"os-flavor-access:is_public": BOOLEAN, "links/*": CLOSED}
ACCESS = {"": CLOSED, "flavor_access/*": CLOSED}

# `security_groups.SecurityGroupControllerBase._format_security_group_rule`.
GROUP = "a rule for addresses has no group"
SECURITY_RULE = {
    "group/name": GROUP,
    "group/tenant_id": GROUP,
    "ip_range/cidr": "a rule for a group has no addresses",
}

# `networks.network_dict`.
ADMINISTRATORS = "only administrators see it"
NETWORK = _each(
    [
        "bridge",
        "bridge_interface",
        "created_at",
        "deleted",
        "deleted_at",
        "dhcp_server",
        "dhcp_start",
        "enable_dhcp",
        "host",
        "injected",
        "mtu",
        "multi_host",
        "priority",
        "project_id",
        "rxtx_base",
        "share_address",
        "updated_at",
        "vlan",
        "vpn_private_address",
        "vpn_public_address",
        "vpn_public_port",
    ],
    ADMINISTRATORS,
)

# `services.ServiceController._get_service_detail`; of a cell that is down only some are known.
SERVICE = ["disabled_reason", "forced_down", "id", "state", "updated_at", "zone"]
DOWN_CELL = "the service is in a cell that is down"

# `hypervisors.HypervisorsController._view_hypervisor`.
HYPERVISOR = {
    "servers": "only where they were asked for",
    "disk_available_least": "only up to 2.87, although later schemas have it",
}

# `views.images.ViewBuilder.show`.
IMAGE = {
    "OS-DCF:diskConfig": "only of an image with the property auto_disk_config",
    "server": "only of an image that was made of a server",
}

# `simple_tenant_usage.SimpleTenantUsageController._tenant_usages_for_period`.
USED = ["local_gb", "memory_mb", "vcpus"]
# `instance_actions.InstanceActionsController._format_event`.
EVENT = {
    "details": _rule("os-instance-actions:events:details"),
    "host": _rule("os-instance-actions:events"),
    "traceback": _rule("os-instance-actions:events"),
}


def _below(prefixes, marks):
    return {
        "/".join(filter(None, [prefix, name])): mark
        for prefix in prefixes
        for name, mark in marks.items()
    }


ONE_OR_MORE = {
    word: (word, f"{word}s/*") for word in ("server", "flavor", "image", "network", "service")
}

# Why answers may lack a property, by the start of the path and the pointer.
OMITTED = {
    "/servers": {
        "servers_links": NEXT,
        "adminPass": SERVER["adminPass"],
        **_below(ONE_OR_MORE["server"], SERVER),
    },
    "/servers/{server_id}/os-instance-actions": {
        "links": NEXT,
        **_below(["instanceAction/events/*"], EVENT),
    },
    "/servers/{server_id}/os-security-groups": _below(["security_groups/*/rules/*"], SECURITY_RULE),
    "/servers/{server_id}/shares": _below(
        ["share", "shares/*"], _each(["export_location", "uuid"], ADMINISTRATORS)
    ),
    "/servers/{server_id}/topology": _below(
        ["nodes/*"],
        _each(["cpu_pinning", "host_node"], _rule("compute:server:topology:host:index")),
    ),
    "/flavors": {"flavors_links": NEXT, **_below(ONE_OR_MORE["flavor"], FLAVOR)},
    "/images": {"images_links": NEXT, **_below(ONE_OR_MORE["image"], IMAGE)},
    "/os-console-auth-tokens": {"console/tls_port": "only of a console of the type spice-direct"},
    "/os-hosts": _each(["maintenance_mode", "status"], "only what the request changes"),
    "/os-hypervisors": {
        "hypervisors_links": NEXT,
        **_below(["hypervisor", "hypervisors/*"], HYPERVISOR),
    },
    "/os-keypairs": {"keypairs_links": NEXT},
    "/os-migrations": {
        "migrations_links": NEXT,
        "migrations/*/links": "only of a live migration in progress",
    },
    "/os-networks": _below(ONE_OR_MORE["network"], NETWORK),
    "/os-security-group-rules": _below(["security_group_rule"], SECURITY_RULE),
    "/os-security-groups": _below(
        ["security_group/rules/*", "security_groups/*/rules/*"], SECURITY_RULE
    ),
    "/os-server-external-events": {"events/*/tag": "only where the request has one"},
    "/os-server-groups": _below(
        ["server_group", "server_groups/*"],
        {"rules/max_server_per_host": "only of a group with that rule"},
    ),
    "/os-services": _below(["services/*"], _each(SERVICE, DOWN_CELL)),
    "/os-simple-tenant-usage": {
        "tenant_usages_links": NEXT,
        "tenant_usage_links": NEXT,
        "tenant_usages/*/server_usages": "only where details were asked for",
    },
    "/os-volumes": _below(
        ["volume", "volumes/*"],
        {"attachments/*/device": "an attachment may have no mount point"},
    ),
    "/extensions": _below(
        ["extension", "extensions/*"], _each(["links/*/href", "links/*/rel"], LAST_OF_ALL)
    ),
    "/": {"version/links/*/type": "only of the link to the documentation"},
    "/versions": {"version/links/*/type": "only of the link to the documentation"},
}

# Why an object may have other keys.
OPEN = {
    "/servers": _below(ONE_OR_MORE["server"], OPEN_SERVER),
    "/os-aggregates": {
        "aggregate/metadata": "metadata of administrators",
        "aggregates/*/metadata": "metadata of administrators",
    },
    "/extensions": {"extension/links/*": LAST_OF_ALL, "extensions/*/links/*": LAST_OF_ALL},
}

# What nova's schema says of an answer and its code contradicts, with what the code answers.
WRONG = {
    # `InstanceUsageAuditLogController._get_audit_task_logs` answers the names of the hosts, as a
    # service has them (`nova.objects.service.Service.host`); the schema has ids.
    "/os-instance_usage_audit_log": _each(
        [
            "instance_usage_audit_log/hosts_not_run/*",
            "instance_usage_audit_logs/hosts_not_run/*",
        ],
        {"type": "string"},
    ),
}

# `views.versions.ViewBuilder.build_version`.
VERSION = [
    ("versions/v2*-resp", None, _below(["version"], _each(["media-types", "version"], ALWAYS)))
]

# What is stricter than upstream's schema, with the templates that have to agree and the version
# since which it is.
STRICTER = {
    "/flavors": [
        ("flavor*/*flavor-*-resp", None, _below(["flavor"], STRICT_FLAVOR)),
        ("flavors/*flavors-detail-resp", None, _below(["flavors/*"], STRICT_FLAVOR)),
        ("flavor-access/*-resp", None, ACCESS),
    ],
    "/os-availability-zone": [
        (
            "os-availability-zone/*-resp",
            None,
            {
                "availabilityZoneInfo/*/zoneState": CLOSED,
                "availabilityZoneInfo/*/zoneState/available": ALWAYS,
            },
        )
    ],
    "/os-floating-ip-pools": [("os-floating-ip-pools/*-resp", None, {"": CLOSED})],
    "/os-instance_usage_audit_log": [
        (
            "os-instance-usage-audit-log/*-resp",
            None,
            _below(
                ["instance_usage_audit_log/log/{}", "instance_usage_audit_logs/log/{}"],
                _each(["errors", "instances", "message", "state"], ALWAYS),
            ),
        )
    ],
    "/os-services": [
        ("os-services/v2.53/*-put-resp", "2.53", _below(["service"], _each(SERVICE, ALWAYS)))
    ],
    "/os-simple-tenant-usage": [
        (
            "os-simple-tenant-usage/*",
            None,
            _below(
                ["tenant_usage/server_usages/*", "tenant_usages/*/server_usages/*"],
                _each(USED, ALWAYS),
            ),
        )
    ],
    "/servers": [("os-remote-consoles/get-spice-*-resp", None, {"console": ALWAYS})],
    "/": VERSION,
    "/versions": VERSION,
}
