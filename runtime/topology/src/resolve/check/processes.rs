//! Processes: how many, where, and what stands before them.

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

/// What is said of one component.
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

/// What can be wrong with one group by itself.
fn alone(found: &mut Found<'_>, known: &Known, pointer: &str, group: &Group) {
    if group.node.is_some() && group.nodes.is_some() {
        let help = "leave one of them out; `nodes` takes a list";
        found.at(&format!("{pointer}/node"), "both `node` and `nodes` are said", help);
    }
    if let Some(nodes) = &group.nodes {
        if nodes.is_empty() {
            let help = "name one, or leave it out for the first node";
            found.at(&format!("{pointer}/nodes"), "`nodes` names none", help);
        }
        if let Some((at, node)) = repeated(nodes) {
            let help = "name it once; `count` says how many there are on each node";
            found.at(&format!("{pointer}/nodes/{at}"), format!("`{node}` is named twice"), help);
        }
    }
    if group.workers.is_some() && known.workers == 0 {
        let what = format!("{} forks no workers", known.component);
        found.at(&format!("{pointer}/workers"), what, "leave `workers` out");
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
                format!("there are {count} of {name}"),
                format!("leave one: {reason}"),
            );
        }
        Number::Any | Number::OneOrNone(_) => {}
        _ => {
            if let Some((at, _)) = none {
                let what = format!("{service} cannot do without its {short}");
                let help = "give it 1 or more, or leave the whole service out";
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
            "say `node` or `nodes` in `{}.processes.{}`: with several nodes, hosts are chosen",
            said.service, said.known.short
        );
        found.at(&format!("{}{at}", said.pointer), format!("nothing says where {name} runs"), help);
    }
    let many = said.groups.iter().find(|(_, group)| group.count > Some(1));
    if let Some((at, _)) = many {
        let help = "leave `count` out, and name more nodes";
        found.at(&format!("{}{at}/count", said.pointer), reason, help);
    } else if let Some((_, node)) = repeated(&said.placed) {
        let again = said.groups.iter().rev().find(|(_, group)| {
            group.node.as_deref() == Some(*node)
                || group.nodes.iter().flatten().any(|named| named == node)
        });
        // A node named twice in one list is told where that list is.
        let within = |group: &&Group| group.nodes.as_ref().is_some_and(|n| repeated(n).is_some());
        if let Some((at, group)) = again.filter(|(_, group)| !within(group)) {
            let field = if group.node.is_some() { "node" } else { "nodes" };
            let what = format!("there are two of {name} on `{node}`");
            let help = format!("name another node: {reason}");
            found.at(&format!("{}{at}/{field}", said.pointer), what, help);
        }
    }
}

/// Clients know one address of a service.
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
    let what = format!("{service} has {count} of `{short}` and nothing stands before them");
    let help = match front {
        None => "add `front: {kind: haproxy}`, or leave one".to_owned(),
        Some(_) => format!("add `{service}` to `front.services`, or leave one"),
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
            let what = format!("the load balancer stands before {service}, which is not there");
            let help = format!("add `{service}: {{}}` below `services`, or take it away here");
            found.at(&pointer, what, help);
        }
    }
    if let Some((at, service)) = repeated(services) {
        let pointer = format!("/front/services/{at}");
        found.at(&pointer, format!("`{service}` is named twice"), "name it once");
    }
}
