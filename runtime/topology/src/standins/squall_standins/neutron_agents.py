"""One process that replaces all of neutron's agents, for a cloud without a data plane.

It uses the agents' own RPC and forwards no packets: it reports Open vSwitch, DHCP, L3
and metadata agents, sets bound ports up, reports DHCP as ready, binds the ports of
routers and activates floating IPs.

``SQUALL_SWITCH_HOSTS`` lists the hosts with a switch, ``SQUALL_NETWORK_HOSTS`` those
with the other agents, both separated by commas. The arguments are neutron's own
``--config-file``.
"""

import itertools
import os
import queue
import sys
import threading
import time

from neutron.agent import rpc as agent_rpc
from neutron.api.rpc.callbacks.consumer import registry
from neutron.api.rpc.callbacks import resources
from neutron.api.rpc.handlers import resources_rpc
from neutron.common import config as common_config
from neutron.conf.agent import common as agent_conf
from neutron_lib.agent import topics
from neutron_lib import constants
from neutron_lib import context as neutron_context
from neutron_lib import rpc
from oslo_config import cfg
from oslo_log import log
import oslo_messaging

LOG = log.getLogger(__name__)

HEARTBEAT = 30
#: The delay before a failed report is repeated.
AGAIN = 3
#: How many initial reports are sent with that delay. A server drops reports from before
#: its own start (neutron/db/agents_db.py, ``AgentExtRpcCallback.report_state``) but
#: answers them: one that starts at the same time would consider the agents down.
EAGER = 20
WORKERS = 4


def hosts(variable):
    return [host for host in os.environ.get(variable, "").split(",") if host]


SWITCH_HOSTS = hosts("SQUALL_SWITCH_HOSTS")
NETWORK_HOSTS = hosts("SQUALL_NETWORK_HOSTS")


def switch(host):
    return {
        "binary": "neutron-openvswitch-agent",
        "host": host,
        "topic": constants.L2_AGENT_TOPIC,
        "agent_type": constants.AGENT_TYPE_OVS,
        "availability_zone": None,
        "configurations": {
            "bridge_mappings": {"public": "br-ex", "physnet1": "br-physnet1"},
            "integration_bridge": "br-int",
            "tunnel_types": ["vxlan", "geneve"],
            "tunneling_ip": "127.0.0.1",
            "datapath_type": "system",
            "ovs_capabilities": {"datapath_types": ["system"], "iface_types": []},
            "vhostuser_socket_dir": "",
            "extensions": ["qos"],
            "devices": 0,
            "l2_population": False,
            "arp_responder_enabled": False,
            "enable_distributed_routing": False,
            "in_distributed_mode": False,
            "log_agent_heartbeats": False,
        },
    }


def dhcp(host):
    return {
        "binary": "neutron-dhcp-agent",
        "host": host,
        "topic": topics.DHCP_AGENT,
        "agent_type": constants.AGENT_TYPE_DHCP,
        "availability_zone": "nova",
        "configurations": {
            "dhcp_driver": "neutron.agent.linux.dhcp.Dnsmasq",
            "dhcp_lease_duration": 86400,
            "networks": 0,
            "subnets": 0,
            "ports": 0,
            "log_agent_heartbeats": False,
        },
    }


def l3(host):
    return {
        "binary": "neutron-l3-agent",
        "host": host,
        "topic": topics.L3_AGENT,
        "agent_type": constants.AGENT_TYPE_L3,
        "availability_zone": "nova",
        "configurations": {
            "agent_mode": "legacy",
            "interface_driver": "openvswitch",
            "handle_internal_only_routers": True,
            "extensions": [],
            "routers": 0,
            "ex_gw_ports": 0,
            "interfaces": 0,
            "floating_ips": 0,
            "log_agent_heartbeats": False,
        },
    }


def metadata(host):
    return {
        "binary": "neutron-metadata-agent",
        "host": host,
        "topic": "N/A",
        "agent_type": constants.AGENT_TYPE_METADATA,
        "availability_zone": None,
        "configurations": {"log_agent_heartbeats": False},
    }


class Quiet:
    """An agent's end of RPC; messages without a method here are ignored."""

    heard = ()

    def __getattr__(self, name):
        if name not in self.heard:
            raise AttributeError(name)
        return lambda context, **arguments: None


class DhcpAgent(Quiet):
    """Handles messages about ports, which then wait for DHCP."""

    target = oslo_messaging.Target(version="1.1")
    heard = (
        "agent_updated",
        "network_create_end",
        "network_update_end",
        "network_delete_end",
        "subnet_create_end",
        "subnet_update_end",
        "subnet_delete_end",
        "port_delete_end",
    )

    def __init__(self, work):
        self._work = work

    def port_create_end(self, context, **arguments):
        port = arguments.get("port") or (arguments.get("payload") or {}).get("port")
        if port:
            self._work.put((serve_dhcp, (port["id"],)))

    port_update_end = port_create_end


class L3Agent(Quiet):
    """Handles messages about routers, which then have to be bound to a host."""

    target = oslo_messaging.Target(version="1.5")
    heard = (
        "agent_updated",
        "router_deleted",
        "router_removed_from_agent",
        "add_arp_entry",
        "del_arp_entry",
        "fipnamespace_delete_on_ext_net",
        "network_update",
        "port_update",
        "port_delete",
    )

    def __init__(self, work, host):
        self._work = work
        self._host = host

    def routers_updated(self, context, routers=None, **arguments):
        ids = [router["id"] if isinstance(router, dict) else router for router in routers or ()]
        if ids:
            self._work.put((serve_routers, (self._host, ids)))

    def router_added_to_agent(self, context, payload=None, **arguments):
        self.routers_updated(context, payload)


class Plugin:
    """The server's end of RPC."""

    def __init__(self):
        self.switch = agent_rpc.PluginApi(topics.PLUGIN)
        target = oslo_messaging.Target(
            topic=topics.PLUGIN, version="1.0", namespace=constants.RPC_NAMESPACE_DHCP_PLUGIN
        )
        self.dhcp = rpc.get_client(target).prepare(version="1.5")
        self.l3 = rpc.get_client(oslo_messaging.Target(topic=topics.L3PLUGIN, version="1.0"))
        self.reports = agent_rpc.PluginReportStateAPI(topics.REPORTS)


def bring_up(plugin, context, port, host):
    plugin.switch.update_device_up(context, device=port, agent_id=f"ovs-agent-{host}", host=host)
    serve_dhcp(plugin, context, port)


def serve_dhcp(plugin, context, port):
    plugin.dhcp.call(context, "dhcp_ready_on_ports", port_ids=[port])


def serve_routers(plugin, context, host, ids):
    """Binds the routers' ports to the host, and activates their floating IPs."""
    routers = plugin.l3.prepare().call(context, "sync_routers", host=host, router_ids=ids)
    for router in routers or ():
        statuses = {
            address["id"]: "ACTIVE" if address.get("fixed_ip_address") else "DOWN"
            for address in router.get(constants.FLOATINGIP_KEY, ())
        }
        # Also without any: the server then sets those down that the router has lost.
        plugin.l3.prepare(version="1.1").call(
            context,
            "update_floatingip_statuses",
            router_id=router["id"],
            fip_statuses=statuses,
        )


def resume(plugin, context, work):
    """Handles what happened while this process was not running."""
    ports = resources_rpc.ResourcesPullRpcApi().bulk_pull(context, resources.PORT)
    for port, host in waiting(ports):
        work.put((bring_up, (port, host)))
    for host in NETWORK_HOSTS:
        work.put((serve_routers, (host, None)))


def waiting(ports):
    """Yields the ports that are bound to a switch but not up, with the host."""
    for port in ports:
        for binding in port.bindings or ():
            is_active = getattr(binding, "status", "ACTIVE") == "ACTIVE"
            is_ours = binding.host in SWITCH_HOSTS and binding.vif_type == "ovs"
            if is_ours and is_active and port.status != "ACTIVE":
                yield port.id, binding.host


def labour(plugin, work):
    context = neutron_context.get_admin_context_without_session()
    while True:
        task, arguments = work.get()
        try:
            task(plugin, context, *arguments)
        except Exception:
            # The port or router may be gone by now, which whoever waits for it notices.
            LOG.exception("%s%s failed", task.__name__, arguments)


def listen(work):
    def changed(context, resource_type, ports, event):
        if event != "deleted":
            for port, host in waiting(ports):
                work.put((bring_up, (port, host)))

    registry.register(changed, resources.PORT)
    connection = rpc.Connection()
    connection.create_consumer(
        resources_rpc.resource_type_versioned_topic(resources.PORT),
        [resources_rpc.ResourcesPushRpcCallback()],
        fanout=True,
    )
    connection.consume_in_threads()
    for host in NETWORK_HOSTS:
        ends = ((topics.DHCP_AGENT, DhcpAgent(work)), (topics.L3_AGENT, L3Agent(work, host)))
        for topic, end in ends:
            rpc.get_server(oslo_messaging.Target(topic=topic, server=host), [end]).start()


def report(plugin, work):
    """Reports all agents, forever. The first report of each says that it started."""
    context = neutron_context.get_admin_context_without_session()
    # A call to a server that does not listen yet is lost without an answer.
    plugin.reports.timeout = AGAIN
    agents = [switch(host) for host in SWITCH_HOSTS]
    agents += [kind(host) for host in NETWORK_HOSTS for kind in (dhcp, l3, metadata)]
    for agent in agents:
        agent["start_flag"] = True
    resumed = False
    for beat in itertools.count():
        for agent in agents:
            is_first = "start_flag" in agent
            try:
                plugin.reports.report_state(context, agent, use_call=is_first)
                agent.pop("start_flag", None)
            except Exception as error:
                LOG.warning("%s on %s not reported: %s", agent["binary"], agent["host"], error)
        if not resumed and not any("start_flag" in agent for agent in agents):
            LOG.info("%s agents reported", len(agents))
            try:
                resume(plugin, context, work)
                resumed = True
            except Exception:
                LOG.exception("what waits is not known yet")
        time.sleep(HEARTBEAT if resumed and beat >= EAGER else AGAIN)


def main():
    common_config.register_common_config_options()
    common_config.init(sys.argv[1:])
    common_config.setup_logging()
    agent_conf.register_agent_state_opts_helper(cfg.CONF)
    rpc.init(cfg.CONF)
    work = queue.Queue()
    plugin = Plugin()
    listen(work)
    for _ in range(WORKERS):
        threading.Thread(target=labour, args=(plugin, work), daemon=True).start()
    report(plugin, work)


if __name__ == "__main__":
    main()
