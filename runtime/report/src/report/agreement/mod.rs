//! Whether two clouds answer the same requests in the same way.
//!
//! Both ran the same tests, so they got the same requests. What is compared is what a client
//! would notice: status, the name of an error, the fields of a body and their types.

mod difference;
mod requests;
mod shape;
mod terminal;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

pub use difference::AnswerDifference;
use requests::{Pair, Requests};

use super::RunLine;
use super::causes::summary;
use super::run_record::{RunRecord, TestRecord};
use super::signature::signature;
use crate::journal::{Entry, Verdict};

/// How many examples of a cause are kept.
const EXAMPLES: usize = 3;

/// How far two clouds agree.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agreement {
    /// The two runs.
    pub runs: [RunLine; 2],
    /// The requests that both clouds answered.
    pub requests: Tally,
    /// Those of them whose bodies were too long for the journal: their fields are not compared.
    pub cut: usize,
    /// The requests by service.
    pub services: BTreeMap<String, Tally>,
    /// How their answers differ, the most frequent first.
    pub causes: Vec<Cause>,
    /// The tests that ran on both clouds.
    pub tests: Tally,
    /// The tests that ran on both, with different verdicts.
    pub verdicts: Vec<VerdictsApart>,
    /// Why tests ran on one cloud alone, with their number, the most frequent first.
    pub skipped: Vec<Skipped>,
}

/// How many of something agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tally {
    /// All of them.
    pub compared: usize,
    /// Those that agree.
    pub agree: usize,
}

impl Tally {
    /// Returns the share that agrees, in percent; 100 of nothing.
    #[expect(clippy::cast_precision_loss, reason = "no run sends 2^52 requests")]
    pub fn percent(self) -> f64 {
        if self.compared == 0 { 100.0 } else { 100.0 * self.agree as f64 / self.compared as f64 }
    }

    fn add(&mut self, agrees: bool) {
        self.compared += 1;
        self.agree += usize::from(agrees);
    }
}

/// One way in which answers of a service differ.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cause {
    /// The service.
    pub service: String,
    /// The difference.
    pub difference: AnswerDifference,
    /// How many requests show it.
    pub requests: usize,
    /// Their operations.
    pub operations: BTreeSet<String>,
    /// Some of the requests.
    pub examples: Vec<Example>,
}

/// A request that two clouds answer differently.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Example {
    /// The test that sent it.
    pub test: String,
    /// Its method, and its URL at the first cloud.
    pub request: String,
    /// The request ids of the two answers.
    pub request_ids: [Option<String>; 2],
}

/// A test with different verdicts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct VerdictsApart {
    /// Its id.
    pub test: String,
    /// Its verdict on each cloud.
    pub verdicts: [&'static str; 2],
    /// The first line of its failure.
    pub reason: String,
}

/// Tests that one cloud alone ran.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Skipped {
    /// The cloud that did not run them.
    pub cloud: String,
    /// Why.
    pub reason: String,
    /// How many.
    pub tests: usize,
}

impl Agreement {
    /// Compares two runs of the same tests by their events.
    pub fn of(runs: [&[Entry]; 2]) -> Self {
        let records = runs.map(RunRecord::of);
        let lines = records.each_ref().map(RunLine::of);
        let mut agreement = Self {
            requests: Tally::default(),
            cut: 0,
            services: BTreeMap::new(),
            causes: Vec::new(),
            tests: Tally::default(),
            verdicts: Vec::new(),
            skipped: Vec::new(),
            runs: lines,
        };
        let both = agreement.compare_tests(&records);
        let [first, second] = runs.map(|entries| Requests::of(entries, &both));
        agreement.compare_requests(&first.pairs(&second));
        agreement
    }

    /// Compares the verdicts, and returns the tests that ran on both clouds.
    fn compare_tests<'a>(&mut self, records: &'a [RunRecord; 2]) -> HashSet<&'a str> {
        let [first, second] = records.each_ref().map(|run| {
            let by_id = run.records.iter().map(|record| (record.id.as_str(), record));
            by_id.collect::<BTreeMap<&str, &TestRecord>>()
        });
        let mut both = HashSet::new();
        let mut skipped: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for (id, one) in &first {
            let Some(other) = second.get(id) else { continue };
            let ran = [one, other].map(|record| has_run(record));
            match ran {
                [true, true] => {
                    both.insert(*id);
                    self.compare_verdicts(id, [one, other]);
                }
                [true, false] => *skipped.entry((1, why(other))).or_default() += 1,
                [false, true] => *skipped.entry((0, why(one))).or_default() += 1,
                [false, false] => {}
            }
        }
        let line = |((cloud, reason), tests): ((usize, String), usize)| Skipped {
            cloud: self.runs[cloud].cloud.clone(),
            reason,
            tests,
        };
        self.skipped = skipped.into_iter().map(line).collect();
        self.skipped.sort_by_key(|skipped| std::cmp::Reverse(skipped.tests));
        both
    }

    fn compare_verdicts(&mut self, id: &str, both: [&TestRecord; 2]) {
        let [one, other] = both.map(is_good);
        self.tests.add(one == other);
        if one == other {
            return;
        }
        let bad = if one { both[1] } else { both[0] };
        let verdicts = both.map(TestRecord::word);
        self.verdicts.push(VerdictsApart { test: id.to_owned(), verdicts, reason: reason(bad) });
    }

    fn compare_requests(&mut self, pairs: &[Pair<'_>]) {
        let mut causes: BTreeMap<(&str, AnswerDifference), Vec<&Pair<'_>>> = BTreeMap::new();
        for pair in pairs {
            let service = pair.both[0].operation.split('.').next().unwrap_or_default();
            let differences = difference::between(pair.both);
            self.requests.add(differences.is_empty());
            self.cut += usize::from(pair.both.into_iter().any(difference::is_cut));
            self.services.entry(service.to_owned()).or_default().add(differences.is_empty());
            for difference in differences {
                causes.entry((service, difference)).or_default().push(pair);
            }
        }
        let cause =
            |((service, difference), pairs): ((&str, AnswerDifference), Vec<&Pair<'_>>)| Cause {
                service: service.to_owned(),
                difference,
                requests: pairs.len(),
                operations: pairs.iter().map(|pair| pair.both[0].operation.clone()).collect(),
                examples: pairs.iter().take(EXAMPLES).map(|pair| Example::of(pair)).collect(),
            };
        self.causes = causes.into_iter().map(cause).collect();
        self.causes.sort_by_key(|cause| std::cmp::Reverse(cause.requests));
    }

    /// Returns the names of the two clouds.
    pub fn clouds(&self) -> [&str; 2] {
        self.runs.each_ref().map(|run| run.cloud.as_str())
    }

    /// Returns the agreement as one JSON document.
    ///
    /// # Errors
    /// It cannot be serialized.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Returns the agreement as text for a terminal.
    pub fn terminal(&self, colour: bool) -> String {
        terminal::text(self, colour)
    }
}

impl Example {
    fn of(pair: &Pair<'_>) -> Self {
        let [first, _] = pair.both;
        Self {
            test: pair.test.to_owned(),
            request: format!("{} {}", first.method, first.url),
            request_ids: pair.both.map(|exchange| exchange.request_id.clone()),
        }
    }
}

fn has_run(record: &TestRecord) -> bool {
    !matches!(record.verdict, None | Some(Verdict::Skipped { .. } | Verdict::NotRun { .. }))
}

/// Whether a test found the cloud as it expects it.
fn is_good(record: &TestRecord) -> bool {
    matches!(record.verdict, Some(Verdict::Passed | Verdict::Flaky { .. }))
}

/// Returns why a test did not run, without what belongs to a run.
fn why(record: &TestRecord) -> String {
    signature(&reason(record)).into_owned()
}

/// Returns the first line of what a verdict says.
fn reason(record: &TestRecord) -> String {
    let text = record.verdict.as_ref().map(summary).unwrap_or_default();
    text.lines().next().unwrap_or("no verdict").to_owned()
}

#[cfg(test)]
mod tests;
