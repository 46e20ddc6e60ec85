use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn plan(topology: &str) -> Plan {
    crate::topology(topology).unwrap().resolve(None).unwrap()
}

#[test]
fn a_cloud_is_read_back_as_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    let made = Site::establish(&home, "one", plan("all-in-one")).unwrap();
    let again = Site::establish(&home, "one", plan("all-in-one")).unwrap();
    assert_eq!(made.ports, again.ports);
    assert_eq!(made.id, again.id);
    assert_eq!(made.secrets.admin.expose(), again.secrets.admin.expose());
    assert_eq!(home.names(), ["one"]);
}

#[test]
fn its_secrets_are_for_its_owner_only_and_not_in_debug() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::establish(&Home::at(folder.path()), "one", plan("all-in-one")).unwrap();
    let mode = fs::metadata(site.root.join("cloud.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let secret = site.secrets.user(Service::Nova);
    assert_eq!(secret.len(), 32);
    assert!(!format!("{site:?}").contains(secret));
    assert_ne!(secret, site.secrets.database(Service::Nova));
}

#[test]
fn another_topology_or_release_under_its_name_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    Site::establish(&home, "one", plan("all-in-one")).unwrap();
    let error = Site::establish(&home, "one", plan("ha")).unwrap_err();
    let was = "all-in-one, release 2026.2";
    assert!(matches!(&error.kind, SiteErrorKind::OtherPlan { was: w, .. } if w == was));
    let older = crate::topology("all-in-one").unwrap().resolve(Some("2026.1")).unwrap();
    Site::establish(&home, "one", older).unwrap_err();
}

#[test]
fn clouds_side_by_side_share_no_port() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    let one = Site::establish(&home, "one", plan("ha")).unwrap();
    let other = Site::establish(&home, "other", plan("ha")).unwrap();
    let mut all: Vec<u16> = one.ports.all().chain(other.ports.all()).map(|(_, p)| p).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn a_block_that_somebody_listens_in_is_passed_over() {
    let plan = plan("all-in-one");
    let free = Ports::free(&plan, &[]).unwrap();
    let (_, port) = free.all().max_by_key(|(_, port)| *port).unwrap();
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let next = Ports::free(&plan, &[]).unwrap();
    assert!(next.all().all(|(_, other)| other > port));
}

#[test]
fn clients_reach_a_service_at_the_load_balancer_where_it_is_fronted() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    let one = Site::establish(&home, "one", plan("all-in-one")).unwrap();
    assert_eq!(one.endpoint(Service::Nova), one.port("nova-api"));
    let other = Site::establish(&home, "other", plan("ha")).unwrap();
    let front = other.endpoint(Service::Nova);
    assert_eq!(front, other.port_named("load-balancer", "nova"));
    assert_ne!(front, other.port("nova-api-1"));
    assert_ne!(other.port("nova-api-1"), other.port("nova-api-2"));
}

#[test]
fn a_name_that_is_no_folder_or_host_is_an_error() {
    let home = Home::at("/nowhere");
    for name in ["", "..", "a/b", "A", "-a", "a b"] {
        home.cloud(name).unwrap_err();
    }
    assert_eq!(home.cloud("all-in-one").unwrap(), Path::new("/nowhere/clouds/all-in-one"));
}

#[test]
fn a_lock_says_who_holds_it_and_goes_when_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    let held = Lock::take(&home, "one", "squall cloud up").unwrap();
    let error = Lock::take(&home, "one", "squall cloud down").unwrap_err().to_string();
    let me = std::process::id();
    assert_eq!(error, format!("cloud `one`: locked by `squall cloud up`, process {me}"));
    Lock::take(&home, "other", "squall cloud up").unwrap();
    drop(held);
    Lock::take(&home, "one", "squall cloud down").unwrap();
}
