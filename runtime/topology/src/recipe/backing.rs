//! The backing services of a cloud, configured for its site.

use super::probe;
use crate::backing::{Balancer, Broker, Cache, Database, Folders, balancer::Front};
use crate::component::{Component, Service};
use crate::driver::{Daemon, File};
use crate::plan::Process;
use crate::site::Site;

fn folders(site: &Site) -> Folders {
    Folders { etc: site.etc(), state: site.state(), logs: site.logs(), run: site.run() }
}

fn port(site: &Site, component: Component) -> u16 {
    site.first(component).map_or(0, |process| site.port(&process.id))
}

/// The database server.
pub fn database(site: &Site) -> Database {
    Database { folders: folders(site), port: port(site, Component::Database) }
}

/// The broker with its port mapper.
pub fn broker(site: &Site) -> Broker {
    let process = site.first(Component::Broker).map_or("broker", |process| &process.id);
    Broker {
        folders: folders(site),
        node: format!("squall-{}", site.name),
        port: site.port(process),
        distribution: site.port_named(process, "distribution"),
        mapper: port(site, Component::PortMapper),
        user: "squall".to_owned(),
        password: site.secrets.broker.expose().to_owned(),
        cookie: site.secrets.cookie.expose().to_owned(),
    }
}

/// The cache.
pub fn cache(site: &Site) -> Cache {
    Cache { folders: folders(site), port: port(site, Component::Cache) }
}

/// The load balancer, where the cloud has one.
pub fn balancer(site: &Site) -> Option<Balancer> {
    let process = site.first(Component::LoadBalancer)?;
    let fronted = site.plan.services.iter().filter(|service| service.fronted);
    let fronts = fronted.map(|plan| front(site, plan.service));
    Some(Balancer {
        folders: folders(site),
        fronts: fronts.collect(),
        figures: site.port(&process.id),
    })
}

/// The broker's files, with the topology's options.
pub fn broker_files(site: &Site) -> Vec<File> {
    let mut files = broker(site).files();
    let own = files.iter_mut().filter(|file| file.path.extension().is_some_and(|e| e == "conf"));
    for file in own {
        for (option, value) in options(site, Component::Broker) {
            file.content.extend(format!("{option} = {value}\n").into_bytes());
        }
    }
    files
}

/// A backing service's process, with the topology's options: the last of two equal
/// options wins.
pub fn daemon(site: &Site, process: &Process) -> Daemon {
    let mut daemon = own_daemon(site, process);
    if matches!(process.component, Component::Database | Component::Cache) {
        let set = options(site, process.component);
        daemon.command.arguments.extend(set.map(|(option, value)| format!("--{option}={value}")));
    }
    daemon
}

fn options(site: &Site, component: Component) -> impl Iterator<Item = (&String, &String)> {
    site.plan.backing.get(&component).into_iter().flatten()
}

fn own_daemon(site: &Site, process: &Process) -> Daemon {
    let id = &process.id;
    match process.component {
        Component::Database => database(site).daemon(id),
        Component::PortMapper => broker(site).mapper_daemon(id),
        Component::Broker => broker(site).daemon(id),
        Component::LoadBalancer if let Some(balancer) = balancer(site) => balancer.daemon(id),
        _ => cache(site).daemon(id),
    }
}

fn front(site: &Site, service: Service) -> Front {
    let apis = site.plan.processes.iter().filter(|process| {
        process.component.is_api() && process.component.service() == Some(service)
    });
    Front {
        name: service.name().to_owned(),
        port: site.endpoint(service),
        check: probe::check(service).0.to_owned(),
        servers: apis.map(|process| (process.id.clone(), site.port(&process.id))).collect(),
    }
}
