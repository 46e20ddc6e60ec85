//! The list of who has which role where.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::assignments::{Actor, Assignment, Target};
use super::{State, resource};
use crate::behaviour::Behaviour;
use crate::document::text;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("identity.role_assignments.list", list)];

/// Lists assignments; with `effective` groups are replaced by their members,
/// inheritance by the projects it reaches, and implied roles are added.
fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.identity;
    let effective = context.query.flag("effective");
    let names = context.query.flag("include_names");
    let all: BTreeSet<Assignment> = if effective {
        state.assignments.iter().flat_map(|assignment| expand(state, assignment)).collect()
    } else {
        state.assignments.clone()
    };
    let shown: Vec<Value> = all
        .iter()
        .filter(|assignment| wanted(assignment, context) && in_domain(state, assignment, context))
        .map(|assignment| show(state, assignment, names, &context.base))
        .collect();
    Ok(Reply::json(200, json!({ "role_assignments": shown, "links": resource::links(context) })))
}

/// Whether an assignment is in the domain that the token is for, if it is for one.
fn in_domain(state: &State, assignment: &Assignment, context: &RequestContext) -> bool {
    let domain = match &assignment.target {
        Target::Project(id) => state.projects.get(id).map_or("", |found| text(found, "domain_id")),
        Target::Domain(id) => id,
        Target::System => "",
    };
    context.lists_domain(domain)
}

fn wanted(assignment: &Assignment, context: &RequestContext) -> bool {
    let query = &context.query;
    let (user, group) = match &assignment.actor {
        Actor::User(id) => (id.as_str(), ""),
        Actor::Group(id) => ("", id.as_str()),
    };
    let (project, domain, system) = match &assignment.target {
        Target::Project(id) => (id.as_str(), "", ""),
        Target::Domain(id) => ("", id.as_str(), ""),
        Target::System => ("", "", "all"),
    };
    let same = |key: &str, have: &str| query.get(key).is_none_or(|want| want == have);
    let system = query.get("scope.system").is_none() || system == "all";
    same("user.id", user)
        && same("group.id", group)
        && same("role.id", &assignment.role)
        && same("scope.project.id", project)
        && same("scope.domain.id", domain)
        && system
        && (!query.has("scope.OS-INHERIT:inherited_to") || assignment.inherited)
}

/// Returns what an assignment amounts to for users.
fn expand(state: &State, assignment: &Assignment) -> Vec<Assignment> {
    let users: Vec<String> = match &assignment.actor {
        Actor::User(id) => vec![id.clone()],
        Actor::Group(group) => state
            .memberships
            .iter()
            .filter(|(of, _)| of == group)
            .map(|(_, user)| user.clone())
            .collect(),
    };
    let targets: Vec<Target> = if assignment.inherited {
        let reached = |id: &&str| {
            let scope = super::token::Scope::Project((*id).to_owned());
            state.holds_in(assignment, &scope)
        };
        let ids = state.projects.iter().map(|(id, _)| id).filter(reached);
        ids.map(|id| Target::Project(id.to_owned())).collect()
    } else {
        vec![assignment.target.clone()]
    };
    let roles = state.with_implied([assignment.role.as_str()].into());
    let mut out = Vec::new();
    for user in &users {
        for target in &targets {
            for role in &roles {
                out.push(Assignment {
                    actor: Actor::User(user.clone()),
                    target: target.clone(),
                    role: (*role).to_owned(),
                    inherited: false,
                });
            }
        }
    }
    out
}

fn show(state: &State, assignment: &Assignment, names: bool, base: &str) -> Value {
    let named =
        |id: &str, table: &crate::table::Table<crate::document::Document>, in_domain: bool| {
            let mut out = json!({ "id": id });
            if let Some(found) = table.get(id).filter(|_| names) {
                out["name"] = json!(text(found, "name"));
                if in_domain {
                    let domain = text(found, "domain_id");
                    let name = state.domains.get(domain).map(|d| text(d, "name"));
                    out["domain"] = json!({ "id": domain, "name": name });
                }
            }
            out
        };
    let mut scope = json!({});
    let (place, on) = match &assignment.target {
        Target::Project(id) => {
            scope["project"] = named(id, &state.projects, true);
            (format!("projects/{id}"), true)
        }
        Target::Domain(id) => {
            scope["domain"] = named(id, &state.domains, false);
            (format!("domains/{id}"), true)
        }
        Target::System => {
            scope["system"] = json!({ "all": true });
            ("system".to_owned(), false)
        }
    };
    if assignment.inherited && on {
        scope["OS-INHERIT:inherited_to"] = json!("projects");
    }
    let (key, actor, part) = match &assignment.actor {
        Actor::User(id) => ("user", named(id, &state.users, true), format!("users/{id}")),
        Actor::Group(id) => ("group", named(id, &state.groups, true), format!("groups/{id}")),
    };
    let start = if assignment.inherited { "OS-INHERIT/" } else { "" };
    let end = if assignment.inherited { "/inherited_to_projects" } else { "" };
    let role = &assignment.role;
    let link = format!("{base}/identity/v3/{start}{place}/{part}/roles/{role}{end}");
    json!({
        "role": named(role, &state.roles, false),
        key: actor,
        "scope": scope,
        "links": { "assignment": link },
    })
}
