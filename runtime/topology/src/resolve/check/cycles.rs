//! Cycles of services that need each other.

use super::Found;
use crate::component::Service;
use crate::document::Entry;
use crate::resolve::needs::Purpose;

/// Services may need each other to serve, but not to start or to be upgraded.
pub(super) fn check(found: &mut Found<'_>) {
    let document = found.document;
    let entries = document.services.entries();
    for purpose in [Purpose::Start, Purpose::Upgrade] {
        let mut reported: Vec<Service> = Vec::new();
        for entry in &entries {
            let Some(cycle) = cycle(entry.service, purpose, &entries) else { continue };
            if cycle.len() < 2 || cycle.iter().any(|service| reported.contains(service)) {
                continue;
            }
            reported.extend(&cycle);
            let word = purpose.word();
            let names: Vec<&str> = cycle.iter().chain(&cycle[..1]).map(|s| s.name()).collect();
            // The known needs have no cycle, so the document adds it.
            let closing = cycle.iter().find(|service| {
                entries.iter().any(|e| e.service == **service && purpose.said(e).is_some())
            });
            let at = closing.unwrap_or(&entry.service);
            let what = format!("services need each other to {word}: {}", names.join(" → "));
            let help = format!("remove one of them from `needs.{word}`");
            found.at(&format!("/services/{at}/needs/{word}"), what, help);
        }
    }
}

/// Finds the shortest way from a service back to itself.
fn cycle(start: Service, purpose: Purpose, entries: &[Entry<'_>]) -> Option<Vec<Service>> {
    let mut ways = vec![vec![start]];
    let mut seen = Vec::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let last = *way.last()?;
            let entry = entries.iter().find(|entry| entry.service == last)?;
            for next in purpose.of(entry, entries) {
                if next == start {
                    return Some(way);
                }
                if !seen.contains(&next) {
                    seen.push(next);
                    longer.push(way.iter().copied().chain([next]).collect());
                }
            }
        }
        ways = longer;
    }
    None
}
