//! The identities, roles and catalog that a cloud begins with.

use serde_json::json;
use squall_model::service::{MountPath, ServiceProfile};

use super::assignments::{Actor, Assignment, Target};
use super::catalog::HERE;
use super::password::Hashed;
use crate::document::document;
use crate::names::REGION;
use crate::world::{SERVICES, World};

/// The domain that everything of the beginning belongs to.
pub(crate) const DOMAIN: &str = "default";

/// The roles, each of the first four of which brings the next with it. The last is object
/// storage's, whose owner may use every account.
const ROLES: [&str; 6] = ["admin", "manager", "member", "reader", "service", "ResellerAdmin"];

/// Makes the first domain, project, user, roles and the catalog.
pub(crate) fn fill(world: &mut World, password: &str) {
    world.identity.domains.insert(
        DOMAIN,
        document(json!({
            "id": DOMAIN, "name": "Default", "enabled": true,
            "description": "The default domain", "tags": [], "options": {},
        })),
    );
    let roles = ROLES.map(|name| {
        let id = world.ids.hex();
        let role = json!({
            "id": id, "name": name, "domain_id": null, "description": null, "options": {},
        });
        world.identity.roles.insert(id.clone(), document(role));
        id
    });
    for pair in roles[..4].windows(2) {
        world.identity.implied.insert((pair[0].clone(), pair[1].clone()));
    }
    for name in ["admin", "service"] {
        project(world, name);
    }
    let user = world.ids.hex();
    world.identity.users.insert(
        user.clone(),
        document(json!({
            "id": user, "name": "admin", "domain_id": DOMAIN, "enabled": true,
            "password_expires_at": null, "options": {},
        })),
    );
    world.identity.passwords.insert(user.clone(), Hashed::new(password));
    let admin =
        world.identity.projects.values().next().map(|p| crate::document::text(p, "id").to_owned());
    let targets = admin
        .map(Target::Project)
        .into_iter()
        .chain([Target::System, Target::Domain(DOMAIN.to_owned())]);
    for target in targets {
        world.identity.assignments.insert(Assignment {
            actor: Actor::User(user.clone()),
            target,
            role: roles[0].clone(),
            inherited: false,
        });
    }
    catalog(world);
}

fn project(world: &mut World, name: &str) {
    let id = world.ids.hex();
    let project = json!({
        "id": id, "name": name, "domain_id": DOMAIN, "parent_id": DOMAIN, "enabled": true,
        "is_domain": false, "description": "", "tags": [], "options": {},
    });
    world.identity.projects.insert(id, document(project));
}

fn catalog(world: &mut World) {
    let region = json!({ "id": REGION, "description": "", "parent_region_id": null });
    world.identity.regions.insert(REGION, document(region));
    for (spec, _) in SERVICES {
        let profile = spec().profile();
        let Some(path) = profile.mount else { continue };
        offer(world, profile, path);
    }
}

/// Adds a service and its endpoints to the catalog.
pub(crate) fn offer(world: &mut World, profile: &ServiceProfile, path: MountPath) {
    let id = world.ids.hex();
    // A service of no known project has the name of its own that its client has.
    let name = if profile.project.is_empty() { profile.name } else { profile.project };
    let service = json!({
        "id": id, "type": profile.service_type, "name": name, "enabled": true,
    });
    world.identity.services.insert(id.clone(), document(service));
    for interface in ["public", "internal", "admin"] {
        let endpoint = world.ids.hex();
        let root = match path.prefix {
            "" => HERE.to_owned(),
            prefix => format!("{HERE}/{prefix}"),
        };
        let described = json!({
            "id": endpoint, "service_id": id, "interface": interface, "enabled": true,
            "region_id": REGION, "region": REGION,
            "url": format!("{root}{}", path.endpoint),
        });
        world.identity.endpoints.insert(endpoint, document(described));
    }
}
