//! An agreement as text for a terminal.

use super::{Agreement, Cause, Tally};
use crate::report::outline::{Paint, count, seconds};

/// How many causes are shown for each service.
const CAUSES: usize = 12;

/// How many tests and reasons are shown.
const NAMED: usize = 12;

/// How many operations of a cause are named.
const OPERATIONS: usize = 3;

/// Renders the text.
pub(super) fn text(agreement: &Agreement, colour: bool) -> String {
    let paint = Paint(colour);
    let mut lines = Vec::new();
    for run in &agreement.runs {
        let time = seconds(run.duration_ms);
        lines.push(format!("{}  {}: {}, in {time}", paint.bold(&run.cloud), run.run, run.counts));
    }
    for (service, tally) in &agreement.services {
        lines.push(String::new());
        lines.push(paint.bold(format!("{service}: {}", of(*tally, "requests"))));
        let mut causes = agreement.causes.iter().filter(|cause| cause.service == *service);
        for cause in causes.by_ref().take(CAUSES) {
            lines.extend(cause_lines(cause, agreement.clouds(), paint));
        }
        let more = causes.count();
        if more > 0 {
            lines.push(format!("  and {more} more; `--format json` has all"));
        }
    }
    verdicts(agreement, paint, &mut lines);
    skipped(agreement, paint, &mut lines);
    if agreement.cut > 0 {
        let cut = count(agreement.cut, "request");
        lines.push(String::new());
        lines.push(format!(
            "the bodies of {cut} were too long for the journal, and are not compared"
        ));
    }
    lines.push(String::new());
    let (requests, tests) = (of(agreement.requests, "requests"), of(agreement.tests, "verdicts"));
    lines.push(paint.bold(format!("{requests}; {tests}")));
    lines.join("\n") + "\n"
}

fn cause_lines(cause: &Cause, clouds: [&str; 2], paint: Paint) -> Vec<String> {
    let named: Vec<&str> = cause.operations.iter().take(OPERATIONS).map(String::as_str).collect();
    let more = cause.operations.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let mut lines = vec![
        format!("  {:>5} × {}", cause.requests, cause.difference.text(clouds)),
        format!("          {}{more}", named.join(", ")),
    ];
    if let Some(example) = cause.examples.first() {
        lines.push(paint.dim(format!("          {}: {}", example.test, example.request)));
    }
    lines
}

fn verdicts(agreement: &Agreement, paint: Paint, lines: &mut Vec<String>) {
    if agreement.verdicts.is_empty() {
        return;
    }
    lines.push(String::new());
    let number = agreement.verdicts.len();
    lines.push(paint.bold(format!("{} with different verdicts", count(number, "test"))));
    let [one, other] = agreement.clouds();
    for apart in agreement.verdicts.iter().take(NAMED) {
        let [first, second] = apart.verdicts;
        lines.push(format!("  {}: {first} on {one}, {second} on {other}", apart.test));
        lines.push(paint.dim(format!("    {}", apart.reason)));
    }
    if number > NAMED {
        lines.push(format!("  and {} more; `--format json` has all", number - NAMED));
    }
}

fn skipped(agreement: &Agreement, paint: Paint, lines: &mut Vec<String>) {
    if agreement.skipped.is_empty() {
        return;
    }
    let number = agreement.skipped.iter().map(|skipped| skipped.tests).sum();
    lines.push(String::new());
    lines.push(paint.bold(format!("{} ran on one cloud alone", count(number, "test"))));
    for skipped in agreement.skipped.iter().take(NAMED) {
        lines
            .push(format!("  {:>5} × not on {}: {}", skipped.tests, skipped.cloud, skipped.reason));
    }
    if agreement.skipped.len() > NAMED {
        let rest = agreement.skipped.len() - NAMED;
        lines.push(format!("  and for {}", count(rest, "other reason")));
    }
}

/// Says how many of something agree, in whole percent: 100 only if all do.
fn of(tally: Tally, what: &str) -> String {
    let Tally { compared, agree } = tally;
    format!("{agree} of {compared} {what} agree, {:.0} %", tally.percent().floor())
}
