//! `squall policy explain`, `diff` and `lint`, which need no cloud.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::support::Sandbox;

/// A fenced block of a page: its language and its lines.
fn blocks(page: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut open: Option<(String, Vec<String>)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some((language.to_owned(), Vec::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some((_, lines))) => lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    found
}

#[test]
fn the_guide_says_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/src/guides/policy.md")).unwrap();
    let sandbox = Sandbox::new();
    let mut commands = 0;
    for (language, lines) in blocks(&page) {
        match language.as_str() {
            // The first line is the file's name.
            "yaml" => sandbox.write(lines[0].trim_start_matches("# "), &lines.join("\n")),
            "console" => {
                let command = lines[0].strip_prefix("$ cargo squall ").expect("a command");
                let output = sandbox.run(command.split_whitespace());
                let printed: Vec<&str> = output.stdout.lines().map(str::trim_end).collect();
                assert_eq!(printed, lines[1..], "{command}: {}", output.stderr);
                commands += 1;
            }
            other => panic!("a block of {other}"),
        }
    }
    assert_eq!(commands, 4);
}

#[test]
fn a_target_has_as_many_attributes_as_are_given() {
    let sandbox = Sandbox::new();
    sandbox
        .write("policy.yaml", "\"os_compute_api:servers:show\": \"'a':%(one)s and 'b':%(two)s\"");
    let decide = |targets: &[&str]| {
        let mut arguments = vec!["policy", "explain", "os_compute_api:servers:show"];
        arguments.extend(["--as", "project-reader", "--file", "policy.yaml", "--format", "json"]);
        arguments.extend(targets.iter().flat_map(|target| ["--target", target]));
        let output = sandbox.run(arguments).expect_code(0);
        let json: Value = serde_json::from_str(&output.stdout).unwrap();
        json["decision"].as_str().unwrap().to_owned()
    };
    assert_eq!(decide(&["one=a", "two=b"]), "allow");
    assert_eq!(decide(&["two=b", "one=a"]), "allow");
    assert_eq!(decide(&["one=a"]), "deny");
}

#[test]
fn files_come_from_folders_and_errors_name_file_line_rule_and_help() {
    let sandbox = Sandbox::new();
    sandbox.write("nova/policy.yaml", "\"os_compute_api:servers:show\": \"role:x\"\n");
    sandbox.write("nova/policy.d/2.json", "{\"os_compute_api:servers:show\": \"role:service\"}");
    sandbox.write("nova/policy.d/.hidden", "- no policy");
    let changed = sandbox.run(["policy", "diff", "defaults", "nova", "--format", "json"]);
    let changed: Value = serde_json::from_str(&changed.expect_code(0).stdout).unwrap();
    assert_eq!(changed["operations"][0], "compute.servers.show");
    assert_eq!(changed["gains"][0]["persona"], "service");
    assert_eq!(changed["after"], "role:service");

    sandbox.write("nova/policy.d/3.yaml", "\n\"os_compute_api:servers:create\": roll:admin\n");
    let broken = sandbox.run(["policy", "diff", "defaults", "nova"]).expect_code(2);
    let expected =
        "nova/policy.d/3.yaml:2 os_compute_api:servers:create: unknown check `roll:admin`";
    assert!(broken.stderr.contains(expected), "{broken}");
    assert!(broken.stderr.contains("did you mean `role`?"), "{broken}");
    let lint = sandbox.run(["policy", "lint", "nova"]).expect_code(1);
    assert!(lint.stdout.contains("error: unknown check"), "{lint}");

    sandbox.write("nova/policy.yaml", "no policy");
    let unreadable = sandbox.run(["policy", "lint", "nova"]).expect_code(2);
    assert!(unreadable.stderr.contains("a policy file is a mapping"), "{unreadable}");
}

#[test]
fn a_sample_of_another_release_is_read_as_its_defaults() {
    let sandbox = Sandbox::new();
    let sample = "# List hypervisors\n# GET  /os-hypervisors\n# Intended scope(s): project\n\
                  #\"os_compute_api:os-hypervisors:list\": \"role:reader\"\n\n";
    sandbox.write("sample.yaml", sample);
    let output = sandbox.run(["policy", "diff", "sample.yaml", "defaults"]).expect_code(0);
    let expected = "before  role:reader\n  after   rule:context_is_admin\n";
    assert!(output.stdout.contains(expected), "{output}");
    let loses = "loses   project-manager, project-member, project-reader, other-project-manager";
    assert!(output.stdout.contains(loses), "{output}");
}

#[test]
fn two_releases_are_compared_for_all_services_in_a_checkout() {
    let sandbox = Sandbox::new();
    sandbox.write("generated/api/compute.txt", "");
    sandbox.write("api-specs/sources.toml", "release = \"2026.2\"\n");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for entry in fs::read_dir(root.join("api-specs/releases/2026.1")).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        sandbox.write(
            &format!("api-specs/releases/2026.1/{name}"),
            &fs::read_to_string(&file).unwrap(),
        );
    }
    let output = sandbox.run(["policy", "diff", "2026.1", "2026.2", "--all"]).expect_code(0);
    for service in ["compute", "identity", "image", "network", "placement", "volume"] {
        assert!(output.stdout.contains(&format!("{service}: ")), "{output}");
    }
    let same = sandbox.run(["policy", "diff", "2026.2", "defaults"]).expect_code(0);
    assert!(!same.stdout.contains("changed"), "{same}");
}

#[test]
fn what_is_not_known_is_an_error_with_a_hint() {
    let sandbox = Sandbox::new();
    for (arguments, hint) in [
        (
            vec!["explain", "os_compute_api:servers:creat"],
            "did you mean `os_compute_api:servers:create`",
        ),
        (vec!["explain", "default"], "name one with --service"),
        (
            vec!["explain", "identity:get_user", "--as", "project-reeder"],
            "did you mean `project-reader`",
        ),
        (vec!["explain", "identity:get_user", "--target", "x"], "write NAME=VALUE"),
        (vec!["lint", "missing.yaml"], "name a policy file"),
        (vec!["lint", "--service", "object_storage", "missing.yaml"], "name a policy file"),
    ] {
        let output = sandbox.run(["policy"].iter().chain(&arguments)).expect_code(2);
        assert!(output.stderr.replace("\n         ", " ").contains(hint), "{output}");
    }
}
