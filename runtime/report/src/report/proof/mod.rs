//! Whether tests notice that what they do has no effect.
//!
//! It is made of one run of the tests as they are, and of runs in which the embedded cloud only
//! pretended an operation of each: it answered as if the operation had worked, and changed
//! nothing. A test that passes nevertheless does not notice.

mod requests;
mod terminal;
mod unnoticed;

use std::collections::BTreeMap;

use serde::Serialize;

use requests::{Effect, changing, effects};
pub use unnoticed::{Unnoticed, UnnoticedError};

use super::causes::summary;
use crate::journal::{Entry, Event, TestResult, Verdict};

/// What tests notice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Proof {
    /// The seed that chose the tests, and that of the clouds' ids.
    pub seed: u64,
    /// The tests, in the order of their ids.
    pub tests: Vec<TestProof>,
    /// How many operations there are of each outcome.
    pub counts: BTreeMap<&'static str, usize>,
    /// Accepted operations of these tests that need not be: the test notices them, or does not
    /// send them.
    pub unused: Vec<String>,
}

/// What one test notices.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TestProof {
    /// Its id.
    pub test: String,
    /// Its verdict when nothing is pretended; unless it is `passed`, nothing was tried.
    pub verdict: &'static str,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The operations that its body sends with success, those that only read left out.
    pub operations: Vec<OperationProof>,
}

/// What a test made of an operation that was only pretended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OperationProof {
    /// The operation's id.
    pub operation: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of pretending an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Outcome {
    /// It was not tried.
    Untried,
    /// The test did not pass.
    Noticed {
        /// How it ended.
        how: String,
    },
    /// The test passed.
    Missed,
    /// The test passed, which is accepted.
    Accepted {
        /// Why.
        reason: String,
    },
    /// The test passed, and the operation would have changed nothing: no test can notice.
    NoEffect,
    /// The test did not pass, but for another reason; or it did not run.
    Unclear {
        /// Why.
        why: String,
    },
}

impl Outcome {
    /// Returns the word used in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Untried => "not tried",
            Self::Noticed { .. } => "noticed",
            Self::Missed => "missed",
            Self::Accepted { .. } => "accepted",
            Self::NoEffect => "without effect",
            Self::Unclear { .. } => "unclear",
        }
    }
}

impl Proof {
    /// Begins with the run in which nothing was pretended.
    pub fn begin(run: &[Entry], seed: u64) -> Self {
        let mut sent = changing(run);
        let tests = results(run).map(|TestResult { test, verdict, duration_ms }| {
            let operations = sent.remove(test).unwrap_or_default();
            let passed = matches!(verdict, Verdict::Passed);
            TestProof {
                test: test.clone(),
                verdict: verdict.word(),
                reason: if passed { String::new() } else { first_line(verdict) },
                duration_ms: *duration_ms,
                operations: operations
                    .into_iter()
                    .filter(|_| passed)
                    .map(|operation| OperationProof { operation, outcome: Outcome::Untried })
                    .collect(),
            }
        });
        let mut tests: Vec<TestProof> = tests.collect();
        tests.sort_by(|a, b| a.test.cmp(&b.test));
        Self { seed, tests, counts: BTreeMap::new(), unused: Vec::new() }
    }

    /// Returns each test with each operation that has not been pretended yet.
    pub fn untried(&self) -> impl Iterator<Item = (&TestProof, &str)> {
        self.tests.iter().flat_map(|test| {
            let untried = test.operations.iter().filter(|o| o.outcome == Outcome::Untried);
            untried.map(move |operation| (test, operation.operation.as_str()))
        })
    }

    /// Adds a run in which at most one operation of each test was pretended.
    pub fn add(&mut self, run: &[Entry]) {
        let pretended = run.iter().find_map(|entry| match &entry.event {
            Event::RunStarted(header) => Some(&header.pretended),
            _ => None,
        });
        let effects = effects(run);
        let verdicts: BTreeMap<&str, &Verdict> =
            results(run).map(|result| (result.test.as_str(), &result.verdict)).collect();
        for test in &mut self.tests {
            let Some(pretended) = pretended.and_then(|tests| tests.get(&test.test)) else {
                continue;
            };
            let Some(verdict) = verdicts.get(test.test.as_str()) else { continue };
            for proof in test.operations.iter_mut().filter(|o| pretended.contains(&o.operation)) {
                let key = (test.test.as_str(), proof.operation.as_str());
                proof.outcome = judge(verdict, effects.get(&key).copied());
            }
        }
    }

    /// Ends the proof: counts, and sets apart what is accepted.
    pub fn end(&mut self, accepted: &[Unnoticed]) {
        for entry in accepted {
            let Some(test) = self.tests.iter_mut().find(|test| test.test == entry.test) else {
                continue;
            };
            let proof = test.operations.iter_mut().find(|o| o.operation == entry.operation);
            match proof {
                Some(proof) if proof.outcome == Outcome::Missed => {
                    proof.outcome = Outcome::Accepted { reason: entry.reason.clone() };
                }
                // What was not tried may be missed as well.
                Some(proof) if matches!(proof.outcome, Outcome::Untried) => {}
                None if test.verdict != Verdict::Passed.word() => {}
                _ => self.unused.push(format!("{} {}", entry.test, entry.operation)),
            }
        }
        for operation in self.tests.iter().flat_map(|test| &test.operations) {
            *self.counts.entry(operation.outcome.word()).or_default() += 1;
        }
    }

    /// Whether every operation that has an effect was tried, and noticed or accepted, and every
    /// test passes when nothing is pretended.
    pub fn holds(&self) -> bool {
        let ends_well = |test: &TestProof| {
            matches!(test.verdict, "passed" | "skipped" | "known bug")
                && test.operations.iter().all(|o| {
                    !matches!(
                        o.outcome,
                        Outcome::Missed | Outcome::Unclear { .. } | Outcome::Untried
                    )
                })
        };
        self.unused.is_empty() && self.tests.iter().all(ends_well)
    }

    /// Returns how many operations were noticed.
    pub fn noticed(&self) -> usize {
        let operations = self.tests.iter().flat_map(|test| &test.operations);
        operations.filter(|o| matches!(o.outcome, Outcome::Noticed { .. })).count()
    }

    /// Returns how many operations were pretended.
    pub fn tried(&self) -> usize {
        let operations = self.tests.iter().flat_map(|test| &test.operations);
        operations.filter(|operation| operation.outcome != Outcome::Untried).count()
    }

    /// Returns the text for a terminal; with `all`, what was noticed is listed as well.
    pub fn terminal(&self, all: bool, colour: bool) -> String {
        terminal::text(self, all, colour)
    }

    /// Returns one JSON document.
    ///
    /// # Errors
    /// Never in practice: all keys are text.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// Judges a verdict by what the pretended operation would have done; `None` if it was not sent.
fn judge(verdict: &Verdict, effect: Option<Effect>) -> Outcome {
    let ended = || format!("{}: {}", verdict.word(), first_line(verdict));
    let unclear = |why: String| Outcome::Unclear { why };
    match (verdict, effect) {
        (Verdict::Passed, Some(Effect::Some)) => Outcome::Missed,
        (Verdict::Passed, Some(Effect::None)) => Outcome::NoEffect,
        (Verdict::Passed, None) => unclear("passed, and did not send it this time".to_owned()),
        (Verdict::Failed { .. } | Verdict::TimedOut { .. } | Verdict::Crashed { .. }, effect) => {
            match effect {
                Some(Effect::Some) => Outcome::Noticed { how: ended() },
                Some(Effect::None) => unclear(format!("{}, though without effect", ended())),
                None => unclear(format!("{}, before it was sent", ended())),
            }
        }
        _ => unclear(ended()),
    }
}

fn results(run: &[Entry]) -> impl Iterator<Item = &TestResult> {
    run.iter().filter_map(|entry| match &entry.event {
        Event::TestFinished(result) => Some(result),
        _ => None,
    })
}

fn first_line(verdict: &Verdict) -> String {
    summary(verdict).lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
