//! Snapshots of comparisons, and when a duration counts as changed.

use super::super::fixture::{BEFORE, EMPTY, SAMPLE, entries};
use super::*;
use crate::journal::{Event, SelectedTest};

fn compared(journals: &[&str]) -> Comparison {
    Comparison::of(&journals.iter().map(|journal| entries(journal)).collect::<Vec<_>>())
}

#[test]
fn a_comparison_of_two_runs_lists_what_changed() {
    insta::assert_snapshot!(compared(&[BEFORE, SAMPLE]).terminal(false));
}

#[test]
fn three_runs_show_what_is_flaky() {
    let comparison = compared(&[SAMPLE, BEFORE, SAMPLE]);
    insta::assert_snapshot!(comparison.terminal(false));
    assert_eq!(comparison.counts[&Class::Flaky], 4);
}

#[test]
fn a_comparison_is_one_json_document() {
    insta::assert_snapshot!(compared(&[BEFORE, SAMPLE]).json().unwrap());
}

#[test]
fn the_page_has_a_mark_per_run() {
    let page = compared(&[BEFORE, SAMPLE]).html().unwrap();
    let changes = compared(&[BEFORE, SAMPLE]).changes.len();
    assert_eq!(page.matches("class=\"dots\"").count(), changes);
    assert!(page.contains("title=\"not selected\""));
}

#[test]
fn a_run_compared_with_itself_did_not_change() {
    let comparison = compared(&[BEFORE, BEFORE]);
    assert!(comparison.durations.is_empty() && !comparison.has_regressed());
    let changed: Vec<Class> = comparison.changes.iter().map(|change| change.class).collect();
    assert_eq!(changed, [Class::StillFailing; 2]);
    assert!(comparison.changes.iter().all(|change| !change.message_changed));
}

/// The durations that changed, of tests that took these times in one run after another.
fn slower(times: &[&[u64]]) -> (Vec<DurationChange>, Option<f64>) {
    let records: Vec<Vec<TestRecord>> =
        times.iter().map(|times| times.iter().map(|t| record(*t)).collect()).collect();
    let names: Vec<String> = (0..times.len()).map(|number| format!("t{number}")).collect();
    let by_test = names
        .iter()
        .zip(&records)
        .map(|(name, records)| (name.as_str(), records.iter().map(Some).collect()))
        .collect();
    durations::changed(&by_test, &[true; 8])
}

fn record(duration_ms: u64) -> TestRecord {
    let verdict = Some(crate::journal::Verdict::Passed);
    TestRecord { verdict, duration_ms, ..TestRecord::default() }
}

#[test]
fn a_duration_counts_when_it_is_beyond_noise() {
    // Another test that always takes as long, so that there is something usual.
    let named = |times: &[&[u64]]| {
        let same = times[0].iter().map(|_| 500).collect::<Vec<_>>();
        slower(&[&same, &same, times[0]]).0.len()
    };
    assert_eq!(named(&[&[1000, 1400]]), 0, "less than half more");
    assert_eq!(named(&[&[1000, 1600]]), 1);
    assert_eq!(named(&[&[1000, 400]]), 1, "shorter counts as well");
    assert_eq!(named(&[&[20, 90]]), 0, "less than 0.1 s");
    assert_eq!(named(&[&[1000, 600, 1700, 1000, 1900]]), 0, "its durations always varied");
    assert_eq!(named(&[&[1000, 990, 1010, 1000, 1900]]), 1);
}

#[test]
fn where_all_durations_vary_only_outliers_are_listed() {
    let all: [&[u64]; 6] =
        [&[1000, 2000], &[1000, 500], &[3000, 1500], &[400, 900], &[700, 300], &[100, 4000]];
    let names: Vec<String> = slower(&all).0.into_iter().map(|slower| slower.test).collect();
    assert_eq!(names, ["t5"], "and an outlier is listed");
}

#[test]
fn a_slower_cloud_is_reported_once() {
    let all: [&[u64]; 7] = [
        &[100, 200],
        &[300, 600],
        &[500, 1000],
        &[200, 400],
        &[400, 800],
        &[1000, 2000],
        &[1000, 9000],
    ];
    let (named, pace) = slower(&all);
    assert!(pace.is_some_and(|pace| (pace - 2.0).abs() < 1e-9));
    let names: Vec<&str> = named.iter().map(|slower| slower.test.as_str()).collect();
    assert_eq!(names, ["t6"]);
}

/// A comparison of a run of three tests with one of two, which selected these by something else.
fn without_one(scope: Option<SelectionScope>, selection: &str) -> Comparison {
    let header = |tests: &[&str], scope, selection: &str| {
        let mut entries = entries(EMPTY);
        for entry in &mut entries {
            if let Event::RunStarted(header) = &mut entry.event {
                header.tests = tests.iter().map(|id| selected(id)).collect();
                (header.scope, header.selection) = (scope, selection.to_owned());
            }
        }
        entries
    };
    Comparison::of(&[header(&["a", "b", "c"], None, ""), header(&["a", "b"], scope, selection)])
}

fn selected(id: &str) -> SelectedTest {
    SelectedTest { id: id.to_owned(), name: id.to_owned(), package: "acme".to_owned() }
}

#[test]
fn a_test_that_is_gone_is_a_regression_and_one_that_is_not_selected_is_none() {
    for (scope, selection, class) in [
        (Some(SelectionScope::All), "", Class::Removed),
        (None, "", Class::Removed),
        (Some(SelectionScope::Filter), "boot", Class::NotSelected),
        (Some(SelectionScope::Part), "", Class::NotSelected),
    ] {
        let comparison = without_one(scope, selection);
        assert_eq!(comparison.counts.get(&class), Some(&1), "{scope:?}: {:?}", comparison.counts);
        let word = class.to_string();
        let key = word.replace(' ', "-");
        assert!(comparison.terminal(false).contains(&format!("1 {word}")));
        assert!(comparison.json().unwrap().contains(&format!("\"{key}\": 1")));
        assert!(comparison.html().unwrap().contains(&format!("1 {word}")));
    }
    let only = |scope| {
        let comparison = without_one(scope, "");
        comparison.changes.iter().any(|change| change.test == "c" && change.class.is_regression())
    };
    assert!(only(Some(SelectionScope::All)) && !only(Some(SelectionScope::Part)));
}
