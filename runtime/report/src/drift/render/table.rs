//! The report as tables for a terminal and for Markdown.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use squall_model::{Microversion, Severity, VersionKind};

use super::super::ranges::written;
use super::super::report::{CellState, CoverageCounts, Report, ServiceReport};

/// Returns the report for a terminal.
pub fn terminal(report: &Report) -> String {
    let mut table = summary(report);
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let mut out = format!("{}\n\n{table}\n", super::basis(report));
    out.push_str(unknown_surface(report));
    if let Some(mut ranges) = ranges(report) {
        ranges.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        let _ = write!(out, "\n{ranges}\n");
    }
    for service in &report.services {
        let untested = untested(service);
        if !untested.is_empty() {
            let _ = write!(out, "\n{}: {untested}", service.service);
        }
    }
    out.push_str(&findings(report, "\n"));
    out.push('\n');
    out
}

/// Returns the report as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut table = summary(report);
    table.load_preset(presets::ASCII_MARKDOWN);
    let mut out = format!("# Drift\n\n{}.\n\n{table}\n", super::basis(report));
    out.push_str(unknown_surface(report));
    if let Some(mut ranges) = ranges(report) {
        ranges.load_preset(presets::ASCII_MARKDOWN);
        let _ = write!(out, "\n## Versions of the cloud\n\n{ranges}\n");
    }
    for service in &report.services {
        let _ = write!(out, "\n## {}\n\nFrom {}", service.service, service.source);
        let _ = writeln!(out, ", {}.", service.spec_versions);
        let untested = untested(service);
        if !untested.is_empty() {
            let _ = writeln!(out, "\n{untested}.");
        }
        let mut rows = Table::new();
        rows.load_preset(presets::ASCII_MARKDOWN);
        rows.set_header([
            "operation",
            "request",
            "versions",
            "client",
            "schema",
            "exercised",
            "documented",
        ]);
        for row in &service.operations {
            let exercised = row.cells.iter().filter(|c| c.state == CellState::Exercised).count();
            rows.add_row([
                format!("`{}`", row.id),
                format!("`{}`", row.request),
                row.versions.to_string(),
                mark(row.client),
                mark(Some(row.schema)),
                format!("{exercised}/{}", row.cells.len()),
                mark(row.documented),
            ]);
        }
        let _ = writeln!(out, "\n{rows}");
    }
    if !report.findings.is_empty() {
        out.push_str("\n## Findings\n");
    }
    out.push_str(&findings(report, "\n- "));
    out.push('\n');
    out
}

/// Explains the question marks of the table.
fn unknown_surface(report: &Report) -> &'static str {
    if report.surface_known {
        return "";
    }
    "\n?: the surface lock and the reference pages are in a checkout of Squall; run this there\n"
}

fn summary(report: &Report) -> Table {
    let mut table = Table::new();
    table.set_header([
        "service",
        "operations",
        "client",
        "schema",
        "declared",
        "exercised",
        "documented",
        "cells",
        "versions tested",
    ]);
    for service in &report.services {
        table.add_row(row(&service.service, &service.counts, report));
    }
    table.add_row(row("all", &report.total(), report));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The cloud's version ranges next to the specs', if a cloud was asked.
fn ranges(report: &Report) -> Option<Table> {
    if report.ranges.is_empty() {
        return None;
    }
    let mut table = Table::new();
    table.set_header(["service", "spec", "spec's versions", "cloud's versions", "verdict"]);
    for row in &report.ranges {
        table.add_row([
            row.service.clone(),
            row.source.clone(),
            written(row.spec),
            row.live.map_or_else(|| "–".to_owned(), written),
            row.verdict.to_string(),
        ]);
    }
    Some(table)
}

fn row(name: &str, counts: &CoverageCounts, report: &Report) -> [String; 9] {
    let surface = |n: usize| if report.surface_known { n.to_string() } else { "?".to_owned() };
    let run = |text: String| if report.has_run() { text } else { "no run".to_owned() };
    let versions = match counts.versions {
        0 => "–".to_owned(),
        all => run(format!("{} of {all}", counts.tested)),
    };
    [
        name.to_owned(),
        counts.operations.to_string(),
        surface(counts.clients),
        counts.schemas.to_string(),
        counts.declared.to_string(),
        run(counts.exercised_operations.to_string()),
        surface(counts.documented),
        run(format!("{} of {} ({:.0} %)", counts.exercised, counts.cells, counts.percent())),
        versions,
    ]
}

/// Lists the versions that no test covers, those that changed only behavior separately.
fn untested(service: &ServiceReport) -> String {
    let of = |kind: VersionKind| {
        let rows = service.versions.iter().filter(|v| v.implemented && v.kind == kind);
        rows.filter(|v| v.tested_by.is_none()).map(|v| v.version).collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    for (kind, words) in [
        (VersionKind::Schema, "versions not tested"),
        (VersionKind::Behaviour, "behavior-only versions without a test that names them"),
    ] {
        let versions = of(kind);
        if !versions.is_empty() {
            parts.push(format!("{} {words}: {}", versions.len(), in_ranges(&versions)));
        }
    }
    parts.join("; ")
}

/// Lists versions, with three or more that follow each other as a range.
fn in_ranges(versions: &[Microversion]) -> String {
    let follows = |a: &Microversion, b: &Microversion| a.next() == *b;
    let run = |run: &[Microversion]| match run {
        [first, _, .., last] => format!("{first} to {last}"),
        few => few.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    versions.chunk_by(follows).map(run).collect::<Vec<_>>().join(", ")
}

fn mark(known: Option<bool>) -> String {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
    .to_owned()
}

fn findings(report: &Report, lead: &str) -> String {
    report.findings.iter().fold(String::new(), |mut out, finding| {
        let weight = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let _ = write!(out, "{lead}{weight}: {finding}");
        if let Some(help) = &finding.help {
            let _ = write!(out, " ({help})");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_follow_each_other_are_a_range() {
        let versions = [1, 2, 4, 5, 6, 9, 10, 11, 12, 14].map(|minor| Microversion::new(2, minor));
        assert_eq!(in_ranges(&versions), "2.1, 2.2, 2.4 to 2.6, 2.9 to 2.12, 2.14");
    }
}
