//! The rules of drift, each with minimal inputs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use squall_model::blob::SchemaSource;
use squall_model::{
    Method, Microversion, Operation, ServiceSpec, VersionKind, VersionNote, VersionRange,
};

use super::{
    CellState, Declaration, EarlierReport, Exercise, Inputs, LiveService, Missed, NextStepKind,
    ReleaseBefore, Report, SuiteVersions, assess,
};

const fn v(minor: u16) -> Microversion {
    Microversion::new(2, minor)
}

static SHOW: Operation = Operation {
    id: Cow::Borrowed("compute.servers.show"),
    method: Method::Get,
    path: Cow::Borrowed("/servers/{server_id}"),
    action: None,
    summary: Cow::Borrowed("Shows a server."),
    versions: VersionRange::since(v(1)),
    success: Cow::Borrowed(&[]),
    errors: Cow::Borrowed(&[]),
    policies: Cow::Borrowed(&[]),
    extension: None,
    paging: None,
    response_boundaries: Cow::Borrowed(&[v(3)]),
    request_boundaries: Cow::Borrowed(&[]),
    response_known: true,
    schemas: SchemaSource::Nowhere,
};

static COMPUTE: ServiceSpec = ServiceSpec {
    service_type: "compute",
    name: "compute",
    version_path: "/v2.1",
    versions: VersionRange::new(Some(v(1)), Some(v(3))),
    source: "nova 0",
    history: &[
        VersionNote { version: v(1), kind: VersionKind::Schema, summary: "The first." },
        VersionNote { version: v(2), kind: VersionKind::Behaviour, summary: "Behaves better." },
        VersionNote { version: v(3), kind: VersionKind::Schema, summary: "A new field." },
    ],
    operations: &[&SHOW],
};

fn called(minor: u16, validated: bool) -> Exercise {
    Exercise {
        operation: SHOW.id.to_string(),
        version: Some(v(minor)),
        validated,
        test: format!("at-{minor}"),
    }
}

fn report(exercises: Option<Vec<Exercise>>) -> Report {
    let runs = exercises.iter().map(|_| "a-run".to_owned()).collect();
    assess(&Inputs { services: vec![&COMPUTE], exercises, runs, ..Inputs::default() })
}

fn states(report: &Report) -> Vec<CellState> {
    report.services[0].operations[0].cells.iter().map(|c| c.state).collect()
}

#[test]
fn a_cell_is_exercised_by_a_validated_response_negotiated_inside_it() {
    assert_eq!(
        states(&report(Some(vec![called(2, true)]))),
        [CellState::Exercised, CellState::Open]
    );
    assert_eq!(
        states(&report(Some(vec![called(3, true)]))),
        [CellState::Open, CellState::Exercised]
    );
}

#[test]
fn a_call_that_validated_nothing_does_not_exercise() {
    assert_eq!(states(&report(Some(vec![called(1, false)]))), [CellState::Called, CellState::Open]);
}

#[test]
fn an_operation_without_any_validated_answer_is_called_and_not_exercised() {
    let counts = report(Some(vec![called(1, false)])).services[0].counts;
    assert_eq!((counts.called_operations, counts.exercised_operations), (1, 0));
}

/// A release that had the operation and the versions up to 2.2.
fn before() -> ReleaseBefore {
    let requests = BTreeSet::from(["GET /servers/{server_id}".to_owned()]);
    ReleaseBefore {
        release: "1".to_owned(),
        requests: BTreeMap::from([("compute".to_owned(), requests)]),
        versions: BTreeMap::from([("compute".to_owned(), BTreeSet::from([v(1), v(2)]))]),
    }
}

fn since_before(exercises: Vec<Exercise>) -> Report {
    assess(&Inputs {
        services: vec![&COMPUTE],
        exercises: Some(exercises),
        runs: vec!["a-run".to_owned()],
        before: Some(before()),
        ..Inputs::default()
    })
}

#[test]
fn the_report_begins_with_what_is_new_and_what_changed_without_a_test() {
    let steps = |exercises| -> Vec<(NextStepKind, Vec<String>)> {
        let steps = since_before(exercises).steps;
        steps.into_iter().map(|step| (step.kind, step.places[0].items.clone())).collect()
    };
    let three = || vec!["2.3".to_owned()];
    assert_eq!(
        steps(vec![called(1, true)]),
        [(NextStepKind::NewUntested, three()), (NextStepKind::ChangeUntested, three())]
    );
    assert_eq!(steps(vec![called(3, true)]), []);
}

#[test]
fn every_form_begins_with_the_steps() {
    let report = since_before(vec![called(1, true)]);
    for text in [
        super::render::terminal(&report),
        super::render::markdown(&report),
        super::render::html(&report).unwrap(),
    ] {
        let step = text.find("hanges an answer").unwrap();
        assert!(step < text.find("cells exercised").unwrap(), "{text}");
    }
}

#[test]
fn a_report_is_compared_with_an_earlier_one() {
    let earlier = super::render::json(&report(Some(vec![called(3, true)])));
    let now = report(Some(vec![called(1, false)]));
    let since = EarlierReport::parse(&earlier).unwrap().compare(&now);
    let row = &since.services[0];
    assert_eq!((row.before, row.now), ((1, 2), (0, 2)));
    assert!(row.gained.is_empty());
    assert_eq!(row.lost, ["compute.servers.show"]);
}

#[test]
fn a_list_of_versions_lacks_those_that_change_an_answer() {
    let known = [&COMPUTE];
    let lacking = |text: &str| {
        let versions = SuiteVersions::parse(text, &known).unwrap();
        let rows = versions.lacking(&report(None)).services;
        rows[0].versions.iter().map(|(version, _)| *version).collect::<Vec<_>>()
    };
    assert_eq!(lacking("compute 2.1 # a note\n"), [v(3)]);
    assert_eq!(lacking("compute 2.1 2.3"), []);
    let wrong = SuiteVersions::parse("# a\ncomputer 2.1\ncompute 2.x", &known).unwrap_err();
    let lines: Vec<usize> = wrong.iter().map(|error| error.line).collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn a_version_is_tested_by_a_call_at_it_of_an_operation_with_a_boundary_there() {
    let report = report(Some(vec![called(2, true), called(3, false)]));
    let tested: Vec<bool> =
        report.services[0].versions.iter().map(|v| v.tested_by.is_some()).collect();
    assert_eq!(tested, [false, false, true]);
}

#[test]
fn a_behaviour_only_version_needs_a_test_that_names_it_and_passed() {
    let declarations = vec![Declaration {
        test: "names-it".to_owned(),
        service: "compute".to_owned(),
        versions: VersionRange::only(v(2)),
    }];
    let of = |passed: BTreeSet<String>| {
        let inputs = Inputs {
            services: vec![&COMPUTE],
            declarations: declarations.clone(),
            exercises: Some(vec![called(2, true)]),
            passed,
            ..Inputs::default()
        };
        assess(&inputs).services[0].versions[1].tested_by.clone()
    };
    assert_eq!(of(BTreeSet::new()), None);
    assert_eq!(of(BTreeSet::from(["names-it".to_owned()])), Some("names-it".to_owned()));
}

#[test]
fn a_cloud_that_ends_earlier_has_fewer_cells_and_is_distinguished() {
    let live = BTreeMap::from([(
        "compute".to_owned(),
        LiveService::At(VersionRange::new(Some(v(1)), Some(v(2)))),
    )]);
    let report =
        assess(&Inputs { services: vec![&COMPUTE], live: Some(live), ..Inputs::default() });
    assert_eq!(states(&report), [CellState::Open, CellState::Absent]);
    assert_eq!(report.services[0].counts.cells, 1);
    assert_eq!(report.findings[0].code, "version-ranges-differ");
}

fn live(service: LiveService) -> Report {
    let live = match service {
        LiveService::Absent => BTreeMap::new(),
        at @ LiveService::At(_) => BTreeMap::from([("compute".to_owned(), at)]),
    };
    assess(&Inputs { services: vec![&COMPUTE], live: Some(live), ..Inputs::default() })
}

#[test]
fn every_form_shows_the_clouds_versions_beside_the_specs() {
    let older = LiveService::At(VersionRange::new(Some(v(1)), Some(v(2))));
    let same = LiveService::At(COMPUTE.versions);
    for (service, verdict, code) in [
        (older, "cloud is older", Some("version-ranges-differ")),
        (same, "agrees", None),
        (LiveService::Absent, "absent", Some("service-absent")),
    ] {
        let report = live(service);
        let codes: Vec<&str> = report.findings.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, Vec::from_iter(code), "{verdict}");
        for text in [
            super::render::terminal(&report),
            super::render::markdown(&report),
            super::render::html(&report).unwrap(),
        ] {
            assert!(text.contains(verdict), "{verdict} is not in\n{text}");
        }
        let json: serde_json::Value = serde_json::from_str(&super::render::json(&report)).unwrap();
        assert_eq!(json["ranges"][0]["service"], "compute");
    }
}

#[test]
fn without_a_cloud_there_are_no_versions_of_one() {
    let report = report(None);
    assert!(report.ranges.is_empty());
    assert!(!super::render::terminal(&report).contains("verdict"));
}

#[test]
fn a_threshold_counts_the_cells_of_a_run_and_nothing_else() {
    let half: super::Threshold = "compute=50".parse().unwrap();
    let more: super::Threshold = "51".parse().unwrap();
    let run = report(Some(vec![called(2, true)]));
    assert_eq!(half.missed_by(&run), None);
    assert!(matches!(more.missed_by(&run), Some(Missed::Below { .. })));
    assert_eq!(half.missed_by(&report(None)), Some(Missed::NoRun));
}

#[test]
fn every_form_says_when_there_is_no_run() {
    let report = report(None);
    for text in [
        super::render::terminal(&report),
        super::render::markdown(&report),
        super::render::html(&report).unwrap(),
    ] {
        assert!(text.contains("no run"), "{text}");
    }
}

#[test]
fn called_without_validation_is_exercised_in_no_form() {
    let report = report(Some(vec![called(1, false), called(3, true)]));
    let markdown = super::render::markdown(&report);
    let row = markdown.lines().find(|line| line.contains("`compute.servers.show`")).unwrap();
    assert!(row.contains("1/2"), "{row}");
    assert_eq!(report.services[0].counts.exercised, 1);
    assert!(super::render::terminal(&report).contains("1 of 2 (50 %)"));
}

#[test]
fn every_form_says_which_run_selected_only_some_tests() {
    let partial = vec!["run a1 selected only 5 of 9 tests (filter `boot`)".to_owned()];
    let (exercises, runs) = (Some(Vec::new()), vec!["a1".to_owned()]);
    let inputs = Inputs { services: vec![&COMPUTE], exercises, runs, partial, ..Inputs::default() };
    let report = assess(&inputs);
    for text in [
        super::render::terminal(&report),
        super::render::markdown(&report),
        super::render::json(&report),
        super::render::html(&report).unwrap(),
    ] {
        assert!(text.contains("selected only 5 of 9 tests"), "{text}");
    }
}
