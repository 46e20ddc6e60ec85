//! Projects, users, roles and the catalog.

use serde_json::{Value, json};
use squall_client::Error;

use super::ensure::{Kind, text};
use super::rest::Rest;
use crate::component::Service;
use crate::recipe::REGION;
use crate::site::Site;

const PROJECTS: Kind = Kind::identity("/projects", "projects", "project");
const ROLES: Kind = Kind::identity("/roles", "roles", "role");
const USERS: Kind = Kind::identity("/users", "users", "user");
const SERVICES: Kind = Kind::identity("/services", "services", "service");
const ENDPOINTS: Kind = Kind::identity("/endpoints", "endpoints", "endpoint");

/// The project of the demo user.
pub const DEMO: &str = "demo";

/// The catalog: service, name, type, and path below its port. The types are the official
/// ones; clients from before 2024 look for `volumev3`.
const CATALOG: [(Service, &str, &str, &str); 7] = [
    (Service::Glance, "glance", "image", ""),
    (Service::Placement, "placement", "placement", ""),
    (Service::Nova, "nova", "compute", "/v2.1"),
    (Service::Neutron, "neutron", "network", ""),
    (Service::Cinder, "cinder", "block-storage", "/v3"),
    (Service::Cinder, "cinderv3", "volumev3", "/v3/%(tenant_id)s"),
    (Service::Swift, "swift", "object-store", "/v1/AUTH_%(tenant_id)s"),
];

/// Roles that Keystone's own bootstrap does not create.
const FURTHER_ROLES: [&str; 1] = ["ResellerAdmin"];

/// Creates missing users, projects, roles and catalog entries.
pub async fn identity(site: &Site, rest: &Rest) -> Result<(), Error> {
    let mut projects = Vec::new();
    for name in ["service", DEMO] {
        let body = json!({ "domain_id": "default" });
        projects.push(PROJECTS.ensure(rest, name, body).await?.0);
    }
    for role in FURTHER_ROLES {
        ROLES.ensure(rest, role, json!({})).await?;
    }
    let roles = ROLES.all(rest).await?;
    let users = USERS.all(rest).await?;
    let [service, demo] = projects.as_slice() else { return Ok(()) };
    for plan in &site.plan.services {
        let name = plan.service.name();
        if plan.service == Service::Keystone {
            continue;
        }
        // The role `service` distinguishes a service's token from a user's.
        let wanted = User { name, password: site.secrets.user(plan.service), project: service };
        wanted.ensure(rest, &users, &roles, &["admin", "service"]).await?;
    }
    let wanted = User { name: DEMO, password: site.secrets.demo.expose(), project: demo };
    wanted.ensure(rest, &users, &roles, &["member"]).await?;
    catalog(site, rest).await
}

/// A user with roles in one project.
struct User<'a> {
    name: &'a str,
    password: &'a str,
    project: &'a Value,
}

impl User<'_> {
    async fn ensure(
        &self,
        rest: &Rest,
        users: &[Value],
        roles: &[Value],
        wanted: &[&str],
    ) -> Result<(), Error> {
        let made;
        let user = if let Some(user) = users.iter().find(|user| text(user, "name") == self.name) {
            user
        } else {
            let (name, password) = (self.name, self.password);
            let body = json!({ "name": name, "domain_id": "default", "password": password });
            made = USERS.make(rest, body).await?;
            &made
        };
        let held =
            format!("/projects/{}/users/{}/roles", text(self.project, "id"), text(user, "id"));
        let held_now = rest.get(Service::Keystone, &held).await?;
        let held_now = held_now.get("roles").and_then(Value::as_array).cloned().unwrap_or_default();
        for role in roles.iter().filter(|role| wanted.contains(&text(role, "name"))) {
            if !held_now.iter().any(|other| other.get("id") == role.get("id")) {
                rest.put(Service::Keystone, &format!("{held}/{}", text(role, "id"))).await?;
            }
        }
        Ok(())
    }
}

async fn catalog(site: &Site, rest: &Rest) -> Result<(), Error> {
    let services = SERVICES.all(rest).await?;
    let endpoints = ENDPOINTS.all(rest).await?;
    let has = |service| site.plan.services.iter().any(|plan| plan.service == service);
    for (service, name, kind, path) in CATALOG.into_iter().filter(|entry| has(entry.0)) {
        let made;
        let entry = if let Some(entry) = services.iter().find(|entry| text(entry, "type") == kind) {
            entry
        } else {
            made = SERVICES.make(rest, json!({ "name": name, "type": kind })).await?;
            &made
        };
        let id = text(entry, "id");
        let url = format!("http://127.0.0.1:{}{path}", site.endpoint(service));
        for interface in ["public", "internal", "admin"] {
            let here = |endpoint: &&Value| {
                text(endpoint, "service_id") == id && text(endpoint, "interface") == interface
            };
            match endpoints.iter().find(here) {
                Some(endpoint) if text(endpoint, "url") == url => {}
                Some(endpoint) => {
                    let path = format!("/endpoints/{}", text(endpoint, "id"));
                    let body = json!({ "endpoint": { "url": url } });
                    rest.patch(Service::Keystone, &path, body).await?;
                }
                None => {
                    let body = json!({
                        "service_id": id, "interface": interface, "region_id": REGION, "url": url,
                    });
                    ENDPOINTS.make(rest, body).await?;
                }
            }
        }
    }
    Ok(())
}
