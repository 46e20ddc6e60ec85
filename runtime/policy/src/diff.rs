//! What changes between two policies: who gains and who loses what.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::Credentials;
use crate::check::Decision;
use crate::compile::RuleId;
use crate::personas::{self, Persona};
use crate::policy::Policy;
use crate::situation::{PLACES, Situation, USER, Whose};

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The rule.
    pub rule: String,
    /// The check before; `None` for a new rule.
    pub before: Option<String>,
    /// The check after; `None` for a rule that is gone.
    pub after: Option<String>,
    /// Who is allowed now and was not; for a new rule, who is allowed.
    pub gains: Vec<Reach>,
    /// Who was allowed and is not any more.
    pub loses: Vec<Reach>,
    /// Whether another rule refers to it.
    pub is_part: bool,
}

/// A persona, and whose targets it may reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The persona.
    pub persona: &'static str,
    /// Whose targets.
    pub whose: Vec<Whose>,
}

/// Compares what every persona may do, on targets of its own, its project's and others'. Rules
/// whose text changed are there even if that changes nothing for any persona.
pub fn diff(before: &Policy, after: &Policy) -> Vec<Change> {
    let (was, is) = (Askers::of(before), Askers::of(after));
    let names: BTreeSet<&str> =
        before.rules().chain(after.rules()).map(|(_, rule)| rule.name.as_str()).collect();
    let parts: BTreeSet<&str> = parts(before).chain(parts(after)).collect();
    let mut changes = Vec::new();
    for name in names {
        let (old, new) = (before.rule(name), after.rule(name));
        let text = |policy: &Policy, rule: Option<RuleId>| {
            rule.map(|rule| policy.info(rule).check.clone())
        };
        let mut change = Change {
            rule: name.to_owned(),
            before: text(before, old),
            after: text(after, new),
            gains: Vec::new(),
            loses: Vec::new(),
            is_part: parts.contains(name),
        };
        for persona in personas::ALL {
            let allowed = |askers: &Askers<'_>, rule: Option<RuleId>| {
                rule.map(|rule| askers.allowed(rule, persona)).unwrap_or_default()
            };
            let (old, new) = (allowed(&was, old), allowed(&is, new));
            let only = |these: &[Whose], others: &[Whose]| {
                these.iter().copied().filter(|one| !others.contains(one)).collect::<Vec<_>>()
            };
            for (list, whose) in
                [(&mut change.gains, only(&new, &old)), (&mut change.loses, only(&old, &new))]
            {
                if !whose.is_empty() {
                    list.push(Reach { persona: persona.name, whose });
                }
            }
        }
        let same = change.before == change.after;
        if !(same && change.gains.is_empty() && change.loses.is_empty()) {
            changes.push(change);
        }
    }
    changes
}

/// The personas with their credentials at a policy.
struct Askers<'p> {
    policy: &'p Policy,
    credentials: Vec<(Persona, Credentials)>,
}

impl<'p> Askers<'p> {
    fn of(policy: &'p Policy) -> Self {
        let credentials = personas::ALL
            .map(|persona| (persona, policy.credentials(&persona.caller(USER, PLACES))));
        Self { policy, credentials: credentials.into() }
    }

    /// Returns whose targets a persona may reach.
    fn allowed(&self, rule: RuleId, persona: Persona) -> Vec<Whose> {
        let Some((_, who)) = self.credentials.iter().find(|(one, _)| *one == persona) else {
            return Vec::new();
        };
        let allows =
            |whose: &Whose| self.policy.check(rule, who, &Situation::of(*whose)) == Decision::Allow;
        Whose::ALL.into_iter().filter(|whose| allows(whose)).collect()
    }
}

/// Returns the rules that others refer to.
fn parts(policy: &Policy) -> impl Iterator<Item = &str> {
    policy.referred().into_iter().map(|rule| policy.info(rule).name.as_str())
}

#[cfg(test)]
mod tests {
    use squall_model::PolicyRule;

    use super::*;

    #[test]
    fn who_gains_and_who_loses_is_said_by_persona_and_target() {
        let before = [
            PolicyRule::new("admin", "role:admin"),
            PolicyRule::new("a", "rule:admin or project_id:%(project_id)s"),
            PolicyRule::new("gone", "@"),
        ];
        let after = [
            PolicyRule::new("admin", "role:admin"),
            PolicyRule::new("a", "rule:admin or role:manager"),
            PolicyRule::new("new", "role:service"),
        ];
        let build =
            |rules: &[PolicyRule]| Policy::builder("other").defaults(rules).build().unwrap();
        let changes = diff(&build(&before), &build(&after));
        let names: Vec<&str> = changes.iter().map(|change| &*change.rule).collect();
        assert_eq!(names, ["a", "gone", "new"]);
        let reach = |list: &[Reach]| {
            list.iter().map(|one| format!("{} {:?}", one.persona, one.whose)).collect::<Vec<_>>()
        };
        assert_eq!(
            reach(&changes[0].gains),
            [
                "project-manager [Foreign]",
                "other-project-manager [Own, Project, Foreign]",
                "domain-manager [Own, Project, Foreign]"
            ]
        );
        assert_eq!(
            reach(&changes[0].loses),
            [
                "project-member [Own, Project]",
                "project-reader [Own, Project]",
                "project-foo [Own, Project]"
            ]
        );
        assert_eq!((changes[1].after.as_deref(), changes[1].loses.len()), (None, 14));
        assert_eq!(reach(&changes[2].gains), ["service [Own, Project, Foreign]"]);
        assert!(!changes[0].is_part);
    }
}
