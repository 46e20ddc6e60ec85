//! Personas: roles in a scope, which a test acts with.

use std::fmt;
use std::str::FromStr;

/// Roles in a scope, written `member`, `domain_reader` or `system_admin`; also with a
/// cloud's own roles or several roles, as in `load-balancer_member`, `creator+member` or
/// `domain:auditor+reader`.
///
/// ```
/// use squall::credentials::{Persona, PersonaScope};
///
/// let persona: Persona = "domain_reader".parse()?;
/// assert_eq!((persona.scope, persona.roles), (PersonaScope::Domain, vec!["reader".to_owned()]));
/// let persona: Persona = "creator+member".parse()?;
/// assert_eq!(persona.roles, ["creator", "member"]);
/// # Ok::<(), squall::credentials::UnknownPersona>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Persona {
    /// The scope in which the roles are assigned.
    pub scope: PersonaScope,
    /// The names of the roles, at least one.
    pub roles: Vec<String>,
}

/// The scope of a role assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonaScope {
    /// The identity's own project.
    Project,
    /// A domain.
    Domain,
    /// The whole cloud.
    System,
}

impl FromStr for Persona {
    type Err = UnknownPersona;

    fn from_str(text: &str) -> Result<Self, UnknownPersona> {
        let scoped = text.split_once(':').or_else(|| text.split_once('_'));
        let (scope, roles) = match scoped {
            Some(("project", roles)) => (PersonaScope::Project, roles),
            Some(("domain", roles)) => (PersonaScope::Domain, roles),
            Some(("system", roles)) => (PersonaScope::System, roles),
            _ => (PersonaScope::Project, text),
        };
        let roles: Vec<String> = roles.split('+').map(str::to_owned).collect();
        let is_role = |role: &String| {
            !role.is_empty() && !role.chars().any(|c| c.is_whitespace() || c.is_control())
        };
        if roles.iter().all(is_role) {
            Ok(Self { scope, roles })
        } else {
            Err(UnknownPersona { text: text.to_owned() })
        }
    }
}

impl fmt::Display for Persona {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if self.roles.len() == 1 { '_' } else { ':' };
        match self.scope {
            PersonaScope::Project => {}
            PersonaScope::Domain => write!(f, "domain{between}")?,
            PersonaScope::System => write!(f, "system{between}")?,
        }
        f.write_str(&self.roles.join("+"))
    }
}

/// A text that is not a persona.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a persona: expected a role such as `member`, one in another scope such as \
     `domain_reader` or `system_admin`, or several as in `creator+member`"
)]
pub struct UnknownPersona {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persona_reads_as_it_is_written() {
        for text in [
            "member",
            "domain_manager",
            "system_reader",
            "load-balancer_member",
            "ResellerAdmin",
            "creator+member",
            "domain:auditor+reader",
        ] {
            assert_eq!(text.parse::<Persona>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_invalid_role_is_refused() {
        for text in ["", "domain_", "member+", "a b", "system:"] {
            assert!(text.parse::<Persona>().is_err(), "{text}");
        }
    }
}
