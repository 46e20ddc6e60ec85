//! Who a test acts as: a role in a scope.

use std::fmt;
use std::str::FromStr;

/// A role in a scope, written `member`, `domain_reader` or `system_admin`.
///
/// ```
/// use squall::credentials::{Persona, Scope};
///
/// let persona: Persona = "domain_reader".parse()?;
/// assert_eq!((persona.scope, persona.role.as_str()), (Scope::Domain, "reader"));
/// # Ok::<(), squall::credentials::UnknownPersona>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Persona {
    /// What the role is given in.
    pub scope: Scope,
    /// The role's name at the cloud.
    pub role: String,
}

/// What a role is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A project of the identity's own.
    Project,
    /// The domain that identities are made in.
    Domain,
    /// The whole cloud.
    System,
}

impl FromStr for Persona {
    type Err = UnknownPersona;

    fn from_str(text: &str) -> Result<Self, UnknownPersona> {
        let (scope, role) = match text.split_once('_') {
            Some(("project", role)) => (Scope::Project, role),
            Some(("domain", role)) => (Scope::Domain, role),
            Some(("system", role)) => (Scope::System, role),
            _ => (Scope::Project, text),
        };
        let is_role = !role.is_empty() && role.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if is_role {
            Ok(Self { scope, role: role.to_owned() })
        } else {
            Err(UnknownPersona { text: text.to_owned() })
        }
    }
}

impl fmt::Display for Persona {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope {
            Scope::Project => f.write_str(&self.role),
            Scope::Domain => write!(f, "domain_{}", self.role),
            Scope::System => write!(f, "system_{}", self.role),
        }
    }
}

/// A text that is no persona.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no persona: expected a role such as `member`, or one in another scope such \
     as `domain_reader` or `system_admin`"
)]
pub struct UnknownPersona {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persona_reads_as_it_is_written() {
        for text in ["member", "admin", "domain_manager", "system_reader", "load_balancer_member"] {
            assert_eq!(text.parse::<Persona>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_role_is_refused() {
        for text in ["", "domain_", "Member", "a b"] {
            assert!(text.parse::<Persona>().is_err(), "{text}");
        }
    }
}
