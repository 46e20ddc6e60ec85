//! Who has which role where, and what that amounts to.

use std::collections::BTreeSet;

use super::State;
use super::token::Scope;
use crate::document::text;

/// One role given to someone somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Assignment {
    pub(crate) actor: Actor,
    pub(crate) target: Target,
    pub(crate) role: String,
    /// Whether it holds for the projects below the target and not for itself.
    pub(crate) inherited: bool,
}

/// Who has a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Actor {
    User(String),
    Group(String),
}

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Project(String),
    Domain(String),
    System,
}

impl State {
    /// Returns the roles that a user has in a scope: its own and its groups',
    /// inherited and implied ones, as ids and names in the order of the roles.
    pub(crate) fn effective_roles(&self, user: &str, scope: &Scope) -> Vec<(String, String)> {
        let held: BTreeSet<&str> = self
            .assignments
            .iter()
            .filter(|assignment| self.concerns(&assignment.actor, user))
            .filter(|assignment| self.holds_in(assignment, scope))
            .map(|assignment| assignment.role.as_str())
            .collect();
        let all = self.with_implied(held);
        self.roles
            .iter()
            .filter(|(id, _)| all.contains(id))
            .map(|(id, role)| (id.to_owned(), text(role, "name").to_owned()))
            .collect()
    }

    /// Adds the roles that others bring with them, however far.
    pub(crate) fn with_implied<'a>(&'a self, mut roles: BTreeSet<&'a str>) -> BTreeSet<&'a str> {
        loop {
            let more: Vec<&str> = self
                .implied
                .iter()
                .filter(|(prior, implied)| {
                    roles.contains(prior.as_str()) && !roles.contains(implied.as_str())
                })
                .map(|(_, implied)| implied.as_str())
                .collect();
            if more.is_empty() {
                return roles;
            }
            roles.extend(more);
        }
    }

    /// Whether an actor is the user or a group that the user is in.
    pub(crate) fn concerns(&self, actor: &Actor, user: &str) -> bool {
        match actor {
            Actor::User(id) => id == user,
            Actor::Group(group) => self.memberships.contains(&(group.clone(), user.to_owned())),
        }
    }

    /// Whether an assignment gives its role in a scope.
    pub(crate) fn holds_in(&self, assignment: &Assignment, scope: &Scope) -> bool {
        match (&assignment.target, scope) {
            (Target::System, Scope::System) => true,
            (Target::Domain(id), Scope::Domain(scope)) => !assignment.inherited && id == scope,
            (Target::Project(id), Scope::Project(scope)) if !assignment.inherited => id == scope,
            (Target::Project(id), Scope::Project(scope)) => {
                self.ancestors(scope).iter().any(|ancestor| ancestor == id)
            }
            (Target::Domain(id), Scope::Project(scope)) => {
                let project = self.projects.get(scope);
                assignment.inherited && project.is_some_and(|p| text(p, "domain_id") == id)
            }
            _ => false,
        }
    }

    /// Returns the projects above a project, the nearest first.
    pub(crate) fn ancestors(&self, project: &str) -> Vec<String> {
        let parent = |id: &str| {
            let parent = self.projects.get(id).map(|p| text(p, "parent_id").to_owned())?;
            self.projects.contains(&parent).then_some(parent)
        };
        std::iter::successors(parent(project), |id| parent(id)).collect()
    }
}
