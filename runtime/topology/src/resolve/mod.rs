//! From document to plan: defaults filled in, everything named and ordered, and
//! every mistake of sense found at once. A pure function.

mod check;
mod components;
mod expand;
mod needs;
mod order;
mod releases;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::component::Component;
use crate::document::{BackingDocument, Document, FrontKind, Mistakes, NodeDocument};
use crate::plan::{Backend, Front, Node, Plan, ServicePlan};
use crate::release::Release;

/// Why a document comes to no plan.
pub type ResolveError = Mistakes;

/// The node of a topology that names none.
const NODE: &str = "control";

/// The driver of a node that names none.
const DRIVER: &str = "local";

impl Document {
    /// Gives the plan; `release` stands in for the document's own.
    ///
    /// - What is said of a process goes before what is said of its service, and
    ///   that before what is said of the whole topology.
    /// - The port mapper comes with the broker.
    /// - The same document gives the same plan.
    ///
    /// # Errors
    /// Every mistake, with its place.
    pub fn resolve(&self, release: Option<&str>) -> Result<Plan, ResolveError> {
        self.resolve_among(release, &Release::names())
    }

    /// Gives the plan as [`Document::resolve`] does, among these releases, of which
    /// the first is that of a topology that names none.
    ///
    /// # Errors
    /// Every mistake, with its place.
    pub fn resolve_among(
        &self,
        release: Option<&str>,
        known: &[&str],
    ) -> Result<Plan, ResolveError> {
        let mut mistakes = check::mistakes(self);
        mistakes.extend(releases::mistakes(self, release, known));
        let release = release.or(self.release.as_deref()).or(known.first().copied());
        Mistakes::or(mistakes, || plan(self, release.unwrap_or_default()))
    }

    /// The nodes with what is not said filled in; the first is where everything
    /// goes that names none.
    fn all_nodes(&self) -> Vec<Node> {
        let named = |(name, node): (&String, &NodeDocument)| Node {
            name: name.clone(),
            driver: node.driver.clone().unwrap_or_else(|| DRIVER.to_owned()),
        };
        if self.nodes.is_empty() {
            return vec![Node { name: NODE.to_owned(), driver: DRIVER.to_owned() }];
        }
        self.nodes.iter().map(named).collect()
    }

    /// What the services stand on, whether anything is said of it or not.
    fn backing(&self) -> [(Component, Option<&BackingDocument>); 3] {
        [
            (Component::Database, self.database.as_ref()),
            (Component::Broker, self.broker.as_ref()),
            (Component::Cache, self.cache.as_ref()),
        ]
    }
}

fn plan(document: &Document, release: &str) -> Plan {
    let nodes = document.all_nodes();
    let entries = document.services.entries();
    let needs = needs::all(&entries);
    let fronted = |service| {
        document.front.as_ref().is_some_and(|front| {
            front.services.as_ref().is_none_or(|services| services.contains(&service))
        })
    };
    let services = entries.iter().zip(&needs).map(|(entry, needs)| ServicePlan {
        service: entry.service,
        release: entry.release.map_or(release, |own| own).to_owned(),
        config: entry.fragments(),
        needs_to_start: needs.start.clone(),
        needs_to_serve: needs.serve.clone(),
        needs_to_upgrade: needs.upgrade.clone(),
        fronted: fronted(entry.service),
    });
    let services = order::services(services.collect());
    let mut processes = expand::backing(document, &nodes);
    for service in &services {
        let entry = entries.iter().find(|entry| entry.service == service.service);
        processes.extend(entry.into_iter().flat_map(|e| expand::service(e, service, &nodes)));
    }
    let processes = order::processes(processes, &services);
    let front = document.front.as_ref().map(|front| Front {
        kind: match front.kind {
            FrontKind::Haproxy => "haproxy".to_owned(),
        },
        process: Component::LoadBalancer.name().to_owned(),
        backends: services
            .iter()
            .filter(|service| service.fronted)
            .map(|service| Backend {
                service: service.service,
                processes: processes
                    .iter()
                    .filter(|process| process.component.is_api())
                    .filter(|process| process.component.service() == Some(service.service))
                    .map(|process| process.id.clone())
                    .collect(),
            })
            .collect(),
    });
    let mut backing = BTreeMap::new();
    for (component, said) in document.backing() {
        let config = said.map(|said| &said.config).filter(|config| !config.is_empty());
        let texts = config.map(|config| {
            config.iter().map(|(name, value)| (name.clone(), value.to_string())).collect()
        });
        backing.extend(texts.map(|texts| (component, texts)));
    }
    Plan { topology: document.topology.clone(), nodes, services, processes, front, backing }
}
