//! A proof as text for a terminal.

use std::fmt::Write as _;

use super::{Outcome, Proof, TestProof};
use crate::journal::Verdict;
use crate::program;
use crate::report::outline::{Paint, count, shell, truncated};

/// How many characters of a reason are shown.
const REASON: usize = 200;

/// How many tests that did not pass are named.
const NAMED: usize = 12;

/// Renders the text.
pub(super) fn text(proof: &Proof, all: bool, colour: bool) -> String {
    let paint = Paint(colour);
    let mut lines = Vec::new();
    for test in &proof.tests {
        lines.extend(of_test(test, all, paint));
    }
    let lacking: Vec<&TestProof> =
        proof.tests.iter().filter(|test| test.verdict != Verdict::Passed.word()).collect();
    if !lacking.is_empty() {
        let number = count(lacking.len(), "test");
        lines.push(format!("{number} did not pass when nothing was pretended:"));
        for test in lacking.iter().take(NAMED) {
            lines.push(format!("  {} ({}: {})", test.test, test.verdict, test.reason));
        }
        let more = lacking.len().saturating_sub(NAMED);
        if more > 0 {
            lines.push(format!("  and {more} more; `--format json` has all"));
        }
    }
    let silent = proof
        .tests
        .iter()
        .filter(|test| test.verdict == Verdict::Passed.word() && test.operations.is_empty());
    let silent = silent.count();
    if silent > 0 {
        lines
            .push(format!("{} only read, so that nothing can be pretended", count(silent, "test")));
    }
    for unused in &proof.unused {
        lines.push(paint.red(format!("accepted for no reason, remove it: {unused}")));
    }
    lines.push(paint.bold(total(proof)));
    lines.join("\n") + "\n"
}

fn of_test(test: &TestProof, all: bool, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    for proof in &test.operations {
        let why = match &proof.outcome {
            Outcome::Missed => "the test passes without its effect",
            Outcome::Unclear { why } => why,
            Outcome::Untried => "",
            Outcome::Noticed { how } if all => how,
            Outcome::Accepted { reason } if all => reason,
            Outcome::NoEffect if all => "",
            _ => continue,
        };
        let word = format!("{:>14}", proof.outcome.word());
        let word = match proof.outcome {
            Outcome::Noticed { .. } => paint.green(word),
            Outcome::Accepted { .. } | Outcome::NoEffect => paint.yellow(word),
            _ => paint.red(word),
        };
        let why = truncated(why, REASON);
        lines
            .push(format!("{word}  {}  {}", proof.operation, paint.dim(why)).trim_end().to_owned());
        if matches!(proof.outcome, Outcome::Missed | Outcome::Unclear { .. }) {
            let filter = format!("id({})", test.test);
            let again = shell(["run", &filter, "--pretend", &proof.operation]);
            lines.push(format!("{:16}{} {again}", "", program::name()));
        }
    }
    if !lines.is_empty() {
        lines.insert(0, paint.bold(&test.test));
    }
    lines
}

fn total(proof: &Proof) -> String {
    let number = |outcome: &str| proof.counts.get(outcome).copied().unwrap_or(0);
    let (tried, silent) = (proof.tried(), number("without effect"));
    let mut text = format!(
        "{}, seed {}: {} of {} that have an effect noticed",
        count(proof.tests.len(), "test"),
        proof.seed,
        number("noticed"),
        count(tried - silent, "operation"),
    );
    for outcome in ["missed", "unclear", "accepted", "not tried"] {
        let number = number(outcome);
        if number > 0 {
            // Writing to a string cannot fail.
            let _ = write!(text, ", {number} {outcome}");
        }
    }
    if silent > 0 {
        let _ = write!(text, "; {silent} have none");
    }
    text
}
