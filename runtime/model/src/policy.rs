//! The policy rules of a service, as it ships them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What a token may be scoped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeType {
    /// The whole deployment.
    System,
    /// A domain.
    Domain,
    /// A project.
    Project,
}

impl ScopeType {
    /// Returns the name that services and policy files use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Domain => "domain",
            Self::Project => "project",
        }
    }
}

/// A default rule of a service.
///
/// Which operations check it stands with the [operations](crate::Operation::policies).
///
/// It can be created in a `static` or at run time.
///
/// ```
/// use squall_model::{PolicyRule, ScopeType};
/// static LIST: PolicyRule = PolicyRule::new("placement:traits:list", "role:admin or role:service")
///     .in_scopes(&[ScopeType::Project]);
/// assert_eq!(LIST.scope_types.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRule {
    /// The rule's name, as in `os_compute_api:servers:create`.
    pub name: Cow<'static, str>,
    /// The check in oslo.policy's language, as in `role:admin or project_id:%(project_id)s`.
    pub check: Cow<'static, str>,
    /// The scopes a token may have; empty if the rule accepts any.
    pub scope_types: Cow<'static, [ScopeType]>,
    /// The rule that this one replaces.
    pub deprecated: Option<DeprecatedRule>,
    /// Whether the rule itself will go.
    pub deprecated_for_removal: bool,
}

/// The rule before, which still holds as an alternative where a cloud does not enforce the new
/// defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeprecatedRule {
    /// Its name; often the same.
    pub name: Cow<'static, str>,
    /// Its check.
    pub check: Cow<'static, str>,
    /// The release or version of the service that deprecated it, as upstream wrote it.
    pub since: Cow<'static, str>,
}

impl PolicyRule {
    /// Creates a rule for every scope, with nothing deprecated.
    pub const fn new(name: &'static str, check: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            check: Cow::Borrowed(check),
            scope_types: Cow::Borrowed(&[]),
            deprecated: None,
            deprecated_for_removal: false,
        }
    }

    /// Restricts the rule to tokens with one of these scopes.
    #[must_use]
    pub const fn in_scopes(mut self, scopes: &'static [ScopeType]) -> Self {
        put(&mut self.scope_types, Cow::Borrowed(scopes));
        self
    }

    /// Names the rule that this one replaces, its check, and since when.
    #[must_use]
    pub const fn instead_of(
        mut self,
        name: &'static str,
        check: &'static str,
        since: &'static str,
    ) -> Self {
        let before = DeprecatedRule {
            name: Cow::Borrowed(name),
            check: Cow::Borrowed(check),
            since: Cow::Borrowed(since),
        };
        put(&mut self.deprecated, Some(before));
        self
    }

    /// Marks the rule as one that will go.
    #[must_use]
    pub const fn deprecated_for_removal(mut self) -> Self {
        self.deprecated_for_removal = true;
        self
    }
}

/// Sets a field in a constant function, which cannot drop the value before. A rule from [`PolicyRule::new`]
/// owns nothing that could leak.
const fn put<T>(field: &mut T, value: T) {
    std::mem::forget(std::mem::replace(field, value));
}
