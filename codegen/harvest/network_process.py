"""Runs neutron in this process, for its witness.

The service is the real one: ML2 and the service plugins of the tree over SQLite in memory,
behind the API's own application (`neutron.pecan_wsgi`) and the middleware that marks its answers,
without agents and messaging.
"""

import json
import tempfile
from unittest import mock

import webob
from oslo_config import cfg

import witness

SERVICE_PLUGINS = [
    "auto_allocate",
    "conntrack_helper",
    "flavors",
    "local_ip",
    "log",
    "metering",
    "ndp_proxy",
    "network_ip_availability",
    "network_segment_range",
    "port_forwarding",
    "qos",
    "revisions",
    "router",
    "segments",
    "tag",
    "timestamp",
    "trunk",
]
EXTENSION_DRIVERS = [
    "data_plane_status",
    "dns_domain_keywords",
    "port_device_profile",
    "port_hardware_offload_type",
    "port_hints",
    "port_numa_affinity_policy",
    "port_security",
    "port_trusted",
    "qos",
    "subnet_dns_publish_fixed_ip",
    "tag_ports_during_bulk_creation",
    "uplink_status_propagation",
    "uplink_status_propagation_updatable",
]
CONFIGURATION = f"""
[DEFAULT]
core_plugin = ml2
service_plugins = {",".join(SERVICE_PLUGINS)}
auth_strategy = noauth
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
[database]
connection = sqlite://
[ml2]
type_drivers = local,flat,vlan,vxlan,geneve
tenant_network_types = vxlan
mechanism_drivers = openvswitch
extension_drivers = {",".join(EXTENSION_DRIVERS)}
[ml2_type_vxlan]
vni_ranges = 1:1000
[ml2_type_vlan]
network_vlan_ranges = physnet1:1:1000
[ml2_type_flat]
flat_networks = *
"""
ROLES = ["admin", "member", "reader", "service"]
PROJECT = "0f1ad9f0aa7b4fd7a2a0e8c9d6a1b2c3"


def application():
    """Returns neutron's API application over an empty database."""
    from neutron.common import config
    from neutron.common import wsgi_utils

    config.register_common_config_options()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as settings:
        settings.write(CONFIGURATION)
        settings.flush()
        cfg.CONF(["--config-file", settings.name], project="neutron")
    mock.patch("neutron_lib.rpc.get_client", return_value=mock.MagicMock()).start()
    mock.patch("neutron_lib.rpc.get_notifier", return_value=mock.MagicMock()).start()
    mock.patch("neutron_lib.rpc.Connection", return_value=mock.MagicMock()).start()
    mock.patch("neutron_lib.rpc.BackingOffClient", return_value=mock.MagicMock()).start()
    # In neutron 28 only the first worker of a web server allocates segments; none runs here.
    if hasattr(wsgi_utils, "get_api_worker_id"):
        worker = mock.patch("neutron.common.wsgi_utils.get_api_worker_id")
        worker.start().return_value = wsgi_utils.FIRST_WORKER_ID
    from neutron.db.migration.models import head
    from neutron_lib.db import api as db_api

    with db_api.CONTEXT_WRITER.using(admin()) as session:
        head.get_metadata().create_all(session.get_bind())
    from neutron.api import extensions
    from neutron.pecan_wsgi import app
    from oslo_middleware import catch_errors
    from oslo_middleware import request_id

    core = app.v2_factory({})
    # The order of `etc/api-paste.ini`: what the middleware does not route goes to the core.
    routed = extensions.plugin_aware_extension_middleware_factory({})(core)
    return request_id.RequestId(catch_errors.CatchErrors(routed))


def admin():
    """Returns the context of an administrator."""
    return caller(ROLES, is_admin=True)


def caller(roles, is_admin=False):
    """Returns the context of somebody in the project that owns everything."""
    from neutron_lib import context

    return context.Context("user", PROJECT, roles=roles, is_admin=is_admin)


class Cloud(witness.Recorder):
    """Sends requests as an administrator, and remembers one that worked for each operation."""

    def __init__(self, app):
        super().__init__(app, self._as_admin)
        self._wsgi = app
        # By method and path template: the ids, the body and the status of the answer.
        self.worked = {}
        # The operations that answered the JSON null, which a handler that returns nothing makes.
        self.nulls = set()

    def send(self, method, template, ids, body=None, query=""):
        failures = len(self.failures)
        answer = super().send(method, template, ids, body, query)
        if len(self.failures) == failures:
            place = f"{method} {template}"
            self.worked.setdefault(place, (ids, body))
            if answer is None and self.headers.get("Content-Length", "0") != "0":
                self.nulls.add(place)
        return answer

    def ask(self, method, path, body=None, text=None, context=None, headers=()):
        """Sends a request that may well be refused; returns the response."""
        request = webob.Request.blank(path, method=method, headers=list(headers))
        if body is not None or text is not None:
            request.content_type = "application/json"
            request.text = json.dumps(body) if text is None else text
        request.environ["neutron.context"] = context or admin()
        return request.get_response(self._wsgi)

    @staticmethod
    def _as_admin(request):
        request.environ["neutron.context"] = admin()


def report_agents():
    """Registers agents, as they do by their messages; ports are bound where one is alive."""
    from neutron.db import agents_db
    from neutron_lib import context
    from oslo_utils import timeutils

    reporter = agents_db.AgentDbMixin()
    tunnels = {"tunnel_types": ["vxlan"], "tunneling_ip": "192.0.2.1"}
    bridges = {"bridge_mappings": {"physnet1": "br-ex"}}
    for kind, binary, topic, host, configuration in [
        ("DHCP agent", "neutron-dhcp-agent", "dhcp_agent", "host", {}),
        ("L3 agent", "neutron-l3-agent", "l3_agent", "host", {"agent_mode": "legacy"}),
        ("Open vSwitch agent", "neutron-openvswitch-agent", "N/A", "host", tunnels | bridges),
        ("Open vSwitch agent", "neutron-openvswitch-agent", "N/A", "other", tunnels | bridges),
    ]:
        state = {
            "agent_type": kind,
            "binary": binary,
            "host": host,
            "topic": topic,
            "configurations": configuration,
            "start_flag": True,
        }
        if topic != "N/A":
            state["availability_zone"] = "nova"
        now = timeutils.utcnow()
        reporter.create_or_update_agent(context.get_admin_context(), state, now)
