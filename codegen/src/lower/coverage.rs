//! Checks that every version of an operation has a response of success, and a schema
//! wherever a body is described, or a mark that says why not.

use serde::Deserialize;
use serde_json::Value;
use squall_model::materialise::VERSIONS_KEY;
use squall_model::operation::intervals;
use squall_model::{Merged, Microversion, OperationSchemas, StatusRange, VersionRange};

use crate::diagnostic::{Diagnostics, pointer};

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

/// Checks an operation whose versions, within those of the service, are `whole`.
pub(super) fn check(
    whole: VersionRange,
    success: &[StatusRange],
    schemas: &OperationSchemas,
    holes: &[Hole],
    at: &str,
    sink: &mut Diagnostics,
) {
    let answered: Vec<VersionRange> = success.iter().map(|status| status.versions).collect();
    if let Some(gap) = gap(whole, &answered).filter(|_| !answered.is_empty()) {
        sink.error(
            pointer(at, "responses"),
            format!("no response of success covers {gap}"),
            "extend the versions of a response, or add one for these versions",
        );
    }
    let mut schema = |part: Part, name: &str, whole: VersionRange, schema: Option<&Merged>| {
        let Some(schema) = schema else { return };
        let mut there = ranges(&schema.0);
        let marked = holes.iter().filter(|hole| hole.part == part);
        there.extend(marked.map(|hole| VersionRange::new(hole.min_ver, hole.max_ver)));
        if let Some(gap) = gap(whole, &there) {
            sink.error(
                pointer(at, VERSIONS_KEY),
                format!("no {name} schema covers {gap}"),
                "extend the versions of the schema, or mark these versions under `holes`",
            );
        }
    };
    schema(Part::Request, "request", whole, schemas.request.schema());
    schema(Part::Query, "query", whole, schemas.query.as_ref());
    for response in schemas.responses.iter().filter(|response| response.status < 400) {
        if let Some(whole) = response.versions.intersect(&whole) {
            schema(Part::Response, "response", whole, response.body.schema());
        }
    }
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
    let end = |key: &str| marks.get(key)?.as_str()?.parse().ok();
    VersionRange::new(end("min-ver"), end("max-ver"))
}
