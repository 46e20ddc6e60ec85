//! Whatever happens in a run, and wherever its journal ends, every selected test is counted once
//! in every format.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quick_junit::{TestCase, TestCaseStatus};
use serde_json::{Value, json};
use subunit::io::sync::iter_stream;
use subunit::types::stream::ScannedItem;
use subunit::types::teststatus::TestStatus;

use super::super::fixture::{services, specs};
use super::super::{Class, Comparison, Reporter, Subunit, Terminal, html, junit, summary};
use super::{Event, failed, finished, started};
use crate::Failure;
use crate::journal::{Entry, Verdict};

fn verdict(kind: u8) -> Verdict {
    match kind {
        0 => Verdict::Passed,
        1 => failed("the server is `ERROR` after 12 s"),
        2 => failed("no flavor fits"),
        3 => Verdict::Skipped { reason: "needs two hosts".into() },
        4 => Verdict::TimedOut { after_ms: 100, blocked: false },
        8 => Verdict::Flaky { failed: 2, failure: Failure::new("reset") },
        9 => Verdict::KnownBug { bug: "bug 1".into(), failure: Failure::new("no") },
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
        if !matches!(kind, 3 | 6 | 7) {
            let (test, attempt, timeout_ms) = ((*test).to_owned(), 1, 100);
            events.push(Event::TestStarted { test, attempt, timeout_ms });
        }
        events.push(finished(test, verdict(*kind)));
    }
    // The first line is always kept: it lists the selected tests.
    events.into_iter().take(lines.max(1)).map(Entry::now).collect()
}

fn journals() -> impl Strategy<Value = Vec<Entry>> {
    (prop::collection::vec(0_u8..10, 0..24), 1_usize..64)
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

/// The verdicts of a run, and its tests without one, as one format counts them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Totals {
    passed: usize,
    failed: usize,
    skipped: usize,
    /// Timed out, crashed, not run, or without a verdict.
    errors: usize,
    /// Skipped by their test or known to fail: some formats count them alike.
    expected: usize,
}

/// Counts what the journal says, without any code of the reports.
fn journal_totals(entries: &[Entry]) -> Totals {
    let mut totals = Totals { errors: selected(entries), ..Totals::default() };
    for entry in entries {
        if let Event::TestFinished(result) = &entry.event {
            totals.errors -= 1;
            *match &result.verdict {
                Verdict::Passed | Verdict::Flaky { .. } => &mut totals.passed,
                Verdict::Failed { .. } => &mut totals.failed,
                Verdict::Skipped { .. } => &mut totals.skipped,
                Verdict::KnownBug { .. } => &mut totals.expected,
                _ => &mut totals.errors,
            } += 1;
        }
    }
    totals
}

/// Reads the numbers in front of words, as in `3 passed + 1 failed`.
fn numbers(text: &str) -> Totals {
    let number = |word: &str| -> usize {
        let before = text.split(&format!(" {word}")).next().filter(|before| *before != text);
        let last = before.and_then(|before| before.rsplit([' ', '>', '(']).next());
        last.and_then(|digits| digits.parse().ok()).unwrap_or_default()
    };
    let open = number("without a verdict");
    Totals {
        passed: number("passed") + number("flaky"),
        failed: number("failed"),
        skipped: number("skipped"),
        expected: number("known bugs"),
        errors: number("timed out") + number("crashed") + number("not run") + open,
    }
}

fn terminal_totals(entries: &[Entry]) -> Totals {
    let mut out = Vec::new();
    let mut terminal = Terminal::new(&mut out, false);
    terminal.see_all(entries);
    terminal.close().unwrap();
    let text = String::from_utf8(out).unwrap();
    let sum = regex::Regex::new("^[0-9]+ tests?: ").unwrap();
    numbers(text.lines().rev().find(|line| sum.is_match(line)).unwrap())
}

fn page_totals(entries: &[Entry]) -> Totals {
    let page = html(entries, &services()).unwrap();
    let (_, sum) = page.split_once("<div class=\"sum\">").unwrap();
    let (sum, _) = sum.split_once("</div>").unwrap();
    let part = regex::Regex::new("<b>([0-9]+)</b>([a-z ]+)").unwrap();
    let parts = part.captures_iter(sum).map(|part| match &part[2] {
        "known bug" => format!("{} known bugs", &part[1]),
        "no verdict" => format!("{} without a verdict", &part[1]),
        word => format!("{} {word}", &part[1]),
    });
    numbers(&parts.collect::<Vec<_>>().join(" + "))
}

fn summary_totals(entries: &[Entry]) -> Totals {
    let summary: Value = serde_json::from_str(&summary(entries, &specs()).unwrap()).unwrap();
    let count = |word: &str| number(&summary["counts"][word]);
    Totals {
        passed: count("passed") + count("flaky"),
        failed: count("failed"),
        skipped: count("skipped"),
        expected: count("known-bugs"),
        errors: count("timed-out")
            + count("crashed")
            + count("not-run")
            + number(&summary["without-verdict"]),
    }
}

/// `JUnit` has one word for skipped tests and known bugs.
fn junit_totals(entries: &[Entry]) -> Totals {
    let report = quick_junit::Report::deserialize_from_str(&junit(entries).unwrap()).unwrap();
    let suites = &report.test_suites;
    let cases = suites.iter().flat_map(|suite| &suite.test_cases);
    let is_skipped = |case: &&TestCase| matches!(case.status, TestCaseStatus::Skipped { .. });
    let skipped = cases.filter(is_skipped).count();
    Totals {
        passed: report.tests - report.failures - report.errors - skipped,
        failed: report.failures,
        skipped,
        expected: 0,
        errors: report.errors,
    }
}

/// Subunit has one status for failures and errors; tags tell them apart.
fn subunit_totals(entries: &[Entry]) -> Totals {
    let mut out = Vec::new();
    let mut subunit = Subunit::new(&mut out);
    subunit.see_all(entries);
    subunit.close().unwrap();
    let mut totals = Totals::default();
    for item in iter_stream(out.as_slice()) {
        let ScannedItem::Event(packet) = item.unwrap() else { panic!("not a packet") };
        let tags = packet.tags.unwrap_or_default();
        let is_error = tags.iter().any(|tag| ["timed-out", "crashed", "not-run"].contains(&&**tag));
        match packet.status {
            TestStatus::Success => totals.passed += 1,
            TestStatus::Skipped => totals.skipped += 1,
            TestStatus::ExpectedFailure => totals.expected += 1,
            TestStatus::Failed if is_error => totals.errors += 1,
            TestStatus::Failed => totals.failed += 1,
            _ => {}
        }
    }
    totals
}

/// The line of the run in a comparison.
fn comparison_totals(entries: &[Entry]) -> Totals {
    let comparison = Comparison::of(&[entries.to_vec(), entries.to_vec()]);
    let text = comparison.terminal(false);
    numbers(text.lines().next().unwrap())
}

proptest! {
    #[test]
    fn every_format_has_the_totals_of_the_journal(entries in journals()) {
        let expected = journal_totals(&entries);
        for (format, totals) in [
            ("terminal", terminal_totals(&entries)),
            ("page", page_totals(&entries)),
            ("summary", summary_totals(&entries)),
            ("subunit", subunit_totals(&entries)),
            ("comparison", comparison_totals(&entries)),
        ] {
            prop_assert_eq!(totals, expected.clone(), "{}", format);
        }
        let merged = Totals {
            skipped: expected.skipped + expected.expected,
            expected: 0,
            ..expected
        };
        prop_assert_eq!(junit_totals(&entries), merged);
    }

    #[test]
    fn old_journals_are_read(entries in journals()) {
        // Journals did not have these fields before.
        let old: Vec<Entry> = entries
            .iter()
            .map(|entry| {
                let mut line = serde_json::to_value(entry).unwrap();
                if let Some(header) = line["event"].as_object_mut() {
                    header.retain(|key, _| !["scope", "again"].contains(&key.as_str()));
                }
                serde_json::from_value(line).unwrap()
            })
            .collect();
        prop_assert_eq!(terminal_totals(&old), journal_totals(&entries));
    }

    #[test]
    fn the_summary_adds_up(entries in journals()) {
        let summary: Value = serde_json::from_str(&summary(&entries, &specs()).unwrap()).unwrap();
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
        let page = html(&entries, &services()).unwrap();
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
