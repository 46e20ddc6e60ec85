//! The personas that the policy matrix tries, and everything else that asks "as whom".
//!
//! Fourteen: the roles of a project, in the project of the target and in another one, a service,
//! and the roles of a domain and of the system.

use std::fmt;

use squall_model::ScopeType;

use crate::roles::{BOOTSTRAP, implied};
use crate::{Caller, Scope};

/// A role in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Persona {
    /// The name, as in `project-reader`.
    pub name: &'static str,
    /// The scope of its token.
    pub scope: ScopeType,
    /// Whether its project is another one than the target's. Only for the scope of a project.
    pub elsewhere: bool,
    /// The role that is assigned to it; keystone adds those that it implies.
    pub role: &'static str,
}

/// A role that no rule mentions.
pub const MEANINGLESS_ROLE: &str = "foo";

/// All personas, in the order of reports.
pub const ALL: [Persona; 14] = [
    project("project-admin", "admin"),
    project("project-manager", "manager"),
    project("project-member", "member"),
    project("project-reader", "reader"),
    project("project-foo", MEANINGLESS_ROLE),
    other("other-project-manager", "manager"),
    other("other-project-member", "member"),
    other("other-project-reader", "reader"),
    other("service", "service"),
    persona("domain-admin", ScopeType::Domain, "admin"),
    persona("domain-manager", ScopeType::Domain, "manager"),
    persona("domain-reader", ScopeType::Domain, "reader"),
    persona("system-admin", ScopeType::System, "admin"),
    persona("system-reader", ScopeType::System, "reader"),
];

/// Ids of users, projects and domains, for the callers of personas.
#[derive(Debug, Clone, Copy)]
pub struct Places<'p> {
    /// The domain of all of them.
    pub domain_id: &'p str,
    /// The project of the target.
    pub project_id: &'p str,
    /// Another project.
    pub other_project_id: &'p str,
}

impl Persona {
    /// Returns the persona of that name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|persona| persona.name == name)
    }

    /// Returns its roles with those that they imply on a cloud as keystone bootstraps it.
    pub fn roles(&self) -> Vec<String> {
        implied([self.role], BOOTSTRAP.iter().copied())
    }

    /// Returns what a token of this persona says.
    pub fn caller(&self, user_id: &str, places: Places<'_>) -> Caller {
        let project = |id: &str| Scope::Project {
            id: id.to_owned(),
            name: id.to_owned(),
            domain_id: places.domain_id.to_owned(),
        };
        let scope = match self.scope {
            ScopeType::System => Scope::System,
            ScopeType::Domain => {
                Scope::Domain { id: places.domain_id.to_owned(), name: places.domain_id.to_owned() }
            }
            ScopeType::Project if self.elsewhere => project(places.other_project_id),
            ScopeType::Project => project(places.project_id),
        };
        Caller {
            user_id: user_id.to_owned(),
            user_name: self.name.to_owned(),
            user_domain_id: places.domain_id.to_owned(),
            scope,
            roles: self.roles(),
            service_roles: Vec::new(),
        }
    }
}

impl fmt::Display for Persona {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn persona(name: &'static str, scope: ScopeType, role: &'static str) -> Persona {
    Persona { name, scope, elsewhere: false, role }
}

const fn project(name: &'static str, role: &'static str) -> Persona {
    persona(name, ScopeType::Project, role)
}

const fn other(name: &'static str, role: &'static str) -> Persona {
    Persona { elsewhere: true, ..project(name, role) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for persona in ALL {
            assert_eq!(Persona::named(persona.name), Some(persona));
        }
        assert_eq!(Persona::named("nobody"), None);
    }
}
