//! The drift report, as data.

use serde::{Deserialize, Serialize};
use squall_model::{Finding, Microversion, VersionKind, VersionRange};

use super::ranges::RangeRow;

/// The whole report.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The runs whose answers it counts; empty if there was none.
    pub runs: Vec<String>,
    /// Why the runs are not the whole picture: those that selected only some of the tests.
    pub partial: Vec<String>,
    /// The cloud that was asked what it implements.
    pub cloud: Option<String>,
    /// The release before, whose surfaces a checkout has; nothing counts as new without it.
    pub before: Option<String>,
    /// The packages of the clients that are compared with what services implement.
    pub clients: Vec<String>,
    /// What to do before the release, the most urgent first.
    pub steps: Vec<NextStep>,
    /// What another report says, if one was given.
    pub since: Option<Since>,
    /// What a list of another suite's versions lacks, if one was given.
    pub lacking: Option<Lacking>,
    /// The cloud's microversions compared with the specs'; empty if no cloud was asked.
    pub ranges: Vec<RangeRow>,
    /// One entry per service.
    pub services: Vec<ServiceReport>,
    /// Inconsistencies beyond the counts.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether it includes evidence from a run.
    pub fn has_run(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Returns the sum of all services.
    pub fn total(&self) -> CoverageCounts {
        self.services.iter().fold(CoverageCounts::default(), |sum, s| sum.plus(&s.counts))
    }

    /// Returns the names of the clients for headings: without version, and without the word that
    /// packages of Python begin with.
    pub fn client_names(&self) -> impl Iterator<Item = &str> {
        self.clients.iter().map(|package| {
            let name = package.split(' ').next().unwrap_or(package);
            name.strip_prefix("python-").unwrap_or(name)
        })
    }

    /// Returns how many operations of all services each client has.
    pub fn total_of_clients(&self) -> Vec<usize> {
        let count = |at: usize| self.services.iter().filter_map(|s| s.clients.get(at)).sum();
        (0..self.clients.len()).map(count).collect()
    }
}

/// One service's part.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceReport {
    /// Squall's name.
    pub service: String,
    /// The release the spec was harvested from.
    pub source: String,
    /// The spec's microversions.
    pub spec_versions: VersionRange,
    /// The cloud's microversions, if a cloud was asked and has the service.
    pub live_versions: Option<VersionRange>,
    /// The number of operations that each client has, in the order of the clients.
    pub clients: Vec<usize>,
    /// Every operation.
    pub operations: Vec<OperationRow>,
    /// Every microversion.
    pub versions: Vec<VersionRow>,
    /// The counts.
    pub counts: CoverageCounts,
}

/// One operation's row.
#[derive(Debug, Clone, Serialize)]
pub struct OperationRow {
    /// The operation's id.
    pub id: String,
    /// Method and path, followed by `#` and the action.
    pub request: String,
    /// The versions that have it.
    pub versions: VersionRange,
    /// Whether the cloud that was asked has it; always true for the spec.
    pub implemented: bool,
    /// Whether the release before does not have it.
    pub is_new: bool,
    /// Whether its response is described.
    pub schema: bool,
    /// Whether each client has a method for it; `None` for a service that they do not know.
    pub clients: Option<Vec<bool>>,
    /// One cell per interval of its response schema.
    pub cells: Vec<Cell>,
}

/// An operation within one interval of its response schema.
#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    /// The interval.
    pub versions: VersionRange,
    /// What the runs show.
    pub state: CellState,
    /// The test that the state comes from.
    pub test: Option<String>,
}

/// What runs show about a cell, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellState {
    /// A validated response was negotiated inside it.
    Exercised,
    /// It was called, and no response was validated.
    Called,
    /// No run called it.
    Open,
    /// The cloud that was asked does not have it.
    Absent,
}

/// One microversion's row.
#[derive(Debug, Clone, Serialize)]
pub struct VersionRow {
    /// The version.
    pub version: Microversion,
    /// Whether it changed schemas or only behavior.
    pub kind: VersionKind,
    /// What changed.
    pub summary: String,
    /// Whether the cloud that was asked has it; always true for the spec.
    pub implemented: bool,
    /// Whether the release before does not have it.
    pub is_new: bool,
    /// The operations whose answer begins or changes with it.
    pub answers: Vec<String>,
    /// Whether a test names exactly this version.
    pub named: bool,
    /// A test that covers it.
    pub tested_by: Option<String>,
}

/// The counts of a service, or of all services.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CoverageCounts {
    /// Operations that are implemented.
    pub operations: usize,
    /// Of them, with a described response.
    pub schemas: usize,
    /// Of them, called by a test.
    pub called_operations: usize,
    /// Of them, with at least one exercised cell.
    pub exercised_operations: usize,
    /// Cells of implemented operations.
    pub cells: usize,
    /// Of them, exercised.
    pub exercised: usize,
    /// Microversions that are implemented.
    pub versions: usize,
    /// Of them, tested.
    pub tested: usize,
    /// Of them, those that changed only behavior.
    pub behaviour_only: usize,
}

impl CoverageCounts {
    /// Returns the sum with another service's counts.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            operations: self.operations + other.operations,
            schemas: self.schemas + other.schemas,
            called_operations: self.called_operations + other.called_operations,
            exercised_operations: self.exercised_operations + other.exercised_operations,
            cells: self.cells + other.cells,
            exercised: self.exercised + other.exercised,
            versions: self.versions + other.versions,
            tested: self.tested + other.tested,
            behaviour_only: self.behaviour_only + other.behaviour_only,
        }
    }

    /// Returns the exercised share of the cells in percent; 100 where there are none.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn percent(&self) -> f64 {
        if self.cells == 0 { 100.0 } else { self.exercised as f64 * 100.0 / self.cells as f64 }
    }
}

/// Something to do, and the places where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// What is missing.
    pub kind: NextStepKind,
    /// The places, by service.
    pub places: Vec<Place>,
}

/// What is missing, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextStepKind {
    /// New in this cycle, and no test calls it.
    NewUntested,
    /// A version changes an answer, and no test has seen it there.
    ChangeUntested,
    /// Tests call it, and its answer is not described, so that nothing was checked.
    CalledUnchecked,
}

impl NextStep {
    /// Whether it is about what is new in this cycle.
    pub fn is_about_the_cycle(&self) -> bool {
        self.kind == NextStepKind::NewUntested
    }
}

impl NextStepKind {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::NewUntested => "New in this cycle and not tested",
            Self::ChangeUntested => "Changes an answer and is not tested there",
            Self::CalledUnchecked => "Called, but the answer is not described",
        }
    }
}

/// Where something is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The service.
    pub service: String,
    /// Versions, as ranges, and operations.
    pub items: Vec<String>,
}

/// How a report differs from an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// The runs that the earlier report counts.
    pub runs: Vec<String>,
    /// One entry per service that both have.
    pub services: Vec<SinceRow>,
}

/// One service, earlier and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SinceRow {
    /// The service.
    pub service: String,
    /// Exercised cells, and all cells, in the earlier report.
    pub before: (usize, usize),
    /// Exercised cells, and all cells, now.
    pub now: (usize, usize),
    /// Operations that are exercised now and were not.
    pub gained: Vec<String>,
    /// Operations that were exercised and are not now.
    pub lost: Vec<String>,
}

/// What a list of another suite's versions lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// One entry per service of the list.
    pub services: Vec<LackingRow>,
}

/// What the list lacks of one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LackingRow {
    /// The service.
    pub service: String,
    /// The versions that change an answer and are not listed, with the operations.
    pub versions: Vec<(Microversion, Vec<String>)>,
}
