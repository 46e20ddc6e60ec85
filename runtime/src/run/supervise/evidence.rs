//! Evidence of running tests, decoded only when a report needs it.
//!
//! Most tests pass, and their exchanges are not shown while the run goes on.
//! Decoding all of them would double the supervisor's work.

use std::collections::HashMap;
use std::io;

use crate::journal::{Entry, Event};

/// The lines of the journal that are evidence, by the id of the test or the suite.
#[derive(Debug, Default)]
pub(super) struct Evidence(HashMap<String, Vec<u8>>);

impl Evidence {
    /// Adds a line.
    pub(super) fn add(&mut self, of: &str, line: &[u8]) {
        // Avoids allocating the key for every line.
        let lines = match self.0.get_mut(of) {
            Some(lines) => lines,
            None => self.0.entry(of.to_owned()).or_default(),
        };
        lines.extend_from_slice(line);
        lines.push(b'\n');
    }

    /// Returns the evidence for an event, in order; none if the test or fixture passed.
    pub(super) fn asked_for_by(&mut self, event: &Event) -> io::Result<Vec<Entry>> {
        let (of, explained) = match event {
            Event::TestFinished(result) => (&result.test, result.verdict.is_bad()),
            Event::AttemptFailed(result) => (&result.test, true),
            Event::FixtureReady { suite, .. } => (suite, false),
            Event::FixtureFailed { suite, .. } => (suite, true),
            _ => return Ok(Vec::new()),
        };
        let lines = self.0.remove(of).filter(|_| explained).unwrap_or_default();
        let lines = serde_json::Deserializer::from_slice(&lines).into_iter();
        Ok(lines.collect::<serde_json::Result<Vec<Entry>>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{TestResult, Verdict};

    fn held(of: &str) -> Evidence {
        let mut evidence = Evidence::default();
        for times in 1..=2 {
            let entry = Entry::now(Event::Interrupted { times });
            evidence.add(of, &serde_json::to_vec(&entry).unwrap());
        }
        evidence
    }

    fn finished(verdict: Verdict) -> Event {
        Event::TestFinished(TestResult { test: "a.b".to_owned(), verdict, duration_ms: 1 })
    }

    #[test]
    fn a_bad_verdict_is_explained_once_and_in_order() {
        let mut evidence = held("a.b");
        let bad = finished(Verdict::TimedOut { after_ms: 1, blocked: false });
        let seen: Vec<Event> =
            evidence.asked_for_by(&bad).unwrap().into_iter().map(|entry| entry.event).collect();
        let expected = [1, 2].map(|times| Event::Interrupted { times });
        assert_eq!(seen, expected);
        assert_eq!(evidence.asked_for_by(&bad).unwrap(), []);
    }

    #[test]
    fn what_passed_is_not_explained_and_not_kept() {
        let mut evidence = held("a.b");
        assert_eq!(evidence.asked_for_by(&finished(Verdict::Passed)).unwrap(), []);
        assert!(evidence.0.is_empty());
    }
}
