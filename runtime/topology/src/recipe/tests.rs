use std::collections::BTreeMap;

use super::*;
use crate::component::Component;
use crate::health::expected;
use crate::release::Environments;
use crate::site::{Home, Site};

fn site(topology: &str, folder: &std::path::Path) -> Site {
    let plan = crate::topology(topology).unwrap().resolve(None).unwrap();
    Site::establish(&Home::at(folder), "one", plan).unwrap()
}

#[test]
fn a_topology_that_configures_a_file_nobody_has_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = site("all-in-one", folder.path());
    let nova = site.plan.services.iter_mut().find(|plan| plan.service == Service::Nova).unwrap();
    nova.config.insert("nova-api.conf".to_owned(), BTreeMap::new());
    let environments = Environments::default();
    let setting = Setting { site: &site, environments: &environments };
    let error = recipe(setting, Service::Nova).unwrap_err().to_string();
    assert_eq!(error, "the topology configures `nova-api.conf` of nova, which has no such file");
    let error = recipe(setting, Service::Glance).unwrap_err().to_string();
    assert_eq!(error, "glance of release `2026.2` is not installed");
}

#[test]
fn processes_of_one_kind_go_by_hosts_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let site = site("ha", folder.path());
    let mut all: Vec<_> = expected(&site)
        .into_iter()
        .map(|agent| format!("{} {} {}", agent.service, agent.binary, agent.host))
        .collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
    insta::assert_snapshot!(all.join("\n"), @r"
    cinder cinder-backup control1
    cinder cinder-scheduler control1
    cinder cinder-scheduler control2
    cinder cinder-volume control1@file1
    cinder cinder-volume control1@file2
    neutron neutron-dhcp-agent network
    neutron neutron-l3-agent network
    neutron neutron-metadata-agent network
    neutron neutron-openvswitch-agent compute1
    neutron neutron-openvswitch-agent compute2
    neutron neutron-openvswitch-agent network
    nova nova-compute compute1
    nova nova-compute compute2
    nova nova-conductor control1
    nova nova-conductor control2
    nova nova-scheduler control1
    nova nova-scheduler control2
    ");
}

#[test]
fn every_process_that_listens_can_be_asked_whether_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let site = site("ha", folder.path());
    for process in &site.plan.processes {
        let asked = !ready(&site, process).is_empty();
        assert_eq!(asked, site.port(&process.id) != 0, "{}", process.id);
    }
    let balancer = site.first(Component::LoadBalancer).unwrap();
    assert_eq!(ready(&site, balancer).len(), Service::ALL.len());
}
