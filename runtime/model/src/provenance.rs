//! Where the facts of a spec come from.

use serde::{Deserialize, Serialize};

/// Where a fact of the spec comes from, the most reliable first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// A schema or table in the released service.
    InTree,
    /// Answered in the service's own tests, and confirmed by its source or its API reference.
    Replayed,
    /// Observed on a real cloud.
    Observed,
    /// The service's published API reference, with a sample.
    ApiRef,
    /// Written by hand.
    Authored,
    /// Upstream does not say, and neither does Squall.
    Unknown,
}

impl Provenance {
    /// Returns the word for it in a spec.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InTree => "in-tree",
            Self::Replayed => "replayed",
            Self::Observed => "observed",
            Self::ApiRef => "api-ref",
            Self::Authored => "authored",
            Self::Unknown => "unknown",
        }
    }
}

/// Where the parts of an operation's description come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origins {
    /// The request body.
    pub request: Provenance,
    /// The query.
    pub query: Provenance,
    /// The response.
    pub response: Provenance,
    /// The statuses and forms of errors.
    pub errors: Provenance,
    /// The headers of request and response.
    pub headers: Provenance,
}

impl Default for Origins {
    fn default() -> Self {
        let unknown = Provenance::Unknown;
        Self {
            request: unknown,
            query: unknown,
            response: unknown,
            errors: unknown,
            headers: unknown,
        }
    }
}

impl Origins {
    /// Returns each part's name and provenance, in the order of a message.
    pub const fn each(&self) -> [(&'static str, Provenance); 5] {
        [
            ("request", self.request),
            ("query", self.query),
            ("response", self.response),
            ("errors", self.errors),
            ("headers", self.headers),
        ]
    }
}
