//! What is wrong with a policy file: what, where, and what to do. All of it is reported.

use squall_model::{Diagnostic, PolicyRule, Severity};
use squall_policy::Policy;

fn wrong(service: &str, file: &str) -> Vec<Diagnostic> {
    let rules = [PolicyRule::new("known", "role:admin"), PolicyRule::new("reader", "role:reader")];
    let built = Policy::builder(service).defaults(&rules).file("policy.yaml", file).build();
    built.err().map(|invalid| invalid.0).unwrap_or_default()
}

/// Each line of a file with the message that it gets, and a word of the help.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("compute", "known: role:admin and", "an operator has nothing to join", "both sides"),
    ("compute", "known: (role:admin", "1 of its `(` are not closed", "add the `)`"),
    ("compute", "known: admin", "`admin` is not a check: it has no colon", "`role:admin`"),
    ("compute", "known: '''a'''", "a text in quotes is not a check: `a`", "compare it"),
    (
        "compute",
        "known: roll:admin",
        "unknown check `roll:admin`: no caller of compute",
        "did you mean `role`?",
    ),
    (
        "compute",
        "known: tenant_id:%(tenant_id)s",
        "unknown check `tenant_id:%(tenant_id)s`",
        "always denies",
    ),
    (
        "compute",
        "known: project_id:%(project_id",
        "cannot read an attribute of the target",
        "`%(name)s`",
    ),
    ("compute", "known: project_id:%(a)d", "cannot read an attribute of the target", "`%(name)s`"),
    (
        "compute",
        "known: is:a",
        "`is` is neither a literal nor the name of an attribute",
        "answers 500",
    ),
    (
        "compute",
        "known: rule:reeder",
        "refers to `reeder`, which is not defined",
        "did you mean `reader`?",
    ),
    ("compute", "known: rule:known", "in a circle: `known` → `known`", "answers 500"),
    ("compute", "known: [[admin]]", "`admin` is not a check", "denies instead"),
    (
        "compute",
        "known: no",
        "`no` is no text for YAML, and services take it for a rule that allows everyone",
        "`\"!\"`",
    ),
    ("compute", "known: yes", "`yes` is no text for YAML, and no check", "in quotes"),
    ("compute", "known: @", "cannot read the file as YAML", "`@` and `!` need quotes"),
    (
        "compute",
        "- known",
        "a policy file is a mapping of rules to checks, not a list",
        "one rule a line",
    ),
    (
        "compute",
        "known: '!'\nknown: '@'",
        "the rule is there twice; the first is in line 1",
        "use the last",
    ),
    (
        "network",
        "known: project_id:p",
        "`project_id:p` names no attribute of the target",
        "does not start",
    ),
    (
        "network",
        "known: field:networks",
        "does not name a resource, a field and a value",
        "field:networks:shared=True",
    ),
    (
        "network",
        "known: field:networks:shared=maybe",
        "`maybe` is not a boolean",
        "`True` or `False`",
    ),
    (
        "network",
        "known: field:port:name=~(?=x)y",
        "cannot read the regular expression",
        "look-around",
    ),
];

#[test]
fn each_fault_says_what_where_and_what_to_do() {
    for (service, file, message, help) in CASES {
        let found = wrong(service, file);
        assert_eq!(found.len(), 1, "{file}: {found:#?}");
        let one = &found[0];
        assert_eq!(one.severity, Severity::Error);
        assert!(one.message.contains(message), "{file}: {}", one.message);
        assert!(one.help.contains(help), "{file}: {}", one.help);
        assert_eq!(one.file, "policy.yaml");
        assert_eq!(one.line, Some(file.lines().count()), "{file}");
        // A fault of the whole file is no rule's.
        assert!(one.pointer == "/known" || one.message.contains("file"), "{file}: {}", one.pointer);
    }
}

#[test]
fn all_faults_are_reported_each_with_its_line() {
    let file = "known: role:admin and\n\nfirst: rule:second\nsecond: not (rule:third)\n\
                third: rule:first\nfourth: admin or rule:nothing\n";
    let found: Vec<String> = wrong("compute", file)
        .iter()
        .map(|one| format!("{}{}", one.line.unwrap_or(0), one.pointer))
        .collect();
    assert_eq!(found, ["1/known", "6/fourth", "6/fourth", "3/first"]);
}

#[test]
fn what_is_printed_names_file_line_and_rule() {
    let printed = Policy::builder("compute").file("policy.d/1.yaml", "\na/b: admin").build();
    let printed = printed.err().map(|invalid| invalid.to_string()).unwrap_or_default();
    assert!(printed.starts_with(
        "error: `admin` is not a check: it has no colon\n  --> policy.d/1.yaml:2#/a~1b\n  help: "
    ), "{printed}");
}

#[test]
fn the_defaults_have_no_errors_and_the_one_warning_is_a_fault_of_cinder() {
    let mut warnings = Vec::new();
    for (spec, rules) in squall_services::ALL.iter().zip(squall_services::POLICY_RULES) {
        for only in [true, false] {
            let policy = Policy::builder(spec.name).defaults(rules).new_defaults_only(only).build();
            let policy = policy.expect("defaults have no errors");
            assert_eq!(policy.rules().len(), rules.len());
            warnings.extend(policy.warnings().iter().map(|one| format!("{only} {one}")));
        }
    }
    // cinder 29.0.0, `cinder.policies.volume_access`: the deprecated check lacks its `rule:`.
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    assert!(warnings[0].starts_with(
        "false warning: unknown check `volume_extension:volume_type_access`: no caller of volume has"
    ));
}
