//! The formats of one sample run, and what they have in common.

use super::super::fixture::{EMPTY, SAMPLE, entries, services, specs};
use super::super::{Reporter, Terminal, html, junit, summary};
use crate::journal::Entry;

#[test]
fn the_terminal_shows_every_verdict() {
    let mut out = Vec::new();
    let mut terminal = Terminal::new(&mut out, false);
    terminal.see_all(&entries(SAMPLE));
    terminal.close().unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn the_end_of_a_run_has_the_most_frequent_reasons_and_the_report_all() {
    let mut journal: Vec<Entry> = entries(EMPTY);
    let end = journal.pop().unwrap();
    for (number, reason) in (0..10).chain([9, 9]).enumerate() {
        let event = serde_json::json!({
            "type": "test-finished", "test": format!("acme.{number}"), "duration-ms": 0,
            "verdict": { "is": "skipped", "reason": format!("reason {reason}") },
        });
        let entry = serde_json::json!({ "at": end.at, "event": event });
        journal.push(serde_json::from_value(entry).unwrap());
    }
    journal.push(end);
    let text = |mut terminal: Terminal<&mut Vec<u8>>| terminal.see_all(&journal);
    let (mut all, mut brief) = (Vec::new(), Vec::new());
    text(Terminal::new(&mut all, false));
    text(Terminal::new(&mut brief, false).brief());
    let [all, brief] = [all, brief].map(|out| String::from_utf8(out).unwrap());
    assert_eq!(all.matches("skipped: reason").count(), 10, "{all}");
    assert!(brief.contains("3 tests skipped: reason 9 (acme.9, acme.10, acme.11)"), "{brief}");
    assert!(
        brief.contains("2 tests skipped for 2 other reasons, which the report lists"),
        "{brief}"
    );
    assert_eq!(brief.matches("skipped: reason").count(), 8, "{brief}");
}

#[test]
fn the_summary_has_counts_causes_and_operations() {
    insta::assert_snapshot!(summary(&entries(SAMPLE), &specs()).unwrap());
}

#[test]
fn junit_has_a_case_for_every_test() {
    let xml = junit(&entries(SAMPLE)).unwrap();
    insta::assert_snapshot!(xml);
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((report.tests, report.failures, report.errors, report.skipped), (9, 3, 3, 2));
}

#[test]
fn the_page_is_self_contained_and_escapes_its_content() {
    let page = html(&entries(SAMPLE), &services()).unwrap();
    for outside in ["src=", "@import", "url(", "<link", "fetch("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("&#60;b&#62;&#38;") && !page.contains("<b>&"));
    assert_eq!(page.matches("<tr class=").count(), 9 + 6, "the table, and the slowest that ran");
    // Two attempts at one test are two bars.
    assert_eq!(page.matches("<rect").count(), 7);
    assert!(page.contains("5 failures with 4 causes"));
}

#[test]
fn a_run_without_tests_has_every_format() {
    let entries = entries(EMPTY);
    assert!(html(&entries, &services()).unwrap().contains("<b>0</b>tests"));
    assert!(junit(&entries).unwrap().contains("tests=\"0\""));
    assert!(summary(&entries, &specs()).unwrap().contains("\"selected\": 0"));
}

#[test]
fn an_empty_journal_has_every_format() {
    assert!(html(&[], &services()).unwrap().contains("The journal is incomplete"));
    assert!(junit(&[]).unwrap().contains("tests=\"0\""));
    assert!(summary(&[], &specs()).unwrap().contains("\"complete\": false"));
}
