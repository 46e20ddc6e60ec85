//! The report as tables for a terminal and for Markdown.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use squall_model::{Severity, VersionKind};

use super::super::ranges::written;
use super::super::report::{
    CellState, CoverageCounts, LackingRow, NextStep, NextStepKind, Report, ServiceReport,
    VersionRow,
};
use super::super::steps;

/// Returns the report for a terminal.
pub fn terminal(report: &Report) -> String {
    let plain = |mut table: Table| {
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        format!("{table}\n")
    };
    let mut out = format!("Drift: {}\n", super::basis(report));
    for (index, step) in report.steps.iter().enumerate() {
        let _ = writeln!(out, "\n{}. {}", index + 1, title(step, report));
        for place in &step.places {
            let _ = writeln!(out, "   {}: {}", place.service, super::shortened(&place.items));
        }
    }
    let _ = write!(out, "\n{}", plain(summary(report)));
    for table in [ranges(report), since(report)].into_iter().flatten() {
        let _ = write!(out, "\n{}", plain(table));
    }
    if let Some(lacking) = &report.lacking {
        out.push_str("\nVersions that change an answer and are not listed\n");
        for row in &lacking.services {
            let _ = writeln!(out, "   {}: {}", row.service, versions_of(row));
        }
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
    let mark = |mut table: Table| {
        table.load_preset(presets::ASCII_MARKDOWN);
        format!("{table}\n")
    };
    let mut out = format!("# Drift\n\n{}.\n", super::basis(report));
    if !report.steps.is_empty() {
        out.push_str("\n## Before the release\n");
    }
    for (index, step) in report.steps.iter().enumerate() {
        let _ = writeln!(out, "\n{}. {}", index + 1, title(step, report));
        for place in &step.places {
            let _ = writeln!(out, "   - {}: {}", place.service, place.items.join(", "));
        }
    }
    let _ = write!(out, "\n## Services\n\n{}", mark(summary(report)));
    if let Some(ranges) = ranges(report) {
        let _ = write!(out, "\n## Versions of the cloud\n\n{}", mark(ranges));
    }
    if let Some(since) = since(report) {
        let _ = write!(out, "\n## Since the earlier report\n\n{}", mark(since));
    }
    if let Some(lacking) = &report.lacking {
        out.push_str("\n## Versions that change an answer and are not listed\n\n");
        for row in &lacking.services {
            let _ = writeln!(out, "- {}: {}", row.service, versions_of(row));
        }
    }
    for service in &report.services {
        out.push_str(&of_service(service, report, &mark));
    }
    if !report.findings.is_empty() {
        out.push_str("\n## Findings\n");
    }
    out.push_str(&findings(report, "\n- "));
    out.push('\n');
    out
}

/// Writes a service's part of the Markdown.
fn of_service(service: &ServiceReport, report: &Report, mark: &dyn Fn(Table) -> String) -> String {
    let mut out = format!("\n## {}\n\nFrom {}", service.service, service.source);
    let _ = writeln!(out, ", {}.", service.spec_versions);
    let untested = untested(service);
    if !untested.is_empty() {
        let _ = writeln!(out, "\n{untested}.");
    }
    let mut rows = Table::new();
    let head = ["operation", "request", "versions", "called", "exercised", "schema"];
    rows.set_header(head.map(str::to_owned).into_iter().chain(names(report)));
    for row in &service.operations {
        let count = |state: CellState| row.cells.iter().filter(|c| c.state == state).count();
        let exercised = count(CellState::Exercised);
        let cells = row.cells.len();
        let clients = match &row.clients {
            Some(clients) => clients.iter().map(|has| yes(*has)).collect(),
            None => vec!["?".to_owned(); report.clients.len()],
        };
        let cells = [
            format!("`{}`", row.id),
            format!("`{}`", row.request),
            row.versions.to_string(),
            format!("{}/{cells}", exercised + count(CellState::Called)),
            format!("{exercised}/{cells}"),
            yes(row.schema),
        ];
        rows.add_row(cells.into_iter().chain(clients));
    }
    let _ = write!(out, "\n{}", mark(rows));
    out
}

/// A step's heading, with the release that new things are new since.
fn title(step: &NextStep, report: &Report) -> String {
    match (&report.before, step.kind) {
        (Some(before), NextStepKind::NewUntested) => format!("New since {before}, and not tested"),
        (_, kind) => kind.title().to_owned(),
    }
}

fn names(report: &Report) -> impl Iterator<Item = String> {
    report.client_names().map(str::to_owned)
}

fn versions_of(row: &LackingRow) -> String {
    match row.versions.as_slice() {
        [] => "none".to_owned(),
        versions => {
            let list: Vec<String> =
                versions.iter().map(|(version, _)| version.to_string()).collect();
            format!("{} ({})", list.join(", "), list.len())
        }
    }
}

fn summary(report: &Report) -> Table {
    let mut table = Table::new();
    let head = [
        "service",
        "cells exercised",
        "operations",
        "called",
        "exercised",
        "schema",
        "versions tested",
    ];
    table.set_header(head.map(str::to_owned).into_iter().chain(names(report)));
    for service in &report.services {
        table.add_row(row(&service.service, &service.counts, &service.clients, report));
    }
    table.add_row(row("all", &report.total(), &report.total_of_clients(), report));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// What another report says beside this one, if one was given.
fn since(report: &Report) -> Option<Table> {
    let since = report.since.as_ref()?;
    let mut table = Table::new();
    table.set_header(["service", "exercised then", "exercised now", "gained", "lost"]);
    for row in &since.services {
        table.add_row([
            row.service.clone(),
            format!("{} of {}", row.before.0, row.before.1),
            format!("{} of {}", row.now.0, row.now.1),
            super::shortened(&row.gained),
            super::shortened(&row.lost),
        ]);
    }
    Some(table)
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

fn row(
    name: &str,
    counts: &CoverageCounts,
    clients: &[usize],
    report: &Report,
) -> impl Iterator<Item = String> {
    let run = |text: String| if report.has_run() { text } else { "no run".to_owned() };
    let versions = match counts.versions {
        0 => "–".to_owned(),
        all => run(format!("{} of {all}", counts.tested)),
    };
    let own = [
        name.to_owned(),
        run(format!("{} of {} ({:.0} %)", counts.exercised, counts.cells, counts.percent())),
        counts.operations.to_string(),
        run(counts.called_operations.to_string()),
        run(counts.exercised_operations.to_string()),
        counts.schemas.to_string(),
        versions,
    ];
    own.into_iter().chain(clients.iter().map(ToString::to_string))
}

/// Lists the versions that no test covers, those that changed only behaviour separately.
fn untested(service: &ServiceReport) -> String {
    let mut parts = Vec::new();
    for (kind, words) in [
        (VersionKind::Schema, "versions not tested"),
        (
            VersionKind::Behaviour,
            "versions that change only behaviour, without a test that names them",
        ),
    ] {
        let open =
            |row: &VersionRow| row.implemented && row.kind == kind && row.tested_by.is_none();
        let spans = steps::spans(service, open);
        if !spans.is_empty() {
            let count = service.versions.iter().filter(|row| open(row)).count();
            parts.push(format!("{count} {words}: {}", spans.join(", ")));
        }
    }
    parts.join("; ")
}

fn yes(known: bool) -> String {
    if known { "yes" } else { "no" }.to_owned()
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
