//! The matrix as a self-contained page: rules by personas.

use askama::Template;

use super::{DeviationGroup, PolicyReport, PolicyRow, ServiceCoverage, answer};
use crate::report::outline::seconds;
use crate::{Access, AccessDeviation, PolicyCell, TargetOwner, program};

/// Renders the page.
pub(super) fn html(report: &PolicyReport) -> Result<String, askama::Error> {
    Page::of(report).render()
}

#[derive(Template)]
#[template(path = "policy.html")]
struct Page<'a> {
    m: Matrix<'a>,
    program: &'static str,
    started: Option<String>,
    took: String,
    percent: String,
    cells: usize,
    undecided: usize,
}

/// What this page and the page of a run have in common: coverage, deviations and the matrix.
pub(in crate::report) struct Matrix<'a> {
    pub(in crate::report) report: &'a PolicyReport,
    pub(in crate::report) services: Vec<Service<'a>>,
    pub(in crate::report) deviations: Vec<DeviationView<'a>>,
    pub(in crate::report) rows: Vec<Row<'a>>,
}

/// The coverage of a service.
pub(in crate::report) struct Service<'a> {
    pub(in crate::report) coverage: &'a ServiceCoverage,
    pub(in crate::report) percent: String,
}

/// A group of deviations.
pub(in crate::report) struct DeviationView<'a> {
    pub(in crate::report) group: &'a DeviationGroup,
    pub(in crate::report) word: String,
    pub(in crate::report) class: &'static str,
    pub(in crate::report) personas: String,
    pub(in crate::report) answer: String,
}

/// A row of the matrix, with the marks of each persona.
pub(in crate::report) struct Row<'a> {
    pub(in crate::report) of: &'a PolicyRow,
    /// Words that the filter goes by: `deviates`, `undecided`.
    pub(in crate::report) class: String,
    pub(in crate::report) marks: Vec<Vec<Mark>>,
}

/// A cell as one sign.
pub(in crate::report) struct Mark {
    pub(in crate::report) class: &'static str,
    pub(in crate::report) sign: &'static str,
    pub(in crate::report) title: String,
}

impl<'a> Page<'a> {
    fn of(report: &'a PolicyReport) -> Self {
        let started = report.run.started;
        Self {
            program: program::name(),
            started: started.map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()),
            took: seconds(report.run.duration_ms),
            percent: format!("{:.1}", report.percent()),
            cells: report.cells().count(),
            undecided: report.cells().filter(|cell| !cell.is_decided()).count(),
            m: Matrix::of(report),
        }
    }
}

impl<'a> Matrix<'a> {
    pub(in crate::report) fn of(report: &'a PolicyReport) -> Self {
        let services = report.services.iter().filter(|service| service.cells > 0);
        Self {
            services: services
                .map(|coverage| Service { coverage, percent: format!("{:.1}", coverage.percent()) })
                .collect(),
            deviations: report.deviations.iter().map(DeviationView::of).collect(),
            rows: report.rows.iter().map(|row| Row::of(row, &report.personas)).collect(),
            report,
        }
    }
}

impl<'a> DeviationView<'a> {
    fn of(group: &'a DeviationGroup) -> Self {
        Self {
            word: group.deviation.to_string(),
            class: if group.deviation == AccessDeviation::WrongCode { "flaky" } else { "failed" },
            personas: group.personas(),
            answer: answer(&group.example),
            group,
        }
    }
}

impl<'a> Row<'a> {
    fn of(row: &'a PolicyRow, personas: &[String]) -> Self {
        let mut class = Vec::new();
        if row.deviates() {
            class.push("deviates");
        }
        if row.is_undecided() {
            class.push("undecided");
        }
        let marks = personas.iter().map(|persona| {
            let mut cells: Vec<&PolicyCell> =
                row.cells.iter().filter(|cell| cell.persona == *persona).collect();
            cells.sort_by_key(|cell| cell.target);
            cells.into_iter().map(Mark::of).collect()
        });
        Self { of: row, class: class.join(" "), marks: marks.collect() }
    }
}

impl Mark {
    fn of(cell: &PolicyCell) -> Self {
        let sign = match cell.observed {
            Access::Allowed => "✓",
            Access::Denied => "–",
            Access::Hidden => "∅",
            Access::ScopeRefused => "s",
            Access::SoftlyDenied => "◦",
            Access::OtherRefusal => "≠",
            Access::Undecided(_) => "?",
        };
        let class = match (&cell.observed, cell.deviation()) {
            (_, Some(AccessDeviation::WrongCode)) => "code",
            (_, Some(_)) => "wrong",
            (Access::Allowed, None) => "yes",
            (Access::Undecided(_), None) => "open",
            _ => "no",
        };
        let whose = match cell.target {
            TargetOwner::Cloud => String::new(),
            target => format!(" on {target} target"),
        };
        let differs = cell
            .deviation()
            .map(|deviation| format!(". {deviation}: expected {}. {}", cell.expected, cell.why));
        let differs = differs.unwrap_or_default();
        let title = format!("{}{whose}: {}{differs}", cell.persona, cell.observed);
        Self { class, sign, title }
    }
}
