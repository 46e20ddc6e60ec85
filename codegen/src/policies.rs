//! Reads a service's default policy rules from `policies.yaml`, and compares them with the rules
//! that its operations name.

use std::collections::BTreeSet;

use serde::Deserialize;
use squall_model::policy::DeprecatedRule;
use squall_model::{PolicyRule, ScopeType};

use crate::diagnostic::{Diagnostics, pointer};
use crate::model::Service;
use crate::read;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    name: String,
    check: String,
    #[serde(default)]
    scope_types: Vec<ScopeType>,
    deprecated: Option<Before>,
    #[serde(default)]
    deprecated_for_removal: bool,
    /// What upstream documents; what an operation really checks stands with the operation.
    #[serde(default, rename = "operations")]
    _operations: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    name: String,
    check: String,
    #[serde(default)]
    since: String,
}

/// Reads the rules. Every entry that cannot be read is reported.
pub(crate) fn rules(text: &str, sink: &mut Diagnostics) -> Vec<PolicyRule> {
    let Some(raw) = read::value(text, sink) else { return Vec::new() };
    let Some(list) = raw.get("rules").and_then(|rules| rules.as_array()) else {
        sink.error("/rules", "there is no list of rules", HELP);
        return Vec::new();
    };
    let mut names = BTreeSet::new();
    let mut out = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        let at = pointer("/rules", index);
        match Entry::deserialize(entry) {
            Ok(entry) if !names.insert(entry.name.clone()) => {
                let message = format!("the rule `{}` is there twice", entry.name);
                sink.error(at, message, "remove one of the two");
            }
            Ok(entry) => out.push(rule(entry)),
            Err(error) => sink.error(at, format!("invalid rule: {error}"), HELP),
        }
    }
    out
}

fn rule(entry: Entry) -> PolicyRule {
    let deprecated = entry.deprecated.map(|before| DeprecatedRule {
        name: before.name.into(),
        check: before.check.into(),
        since: before.since.into(),
    });
    PolicyRule {
        name: entry.name.into(),
        check: entry.check.into(),
        scope_types: entry.scope_types.into(),
        deprecated,
        deprecated_for_removal: entry.deprecated_for_removal,
    }
}

/// Reports each operation that checks a rule which the service does not have.
pub(crate) fn compare(service: &Service, rules: &[PolicyRule], sink: &mut Diagnostics) {
    let known: BTreeSet<&str> = rules.iter().map(|rule| rule.name.as_ref()).collect();
    for operation in &service.operations {
        for policy in &operation.policies {
            if !known.contains(policy.rule.as_ref()) {
                let message =
                    format!("`{}` checks `{}`, which is no rule here", operation.id, policy.rule);
                sink.error("/rules", message, "add the rule, or correct the operation's policies");
            }
        }
    }
}

const HELP: &str = "write `- {name: 'compute:servers:create', check: 'role:member', scope-types: [project]}`; \
     `deprecated` has name, check and since";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Source;

    fn read_rules(text: &str) -> Result<Vec<PolicyRule>, Vec<String>> {
        let mut sink = Diagnostics::new("policies.yaml");
        let rules = rules(text, &mut sink);
        let found = read::explain(text, sink);
        if found.is_empty() {
            Ok(rules)
        } else {
            Err(found.iter().map(ToString::to_string).collect())
        }
    }

    #[test]
    fn a_rule_is_read_with_all_that_it_says() {
        let text = "rules:\n- name: a\n  check: '!'\n  scope-types: [system, project]\n  \
                    deprecated: {name: b, check: '', since: X}\n  deprecated-for-removal: true\n  \
                    operations: [{method: GET, path: /a}]\n- {name: b, check: ''}\n";
        let expected = [
            PolicyRule::new("a", "!")
                .in_scopes(&[ScopeType::System, ScopeType::Project])
                .instead_of("b", "", "X")
                .deprecated_for_removal(),
            PolicyRule::new("b", ""),
        ];
        assert_eq!(read_rules(text), Ok(expected.to_vec()));
    }

    #[test]
    fn every_faulty_rule_is_reported_with_its_line() {
        let text = "rules:\n- {name: a, check: '@'}\n- {name: a, check: '!'}\n\
                    - {name: b, chek: '!'}\n- {name: c, check: '', scope-types: [galaxy]}\n";
        let found = read_rules(text).expect_err("three faults");
        assert_eq!(found.len(), 3, "{found:#?}");
        for (message, (line, words)) in found.iter().zip([
            (3, "the rule `a` is there twice"),
            (4, "unknown field `chek`"),
            (5, "unknown variant `galaxy`"),
        ]) {
            assert!(message.contains(words), "{message}");
            assert!(message.contains(&format!("policies.yaml:{line}")), "{message}");
        }
        assert!(read_rules("service: a\n").expect_err("no list")[0].contains("no list of rules"));
    }

    #[test]
    fn an_operation_may_check_only_a_rule_that_is_there() {
        let spec = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nx-openstack: {service: t}\n\
                    paths:\n  /a:\n    get:\n      operationId: t.a.list\n      \
                    x-openstack: {policies: [{rule: t:list, gate: gate}]}\n      \
                    responses: {'204': {description: d, x-openstack: {body: none}}}\n";
        for (rule, is_known) in [("t:list", true), ("t:lists", false)] {
            let mut outcome =
                crate::generate::service(Source { file: "openapi.yaml", text: spec }, None);
            let text = format!("rules: [{{name: '{rule}', check: '@'}}]");
            let rules = Source { file: "policies.yaml", text: &text };
            crate::generate::policy_rules(rules, &mut outcome);
            assert_eq!(outcome.service.is_some(), is_known, "{:#?}", outcome.diagnostics);
            let words = "`t.a.list` checks `t:list`, which is no rule here";
            let said = outcome.diagnostics.iter().any(|d| d.to_string().contains(words));
            assert_eq!(said, !is_known, "{:#?}", outcome.diagnostics);
        }
    }
}
