//! Checks the number of processes, their nodes, and the load balancer.

use super::{Found, repeated};
use crate::component::Service;
use crate::document::{Entry, Group};
use crate::plan::Node;
use crate::resolve::components::{self, Known, Number};
use crate::resolve::expand::places;

pub(super) fn check(found: &mut Found<'_>) {
    let document = found.document;
    let nodes = document.all_nodes();
    for entry in document.services.entries() {
        for known in components::of(entry.service) {
            component(found, &entry, known, &nodes);
        }
    }
    front(found);
}

/// What the document says about one component.
struct Said<'a> {
    service: Service,
    known: &'a Known,
    pointer: String,
    groups: Vec<(String, &'a Group)>,
    /// The node of each process.
    placed: Vec<&'a str>,
}

fn component(found: &mut Found<'_>, entry: &Entry<'_>, known: &Known, nodes: &[Node]) {
    let pointer = format!("/services/{}/processes/{}", entry.service, known.short);
    let groups = entry.groups(known.component).map(|groups| groups.each());
    let nothing = Group::default();
    let groups = groups.unwrap_or_else(|| vec![(String::new(), &nothing)]);
    for (at, group) in &groups {
        alone(found, known, &format!("{pointer}{at}"), group);
    }
    let placed = groups.iter().flat_map(|(_, group)| places(group, nodes));
    let placed = placed.map(|(_, node)| node).collect();
    let said = Said { service: entry.service, known, pointer, groups, placed };
    number(found, &said);
    match known.number {
        Number::OneANode(reason) => one_a_node(found, &said, reason, nodes),
        _ if known.component.is_api() => balanced(found, &said),
        _ => {}
    }
}

/// Checks one group by itself.
fn alone(found: &mut Found<'_>, known: &Known, pointer: &str, group: &Group) {
    if group.node.is_some() && group.nodes.is_some() {
        let help = "remove one of them; `nodes` takes a list";
        found.at(&format!("{pointer}/node"), "`node` and `nodes` are both set", help);
    }
    if let Some(nodes) = &group.nodes {
        if nodes.is_empty() {
            let help = "list a node, or remove `nodes` to use the first one";
            found.at(&format!("{pointer}/nodes"), "`nodes` is empty", help);
        }
        if let Some((at, node)) = repeated(nodes) {
            let help = "list it once; `count` sets the number of processes on each node";
            found.at(&format!("{pointer}/nodes/{at}"), format!("`{node}` is listed twice"), help);
        }
    }
    if group.workers.is_some() && known.workers == 0 {
        let what = format!("{} forks no workers", known.component);
        found.at(&format!("{pointer}/workers"), what, "remove `workers`");
    }
}

fn number(found: &mut Found<'_>, said: &Said<'_>) {
    let Said { service, known, .. } = said;
    let (count, name, short) = (said.placed.len(), known.component, known.short);
    let none = said.groups.iter().find(|(_, group)| group.count == Some(0));
    match &known.number {
        Number::One(reason) | Number::OneOrNone(reason) if count > 1 => {
            let more = said.groups.iter().find(|(_, g)| g.count > Some(1) || g.nodes.is_some());
            let pointer = match more {
                Some((at, group)) if group.count > Some(1) => format!("{}{at}/count", said.pointer),
                Some((at, _)) => format!("{}{at}/nodes", said.pointer),
                None => said.pointer.clone(),
            };
            found.at(
                &pointer,
                format!("too many processes of {name}: {count}"),
                format!("keep one: {reason}"),
            );
        }
        Number::Any | Number::OneOrNone(_) => {}
        _ => {
            if let Some((at, _)) = none {
                let what = format!("{service} requires its process `{short}`");
                let help = "set its count to 1 or more, or remove the whole service";
                found.at(&format!("{}{at}/count", said.pointer), what, help);
            }
        }
    }
}

fn one_a_node(found: &mut Found<'_>, said: &Said<'_>, reason: &str, nodes: &[Node]) {
    let name = said.known.component;
    let placeless =
        said.groups.iter().find(|(_, group)| group.node.is_none() && group.nodes.is_none());
    if let (Some((at, _)), true) = (placeless, nodes.len() > 1) {
        let help = format!(
            "set `node` or `nodes` in `{}.processes.{}`: with several nodes, hosts must be chosen",
            said.service, said.known.short
        );
        found.at(&format!("{}{at}", said.pointer), format!("the node of {name} is not set"), help);
    }
    let many = said.groups.iter().find(|(_, group)| group.count > Some(1));
    if let Some((at, _)) = many {
        let help = "remove `count`, and list more nodes";
        found.at(&format!("{}{at}/count", said.pointer), reason, help);
    } else if let Some((_, node)) = repeated(&said.placed) {
        let again = said.groups.iter().rev().find(|(_, group)| {
            group.node.as_deref() == Some(*node)
                || group.nodes.iter().flatten().any(|named| named == node)
        });
        // A node listed twice in one list is reported at that list.
        let within = |group: &&Group| group.nodes.as_ref().is_some_and(|n| repeated(n).is_some());
        if let Some((at, group)) = again.filter(|(_, group)| !within(group)) {
            let field = if group.node.is_some() { "node" } else { "nodes" };
            let what = format!("two processes of {name} on `{node}`");
            let help = format!("choose another node: {reason}");
            found.at(&format!("{}{at}/{field}", said.pointer), what, help);
        }
    }
}

/// Clients use one address for each service.
fn balanced(found: &mut Found<'_>, said: &Said<'_>) {
    let (service, short, count) = (said.service, said.known.short, said.placed.len());
    let front = found.document.front.as_ref();
    let stands_before = front.is_some_and(|front| {
        front.services.as_ref().is_none_or(|services| services.contains(&service))
    });
    if count < 2 || stands_before {
        return;
    }
    let several = said.groups.iter().find_map(|(at, group)| {
        let field = if group.count > Some(1) { "count" } else { "nodes" };
        let wide = group.count > Some(1) || group.nodes.as_ref().is_some_and(|n| n.len() > 1);
        wide.then(|| format!("{}{at}/{field}", said.pointer))
    });
    let what = format!("{service} has {count} processes of `{short}` without a load balancer");
    let help = match front {
        None => "add `front: {kind: haproxy}`, or keep one process".to_owned(),
        Some(_) => format!("add `{service}` to `front.services`, or keep one process"),
    };
    found.at(several.as_deref().unwrap_or(&said.pointer), what, help);
}

fn front(found: &mut Found<'_>) {
    let document = found.document;
    let Some(services) = document.front.as_ref().and_then(|front| front.services.as_ref()) else {
        return;
    };
    let entries = document.services.entries();
    for (at, service) in services.iter().enumerate() {
        let pointer = format!("/front/services/{at}");
        if !entries.iter().any(|entry| entry.service == *service) {
            let what = format!("`front` lists {service}, but the topology has no {service}");
            let help = format!("add `{service}: {{}}` below `services`, or remove it here");
            found.at(&pointer, what, help);
        }
    }
    if let Some((at, service)) = repeated(services) {
        let pointer = format!("/front/services/{at}");
        found.at(&pointer, format!("`{service}` is listed twice"), "list it once");
    }
}
