//! What `lint` finds in a cloud's policy files, and what it leaves alone.

use squall_model::{PolicyRule, ScopeType};
use squall_policy::{Policy, Remark, RemarkKind};

fn defaults() -> Vec<PolicyRule> {
    vec![
        PolicyRule::new("admin", "role:admin"),
        PolicyRule::new("show", "rule:admin or role:reader").in_scopes(&[ScopeType::Project]),
        PolicyRule::new("create", "role:member").instead_of("make", "role:admin", "2.0"),
        PolicyRule::new("gone", "@").deprecated_for_removal(),
    ]
}

fn lint(old_defaults: bool, files: &[&str]) -> Vec<Remark> {
    let start = Policy::builder("compute").defaults(&defaults()).new_defaults_only(!old_defaults);
    let add = |builder: squall_policy::Builder, (at, text): (usize, &&str)| {
        builder.file(format!("{at}.yaml"), *text)
    };
    files.iter().enumerate().fold(start, add).lint()
}

/// A file with one rule, and what is said of it.
const CASES: &[(&str, &[(RemarkKind, &str)])] = &[
    ("show: role:service", &[]),
    ("admin: role:boss", &[]),
    ("mine: role:boss\nshow: rule:mine", &[]),
    ("show: role:admin and", &[(RemarkKind::Error, "an operator has nothing to join")]),
    ("shaw: role:x", &[(RemarkKind::Dead, "the service has no such rule")]),
    ("admin: role:admin", &[(RemarkKind::Redundant, "the rule is the service's default")]),
    // Parentheses change nothing.
    ("admin: (role:admin)", &[(RemarkKind::Redundant, "the rule is the service's default")]),
    ("gone: role:x", &[(RemarkKind::Deprecated, "the service will remove the rule")]),
    ("make: role:x", &[(RemarkKind::Deprecated, "deprecated since 2.0: it is now `create`")]),
    ("make: role:admin", &[(RemarkKind::Redundant, "changes nothing")]),
    ("make: rule:create", &[(RemarkKind::Redundant, "changes nothing")]),
    ("make: role:x\ncreate: role:y", &[(RemarkKind::Shadowed, "has `create` as well")]),
    ("show: '@ or role:x'", &[(RemarkKind::Unreachable, "`role:x` is never asked")]),
    (
        "show: role:x or ! or role:y",
        &[(RemarkKind::Unreachable, "`!` decides nothing, joined by `or`")],
    ),
    (
        "show: role:x and role:x",
        &[(RemarkKind::Unreachable, "`role:x` is there twice, joined by `and`")],
    ),
    (
        "show: role:x or (role:x and role:y)",
        &[(RemarkKind::Unreachable, "`(role:x and role:y)` decides nothing beside `role:x`")],
    ),
    (
        "show: role:x or system_scope:all",
        &[(
            RemarkKind::Unreachable,
            "`system_scope:all` never holds: the rule is for tokens of project",
        )],
    ),
    ("show: user_id:'x'", &[(RemarkKind::Unreachable, "the quotes of `user_id:'x'` are compared")]),
];

#[test]
fn each_oddity_is_found_and_nothing_else() {
    for (file, expected) in CASES {
        let found = lint(false, &[file]);
        let kinds: Vec<RemarkKind> = found.iter().map(|remark| remark.kind).collect();
        let wanted: Vec<RemarkKind> = expected.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, wanted, "{file}: {found:#?}");
        for (remark, (_, message)) in found.iter().zip(*expected) {
            assert!(remark.message.contains(message), "{file}: {}", remark.message);
            assert!(!remark.help.is_empty() && remark.line.is_some());
        }
    }
}

#[test]
fn a_rule_that_a_later_file_has_is_shadowed_where_it_stands_first() {
    let found = lint(false, &["show: role:x", "\nshow: role:y"]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].kind, &*found[0].file), (RemarkKind::Shadowed, "0.yaml"));
    assert_eq!(found[0].message, "the rule is in 1.yaml:2 as well, which counts");
}

#[test]
fn the_default_in_a_file_ends_the_old_one_and_is_not_redundant_then() {
    assert_eq!(lint(false, &["create: role:member"]).len(), 1);
    assert_eq!(lint(true, &["create: role:member"]), []);
}
