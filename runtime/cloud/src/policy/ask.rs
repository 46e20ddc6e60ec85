//! Asking a rule, and refusing in the service's own words.

use squall_model::Gate;
use squall_policy::{Decision, Target};

use crate::fault::Fault;
use crate::request::RequestContext;
use crate::world::network;

impl RequestContext {
    /// Whether a rule allows the caller what it asks of a target.
    pub(crate) fn may(&self, rule: &str, target: &dyn Target) -> bool {
        self.decide(rule, target).is_allowed()
    }

    /// Refuses the request unless a rule allows it.
    pub(crate) fn ask(&self, rule: &str, target: &dyn Target) -> Result<(), Fault> {
        match self.decide(rule, target) {
            Decision::Allow => Ok(()),
            Decision::Deny | Decision::WrongScope => Err(self.refused(rule)),
            Decision::Fails => Err(Fault::new(
                500,
                format!("The policy rule {rule} cannot be evaluated for this request."),
            )),
        }
    }

    /// Whether all of several rules allow the caller what it asks of a target. Only a single one
    /// is for certain scopes (neutron 29.0.0, `neutron.policy._build_match_rule`).
    pub(crate) fn may_all(&self, rules: &[&str], target: &dyn Target) -> bool {
        match (rules, &self.rules, &self.credentials) {
            ([rule], _, _) => self.may(rule, target),
            (_, Some(own), Some(credentials)) => {
                rules.iter().all(|rule| own.allows_any_scope(rule, credentials, target))
            }
            _ => true,
        }
    }

    /// Refuses the request unless every rule that its operation always checks allows it.
    pub(crate) fn ask_gates(&self, target: &dyn Target) -> Result<(), Fault> {
        self.gates().try_for_each(|rule| self.ask(rule, target))
    }

    /// Walks the rules that the operation always checks.
    pub(crate) fn gates(&self) -> impl Iterator<Item = &'static str> {
        let policies = self.operation.policies.iter();
        policies.filter(|policy| policy.gate == Gate::Gate).map(|policy| policy.rule.as_ref())
    }

    /// Returns the rule about an attribute: `create_port:fixed_ips` for `create_port`.
    pub(crate) fn attribute_rule(&self, rule: &str, attribute: &str) -> Option<&str> {
        self.rules.as_ref()?.attribute_rule(rule, attribute)
    }

    fn decide(&self, rule: &str, target: &dyn Target) -> Decision {
        match (&self.rules, &self.credentials) {
            (Some(rules), Some(credentials)) => rules.decide(rule, credentials, target),
            // A service without rules of its own, or a request that needs no token.
            _ => Decision::Allow,
        }
    }

    /// Returns the fault of a request that a rule denies.
    pub(crate) fn refused(&self, rule: &str) -> Fault {
        match self.operation.service() {
            "identity" => Fault::forbidden(format!(
                "You are not authorized to perform the requested action: {rule}."
            )),
            "network" => network::policy::disallowed(&format!("rule:{rule}")),
            "image" => {
                Fault::forbidden(format!("You are not authorized to complete {rule} action."))
            }
            "placement" => {
                Fault::forbidden(format!("Policy does not allow {rule} to be performed."))
            }
            _ => Fault::forbidden(format!("Policy doesn't allow {rule} to be performed.")),
        }
    }
}
