//! What a service let a persona do, beside what its policy says.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One cell of the policy matrix: an operation was called as a persona, on a target, to see
/// whether a rule lets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyCell {
    /// The rule, as in `os_compute_api:servers:create`.
    pub rule: String,
    /// The id of the operation, as in `compute.servers.create`.
    pub operation: String,
    /// The name of the persona, as in `project-reader`.
    pub persona: String,
    /// Whose the target was.
    pub target: TargetOwner,
    /// What the policy says.
    pub expected: ExpectedAccess,
    /// Why it says so: the path through the rules, in one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What the service did.
    pub observed: Access,
    /// The status of its answer; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The id of the request in the service's logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Whose the target of a call was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetOwner {
    /// It belonged to the persona's own project, domain or user.
    Own,
    /// It belonged to another.
    Other,
    /// It belongs to the whole cloud: a service, a flavor.
    Cloud,
}

/// What a policy says of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExpectedAccess {
    /// It is allowed.
    Allowed,
    /// It is refused with 403.
    Denied,
    /// It is answered as if there were no such target, because the service does not tell who may
    /// not see it.
    Hidden,
    /// It is refused, and both ways are right.
    DeniedOrHidden,
    /// It succeeds, and the answer lacks what the persona may not see.
    SoftlyDenied,
}

/// What a service did with a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// It got past the check.
    Allowed,
    /// It was refused with 403.
    Denied,
    /// It was answered as if there were no such target.
    Hidden,
    /// It was refused with 403 because of the token's scope.
    ScopeRefused,
    /// It succeeded, and the answer lacked the item or the field.
    SoftlyDenied,
    /// It was refused with a status that is not about rights, as 401 or 500.
    OtherRefusal,
    /// It did not show, for this reason.
    Undecided(String),
}

/// How an access differs from the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessDeviation {
    /// The service let in whom its policy keeps out.
    OverPermission,
    /// The service kept out whom its policy lets in.
    UnderPermission,
    /// The service kept out whom it should, but said so in another way.
    WrongCode,
}

impl PolicyCell {
    /// Whether the service showed what it lets the persona do.
    pub fn is_decided(&self) -> bool {
        !matches!(self.observed, Access::Undecided(_))
    }

    /// Returns how the service differs from its policy; `None` if it does not, or if it did not
    /// show.
    pub fn deviation(&self) -> Option<AccessDeviation> {
        use ExpectedAccess as Expected;
        match (self.expected, &self.observed) {
            (_, Access::Undecided(_))
            | (Expected::Allowed, Access::Allowed)
            | (
                Expected::Denied | Expected::DeniedOrHidden,
                Access::Denied | Access::ScopeRefused,
            )
            | (Expected::Hidden | Expected::DeniedOrHidden, Access::Hidden)
            | (Expected::SoftlyDenied, Access::SoftlyDenied) => None,
            (Expected::Allowed, _) => Some(AccessDeviation::UnderPermission),
            (_, Access::Allowed) => Some(AccessDeviation::OverPermission),
            _ => Some(AccessDeviation::WrongCode),
        }
    }
}

impl fmt::Display for TargetOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "own",
            Self::Other => "another's",
            Self::Cloud => "the cloud's",
        })
    }
}

impl fmt::Display for ExpectedAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied (403)",
            Self::Hidden => "hidden (404)",
            Self::DeniedOrHidden => "denied (403) or hidden (404)",
            Self::SoftlyDenied => "left out of the answer",
        })
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied (403)",
            Self::Hidden => "hidden (404)",
            Self::ScopeRefused => "refused for its scope (403)",
            Self::SoftlyDenied => "left out of the answer",
            Self::OtherRefusal => "refused with another status",
            Self::Undecided(reason) => return write!(f, "undecided: {reason}"),
        })
    }
}

impl fmt::Display for AccessDeviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OverPermission => "over-permission",
            Self::UnderPermission => "under-permission",
            Self::WrongCode => "wrong code",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(expected: ExpectedAccess, observed: Access) -> PolicyCell {
        PolicyCell {
            rule: "r".to_owned(),
            operation: "s.r.v".to_owned(),
            persona: "project-reader".to_owned(),
            target: TargetOwner::Own,
            expected,
            why: String::new(),
            observed,
            status: None,
            request_id: None,
        }
    }

    #[test]
    fn a_deviation_says_in_which_direction() {
        use {Access as A, AccessDeviation as D, ExpectedAccess as E};
        let undecided = || A::Undecided("the quota was met first".to_owned());
        for (expected, observed, deviation) in [
            (E::Allowed, A::Allowed, None),
            (E::Allowed, A::Denied, Some(D::UnderPermission)),
            (E::Allowed, A::Hidden, Some(D::UnderPermission)),
            (E::Allowed, A::ScopeRefused, Some(D::UnderPermission)),
            (E::Allowed, A::SoftlyDenied, Some(D::UnderPermission)),
            (E::Allowed, A::OtherRefusal, Some(D::UnderPermission)),
            (E::DeniedOrHidden, A::OtherRefusal, Some(D::WrongCode)),
            (E::Denied, A::Allowed, Some(D::OverPermission)),
            (E::Denied, A::ScopeRefused, None),
            (E::Denied, A::Hidden, Some(D::WrongCode)),
            (E::Denied, A::SoftlyDenied, Some(D::WrongCode)),
            (E::Hidden, A::Denied, Some(D::WrongCode)),
            (E::Hidden, A::Hidden, None),
            (E::DeniedOrHidden, A::Denied, None),
            (E::DeniedOrHidden, A::Hidden, None),
            (E::SoftlyDenied, A::Allowed, Some(D::OverPermission)),
            (E::SoftlyDenied, A::Denied, Some(D::WrongCode)),
            (E::Denied, undecided(), None),
        ] {
            let cell = cell(expected, observed);
            assert_eq!(cell.deviation(), deviation, "{cell:?}");
        }
    }

    #[test]
    fn a_cell_comes_back_from_the_journal() {
        let cell = cell(ExpectedAccess::DeniedOrHidden, Access::Undecided("why".to_owned()));
        let text = serde_json::to_string(&cell).expect("plain data");
        assert_eq!(serde_json::from_str::<PolicyCell>(&text).expect("the same"), cell);
        assert!(!cell.is_decided());
    }
}
