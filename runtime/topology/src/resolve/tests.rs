//! The plans of the shipped topologies, and the rules that hold for every plan.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;

use crate::component::{Component, Service};
use crate::document::{Document, topology};
use crate::plan::Plan;
use crate::shipped;

const KNOWN: [&str; 3] = ["2026.2", "2026.1", "2025.2"];

fn plan(text: &str) -> Plan {
    Document::read("test", text).unwrap().resolve_among(None, &KNOWN).unwrap()
}

/// One line per process: id, node, release, workers, and what it waits for.
fn lines(plan: &Plan) -> String {
    let mut text = String::new();
    for process in &plan.processes {
        let release = process.release.as_deref().unwrap_or("debian");
        let after = process.after.join(" ");
        let line = format!(
            "{:24} {:9} {release:7} {} after {after}",
            process.id, process.node, process.workers
        );
        writeln!(text, "{}", line.trim_end_matches(" after ")).unwrap();
    }
    for service in &plan.services {
        let words =
            |services: &[Service]| services.iter().map(|s| s.name()).collect::<Vec<_>>().join(" ");
        writeln!(
            text,
            "{}: start [{}] serve [{}] upgrade [{}]{}",
            service.service,
            words(&service.needs_to_start),
            words(&service.needs_to_serve),
            words(&service.needs_to_upgrade),
            if service.fronted { " fronted" } else { "" },
        )
        .unwrap();
    }
    for backend in plan.front.iter().flat_map(|front| &front.backends) {
        writeln!(text, "front {}: {}", backend.service, backend.processes.join(" ")).unwrap();
    }
    text
}

#[test]
fn shipped_topologies_come_to_what_is_kept() {
    for name in shipped::names() {
        let plan = topology(name).unwrap().resolve_among(None, &KNOWN).unwrap();
        assert_eq!(plan.topology, name);
        insta::assert_snapshot!(name, lines(&plan));
    }
}

#[test]
fn a_process_goes_before_its_service_and_that_before_the_topology() {
    let plan = plan(
        "topology: x\nrelease: 2025.2\nservices:\n  keystone: {}\n  swift:\n    release: 2026.1\n    \
         processes:\n      object: {release: 2026.2}\n",
    );
    let release = |id: &str| {
        plan.processes.iter().find(|process| process.id == id).unwrap().release.clone().unwrap()
    };
    assert_eq!(release("keystone-api"), "2025.2");
    assert_eq!(release("swift-account"), "2026.1");
    assert_eq!(release("swift-object"), "2026.2");
}

#[test]
fn a_release_that_is_asked_for_stands_in_for_the_topologys_own() {
    let text =
        "topology: x\nrelease: 2026.2\nservices: {keystone: {}, glance: {release: 2026.2}}\n";
    let plan = Document::read("test", text).unwrap().resolve_among(Some("2026.1"), &KNOWN).unwrap();
    let releases: Vec<&str> = plan.services.iter().map(|s| s.release.as_str()).collect();
    assert_eq!(releases, ["2026.1", "2026.2"]);
}

#[test]
fn one_service_can_run_two_releases() {
    let plan = plan(
        "topology: x\nnodes: {a: {}, b: {}}\nservices:\n  keystone:\n  glance:\n  placement:\n  \
         neutron:\n  nova:\n    processes:\n      compute:\n      - {node: a, release: 2026.1}\n      \
         - {node: b}\n",
    );
    let computes: Vec<(&str, &str)> = plan
        .processes
        .iter()
        .filter(|process| process.component == Component::NovaCompute)
        .map(|process| (process.id.as_str(), process.release.as_deref().unwrap()))
        .collect();
    assert_eq!(computes, [("nova-compute-a", "2026.1"), ("nova-compute-b", "2026.2")]);
}

#[test]
fn what_is_said_of_backing_services_is_in_the_plan() {
    let plan = plan(
        "topology: x\nnodes: {a: {}, b: {}}\ndatabase: {node: b, config: {max_connections: 50}}\n\
         services: {keystone: {}}\n",
    );
    assert_eq!(plan.processes[0].node, "b");
    assert_eq!(plan.backing[&Component::Database]["max_connections"], "50");
}

/// Valid documents of any services, nodes and counts.
fn documents() -> impl Strategy<Value = String> {
    let services = proptest::sample::subsequence(Service::ALL.to_vec(), 0..=Service::ALL.len());
    (services, 1..4_usize, 1..3_u32, any::<bool>(), any::<bool>()).prop_map(
        |(services, nodes, count, front, turned)| {
            let mut text = "topology: any\nnodes:\n".to_owned();
            (0..nodes).for_each(|node| writeln!(text, "  n{node}:").unwrap());
            if front || count > 1 {
                text.push_str("front: {}\n");
            }
            text.push_str("services:\n");
            let mut services: BTreeSet<Service> = services.into_iter().collect();
            services.insert(Service::Keystone);
            if services.contains(&Service::Nova) {
                services.extend([Service::Glance, Service::Placement, Service::Neutron]);
            }
            for service in services {
                let api = if service == Service::Swift { "proxy" } else { "api" };
                writeln!(text, "  {service}:\n    processes:\n      {api}: {{count: {count}}}")
                    .unwrap();
                if service == Service::Nova {
                    let all: Vec<String> = (0..nodes).map(|node| format!("n{node}")).collect();
                    writeln!(text, "      compute: {{nodes: [{}]}}", all.join(", ")).unwrap();
                }
                if service == Service::Placement && turned {
                    text.push_str("    needs: {start: []}\n");
                }
            }
            text
        },
    )
}

proptest! {
    #[test]
    fn every_process_comes_after_what_it_waits_for(text in documents()) {
        let plan = plan(&text);
        let mut seen = BTreeSet::new();
        for process in &plan.processes {
            for awaited in &process.after {
                prop_assert!(seen.contains(awaited), "{} before {awaited} in\n{text}", process.id);
            }
            prop_assert!(seen.insert(process.id.clone()), "{} twice", process.id);
            prop_assert!(plan.nodes.iter().any(|node| node.name == process.node));
        }
        let mut served = BTreeSet::new();
        for service in &plan.services {
            for needed in &service.needs_to_start {
                prop_assert!(served.contains(needed));
                let apis = plan.processes.iter().filter(|p| {
                    p.component.is_api() && p.component.service() == Some(*needed)
                });
                let own = |p: &&crate::plan::Process| p.component.service() == Some(service.service);
                for api in apis {
                    prop_assert!(plan.processes.iter().filter(own).all(|p| p.after.contains(&api.id)));
                }
            }
            served.insert(service.service);
        }
    }

    #[test]
    fn the_same_document_gives_the_same_plan(text in documents()) {
        prop_assert_eq!(plan(&text), plan(&text));
    }
}
