//! Reads the default rules of a release from its sample policy file.
//!
//! `oslopolicy-sample-generator` writes every default as a comment, with its scopes before it and
//! what it replaces after it (oslo.policy 6.0.1, `oslo_policy.generator`). As a policy file that
//! changes nothing, but it says what the defaults of that release are.

use std::sync::LazyLock;

use regex::Regex;
use squall_model::policy::DeprecatedRule;
use squall_model::{PolicyRule, ScopeType};

/// Reads the commented rules of a sample file; none of another file.
pub fn read(text: &str) -> Vec<PolicyRule> {
    let mut rules: Vec<PolicyRule> = Vec::new();
    let mut scopes = Vec::new();
    let mut removal = false;
    let mut note: Option<String> = None;
    for line in text.lines().chain([""]) {
        let line = line.trim_end();
        if let Some((name, check)) = line.strip_prefix('#').and_then(rule) {
            rules.push(PolicyRule {
                name: name.to_owned().into(),
                check: check.to_owned().into(),
                scope_types: std::mem::take(&mut scopes).into(),
                deprecated: None,
                deprecated_for_removal: std::mem::take(&mut removal),
            });
            note = None;
            continue;
        }
        let comment = line.strip_prefix('#').map(str::trim);
        match (comment, &mut note) {
            (Some("DEPRECATED"), _) => note = Some(String::new()),
            (Some(more), Some(note)) => {
                // What is wrapped at a hyphen was one word.
                if !note.is_empty() && !note.ends_with('-') {
                    note.push(' ');
                }
                note.push_str(more);
                removal |= REMOVAL.is_match(note);
                if let Some(before) = replaced(note, &rules)
                    && let Some(rule) = rules.last_mut()
                {
                    rule.deprecated = Some(before);
                }
            }
            (Some(comment), None) => {
                if let Some(list) = comment.strip_prefix("Intended scope(s):") {
                    scopes = list.split(',').filter_map(|name| scope(name.trim())).collect();
                }
            }
            (None, _) => note = None,
        }
    }
    rules
}

/// `"name" has been deprecated since …`, before a rule that will go.
static REMOVAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^"[^"]+" has been deprecated since"#));

/// `"old":"check" has been deprecated since 1 in favor of "new":"check".`, after the new rule.
static REPLACED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"^"([^"]+)":"(.*)" has been deprecated since (\S+) in favor of "([^"]+)":"#)
});

#[expect(clippy::expect_used, reason = "the patterns are constants, and tests use them")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

fn replaced(note: &str, rules: &[PolicyRule]) -> Option<DeprecatedRule> {
    let found = REPLACED.captures(note)?;
    (rules.last()?.name == found[4]).then(|| DeprecatedRule {
        name: found[1].to_owned().into(),
        check: found[2].to_owned().into(),
        since: found[3].to_owned().into(),
    })
}

/// Reads `"name": "check"`. Nothing in it is escaped.
fn rule(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix('"')?.strip_suffix('"')?;
    inner.split_once("\": \"")
}

fn scope(name: &str) -> Option<ScopeType> {
    [ScopeType::System, ScopeType::Domain, ScopeType::Project]
        .into_iter()
        .find(|scope| scope.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"# Decides what is required
#"context_is_admin": "role:admin"

# DEPRECATED
# "admin_api" has been deprecated since 21.0.0.
# Nova API policies are introducing new default roles.
# Default rule for most Admin APIs.
#"admin_api": "is_admin:True"

# Create a server
# POST  /servers
# Intended scope(s): system, project
#"os_compute_api:servers:create": "rule:project_member_or_admin"

# DEPRECATED
# "rule:admin_or_owner":"is_admin:True or project_id:%(project_id)s" has
# been deprecated since 21.0.0 in favor of "os_compute_api:servers:cre-
# ate":"rule:project_member_or_admin".
# WARNING: A rule name change has been identified.
# "rule:admin_or_owner": "rule:os_compute_api:servers:create"

#"last": ""
"#;

    #[test]
    fn commented_rules_are_read_with_scopes_and_what_they_replace() {
        let sample = SAMPLE.replace("cre-\n# ate", "create");
        let rules = read(&sample);
        let names: Vec<&str> = rules.iter().map(|rule| &*rule.name).collect();
        assert_eq!(
            names,
            ["context_is_admin", "admin_api", "os_compute_api:servers:create", "last"]
        );
        assert!(rules[1].deprecated_for_removal && !rules[2].deprecated_for_removal);
        assert_eq!(*rules[2].scope_types, [ScopeType::System, ScopeType::Project]);
        assert!(rules[3].scope_types.is_empty());
        let before = rules[2].deprecated.as_ref().unwrap();
        assert_eq!(before.name, "rule:admin_or_owner");
        assert_eq!(before.check, "is_admin:True or project_id:%(project_id)s");
        assert_eq!(before.since, "21.0.0");
        assert_eq!(rules[3].check, "");
    }

    #[test]
    fn a_file_with_rules_of_its_own_has_none() {
        assert_eq!(read("# a comment\n\"a\": \"role:b\"\n"), []);
    }
}
