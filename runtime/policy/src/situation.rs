//! Typical targets: what a rule asks for, by whose it is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::personas::Places;
use crate::target::Target;
use crate::value::Value;

/// Whose a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The caller's own, in the project and the domain of the personas.
    Own,
    /// Another user's, in the project and the domain of the personas.
    Project,
    /// That of another domain, its project and its user.
    Foreign,
}

impl Whose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Own, Self::Project, Self::Foreign];

    /// Returns it in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Project => "project",
            Self::Foreign => "foreign",
        }
    }
}

/// The user of every persona here.
pub const USER: &str = "user-a";

/// The projects and the domain of every persona here.
pub const PLACES: Places<'static> =
    Places { domain_id: "domain-a", project_id: "project-a", other_project_id: "project-b" };

/// A target that has every attribute of a person, project or domain that a rule may ask for, by the
/// attribute's name. What is said of it otherwise comes first.
#[derive(Debug, Clone)]
pub struct Situation {
    /// Whose it is.
    pub whose: Whose,
    /// Attributes with other values.
    pub given: Map<String, Json>,
}

impl Situation {
    /// Creates a typical target.
    pub fn of(whose: Whose) -> Self {
        Self { whose, given: Map::new() }
    }

    fn typical(&self, name: &str) -> Option<&'static str> {
        let foreign = self.whose == Whose::Foreign;
        let last = name.rsplit(['.', ':']).next().unwrap_or(name);
        let before = name.strip_suffix(last).unwrap_or_default().trim_end_matches(['.', ':']);
        // `target.project.id` is a project's id, `target.project.domain_id` a domain's.
        let subject = match last {
            "id" => before.rsplit(['.', ':']).next().unwrap_or_default(),
            _ => last.strip_suffix("_id").unwrap_or(last),
        };
        Some(match subject {
            "domain" => {
                if foreign {
                    "domain-x"
                } else {
                    PLACES.domain_id
                }
            }
            "project" | "tenant" | "owner" | "member" => {
                if foreign {
                    "project-x"
                } else {
                    PLACES.project_id
                }
            }
            _ if subject == "user" || subject.ends_with("_user") => {
                if self.whose == Whose::Own {
                    USER
                } else {
                    "user-x"
                }
            }
            "visibility" => "private",
            "name" if before.ends_with("role") => "member",
            _ => return None,
        })
    }
}

impl Target for Situation {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        if let Some(given) = Target::get(&self.given, name) {
            return Some(given);
        }
        self.typical(name).map(Value::Text)
    }

    fn parent(&self, _resource: &str, _id: &str, field: &str) -> Option<Value<'_>> {
        self.typical(field).map(Value::Text)
    }

    fn json(&self) -> Json {
        Json::Object(self.given.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_typical_of_their_names() {
        let value = |whose: Whose, name: &str| {
            Situation::of(whose).get(name).map(|value| value.to_string())
        };
        for (name, own, project, foreign) in [
            ("project_id", "project-a", "project-a", "project-x"),
            ("network:project_id", "project-a", "project-a", "project-x"),
            ("target.project.id", "project-a", "project-a", "project-x"),
            ("target.project.domain_id", "domain-a", "domain-a", "domain-x"),
            ("target.domain.id", "domain-a", "domain-a", "domain-x"),
            ("user_id", "user-a", "user-x", "user-x"),
            ("target.trust.trustor_user_id", "user-a", "user-x", "user-x"),
            ("target.role.name", "member", "member", "member"),
        ] {
            assert_eq!(value(Whose::Own, name).as_deref(), Some(own), "{name}");
            assert_eq!(value(Whose::Project, name).as_deref(), Some(project), "{name}");
            assert_eq!(value(Whose::Foreign, name).as_deref(), Some(foreign), "{name}");
        }
        assert_eq!(value(Whose::Own, "shared"), None);
    }
}
