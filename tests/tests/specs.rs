//! `squall spec diff` in a checkout, and outside of one.

use super::support::Sandbox;

fn lock(packages: &str, line: &str) -> String {
    format!("service compute compute/v2.1 2.1..2.104 from {packages}\n{line}\n")
}

fn checkout() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("api-specs/sources.toml", "release = \"2026.2\"\n");
    let show = "operation compute.servers.show GET /servers/{server_id}";
    sandbox.write("generated/api/compute.txt", &lock("nova 34.0.0", show));
    let old = "operation compute.old.list GET /old";
    sandbox.write("api-specs/releases/2026.1/compute.txt", &lock("nova 33.0.2", old));
    sandbox
}

#[test]
fn the_changes_between_two_releases_are_printed_in_every_form() {
    let sandbox = checkout();
    let text = sandbox.run(["spec", "diff", "2026.1", "2026.2"]).expect_code(0);
    assert!(text.stdout.contains("  New\n    compute.servers.show\n"), "{text}");
    assert!(text.stdout.contains("  Gone\n    compute.old.list\n"), "{text}");
    let markdown =
        sandbox.run(["spec", "diff", "2026.1", "2026.2", "--format", "markdown"]).expect_code(0);
    assert!(markdown.stdout.contains("- `compute.old.list`: GET /old"), "{markdown}");
    let json = sandbox.run(["spec", "diff", "2026.1", "2026.2", "--format", "json"]).expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["subjects"][0]["kind"], "added");
    let same = sandbox.run(["spec", "diff", "2026.2", "2026.2"]).expect_code(0);
    assert!(same.stdout.contains("nothing changed"), "{same}");
}

#[test]
fn a_release_that_is_not_there_is_an_error_that_lists_the_others() {
    let sandbox = checkout();
    let output = sandbox.run(["spec", "diff", "2026.3", "2026.2"]).expect_code(2);
    assert!(output.stderr.contains("no surface of the release `2026.3`"), "{output}");
    assert!(output.stderr.contains("2026.1, 2026.2"), "{output}");
    let output = Sandbox::new().run(["spec", "diff", "2026.1", "2026.2"]).expect_code(2);
    assert!(output.stderr.contains("in a checkout"), "{output}");
}
