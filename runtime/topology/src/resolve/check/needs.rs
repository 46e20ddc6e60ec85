//! Checks the needs of services: each exists, is named once, and is another service.

use super::{Found, repeated};
use crate::component::Service;
use crate::resolve::needs::Purpose;

pub(super) fn check(found: &mut Found<'_>) {
    let document = found.document;
    let entries = document.services.entries();
    if entries.is_empty() {
        found.at("/services", "the topology has no services", "start with `keystone: {}`");
        return;
    }
    let there = |service: Service| entries.iter().any(|entry| entry.service == service);
    for entry in &entries {
        let service = entry.service;
        let mut missing: Vec<Service> = Vec::new();
        for purpose in Purpose::ALL {
            let (word, said) = (purpose.word(), purpose.said(entry));
            let pointer = format!("/services/{service}/needs/{word}");
            for (at, needed) in said.into_iter().flatten().enumerate() {
                let pointer = format!("{pointer}/{at}");
                if *needed == service {
                    found.at(&pointer, format!("{service} needs itself"), "remove it");
                } else if !there(*needed) {
                    let what = format!(
                        "{service} needs {needed} to {word}, but the topology has no {needed}"
                    );
                    let help = format!("add `{needed}: {{}}` below `services`, or remove it");
                    found.at(&pointer, what, help);
                }
            }
            if let Some((at, needed)) = said.and_then(|said| repeated(said)) {
                let what = format!("`{needed}` is listed twice");
                found.at(&format!("{pointer}/{at}"), what, "list it once");
            }
            let known = if said.is_none() { purpose.known(service) } else { &[] };
            for need in known.iter().filter(|need| need.required && !there(need.service)) {
                if !missing.contains(&need.service) {
                    missing.push(need.service);
                    let what = format!("{service} cannot {word} without {}", need.service);
                    let help = format!("add `{}: {{}}` below `services`", need.service);
                    found.at(&format!("/services/{service}"), what, help);
                }
            }
        }
    }
}
