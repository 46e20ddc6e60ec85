//! Clouds that do not let us in.

use std::time::{Duration, Instant};

use squall::journal::{Event, Verdict};

use crate::program::Program;

/// A `clouds.yaml` whose identity service nobody is.
const DEAD: &str = "\
clouds:
  dead:
    auth:
      auth_url: http://127.0.0.1:1/identity/v3
      username: admin
      password: wrong
      project_name: admin
";

#[test]
fn an_identity_service_that_is_down_is_one_cause_within_seconds() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("clouds.yaml"), DEAD).unwrap();
    let start = Instant::now();
    let mut program = Program::run_in(dir, &["--cloud", "dead"]);
    assert_eq!(program.end(), 3);
    assert!(start.elapsed() < Duration::from_secs(15), "it took {:?}", start.elapsed());
    program.assert_accounted_for();
    program.assert_nothing_left_behind();
    assert!(matches!(program.verdict("misbehaving.passes"), Verdict::NotRun { .. }));

    let causes: Vec<&Vec<String>> = program
        .events
        .iter()
        .filter_map(|event| match event {
            Event::CloudRefused { cause } => Some(cause),
            _ => None,
        })
        .collect();
    assert_eq!(causes.len(), 1);
    let text = causes[0].join("\n");
    assert!(causes[0].len() <= 4 && text.contains("127.0.0.1:1"), "{text}");
}

#[test]
fn a_cloud_that_nobody_configured_is_bad_input() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("clouds.yaml"), DEAD).unwrap();
    let mut program = Program::run_in(dir, &["--cloud", "deed"]);
    assert_eq!(program.end(), 2);
    assert!(program.events.is_empty());
}
