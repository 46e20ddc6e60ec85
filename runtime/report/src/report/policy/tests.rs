use jiff::Timestamp;

use super::*;
use crate::journal::Entry;
use crate::report::fixture;
use squall_records::ExpectedAccess;

const CREATE: &str = "os_compute_api:servers:create";
const FORCED: &str = "os_compute_api:servers:create:forced_host";

/// Cells of two rules of one operation, beside the first events of a run.
fn journal(cells: Vec<PolicyCell>) -> Vec<Entry> {
    let mut entries = fixture::entries(fixture::EMPTY);
    entries.extend(cells.into_iter().map(|cell| Entry {
        at: Timestamp::UNIX_EPOCH,
        event: Event::PolicyCell { test: "policy.compute".to_owned(), cell: Box::new(cell) },
    }));
    entries
}

fn cell(rule: &str, persona: &str, expected: ExpectedAccess, observed: Access) -> PolicyCell {
    PolicyCell {
        rule: rule.to_owned(),
        operation: "compute.servers.create".to_owned(),
        persona: persona.to_owned(),
        target: TargetOwner::Own,
        expected,
        why: "rule:context_is_admin is role:admin".to_owned(),
        status: match observed {
            Access::Allowed => Some(202),
            Access::Denied | Access::ScopeRefused => Some(403),
            _ => None,
        },
        observed,
        request_id: Some("req-1".to_owned()),
    }
}

fn sample() -> Vec<PolicyCell> {
    use {Access as A, ExpectedAccess as E};
    vec![
        cell(CREATE, "project-admin", E::Allowed, A::Allowed),
        cell(CREATE, "project-member", E::Allowed, A::Allowed),
        cell(CREATE, "project-reader", E::Denied, A::Denied),
        cell(FORCED, "project-admin", E::Allowed, A::Undecided("no host to force".to_owned())),
        cell(FORCED, "project-member", E::Denied, A::Allowed),
        PolicyCell {
            target: TargetOwner::Other,
            ..cell(FORCED, "project-member", E::Denied, A::Allowed)
        },
        cell(FORCED, "project-reader", E::Denied, A::Hidden),
    ]
}

fn report(cells: Vec<PolicyCell>) -> PolicyReport {
    PolicyReport::of(&journal(cells), &fixture::services())
}

#[test]
fn a_rule_is_exercised_by_decided_cells_of_three_personas() {
    let report = report(sample());
    let compute = &report.services[0];
    assert_eq!(
        (compute.exercised, compute.deviating, compute.cells, compute.decided),
        (1, 1, 7, 6)
    );
    assert!(compute.with_operation < compute.rules, "base rules are checked by no operation");
    let reason = |rule: &str| {
        compute.unexercised.iter().find(|one| one.rule == rule).map(|one| one.reason.as_str())
    };
    assert_eq!(reason(CREATE), None);
    assert_eq!(reason(FORCED), Some("no host to force"));
    assert_eq!(
        reason("os_compute_api:servers:create:attach_volume"),
        Some("no test of this run called it")
    );
    assert_eq!(reason("context_is_admin"), None, "it is no rule of an operation");
}

#[test]
fn deviations_are_grouped_by_rule_and_direction_with_the_personas() {
    let report = report(sample());
    let found: Vec<_> = report
        .deviations
        .iter()
        .map(|group| (group.deviation, group.rule.as_str(), group.personas()))
        .collect();
    assert_eq!(
        found,
        [
            (
                AccessDeviation::OverPermission,
                FORCED,
                "project-member on own target; project-member on another's target".to_owned()
            ),
            (AccessDeviation::WrongCode, FORCED, "project-reader on own target".to_owned()),
        ]
    );
}

#[test]
fn a_cell_that_was_tried_again_counts_as_it_was_last() {
    let again = cell(FORCED, "project-member", ExpectedAccess::Denied, Access::Denied);
    let cells = sample().into_iter().chain([again]).collect();
    let report = report(cells);
    assert_eq!(report.cells().count(), 7);
    assert_eq!(report.deviations[0].who, [("project-member".to_owned(), TargetOwner::Other)]);
}

#[test]
fn the_terminal_shows_deviations_coverage_and_reasons() {
    insta::assert_snapshot!(report(sample()).terminal(false, false));
    insta::assert_snapshot!(report(Vec::new()).terminal(false, false));
}

#[test]
fn sarif_has_a_rule_and_a_result_for_each_group_of_deviations() {
    let log: serde_json::Value =
        serde_json::from_str(&report(sample()).sarif().expect("plain data")).expect("JSON");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], FORCED);
    let results = run["results"].as_array().expect("a list");
    let levels: Vec<_> = results.iter().map(|result| result["level"].as_str()).collect();
    assert_eq!(levels, [Some("error"), Some("warning")]);
    assert!(results.iter().all(|result| result["ruleIndex"] == 0 && result["ruleId"] == FORCED));
    let text = results[0]["message"]["text"].as_str().expect("a text");
    for word in ["over-permission", "project-member", "denied (403)", "answered 202", "req-1"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn the_page_has_a_sign_for_each_cell_and_needs_no_other_host() {
    let page = report(sample()).html().expect("a page");
    let marks = |class: &str| page.matches(&format!("<i class=\"{class}\" title=")).count();
    assert_eq!(
        (marks("yes"), marks("no"), marks("wrong"), marks("code"), marks("open")),
        (2, 1, 2, 1, 1)
    );
    assert!(page.contains("over-permission: expected denied (403)"), "{page}");
    assert!(!page.contains("http"), "it loads or links something");
}
