//! Neutron: networks without a data plane; a stand-in reports as every agent.

use std::collections::BTreeSet;

use super::Recipe;
use super::error::RecipeError;
use super::ini::Ini;
use super::setting::words;
use super::setting::{Setting, options};
use super::uwsgi::Api;
use crate::component::{Component, Service};
use crate::driver::Daemon;
use crate::plan::Process;
use crate::standins;

const SERVICE: Service = Service::Neutron;

/// The node of the L3, DHCP and metadata agents.
pub const NETWORK_NODE: &str = "network";

/// Returns its files, folders, databases and the commands that fill them.
pub(super) fn recipe(setting: Setting<'_>) -> Result<Recipe, RecipeError> {
    let mut files = Vec::new();
    for release in setting.releases(SERVICE)? {
        let etc = setting.etc(SERVICE, release);
        files.push(setting.file(SERVICE, etc.join("neutron.conf"), config(setting, release)));
        files.push(setting.file(SERVICE, etc.join("plugins/ml2/ml2_conf.ini"), plugin()));
        let paste = setting.environment(SERVICE, release)?.join("etc/neutron/api-paste.ini");
        files.push(setting.copy(&paste, etc.join("api-paste.ini"))?);
    }
    let release = setting.release(SERVICE)?;
    let mut upgrade = config_files(setting, release);
    upgrade.extend(words(&["upgrade", "heads"]));
    let id = "synchronise-neutron";
    Ok(Recipe {
        files,
        folders: vec![setting.state(SERVICE).join("locks")],
        databases: vec!["neutron"],
        synchronise: vec![setting.command(SERVICE, release, id, "neutron-db-manage", &upgrade)?],
        prepare: Vec::new(),
    })
}

/// Returns one of its processes.
pub(super) fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    let (_, release) = setting.owner(process)?;
    let files = config_files(setting, release);
    match process.component {
        // There is no program `neutron-server` any more (neutron 29), but a WSGI API and
        // these two.
        Component::NeutronRpc => setting.daemon(process, "neutron-rpc-server", &files),
        Component::NeutronPeriodic => setting.daemon(process, "neutron-periodic-workers", &files),
        Component::NeutronAgents => agents(setting, process, &files),
        _ => Api {
            module: "neutron.wsgi.api",
            threads: 12,
            router: false,
            config: Some((
                "OS_NEUTRON_CONFIG_DIR",
                setting.etc(SERVICE, release).display().to_string(),
            )),
            arguments: None,
        }
        .daemon(setting, process),
    }
}

fn agents(
    setting: Setting<'_>,
    process: &Process,
    files: &[String],
) -> Result<Daemon, RecipeError> {
    let mut arguments = words(&["-m", standins::NETWORK_AGENTS]);
    arguments.extend(files.iter().cloned());
    let mut daemon = setting.daemon(process, "python", &arguments)?;
    let computes = setting.site.processes(Component::NovaCompute).map(|p| p.node.as_str());
    // Ports of routers and of DHCP are bound on the network's node.
    let hosts: BTreeSet<&str> = computes.chain([NETWORK_NODE]).collect();
    let hosts: Vec<&str> = hosts.into_iter().collect();
    let environment = &mut daemon.command.environment;
    environment.insert("SQUALL_SWITCH_HOSTS".to_owned(), hosts.join(","));
    environment.insert("SQUALL_NETWORK_HOSTS".to_owned(), NETWORK_NODE.to_owned());
    Ok(daemon)
}

fn config_files(setting: Setting<'_>, release: &str) -> Vec<String> {
    let etc = setting.etc(SERVICE, release);
    let files = [etc.join("neutron.conf"), etc.join("plugins/ml2/ml2_conf.ini")];
    files.iter().flat_map(|file| ["--config-file".to_owned(), file.display().to_string()]).collect()
}

fn config(setting: Setting<'_>, release: &str) -> Ini {
    let paste = setting.etc(SERVICE, release).join("api-paste.ini").display().to_string();
    let rpc = setting.site.first(Component::NeutronRpc).map_or(1, |p| p.workers.max(1));
    let has = |service| setting.release(service).is_ok();
    let mut ini = Ini::default()
        .with(
            "DEFAULT",
            options([
                ("use_stderr", "true"),
                ("core_plugin", "ml2"),
                (
                    "service_plugins",
                    "router,qos,trunk,port_forwarding,metering,conntrack_helper,local_ip,log",
                ),
                ("transport_url", &setting.broker()),
                ("state_path", &setting.state(SERVICE).display().to_string()),
                ("api_paste_config", &paste),
                ("auth_strategy", "keystone"),
                ("rpc_workers", &rpc.to_string()),
                ("rpc_state_report_workers", "0"),
                ("api_workers", "1"),
                ("dhcp_agents_per_network", "1"),
                // The stand-in reports every 30 s.
                ("agent_down_time", "75"),
                ("notify_nova_on_port_status_changes", &has(Service::Nova).to_string()),
                ("notify_nova_on_port_data_changes", &has(Service::Nova).to_string()),
                ("send_events_interval", "1"),
                ("global_physnet_mtu", "1500"),
                ("l3_ha", "false"),
                ("router_distributed", "false"),
                ("dns_domain", "example.org."),
            ]),
        )
        .with("database", setting.database(SERVICE, "neutron"))
        .with("keystone_authtoken", setting.authtoken(SERVICE))
        .with("oslo_concurrency", setting.locks(SERVICE))
        .with("oslo_messaging_rabbit", setting.messaging())
        .with("oslo_messaging_notifications", options([("driver", "noop")]))
        .with("quotas", QUOTA);
    if has(Service::Nova) {
        ini = ini.with("nova", setting.credential(Service::Nova));
    }
    if has(Service::Placement) {
        ini = ini.with("placement", setting.credential(Service::Placement));
    }
    ini
}

fn plugin() -> Ini {
    Ini::default()
        .with(
            "ml2",
            options([
                ("type_drivers", "flat,vlan,vxlan,geneve,local"),
                ("tenant_network_types", "vxlan"),
                ("mechanism_drivers", "openvswitch"),
                ("extension_drivers", "port_security,qos,dns"),
            ]),
        )
        .with("ml2_type_flat", options([("flat_networks", "*")]))
        .with(
            "ml2_type_vlan",
            options([("network_vlan_ranges", "public:100:200,physnet1:1000:1999")]),
        )
        .with("ml2_type_vxlan", options([("vni_ranges", "1:5000")]))
        .with("ml2_type_geneve", options([("vni_ranges", "5001:9000")]))
        .with(
            "securitygroup",
            options([("enable_security_group", "true"), ("firewall_driver", "openvswitch")]),
        )
}

/// Large enough for suites that run at the same time in one project.
const QUOTA: [(&str, u32); 7] = [
    ("quota_network", 200),
    ("quota_subnet", 400),
    ("quota_port", 2000),
    ("quota_router", 100),
    ("quota_floatingip", 200),
    ("quota_security_group", 300),
    ("quota_security_group_rule", 2000),
];
