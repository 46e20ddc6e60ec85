//! Checks the names of the topology, its nodes and drivers, and references to nodes.

use squall_model::pointer::join;
use squall_model::suggest::did_you_mean;

use super::Found;
use crate::document::Document;
use crate::resolve::{DRIVER, components};

/// Names become part of paths, host names and database rows.
const LONGEST: usize = 40;

pub(super) fn check(found: &mut Found<'_>) {
    let document = found.document;
    name(found, "/topology", "a topology", &document.topology);
    for (node, said) in &document.nodes {
        let pointer = join("/nodes", node);
        name(found, &pointer, "a node", node);
        if let Some(driver) = said.driver.as_deref().filter(|driver| *driver != DRIVER) {
            let help = format!("the only driver so far is `{DRIVER}`, this machine");
            let what = format!("unknown driver `{driver}`");
            found.at(&format!("{pointer}/driver"), what, help);
        }
    }
    for (pointer, node) in named_nodes(document) {
        known_node(found, &pointer, &node);
    }
}

/// Every reference to a node.
fn named_nodes(document: &Document) -> Vec<(String, String)> {
    let mut named = Vec::new();
    let mut add = |pointer: String, node: Option<&String>| {
        named.extend(node.map(|node| (pointer, node.clone())));
    };
    for (component, said) in document.backing() {
        add(format!("/{component}/node"), said.and_then(|said| said.node.as_ref()));
    }
    add("/front/node".to_owned(), document.front.as_ref().and_then(|front| front.node.as_ref()));
    for entry in document.services.entries() {
        for known in components::of(entry.service) {
            let groups = entry.groups(known.component).map(|groups| groups.each());
            for (at, group) in groups.into_iter().flatten() {
                let pointer = format!("/services/{}/processes/{}{at}", entry.service, known.short);
                add(format!("{pointer}/node"), group.node.as_ref());
                for (at, node) in group.nodes.iter().flatten().enumerate() {
                    add(format!("{pointer}/nodes/{at}"), Some(node));
                }
            }
        }
    }
    named
}

fn known_node(found: &mut Found<'_>, pointer: &str, node: &str) {
    let nodes = found.document.all_nodes();
    let names = || nodes.iter().map(|node| node.name.as_str());
    if names().any(|name| name == node) {
        return;
    }
    let help = did_you_mean(node, names()).unwrap_or_else(|| {
        format!("add it below `nodes`, or name one of {}", names().collect::<Vec<_>>().join(", "))
    });
    found.at(pointer, format!("unknown node `{node}`"), help);
}

fn name(found: &mut Found<'_>, pointer: &str, of: &str, name: &str) {
    let fit = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let sound = name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.ends_with(fit)
        && name.chars().all(|letter| fit(letter) || letter == '-')
        && name.len() <= LONGEST;
    if !sound {
        let help = format!(
            "use lower-case letters, digits and hyphens, a letter first, {LONGEST} at most"
        );
        found.at(pointer, format!("`{name}` is not a valid name for {of}"), help);
    }
}
