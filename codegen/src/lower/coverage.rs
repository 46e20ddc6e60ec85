//! Finds the versions of an operation without a response of success, or without a schema
//! although a body is described, and without a mark that says why.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use squall_model::materialise::{VERSIONS_KEY, range_of};
use squall_model::operation::intervals;
use squall_model::{Merged, Microversion, OperationSchemas, StatusRange, VersionRange};

/// A mark of versions for which upstream has no schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Hole {
    part: Part,
    #[serde(rename = "reason")]
    _reason: String,
    min_ver: Option<Microversion>,
    max_ver: Option<Microversion>,
}

/// The part of an operation that has no schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Part {
    Request,
    Query,
    Response,
}

/// Versions of an operation for which a part is not described.
#[derive(Debug)]
pub(super) struct Gap {
    /// The part, as a diagnostic names it.
    pub(super) part: &'static str,
    pub(super) versions: VersionRange,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} covers {}", self.part, self.versions)
    }
}

/// Returns the gaps of an operation whose versions, within those of the service, are `whole`.
pub(super) fn gaps(
    whole: VersionRange,
    success: &[StatusRange],
    schemas: &OperationSchemas,
    holes: &[Hole],
) -> Vec<Gap> {
    let mut found = Vec::new();
    let answered: Vec<VersionRange> = success.iter().map(|status| status.versions).collect();
    if let Some(versions) = gap(whole, &answered).filter(|_| !answered.is_empty()) {
        found.push(Gap { part: "response of success", versions });
    }
    let mut schema =
        |part: Part, name: &'static str, whole: VersionRange, schema: Option<&Merged>| {
            let Some(schema) = schema else { return };
            let mut there = ranges(&schema.0);
            let marked = holes.iter().filter(|hole| hole.part == part);
            there.extend(marked.map(|hole| VersionRange::new(hole.min_ver, hole.max_ver)));
            found.extend(gap(whole, &there).map(|versions| Gap { part: name, versions }));
        };
    schema(Part::Request, "request schema", whole, schemas.request.schema());
    schema(Part::Query, "query schema", whole, schemas.query.as_ref());
    for response in schemas.responses.iter().filter(|response| response.status < 400) {
        if let Some(whole) = response.versions.intersect(&whole) {
            schema(Part::Response, "response schema", whole, response.body.schema());
        }
    }
    found
}

/// Returns the first versions of `whole` that no range covers.
fn gap(whole: VersionRange, ranges: &[VersionRange]) -> Option<VersionRange> {
    let ends = ranges.iter().flat_map(|r| [r.min, r.max.map(Microversion::next)]);
    let boundaries: Vec<Microversion> = ends.flatten().collect();
    intervals(whole, &boundaries)
        .into_iter()
        .find(|cell| !ranges.iter().any(|range| range.covers(cell)))
}

/// Returns the versions that have a merged schema.
fn ranges(schema: &Value) -> Vec<VersionRange> {
    let Some(marks) = schema.get(VERSIONS_KEY) else { return vec![VersionRange::ALL] };
    let own = range(marks);
    match marks.get("variants").and_then(Value::as_array) {
        Some(variants) => variants.iter().filter_map(|v| own.intersect(&range(v))).collect(),
        None => vec![own],
    }
}

fn range(marks: &Value) -> VersionRange {
    marks.as_object().map_or(VersionRange::ALL, range_of)
}
