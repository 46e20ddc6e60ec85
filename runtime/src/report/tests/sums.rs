//! Whatever happens in a run, and wherever its journal ends, every selected test is counted once
//! in every format.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use subunit::io::sync::iter_stream;
use subunit::types::stream::ScannedItem;
use subunit::types::teststatus::TestStatus;

use super::super::{Class, Comparison, Reporter, Subunit, html, junit, summary};
use super::{Event, failed, finished, started};
use crate::journal::{Entry, Verdict};

fn verdict(kind: u8) -> Verdict {
    match kind {
        0 => Verdict::Passed,
        1 => failed("the server is `ERROR` after 12 s"),
        2 => failed("no flavor fits"),
        3 => Verdict::Skipped { reason: "needs two hosts".into() },
        4 => Verdict::TimedOut { after_ms: 100, blocked: false },
        5 => Verdict::Crashed { how: "signal 11".into(), output: Vec::new() },
        _ => Verdict::NotRun { reason: "interrupted".into() },
    }
}

fn name(number: usize) -> String {
    format!("t{number:02}")
}

/// A journal of tests with these verdicts that ends after a number of lines.
fn journal(kinds: &[u8], lines: usize) -> Vec<Entry> {
    let names: Vec<String> = (0..kinds.len()).map(name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut events = vec![started(&names)];
    for (test, kind) in names.iter().zip(kinds) {
        if !matches!(kind, 3 | 6..) {
            let (test, attempt, timeout_ms) = ((*test).to_owned(), 1, 100);
            events.push(Event::TestStarted { test, attempt, timeout_ms });
        }
        events.push(finished(test, verdict(*kind)));
    }
    // The first line is always kept: it lists the selected tests.
    events.into_iter().take(lines.max(1)).map(Entry::now).collect()
}

fn journals() -> impl Strategy<Value = Vec<Entry>> {
    (prop::collection::vec(0_u8..8, 0..24), 1_usize..64)
        .prop_map(|(kinds, lines)| journal(&kinds, lines))
}

fn selected(entries: &[Entry]) -> usize {
    match &entries[0].event {
        Event::RunStarted(header) => header.tests.len(),
        _ => 0,
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

proptest! {
    #[test]
    fn the_summary_adds_up(entries in journals()) {
        let summary: Value = serde_json::from_str(&summary(&entries).unwrap()).unwrap();
        let counts = summary["counts"].as_object().unwrap();
        let verdicts: usize =
            counts.iter().filter(|(word, _)| *word != "selected").map(|(_, n)| number(n)).sum();
        prop_assert_eq!(verdicts + number(&summary["without-verdict"]), selected(&entries));
        prop_assert_eq!(number(&counts["selected"]), selected(&entries));
        prop_assert_eq!(summary["tests"].as_array().unwrap().len(), selected(&entries));
        let causes = summary["causes"].as_array().unwrap();
        let grouped: usize = causes.iter().map(|cause| number(&cause["count"])).sum();
        let bad = ["failed", "timed-out", "crashed"].map(|word| number(&counts[word]));
        prop_assert_eq!(grouped, bad.iter().sum::<usize>());
    }

    #[test]
    fn junit_adds_up(entries in journals()) {
        let report =
            quick_junit::Report::deserialize_from_str(&junit(&entries).unwrap()).unwrap();
        prop_assert_eq!(report.tests, selected(&entries));
        let cases: usize = report.test_suites.iter().map(|suite| suite.test_cases.len()).sum();
        prop_assert_eq!(cases, selected(&entries));
    }

    #[test]
    fn subunit_ends_every_test_once(entries in journals()) {
        let mut out = Vec::new();
        let mut subunit = Subunit::new(&mut out);
        subunit.see_all(&entries);
        subunit.close().unwrap();
        let mut ends: BTreeMap<String, usize> = BTreeMap::new();
        for item in iter_stream(out.as_slice()) {
            let ScannedItem::Event(packet) = item.unwrap() else { panic!("not a packet") };
            if !matches!(packet.status, TestStatus::Undefined | TestStatus::InProgress) {
                *ends.entry(packet.test_id.unwrap()).or_default() += 1;
            }
        }
        prop_assert_eq!(ends.len(), selected(&entries));
        prop_assert!(ends.values().all(|count| *count == 1));
    }

    #[test]
    fn the_page_has_a_row_for_every_test(entries in journals()) {
        let page = html(&entries).unwrap();
        let (_, table) = page.split_once("id=\"table\"").unwrap();
        let (table, _) = table.split_once("</table>").unwrap();
        prop_assert_eq!(table.matches("<tr class=").count(), selected(&entries));
    }

    #[test]
    fn comparing_puts_every_test_into_one_class(
        runs in prop::collection::vec(journals(), 2..5)
    ) {
        let comparison = Comparison::of(&runs);
        prop_assert_eq!(comparison.counts.values().sum::<usize>(), comparison.tests);
        prop_assert_eq!(comparison.tests, runs.iter().map(|run| selected(run)).max().unwrap());
        let changed = comparison.tests - comparison.counts.get(&Class::Unchanged).unwrap_or(&0);
        prop_assert_eq!(comparison.changes.len(), changed);
        let _ = json!(comparison.json().unwrap());
        prop_assert!(comparison.html().is_ok());
    }
}
