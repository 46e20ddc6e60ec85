//! An operation of a service, as data.
//!
//! Generated crates have tables of operations; a plugin may create one at run time. Schemas
//! are read lazily, see [`crate::blob`].

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::blob::SchemaSource;
use crate::{BodySchema, Merged, Microversion, OperationSchemas, Paging, VersionRange};

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
    /// Returns the method's name, in upper case.
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

    /// Parses a method's name, in any case.
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

    /// Whether it is idempotent (RFC 9110, section 9.2.2).
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Post | Self::Patch)
    }

    /// Whether it is safe, that is, only reads (RFC 9110, section 9.2.1).
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A status code, and the versions at which an operation responds with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct StatusRange {
    pub status: u16,
    pub versions: VersionRange,
}

/// When a policy rule is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// For every request.
    Gate,
    /// For some requests only, for example those with a certain field or filter.
    Conditional,
}

/// A policy rule of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRef {
    /// The rule's name, a key of the service's `policies.yaml`.
    pub rule: Cow<'static, str>,
    /// When the rule is checked.
    pub gate: Gate,
}

/// An operation or action of a service.
///
/// It can be created in a `static` or at run time.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `service.resource.verb`, as in `compute.servers.show`.
    pub id: Cow<'static, str>,
    /// The HTTP method.
    pub method: Method,
    /// The path below the service's version root, as in `/servers/{server_id}`.
    pub path: Cow<'static, str>,
    /// The key in the request body that selects the action, as upstream spells it.
    pub action: Option<Cow<'static, str>>,
    /// What it does, in one line.
    pub summary: Cow<'static, str>,
    /// The versions that have the operation.
    pub versions: VersionRange,
    /// The statuses of success.
    pub success: Cow<'static, [StatusRange]>,
    /// The declared statuses of failure.
    pub errors: Cow<'static, [StatusRange]>,
    /// The policy rules that the service checks.
    pub policies: Cow<'static, [PolicyRef]>,
    /// The alias of the extension that adds it (network only).
    pub extension: Option<Cow<'static, str>>,
    /// How its collection is paged, if it is.
    pub paging: Option<Paging>,
    /// The versions at which its response schema starts or changes, ascending; empty if it
    /// never changes.
    pub response_boundaries: Cow<'static, [Microversion]>,
    /// The versions at which its request body or query schema changes, ascending.
    pub request_boundaries: Cow<'static, [Microversion]>,
    /// Whether the spec describes the response body, or says that there is none.
    pub response_known: bool,
    /// Where its request, query and response schemas are.
    pub schemas: SchemaSource,
}

impl Operation {
    /// Creates an operation at run time from its schemas, which determine its statuses and its
    /// boundaries. All other fields are empty.
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
            errors: schemas
                .errors
                .iter()
                .map(|e| StatusRange { status: e.status, versions: e.versions })
                .collect(),
            policies: Cow::Borrowed(&[]),
            extension: None,
            paging: None,
            response_boundaries: answers.into_iter().collect(),
            request_boundaries: asks.into_iter().collect(),
            response_known: schemas.responses.iter().any(|r| r.body != BodySchema::Unknown),
            schemas: SchemaSource::Inline(Arc::new(schemas)),
        }
    }

    /// Whether it declares a status of success at a version.
    pub fn declares_success(&self, status: u16, version: Option<Microversion>) -> bool {
        holds(&self.success, status, version)
    }

    /// Whether it declares a status, of success or of failure, at a version.
    pub fn declares(&self, status: u16, version: Option<Microversion>) -> bool {
        self.declares_success(status, version) || holds(&self.errors, status, version)
    }

    /// Returns the service's name: the first part of the id.
    pub fn service(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Returns the resource: the middle part of the id.
    pub fn resource(&self) -> &str {
        self.id.split('.').nth(1).unwrap_or_default()
    }

    /// Returns the verb: the last part of the id.
    pub fn verb(&self) -> &str {
        self.id.rsplit('.').next().unwrap_or_default()
    }

    /// Returns the names of the path parameters, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &str> {
        path_parameters(&self.path)
    }

    /// Returns the version ranges within which the response schema does not change, ascending.
    ///
    /// These are the cells of the drift report.
    pub fn response_intervals(&self) -> Vec<VersionRange> {
        intervals(self.versions, &self.response_boundaries)
    }
}

fn holds(declared: &[StatusRange], status: u16, version: Option<Microversion>) -> bool {
    declared.iter().any(|one| one.status == status && one.versions.contains(version))
}

/// Returns the names of the parameters of a path template, in order.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Splits a range at every boundary inside it.
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
    fn names_come_in_order() {
        let found: Vec<&str> = path_parameters("/a/{b}/c/{d}").collect();
        assert_eq!(found, ["b", "d"]);
    }

    #[test]
    fn intervals_cover_the_range_without_a_gap() {
        let v = |minor| Microversion::new(2, minor);
        let cells = intervals(VersionRange::since(v(1)), &[v(1), v(9), v(3)]);
        let text: Vec<String> = cells.iter().map(ToString::to_string).collect();
        assert_eq!(text, ["2.1 to 2.2", "2.3 to 2.8", "2.9 and later"]);
    }
}
