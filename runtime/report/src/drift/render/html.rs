//! The report as a self-contained HTML page.

use std::collections::BTreeSet;

use askama::Template;
use squall_model::{Finding, Microversion, VersionKind, VersionRange};

use super::super::ranges::{RangeRow, RangeVerdict, written};
use super::super::report::{Cell, CellState, CoverageCounts, OperationRow, Report, ServiceReport};

/// Returns the report as an HTML page.
///
/// # Errors
/// The template cannot be rendered.
pub fn html(report: &Report) -> Result<String, askama::Error> {
    Page {
        basis: super::basis(report),
        total: report.total(),
        has_run: report.has_run(),
        report,
        clients: report.client_names().collect(),
        total_of_clients: report.total_of_clients(),
        services: report.services.iter().map(heat_map).collect(),
        ranges: report.ranges.iter().map(range).collect(),
        findings: &report.findings,
    }
    .render()
}

#[derive(Template)]
#[template(path = "drift.html")]
struct Page<'a> {
    basis: String,
    total: CoverageCounts,
    has_run: bool,
    report: &'a Report,
    clients: Vec<&'a str>,
    total_of_clients: Vec<usize>,
    services: Vec<HeatMap<'a>>,
    ranges: Vec<Range<'a>>,
    findings: &'a [Finding],
}

impl Page<'_> {
    /// The clients that have an operation, in one word each.
    fn clients_of(&self, operation: &OperationRow) -> String {
        let marks = operation.clients.iter().flatten();
        let named = self.clients.iter().zip(marks).filter(|(_, has)| **has);
        named.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    }
}

/// One service's microversions in the spec and on the cloud.
struct Range<'a> {
    service: &'a str,
    source: &'a str,
    spec: String,
    live: String,
    class: &'static str,
    verdict: RangeVerdict,
}

/// One service's operations by versions.
struct HeatMap<'a> {
    report: &'a ServiceReport,
    percent: String,
    columns: Vec<Column<'a>>,
    rows: Vec<Row<'a>>,
}

/// A version at which a schema or behavior changed.
struct Column<'a> {
    label: String,
    behaviour: bool,
    tested: bool,
    title: &'a str,
}

struct Row<'a> {
    operation: &'a OperationRow,
    /// Whether every cell that the cloud has is exercised.
    is_done: bool,
    /// Its id without the service's name.
    short: &'a str,
    spans: Vec<Span>,
}

/// The adjacent columns that one cell covers.
struct Span {
    width: usize,
    class: &'static str,
    /// What the colour says, for those who do not see it.
    sign: &'static str,
    title: String,
}

fn range(row: &RangeRow) -> Range<'_> {
    Range {
        service: &row.service,
        source: &row.source,
        spec: written(row.spec),
        live: row.live.map_or_else(|| "–".to_owned(), written),
        class: match row.verdict {
            RangeVerdict::Agrees => "done",
            RangeVerdict::Absent => "blind",
            RangeVerdict::Older | RangeVerdict::Newer | RangeVerdict::Differs => "called",
        },
        verdict: row.verdict,
    }
}

fn heat_map(report: &ServiceReport) -> HeatMap<'_> {
    let starts = columns(report);
    let columns = if starts.is_empty() {
        vec![Column {
            label: "all".to_owned(),
            behaviour: false,
            tested: true,
            title: "no microversions",
        }]
    } else {
        starts.iter().map(|version| column(report, *version)).collect()
    };
    HeatMap {
        report,
        percent: format!("{:.0}", report.counts.percent()),
        rows: report.operations.iter().map(|op| row(op, &starts)).collect(),
        columns,
    }
}

/// Returns the versions that get a column: every start of an interval and every version that
/// changed only behavior; none for a service without microversions.
fn columns(report: &ServiceReport) -> Vec<Microversion> {
    let Some(first) = report.spec_versions.min else { return Vec::new() };
    let starts = report.operations.iter().flat_map(|o| &o.cells).filter_map(|c| c.versions.min);
    let ends = report.operations.iter().filter_map(|o| o.versions.max).map(Microversion::next);
    let all = starts.chain(ends).chain(report.versions.iter().map(|v| v.version));
    let inside = all.filter(|v| report.spec_versions.contains(Some(*v)));
    inside.chain([first]).collect::<BTreeSet<_>>().into_iter().collect()
}

fn column(report: &ServiceReport, version: Microversion) -> Column<'_> {
    let row = report.versions.iter().find(|v| v.version == version);
    Column {
        label: version.minor.to_string(),
        behaviour: row.is_some_and(|r| r.kind == VersionKind::Behaviour),
        tested: row.is_none_or(|r| r.tested_by.is_some()),
        title: row.map_or("", |r| r.summary.as_str()),
    }
}

fn row<'a>(operation: &'a OperationRow, starts: &[Microversion]) -> Row<'a> {
    let short = operation.id.split_once('.').map_or(operation.id.as_str(), |(_, short)| short);
    let is_done = operation
        .cells
        .iter()
        .all(|cell| matches!(cell.state, CellState::Exercised | CellState::Absent));
    if starts.is_empty() {
        let spans = operation.cells.iter().take(1).map(|cell| span(operation, cell, 1)).collect();
        return Row { operation, is_done, short, spans };
    }
    let covering = |version: Microversion| {
        operation.cells.iter().position(|c| c.versions.contains(Some(version)))
    };
    let mut spans: Vec<(Option<usize>, usize)> = Vec::new();
    for version in starts {
        let at = covering(*version);
        match spans.last_mut() {
            Some((last, width)) if *last == at => *width += 1,
            _ => spans.push((at, 1)),
        }
    }
    let spans = spans
        .into_iter()
        .map(|(at, width)| match at {
            Some(index) => span(operation, &operation.cells[index], width),
            None => Span { width, class: "none", sign: "", title: String::new() },
        })
        .collect();
    Row { operation, is_done, short, spans }
}

fn span(operation: &OperationRow, cell: &Cell, width: usize) -> Span {
    let (class, sign, words) = match (cell.state, operation.schema) {
        (CellState::Exercised, _) => ("done", "✓", "exercised"),
        (CellState::Called, _) => ("called", "~", "called, nothing to validate"),
        (CellState::Open, true) => ("open", "–", "not exercised"),
        (CellState::Open, false) => ("blind", "?", "not exercised, response not described"),
        (CellState::Absent, _) => ("none", "", "not on this cloud"),
    };
    let by = cell.test.as_ref().map(|test| format!(" by {test}")).unwrap_or_default();
    let versions = if cell.versions == VersionRange::ALL {
        String::new()
    } else {
        format!(" {}", cell.versions)
    };
    Span { width, class, sign, title: format!("{}{versions}: {words}{by}", operation.id) }
}
