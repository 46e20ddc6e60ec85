//! Resolves a document into a plan: fills in defaults, names and orders everything, and
//! reports all semantic mistakes at once. A pure function.

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

/// The reasons why a document could not be resolved.
pub type ResolveError = Mistakes;

/// The node of a topology that lists none.
const NODE: &str = "control";

/// The driver of a node that names none.
const DRIVER: &str = "local";

impl Document {
    /// Resolves the document; `release` overrides the document's own.
    ///
    /// - Settings of a process win over those of its service, and these over those of
    ///   the topology.
    /// - The port mapper comes with the broker.
    /// - The same document gives the same plan.
    ///
    /// # Errors
    /// Every mistake, with its location.
    pub fn resolve(&self, release: Option<&str>) -> Result<Plan, ResolveError> {
        self.resolve_among(release, &Release::names())
    }

    /// Resolves as [`Document::resolve`] does, among these releases; the first is the
    /// default.
    ///
    /// # Errors
    /// Every mistake, with its location.
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

    /// The nodes with defaults filled in; processes that name no node run on the first.
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

    /// The backing services, with defaults filled in.
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
