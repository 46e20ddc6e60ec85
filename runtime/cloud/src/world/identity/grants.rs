//! Giving roles: one set of behaviours for every kind of actor and target.
//!
//! The paths say what is meant: `/projects/…/users/…/roles/…`, `/domains/…`,
//! `/system/…`, `/groups/…`, and the same below `/OS-INHERIT`.

use super::State;
use super::assignments::{Actor, Assignment, Target};
use super::resource::{many, missing};
use super::{groups, roles, users};
use crate::behaviour::Behaviour;
use crate::document::{Document, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.project_user_roles.list", list),
    ("identity.project_user_roles.add", add),
    ("identity.project_user_roles.check", check),
    ("identity.project_user_roles.remove", remove),
    ("identity.project_group_roles.list", list),
    ("identity.project_group_roles.add", add),
    ("identity.project_group_roles.check", check),
    ("identity.project_group_roles.remove", remove),
    ("identity.domain_user_roles.list", list),
    ("identity.domain_user_roles.add", add),
    ("identity.domain_user_roles.check", check),
    ("identity.domain_user_roles.remove", remove),
    ("identity.domain_group_roles.list", list),
    ("identity.domain_group_roles.add", add),
    ("identity.domain_group_roles.check", check),
    ("identity.domain_group_roles.remove", remove),
    ("identity.system_user_roles.list", list),
    ("identity.system_user_roles.add", add),
    ("identity.system_user_roles.check", check),
    ("identity.system_user_roles.remove", remove),
    ("identity.system_group_roles.list", list),
    ("identity.system_group_roles.add", add),
    ("identity.system_group_roles.check", check),
    ("identity.system_group_roles.remove", remove),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let grant = read(&world.identity, context)?;
    let state = &world.identity;
    let given = |role: &&Document| {
        let wanted = Assignment { role: text(role, "id").to_owned(), ..grant.clone() };
        state.assignments.contains(&wanted)
    };
    many("roles", state.roles.values().filter(given), &["name"], context)
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let grant = read(&world.identity, context)?;
    world.identity.assignments.insert(grant);
    Ok(Reply::empty(204))
}

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let grant = read(&world.identity, context)?;
    if world.identity.assignments.contains(&grant) {
        Ok(Reply::empty(204))
    } else {
        Err(absent(&grant))
    }
}

/// Takes a role back; the tokens of those concerned lose it, and end with their last one.
fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let grant = read(&world.identity, context)?;
    if !world.identity.assignments.remove(&grant) {
        return Err(absent(&grant));
    }
    let state = &world.identity;
    let concerned: Vec<String> = state
        .users
        .iter()
        .map(|(id, _)| id.to_owned())
        .filter(|user| state.concerns(&grant.actor, user))
        .collect();
    world.identity.reconsider(|user| concerned.iter().any(|one| one == user));
    Ok(Reply::empty(204))
}

fn absent(grant: &Assignment) -> Fault {
    Fault::not_found(format!("Could not find role assignment with role: {}.", grant.role))
}

/// Reads who, where and what from the path, and sees that all of them exist.
fn read(state: &State, context: &RequestContext) -> Result<Assignment, Fault> {
    let mut segments =
        context.path.split('/').skip_while(|segment| *segment != "v3").skip(1).peekable();
    let inherited = segments.next_if_eq(&"OS-INHERIT").is_some();
    let mut next = || segments.next().unwrap_or_default().to_owned();
    let target = match next().as_str() {
        "projects" => {
            let id = next();
            super::projects::find(state, &id)?;
            Target::Project(id)
        }
        "domains" => {
            let id = next();
            state.domains.get(&id).ok_or_else(|| missing("domain", &id))?;
            Target::Domain(id)
        }
        _ => Target::System,
    };
    let actor = if next() == "users" {
        let id = next();
        users::find(state, &id)?;
        Actor::User(id)
    } else {
        let id = next();
        groups::find(state, &id)?;
        Actor::Group(id)
    };
    next();
    let role = match next().as_str() {
        "" | "inherited_to_projects" => String::new(),
        role => {
            roles::find(state, role)?;
            role.to_owned()
        }
    };
    Ok(Assignment { actor, target, role, inherited })
}
