//! An answer of a service that a test did not expect.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a service answered to a request, where a test expected something else.
///
/// A failure keeps it beside its message, so that failures can be grouped by what they have in
/// common, and compared with what is accepted of a cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct UnexpectedAnswer {
    /// The id of the operation, as in `volume.volumes.create`.
    pub operation: String,
    /// How it was answered.
    pub answered: Answered,
    /// What the service said, in one line; empty if it accepted the request.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub said: String,
    /// What the test held against it, as in `maxLength of the body`; empty if it has no word for
    /// it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The request as a `curl` line; empty if it was not kept.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub curl: String,
}

/// How a request was answered.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// With success.
    #[default]
    Accepted,
    /// With an error status.
    Refused(u16),
    /// Not at all.
    Nothing,
}

impl Answered {
    /// Returns how a response with a status answers a request; without one nothing came.
    pub fn of(status: Option<u16>) -> Self {
        match status {
            Some(status @ 400..) => Self::Refused(status),
            Some(_) => Self::Accepted,
            None => Self::Nothing,
        }
    }
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Refused(status) => write!(f, "{status}"),
            Self::Nothing => f.write_str("none"),
        }
    }
}
