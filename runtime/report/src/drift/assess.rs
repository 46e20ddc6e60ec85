//! Computes the drift report from its inputs.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::{Finding, Microversion, Operation, ServiceSpec, VersionKind, VersionRange};

use super::clients::Table;
use super::inputs::{Declaration, Exercise, Inputs, LiveService};
use super::ranges::{self, RangeRow};
use super::report::{
    Cell, CellState, CoverageCounts, OperationRow, Report, ServiceReport, VersionRow,
};
use super::steps;

/// Computes the report.
pub fn assess(inputs: &Inputs<'_>) -> Report {
    let exercises = by_operation(inputs.exercises.as_deref().unwrap_or_default());
    let mut findings = Vec::new();
    let ranges: Vec<RangeRow> = inputs
        .services
        .iter()
        .filter_map(|spec| Some(ranges::row(spec, live(inputs, spec)?)))
        .collect();
    findings.extend(ranges.iter().filter_map(ranges::finding));
    let services: Vec<ServiceReport> = inputs
        .services
        .iter()
        .map(|spec| service(spec, inputs, &exercises, &mut findings))
        .collect();
    unknown_operations(inputs, &exercises, &mut findings);
    findings.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
    Report {
        runs: inputs.runs.clone(),
        partial: inputs.partial.clone(),
        cloud: inputs.cloud.clone(),
        before: inputs.before.as_ref().map(|before| before.release.clone()),
        clients: Table::shipped().packages.iter().map(ToString::to_string).collect(),
        steps: steps::of(&services, !inputs.runs.is_empty()),
        since: None,
        lacking: None,
        ranges,
        services,
        findings,
    }
}

type ByOperation<'a> = BTreeMap<&'a str, Vec<&'a Exercise>>;

fn by_operation(exercises: &[Exercise]) -> ByOperation<'_> {
    let mut map = ByOperation::new();
    for exercise in exercises {
        map.entry(&exercise.operation).or_default().push(exercise);
    }
    map
}

fn service(
    spec: &ServiceSpec,
    inputs: &Inputs<'_>,
    exercises: &ByOperation<'_>,
    findings: &mut Vec<Finding>,
) -> ServiceReport {
    let live = live(inputs, spec);
    let declarations: Vec<&Declaration> =
        inputs.declarations.iter().filter(|d| d.service == spec.name).collect();
    let operations: Vec<OperationRow> =
        spec.operations.iter().map(|op| operation(op, spec, live, inputs, exercises)).collect();
    let versions = versions(spec, live, inputs, &declarations, exercises);
    history_ends(spec, &versions, findings);
    let clients = (0..Table::shipped().packages.len())
        .map(|at| {
            let has = |row: &&OperationRow| row.clients.as_ref().is_some_and(|all| all[at]);
            operations.iter().filter(|row| row.implemented).filter(has).count()
        })
        .collect();
    let counts = count(&operations, &versions);
    ServiceReport {
        service: spec.name.to_owned(),
        source: spec.source.to_owned(),
        spec_versions: spec.versions,
        live_versions: match live {
            Some(LiveService::At(range)) => Some(range),
            _ => None,
        },
        clients,
        operations,
        versions,
        counts,
    }
}

/// What the cloud reports about a service, if a cloud was asked.
fn live(inputs: &Inputs<'_>, spec: &ServiceSpec) -> Option<LiveService> {
    let all = inputs.live.as_ref()?;
    Some(all.get(spec.name).copied().unwrap_or(LiveService::Absent))
}

/// The versions that a cloud's service supports; all versions if no cloud was asked.
fn offered(live: Option<LiveService>) -> Option<VersionRange> {
    match live {
        None => Some(VersionRange::ALL),
        Some(LiveService::At(range)) => Some(range),
        Some(LiveService::Absent) => None,
    }
}

fn operation(
    op: &Operation,
    spec: &ServiceSpec,
    live: Option<LiveService>,
    inputs: &Inputs<'_>,
    exercises: &ByOperation<'_>,
) -> OperationRow {
    let offered = offered(live);
    let meets = |range: &VersionRange| offered.is_some_and(|o| o.intersect(range).is_some());
    let calls = exercises.get(op.id.as_ref()).map(Vec::as_slice).unwrap_or_default();
    let cells = op
        .response_intervals()
        .into_iter()
        .map(|interval| {
            if meets(&interval) {
                cell(interval, calls)
            } else {
                Cell { versions: interval, state: CellState::Absent, test: None }
            }
        })
        .collect();
    let before = inputs.before.as_ref().and_then(|before| before.requests.get(spec.name));
    let action = op.action.iter().flat_map(|action| [" ", action]).collect::<String>();
    let request = format!("{} {}{action}", op.method, op.path);
    OperationRow {
        id: op.id.to_string(),
        request: match &op.action {
            Some(action) => format!("{} {}#{action}", op.method, op.path),
            None => format!("{} {}", op.method, op.path),
        },
        versions: op.versions,
        implemented: meets(&op.versions),
        is_new: before.is_some_and(|before| !before.contains(&request)),
        schema: op.response_known,
        clients: Table::shipped().of(&op.id),
        cells,
    }
}

fn cell(interval: VersionRange, calls: &[&Exercise]) -> Cell {
    let inside = |call: &&&Exercise| match call.version {
        // A call without a microversion belongs to the only interval.
        None => interval == VersionRange::ALL,
        version => interval.contains(version),
    };
    let best = calls.iter().filter(inside).min_by_key(|call| (!call.validated, &call.test));
    Cell {
        versions: interval,
        state: match best {
            Some(call) if call.validated => CellState::Exercised,
            Some(_) => CellState::Called,
            None => CellState::Open,
        },
        test: best.map(|call| call.test.clone()),
    }
}

fn versions(
    spec: &ServiceSpec,
    live: Option<LiveService>,
    inputs: &Inputs<'_>,
    declarations: &[&Declaration],
    exercises: &ByOperation<'_>,
) -> Vec<VersionRow> {
    let offered = offered(live);
    let changed = changes(spec);
    let answers = answers(spec);
    let before = inputs.before.as_ref().and_then(|before| before.versions.get(spec.name));
    spec.history
        .iter()
        .map(|note| {
            let naming: Vec<&str> = declarations
                .iter()
                .filter(|d| d.versions == VersionRange::only(note.version))
                .map(|d| d.test.as_str())
                .collect();
            let tested_by = match note.kind {
                VersionKind::Behaviour => naming
                    .iter()
                    .find(|test| inputs.passed.contains(**test))
                    .map(ToString::to_string),
                VersionKind::Schema => changed
                    .get(&note.version)
                    .into_iter()
                    .flatten()
                    .filter_map(|id| exercises.get(id))
                    .flatten()
                    .find(|call| call.version == Some(note.version))
                    .map(|call| call.test.clone()),
            };
            VersionRow {
                version: note.version,
                kind: note.kind,
                summary: note.summary.to_owned(),
                implemented: offered.is_some_and(|o| o.contains(Some(note.version))),
                is_new: before.is_some_and(|before| !before.contains(&note.version)),
                answers: answers
                    .get(&note.version)
                    .into_iter()
                    .flatten()
                    .map(ToString::to_string)
                    .collect(),
                named: !naming.is_empty(),
                tested_by,
            }
        })
        .collect()
}

/// The operations that begin or change at a version, by version.
fn changes(spec: &ServiceSpec) -> BTreeMap<Microversion, BTreeSet<&str>> {
    let mut map = BTreeMap::<Microversion, BTreeSet<&str>>::new();
    for op in spec.operations {
        let statuses = op.success.iter().filter_map(|s| s.versions.min);
        let at = op.response_boundaries.iter().chain(op.request_boundaries.iter()).copied();
        for version in at.chain(op.versions.min).chain(statuses) {
            map.entry(version).or_default().insert(op.id.as_ref());
        }
    }
    map
}

/// The operations whose described answer begins or changes at a version, by version.
fn answers(spec: &ServiceSpec) -> BTreeMap<Microversion, BTreeSet<&str>> {
    let mut map = BTreeMap::<Microversion, BTreeSet<&str>>::new();
    for op in spec.operations.iter().filter(|op| op.response_known) {
        let begins = op.versions.min.filter(|first| Some(*first) != spec.versions.min);
        for version in op.response_boundaries.iter().copied().chain(begins) {
            map.entry(version).or_default().insert(op.id.as_ref());
        }
    }
    map
}

fn count(operations: &[OperationRow], versions: &[VersionRow]) -> CoverageCounts {
    let rows: Vec<&OperationRow> = operations.iter().filter(|o| o.implemented).collect();
    let number = |test: &dyn Fn(&OperationRow) -> bool| rows.iter().filter(|o| test(o)).count();
    let cells = || rows.iter().flat_map(|o| &o.cells).filter(|c| c.state != CellState::Absent);
    let here: Vec<&VersionRow> = versions.iter().filter(|v| v.implemented).collect();
    CoverageCounts {
        operations: rows.len(),
        schemas: number(&|o| o.schema),
        called_operations: number(&|o| {
            o.cells.iter().any(|c| matches!(c.state, CellState::Exercised | CellState::Called))
        }),
        exercised_operations: number(&|o| o.cells.iter().any(|c| c.state == CellState::Exercised)),
        cells: cells().count(),
        exercised: cells().filter(|c| c.state == CellState::Exercised).count(),
        versions: here.len(),
        tested: here.iter().filter(|v| v.tested_by.is_some()).count(),
        behaviour_only: here.iter().filter(|v| v.kind == VersionKind::Behaviour).count(),
    }
}

/// Finds a history that does not end at the last microversion. The client of a plugin's
/// service declares none.
fn history_ends(spec: &ServiceSpec, versions: &[VersionRow], findings: &mut Vec<Finding>) {
    if !spec.history.is_empty() && versions.last().map(|v| v.version) != spec.versions.max {
        let message = "its history does not end at its last microversion";
        let help = "run `cargo xtask harvest` and add the missing lines to history.yaml";
        let finding = Finding::error("history-incomplete", spec.name, message);
        findings.push(finding.with_help(help));
    }
}

/// Finds calls of operations that no spec has, from an older run.
fn unknown_operations(
    inputs: &Inputs<'_>,
    exercises: &ByOperation<'_>,
    findings: &mut Vec<Finding>,
) {
    for spec in &inputs.services {
        let prefix = format!("{}.", spec.name);
        for id in exercises.keys().filter(|id| id.starts_with(&prefix)) {
            if spec.operation(id).is_none() && !inputs.beside_the_specs.contains(*id) {
                findings.push(
                    Finding::warning(
                        "unknown-operation",
                        *id,
                        "a run called it, but no spec has it",
                    )
                    .with_help("run the tests again: the run used another version of the specs"),
                );
            }
        }
    }
}
