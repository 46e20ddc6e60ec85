//! What changed between runs: the last of them, held against those before it.

mod classify;
mod durations;
mod html;
mod terminal;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

pub use classify::Class;
use classify::{State, classify};
pub use durations::Slower;

use super::causes::{self, summary};
use super::story::{Story, Tale};
use crate::journal::{Counts, Entry};

/// What changed between runs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// The runs, in the order that they were given in.
    pub runs: Vec<RunLine>,
    /// How many tests are in each class; they add up to `tests`.
    pub counts: BTreeMap<Class, usize>,
    /// How many tests there are in any of the runs.
    pub tests: usize,
    /// The tests of every class but the unchanged, by class and id.
    pub changes: Vec<Change>,
    /// Tests that passed before, on the same cloud, and passed again and took another
    /// time, beyond noise.
    pub durations: Vec<Slower>,
    /// What the time of a test was multiplied by, in the median of all that passed.
    pub pace: Option<f64>,
}

/// One of the runs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RunLine {
    /// Its id.
    pub run: String,
    /// The cloud it was on.
    pub cloud: String,
    /// When it started.
    pub started: Option<Timestamp>,
    /// How long it took.
    pub duration_ms: u64,
    /// What became of its tests.
    pub counts: Counts,
    /// Tests without a verdict, where the journal breaks off.
    pub without_verdict: usize,
}

/// One test that is not as it was.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// The test's id.
    pub test: String,
    /// What changed.
    pub class: Class,
    /// What became of it in each run, in words; none where it was not selected.
    pub history: Vec<Option<&'static str>>,
    /// What went wrong the last time before, or why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_before: Option<String>,
    /// What went wrong in the last run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_after: Option<String>,
    /// Whether it goes wrong in another way than before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub message_changed: bool,
}

impl Comparison {
    /// Compares runs by their events, the oldest first.
    pub fn of(runs: &[Vec<Entry>]) -> Self {
        let stories: Vec<Story> = runs.iter().map(Story::of).collect();
        let mut by_test: BTreeMap<&str, Vec<Option<&Tale>>> = BTreeMap::new();
        for (index, story) in stories.iter().enumerate() {
            for tale in &story.tales {
                by_test.entry(&tale.id).or_insert_with(|| vec![None; stories.len()])[index] =
                    Some(tale);
            }
        }
        let mut changes: Vec<Change> =
            by_test.iter().map(|(test, tales)| Change::of(test, tales)).collect();
        let mut counts = BTreeMap::new();
        for change in &changes {
            *counts.entry(change.class).or_default() += 1;
        }
        changes.retain(|change| change.class != Class::Unchanged);
        changes.sort_by(|a, b| (a.class, &a.test).cmp(&(b.class, &b.test)));
        let runs: Vec<RunLine> = stories.iter().map(RunLine::of).collect();
        let cloud = runs.last().map(|run| run.cloud.as_str());
        let same_cloud: Vec<bool> = runs.iter().map(|run| Some(&*run.cloud) == cloud).collect();
        let (durations, pace) = durations::changed(&by_test, &same_cloud);
        Self { runs, counts, tests: by_test.len(), changes, durations, pace }
    }

    /// Tells whether a test is newly failing, or did not run any more.
    pub fn has_regressed(&self) -> bool {
        self.changes.iter().any(|change| change.class.is_regression())
    }

    /// Gives the tests of a class.
    pub(super) fn of_class(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.class == class)
    }

    /// Gives the comparison as one JSON document.
    ///
    /// # Errors
    /// JSON that cannot be written; nothing in a journal is known to cause that.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Gives the comparison for people.
    pub fn terminal(&self, colour: bool) -> String {
        terminal::text(self, colour)
    }

    /// Gives the comparison as a page that needs nothing else.
    ///
    /// # Errors
    /// A template that cannot be rendered; none of ours is known to fail.
    pub fn html(&self) -> Result<String, askama::Error> {
        html::page(self)
    }
}

impl RunLine {
    fn of(story: &Story) -> Self {
        let header = story.header.as_ref();
        Self {
            run: header.map_or_else(|| "?".to_owned(), |header| header.run.clone()),
            cloud: header.map_or_else(String::new, |header| header.cloud.clone()),
            started: story.span.map(|(since, _)| since),
            duration_ms: story.duration_ms(),
            counts: story.counts(),
            without_verdict: story.open(),
        }
    }
}

impl Change {
    fn of(test: &str, tales: &[Option<&Tale>]) -> Self {
        let states: Vec<State> = tales.iter().map(|tale| State::of(*tale)).collect();
        let (before, class) = classify(&states);
        let before = before.and_then(|index| tales[index]);
        let after = tales.last().copied().flatten();
        let bad_twice = [before, after].iter().all(|tale| State::of(*tale) == State::Bad);
        Self {
            test: test.to_owned(),
            class,
            history: tales.iter().map(|tale| tale.map(Tale::word)).collect(),
            message_before: before.and_then(message),
            message_after: after.and_then(message),
            message_changed: bad_twice && before.map(causes::of) != after.map(causes::of),
        }
    }
}

fn message(tale: &Tale) -> Option<String> {
    let text = tale.verdict.as_ref().map(summary).filter(|text| !text.is_empty());
    match tale.verdict {
        None => Some("no verdict: the journal breaks off".to_owned()),
        Some(_) => text,
    }
}

/// Gives each test's tales by the run they are from.
type ByTest<'a> = BTreeMap<&'a str, Vec<Option<&'a Tale>>>;

#[cfg(test)]
mod tests;
