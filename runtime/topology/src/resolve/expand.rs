//! Expands a document into processes: named, numbered and assigned to nodes, in no
//! particular order.

use super::components::{self, Known, Number};
use crate::component::Component;
use crate::document::{Document, Entry, Group};
use crate::plan::{Node, Process, ServicePlan};

/// Returns the processes of the backing services and the load balancer.
pub(super) fn backing(document: &Document, nodes: &[Node]) -> Vec<Process> {
    let mut placed = Vec::new();
    for (component, said) in document.backing() {
        let node = said.and_then(|said| said.node.as_deref());
        if component == Component::Broker {
            // It belongs to the broker and runs on the same node.
            placed.push((Component::PortMapper, node));
        }
        placed.push((component, node));
    }
    if let Some(front) = &document.front {
        placed.push((Component::LoadBalancer, front.node.as_deref()));
    }
    placed.into_iter().map(|(component, node)| alone(component, node, nodes)).collect()
}

fn alone(component: Component, node: Option<&str>, nodes: &[Node]) -> Process {
    Process {
        id: component.name().to_owned(),
        component,
        node: node.unwrap_or_else(|| first(nodes)).to_owned(),
        number: 1,
        workers: 0,
        release: None,
        after: Vec::new(),
    }
}

/// Returns a service's processes.
pub(super) fn service(entry: &Entry<'_>, plan: &ServicePlan, nodes: &[Node]) -> Vec<Process> {
    components::of(entry.service)
        .iter()
        .flat_map(|known| component(entry, plan, known, nodes))
        .collect()
}

fn component(entry: &Entry<'_>, plan: &ServicePlan, known: &Known, nodes: &[Node]) -> Vec<Process> {
    let nothing = Group::default();
    let groups = match entry.groups(known.component) {
        Some(groups) => groups.each().into_iter().map(|(_, group)| group).collect(),
        None => vec![&nothing],
    };
    let placed: Vec<(&Group, &str)> =
        groups.iter().flat_map(|group| places(group, nodes)).collect();
    let several = placed.len() > 1;
    (1..)
        .zip(placed)
        .map(|(number, (group, node))| {
            let name = known.component.name();
            let id = match known.number {
                Number::OneANode(_) => format!("{name}-{node}"),
                _ if several => format!("{name}-{number}"),
                _ => name.to_owned(),
            };
            Process {
                id,
                component: known.component,
                node: node.to_owned(),
                number,
                workers: group.workers.unwrap_or(known.workers),
                release: Some(group.release.as_deref().unwrap_or(&plan.release).to_owned()),
                after: Vec::new(),
            }
        })
        .collect()
}

/// Returns the node of each process of a group.
pub(super) fn places<'a>(group: &'a Group, nodes: &'a [Node]) -> Vec<(&'a Group, &'a str)> {
    let named: Vec<&str> = match (&group.node, &group.nodes) {
        (_, Some(several)) => several.iter().map(String::as_str).collect(),
        (Some(one), None) => vec![one],
        (None, None) => vec![first(nodes)],
    };
    let count = group.count.unwrap_or(1);
    named.into_iter().flat_map(|node| (0..count).map(move |_| (group, node))).collect()
}

fn first(nodes: &[Node]) -> &str {
    nodes.first().map_or(super::NODE, |node| &node.name)
}
