//! An operation: one thing a service does for one request, as data.
//!
//! Generated crates hold tables of these; a plugin may make one at run time.
//! What is behind an operation (schemas) is read lazily, see [`crate::blob`].

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::blob::SchemaSource;
use crate::{Body, Merged, Microversion, OperationSchemas, Paging, VersionRange};

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Copy,
    Options,
}

impl Method {
    /// Gives the method's name as it goes over the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Copy => "COPY",
            Self::Options => "OPTIONS",
        }
    }

    /// Reads a method's name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Get,
            Self::Head,
            Self::Post,
            Self::Put,
            Self::Patch,
            Self::Delete,
            Self::Copy,
            Self::Options,
        ]
        .into_iter()
        .find(|method| method.as_str().eq_ignore_ascii_case(name))
    }

    /// Tells whether sending it twice leaves the service as sending it once does
    /// (RFC 9110, section 9.2.2).
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Post | Self::Patch)
    }

    /// Tells whether it only reads (RFC 9110, section 9.2.1).
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A status code, and the versions at which the operation answers with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct StatusRange {
    pub status: u16,
    pub versions: VersionRange,
}

/// How a policy rule takes part in an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Every request is checked against it.
    Gate,
    /// Only some requests are (a field that is asked for, a filter).
    Conditional,
}

/// A policy rule that guards an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRef {
    /// The rule's name, a key of the service's `policies.yaml`.
    pub rule: Cow<'static, str>,
    /// Whether the rule always applies.
    pub gate: Gate,
}

/// Where a fact of the spec comes from, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// A schema or table in the released service.
    InTree,
    /// Seen on a real cloud.
    Observed,
    /// The service's published API reference, with a sample.
    ApiRef,
    /// Written by hand.
    Authored,
    /// Upstream does not say, and neither do we.
    Unknown,
}

/// One operation of a service, an action included.
///
/// All of it can be made in a `static`, and all of it at run time.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `service.resource.verb`, as in `compute.servers.show`.
    pub id: Cow<'static, str>,
    /// The HTTP method.
    pub method: Method,
    /// The path below the service's version root, as in `/servers/{server_id}`.
    pub path: Cow<'static, str>,
    /// The key of the request body that selects an action, as upstream spells it.
    pub action: Option<Cow<'static, str>>,
    /// One line that says what it does.
    pub summary: Cow<'static, str>,
    /// The versions that have the operation.
    pub versions: VersionRange,
    /// The statuses of success.
    pub success: Cow<'static, [StatusRange]>,
    /// The statuses of failure that the service declares.
    pub errors: Cow<'static, [StatusRange]>,
    /// The policy rules that guard it.
    pub policies: Cow<'static, [PolicyRef]>,
    /// The alias of the extension that brings it (network).
    pub extension: Option<Cow<'static, str>>,
    /// How its collection is paged.
    pub paging: Option<Paging>,
    /// The versions at which its response schema begins or changes, ascending;
    /// empty where the response schema never changes.
    pub response_boundaries: Cow<'static, [Microversion]>,
    /// The versions at which its request body or query schema changes, ascending.
    pub request_boundaries: Cow<'static, [Microversion]>,
    /// Whether the spec describes the response body (or says there is none).
    pub response_known: bool,
    /// Where its request, query and response schemas stand.
    pub schemas: SchemaSource,
}

impl Operation {
    /// Makes an operation at run time out of its schemas: its statuses of
    /// success and its boundaries are theirs. What is not given is left open.
    pub fn new(
        id: impl Into<Cow<'static, str>>,
        method: Method,
        path: impl Into<Cow<'static, str>>,
        schemas: OperationSchemas,
    ) -> Self {
        let success = schemas.responses.iter().filter(|response| response.status < 400);
        let mut answers = BTreeSet::new();
        for response in &schemas.responses {
            answers.extend(response.versions.min);
            answers.extend(response.versions.max.map(Microversion::next));
            answers.extend(response.body.schema().into_iter().flat_map(Merged::boundaries));
        }
        let asked = schemas.request.schema().into_iter().chain(&schemas.query);
        let asks: BTreeSet<Microversion> = asked.flat_map(Merged::boundaries).collect();
        Self {
            id: id.into(),
            method,
            path: path.into(),
            action: None,
            summary: Cow::Borrowed(""),
            versions: VersionRange::ALL,
            success: success
                .map(|r| StatusRange { status: r.status, versions: r.versions })
                .collect(),
            errors: Cow::Borrowed(&[]),
            policies: Cow::Borrowed(&[]),
            extension: None,
            paging: None,
            response_boundaries: answers.into_iter().collect(),
            request_boundaries: asks.into_iter().collect(),
            response_known: schemas.responses.iter().any(|r| r.body != Body::Unknown),
            schemas: SchemaSource::Inline(Arc::new(schemas)),
        }
    }

    /// Gives the service's name: the part of the id before the first dot.
    pub fn service(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Gives the resource: the middle part of the id.
    pub fn resource(&self) -> &str {
        self.id.split('.').nth(1).unwrap_or_default()
    }

    /// Gives the verb: the last part of the id.
    pub fn verb(&self) -> &str {
        self.id.rsplit('.').next().unwrap_or_default()
    }

    /// Gives the names in the path's braces, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }

    /// Gives the ranges of versions in which the response schema is one and the
    /// same, ascending; one open range where it never changes.
    ///
    /// These are the cells of the drift report.
    pub fn response_intervals(&self) -> Vec<VersionRange> {
        intervals(self.versions, &self.response_boundaries)
    }
}

/// Cuts `whole` at every boundary inside it.
pub fn intervals(whole: VersionRange, boundaries: &[Microversion]) -> Vec<VersionRange> {
    let mut cuts: Vec<Microversion> = boundaries
        .iter()
        .copied()
        .filter(|b| whole.contains(Some(*b)) && whole.min != Some(*b))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut start = whole.min;
    let mut out = Vec::with_capacity(cuts.len() + 1);
    for cut in cuts {
        out.push(VersionRange::new(start, cut.previous()));
        start = Some(cut);
    }
    out.push(VersionRange::new(start, whole.max));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_cover_the_whole_without_a_hole() {
        let v = |minor| Microversion::new(2, minor);
        let cells = intervals(VersionRange::since(v(1)), &[v(1), v(9), v(3)]);
        let text: Vec<String> = cells.iter().map(ToString::to_string).collect();
        assert_eq!(text, ["2.1 to 2.2", "2.3 to 2.8", "2.9 and later"]);
    }
}
