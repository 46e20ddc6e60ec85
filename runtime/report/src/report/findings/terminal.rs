//! Findings as text for a terminal.

use super::{Findings, LoggedException, RunFinding, SAID};
use crate::Answered;
use crate::report::outline::{Paint, count, seconds, truncated};

/// How many causes of a service, and how many exceptions, are shown unless all are wanted.
const CAUSES: usize = 20;

/// How many tests of a cause are named.
const NAMED: usize = 3;

/// Renders the text.
pub(super) fn text(findings: &Findings, colour: bool, all: bool) -> String {
    let paint = Paint(colour);
    let Findings { run, findings: found, unnoticed } = findings;
    let time = seconds(run.duration_ms);
    let mut lines =
        vec![format!("{}  {}: {}, in {time}", paint.bold(&run.cloud), run.run, run.counts)];
    let shown = if all { usize::MAX } else { CAUSES };
    for of_service in found.chunk_by(|one, other| one.service == other.service) {
        let tests = of_service.iter().map(|finding| finding.tests.len()).sum();
        let sum = format!(
            "{}: {} from {}",
            of_service[0].service,
            count(tests, "failed test"),
            count(of_service.len(), "cause")
        );
        lines.extend([String::new(), paint.bold(sum)]);
        for finding in of_service.iter().take(shown) {
            finding_lines(finding, paint, &mut lines);
        }
        if of_service.len() > shown {
            lines.push(format!("  and {} more; `--all` shows them", of_service.len() - shown));
        }
    }
    if !unnoticed.is_empty() {
        let sum = format!(
            "{} in the logs that no test failed for",
            count(unnoticed.len(), "other exception")
        );
        lines.extend([String::new(), paint.bold(sum)]);
        for exception in unnoticed.iter().take(shown) {
            lines.push(format!("  {:>5} × {}", exception.times, named(exception)));
            lines.push(paint.dim(format!("          {}", truncated(&exception.message, SAID))));
        }
        if unnoticed.len() > shown {
            lines.push(format!("  and {} more; `--all` shows them", unnoticed.len() - shown));
        }
    }
    let accepted = found.len() - findings.open();
    let sum = match found.len() {
        0 => "no findings".to_owned(),
        all => format!("{}, {accepted} of them accepted", count(all, "cause")),
    };
    lines.extend([String::new(), paint.bold(sum)]);
    lines.join("\n") + "\n"
}

fn finding_lines(finding: &RunFinding, paint: Paint, lines: &mut Vec<String>) {
    let answered = match finding.answered {
        Answered::Accepted => "accepted".to_owned(),
        Answered::Refused(status) => status.to_string(),
        Answered::Nothing => "no answer".to_owned(),
    };
    let cause = match &finding.exception {
        Some(exception) => named(exception),
        None if finding.rule.is_empty() => truncated(&finding.said, SAID),
        None => finding.rule.clone(),
    };
    let marked =
        if finding.accepted.is_some() { paint.dim(&answered) } else { paint.red(&answered) };
    lines.push(format!("  {:>5} × {marked}  {cause}", finding.tests.len()));
    let detail = match &finding.exception {
        Some(exception) => exception.message.as_str(),
        None if finding.rule.is_empty() => "",
        None => finding.said.as_str(),
    };
    let mut more = |text: String| lines.push(format!("          {text}"));
    if !detail.is_empty() {
        more(truncated(detail, SAID));
    }
    let tests: Vec<&str> = finding.tests.iter().take(NAMED).map(String::as_str).collect();
    let rest = match finding.tests.len() - tests.len() {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    more(paint.dim(format!("{}{rest}", tests.join(", "))));
    match &finding.accepted {
        Some(bug) => more(paint.yellow(format!("accepted as {bug}"))),
        None if finding.again.is_empty() => {}
        None => more(finding.again.clone()),
    }
}

fn named(exception: &LoggedException) -> String {
    format!("{} in {}", exception.class, exception.symbol)
}
