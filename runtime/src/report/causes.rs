//! Grouping failures that have one cause.

use regex::Regex;

use crate::journal::{TestResult, Verdict};

/// Tests that ended badly for the same reason.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// The first of them, whose evidence stands for all.
    pub(super) first: &'a TestResult,
    /// The others.
    pub(super) others: Vec<&'a TestResult>,
}

/// Groups results by what went wrong, in the order in which each first appears.
///
/// Ids, addresses and numbers differ between tests that fail alike, so they are
/// left out of the comparison.
pub(super) fn group<'a>(results: &[&'a TestResult]) -> Vec<Cause<'a>> {
    let changing = Regex::new(
        r"(?x) [0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}
             | squall-[0-9a-z-]+ | \d+ (\.\d+)*",
    );
    let key = |result: &TestResult| {
        let text = summary(&result.verdict);
        match &changing {
            Ok(changing) => changing.replace_all(&text, "#").into_owned(),
            Err(_) => text,
        }
    };
    let mut causes: Vec<(String, Cause<'a>)> = Vec::new();
    for result in results.iter().copied() {
        let key = key(result);
        match causes.iter_mut().find(|(known, _)| *known == key) {
            Some((_, cause)) => cause.others.push(result),
            None => causes.push((key, Cause { first: result, others: Vec::new() })),
        }
    }
    causes.into_iter().map(|(_, cause)| cause).collect()
}

/// Says in one text what a verdict says.
pub(super) fn summary(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed => String::new(),
        Verdict::Failed { failure } => failure.to_string(),
        Verdict::Skipped { reason } | Verdict::NotRun { reason } => reason.clone(),
        Verdict::TimedOut { after_ms, blocked } => {
            let seconds = std::time::Duration::from_millis(*after_ms).as_secs_f64();
            let how = if *blocked { ", and held on to its thread" } else { "" };
            format!("did not end within {seconds} s{how}")
        }
        Verdict::Crashed { how, .. } => format!("took its process down: {how}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Failure;

    #[test]
    fn failures_that_differ_in_ids_alone_have_one_cause() {
        let failed = |test: &str, message: &str| TestResult {
            test: test.to_owned(),
            verdict: Verdict::Failed { failure: Failure::new(message) },
            duration_ms: 1,
        };
        let results = [
            failed("a", "server 6c3b5f0e-8a4b-4f0a-9a51-0d1b5f3c2a11 is `ERROR` after 3.2 s"),
            failed("b", "no flavor"),
            failed("c", "server 7d3b5f0e-8a4b-4f0a-9a51-0d1b5f3c2a12 is `ERROR` after 14 s"),
        ];
        let results: Vec<&TestResult> = results.iter().collect();
        let causes = group(&results);
        assert_eq!(causes.len(), 2);
        assert_eq!((causes[0].first.test.as_str(), causes[0].others[0].test.as_str()), ("a", "c"));
    }
}
