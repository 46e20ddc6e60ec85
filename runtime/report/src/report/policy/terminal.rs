//! The policy report as text for a terminal.

use std::collections::BTreeMap;

use super::{DeviationGroup, PolicyReport, ServiceCoverage, answer};
use crate::AccessDeviation;
use crate::report::outline::{Paint, count};

/// How many reasons, and rules of a reason, are shown unless all are.
const NAMED: usize = 6;

/// Renders the text.
pub(super) fn text(report: &PolicyReport, all: bool, colour: bool) -> String {
    let paint = Paint(colour);
    let mut lines = vec![format!("{}  {}", paint.bold(&report.run.cloud), report.run.run)];
    if report.is_empty() {
        lines
            .push("no test of this run called an operation to see what a policy lets it do".into());
        return lines.join("\n") + "\n";
    }
    for group in &report.deviations {
        lines.extend(deviation(group, paint));
    }
    if !report.deviations.is_empty() {
        lines.push(String::new());
    }
    let width = report.services.iter().map(|one| one.service.len()).max().unwrap_or_default();
    for service in report.services.iter().filter(|one| one.cells > 0 || all) {
        lines.push(coverage(service, width, paint));
        lines.extend(unexercised(service, all, paint));
    }
    lines.push(paint.bold(total(report)));
    lines.join("\n") + "\n"
}

fn deviation(group: &DeviationGroup, paint: Paint) -> Vec<String> {
    let word = match group.deviation {
        AccessDeviation::WrongCode => paint.yellow(group.deviation),
        _ => paint.red(group.deviation),
    };
    let cell = &group.example;
    let mut lines = vec![
        format!("{word}  {}  {}", paint.bold(&group.rule), paint.dim(&group.operation)),
        format!("  {}", group.personas()),
        format!("  expected {}; {}", cell.expected, answer(cell)),
    ];
    if !cell.why.is_empty() {
        lines.push(paint.dim(format!("  {}", cell.why)));
    }
    lines
}

fn coverage(service: &ServiceCoverage, width: usize, paint: Paint) -> String {
    let percent = format!("{:>5.1} %", service.percent());
    let percent = if service.unexercised.is_empty() { paint.green(percent) } else { percent };
    let deviating = match service.deviating {
        0 => String::new(),
        number => format!(", {}", paint.red(format!("{number} deviate"))),
    };
    format!(
        "{:width$}  {percent}  {} of {} that an operation checks exercised; {}, {} decided{deviating}",
        service.service,
        service.exercised,
        count(service.with_operation, "rule"),
        count(service.cells, "cell"),
        service.decided,
    )
}

/// Names the rules that were not exercised, by reason.
fn unexercised(service: &ServiceCoverage, all: bool, paint: Paint) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in &service.unexercised {
        by_reason.entry(&one.reason).or_default().push(&one.rule);
    }
    let mut by_reason: Vec<_> = by_reason.into_iter().collect();
    by_reason.sort_by_key(|(_, rules)| std::cmp::Reverse(rules.len()));
    let most = if all { usize::MAX } else { NAMED };
    let mut lines: Vec<String> = by_reason
        .iter()
        .take(most)
        .map(|(reason, rules)| {
            let named: Vec<&str> = rules.iter().copied().take(most).collect();
            let more = rules.len() - named.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let number = rules.len();
            format!("    {number} × {reason}: {}", paint.dim(format!("{}{more}", named.join(", "))))
        })
        .collect();
    let more = by_reason.len().saturating_sub(most);
    if more > 0 {
        lines.push(format!("    and {}; `--all` shows them", count(more, "more reason")));
    }
    lines
}

fn total(report: &PolicyReport) -> String {
    let number = |deviation: AccessDeviation| {
        report.cells().filter(|cell| cell.deviation() == Some(deviation)).count()
    };
    let found = [
        AccessDeviation::OverPermission,
        AccessDeviation::UnderPermission,
        AccessDeviation::WrongCode,
    ]
    .into_iter()
    .map(|deviation| (number(deviation), deviation.to_string()))
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| count(number, &word));
    let found: Vec<String> = std::iter::once(String::new()).chain(found).collect();
    format!(
        "{} with {} for {}: {:.1} % of the rules that an operation checks exercised{}",
        count(report.rows.len(), "row"),
        count(report.cells().count(), "cell"),
        count(report.personas.len(), "persona"),
        report.percent(),
        found.join(", "),
    )
}
