//! The rules of one service, compiled.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use squall_model::PolicyRule;
use squall_policy::{Caller, Credentials, Decision, Policy, RuleId, Target};

use super::PolicyFile;

/// The rules of one service, as a cloud enforces them.
#[derive(Debug)]
pub(crate) struct ServiceRules {
    policy: Policy,
    /// The rules about attributes, by the action that they belong to.
    attributes: HashMap<String, Vec<String>>,
    /// The credentials of the tokens seen last, with what they were made of.
    callers: Mutex<HashMap<String, (Caller, Arc<Credentials>)>>,
}

/// How many callers are remembered before all are forgotten.
const MOST_CALLERS: usize = 1024;

impl ServiceRules {
    /// Compiles the rules of a service, with the files that change them.
    pub(crate) fn new(
        service: &str,
        defaults: &[PolicyRule],
        files: &[&PolicyFile],
    ) -> Result<Self, squall_policy::Invalid> {
        let mut builder = Policy::builder(service).defaults(defaults).new_defaults_only(true);
        for file in files {
            builder = builder.file(file.name.as_str(), file.text.as_str());
        }
        Ok(Self::of(builder.build()?))
    }

    /// Compiles the rules of a service alone. What is wrong with them makes no difference to what
    /// the service does.
    pub(crate) fn defaults(service: &str, rules: &[PolicyRule]) -> Self {
        Self::of(Policy::builder(service).defaults(rules).build_anyway().0)
    }

    fn of(policy: Policy) -> Self {
        let mut attributes: HashMap<String, Vec<String>> = HashMap::new();
        for (_, rule) in policy.rules() {
            let name: &str = &rule.name;
            if let Some((action, _)) = name.split_once(':') {
                attributes.entry(action.to_owned()).or_default().push(name.to_owned());
            }
        }
        Self { policy, attributes, callers: Mutex::default() }
    }

    /// Returns what the rules see of a caller.
    pub(crate) fn credentials(&self, token: &str, caller: &Caller) -> Arc<Credentials> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, credentials)) = callers.get(token)
            && known == caller
        {
            return credentials.clone();
        }
        if callers.len() >= MOST_CALLERS {
            callers.clear();
        }
        let credentials = Arc::new(self.policy.credentials(caller));
        callers.insert(token.to_owned(), (caller.clone(), credentials.clone()));
        credentials
    }

    /// Decides by a rule. A rule that does not exist denies.
    pub(crate) fn decide(
        &self,
        rule: &str,
        credentials: &Credentials,
        target: &dyn Target,
    ) -> Decision {
        let found = self.rule(rule);
        debug_assert!(found.is_some(), "no rule of {} is called {rule}", self.policy.service());
        found.map_or(Decision::Deny, |rule| self.policy.check(rule, credentials, target))
    }

    /// Decides by a rule that is one of several, whose scopes are not looked at.
    pub(crate) fn allows_any_scope(
        &self,
        rule: &str,
        credentials: &Credentials,
        target: &dyn Target,
    ) -> bool {
        let rule = self.rule(rule);
        rule.is_some_and(|rule| self.policy.check_any_scope(rule, credentials, target).is_allowed())
    }

    /// Whether a rule exists and allows a caller what it asks of itself.
    pub(crate) fn holds(&self, rule: &str, credentials: &Credentials, own: &dyn Target) -> bool {
        self.rule(rule).is_some_and(|rule| self.policy.check(rule, credentials, own).is_allowed())
    }

    pub(crate) fn has(&self, rule: &str) -> bool {
        self.rule(rule).is_some()
    }

    fn rule(&self, name: &str) -> Option<RuleId> {
        self.policy.rule(name)
    }

    /// Returns the rule about an attribute.
    pub(crate) fn attribute_rule(&self, rule: &str, attribute: &str) -> Option<&str> {
        let action = rule.split(':').next().unwrap_or_default();
        let names = self.attributes.get(action)?.iter();
        names.map(String::as_str).find(|name| {
            let rest = name.strip_prefix(rule).and_then(|rest| rest.strip_prefix(':'));
            rest == Some(attribute)
        })
    }
}
