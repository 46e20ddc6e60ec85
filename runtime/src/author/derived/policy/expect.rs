//! What is expected of a service: what its rules say of a caller and a resource, and how it
//! refuses.

use std::collections::BTreeMap;

use serde_json::Value;
use squall_model::{Gate, Method};
use squall_policy::{Decision, Policy};
use squall_records::{ExpectedAccess, TargetOwner};

use super::persona::Acting;
use super::plan::PolicyCase;
use super::target::Subject;
use crate::services;
use crate::{Failure, Result};

/// The rules of each service.
pub(super) struct Policies(BTreeMap<&'static str, Policy>);

impl Policies {
    /// Compiles the default rules of every service.
    ///
    /// # Errors
    /// Every mistake in them.
    pub(super) fn new() -> Result<Self> {
        let mut policies = BTreeMap::new();
        for (spec, rules) in services::policy_rules() {
            if rules.is_empty() {
                continue;
            }
            let policy = Policy::builder(spec.name).defaults(rules).build();
            let policy = policy.map_err(|invalid| {
                let all: Vec<String> = invalid.0.iter().map(ToString::to_string).collect();
                Failure::new(format!("the rules of {}: {}", spec.name, all.join("\n")))
            })?;
            policies.insert(spec.name, policy);
        }
        Ok(Self(policies))
    }

    fn of(&self, service: &str) -> Result<&Policy> {
        self.0.get(service).ok_or_else(|| Failure::skip(format!("{service} has no policy rules")))
    }
}

/// What is expected of a service when a persona sends a request.
#[derive(Debug, Clone)]
pub(super) struct Expectation {
    pub(super) access: ExpectedAccess,
    pub(super) owner: TargetOwner,
    /// Whether the service looks for the resource among what the persona has.
    pub(super) among_own: bool,
    /// The rule that decides, and why.
    pub(super) why: String,
    /// Why nothing can be expected: a rule cannot be evaluated.
    pub(super) unknown: Option<String>,
}

impl Expectation {
    pub(super) fn is_allowed(&self) -> bool {
        self.access == ExpectedAccess::Allowed
    }
}

/// Returns what is expected: the request is done if every rule that the operation always checks
/// allows it.
///
/// # Errors
/// The service does not have the rule, which skips the test.
pub(super) fn of(
    policies: &Policies,
    case: &PolicyCase,
    subject: &Subject<'_>,
    caller: &Acting,
) -> Result<Expectation> {
    let policy = policies.of(case.spec.name)?;
    let owner = subject.owner(caller);
    let attributes = subject.attributes(caller);
    let among_own = is_among_own(case, subject, caller, owner);
    let gates = case.operation.policies.iter().filter(|one| one.gate == Gate::Gate);
    let gates = gates.map(|one| one.rule.as_ref()).filter(|rule| *rule != case.rule);
    for rule in std::iter::once(case.rule).chain(gates) {
        let (decision, why) = decide(policy, rule, caller, &attributes)?;
        if decision == Decision::Allow {
            continue;
        }
        if decision == Decision::Fails {
            let unknown = Some(why.clone());
            return Ok(Expectation {
                access: ExpectedAccess::Denied,
                owner,
                among_own,
                why,
                unknown,
            });
        }
        let (access, how) = refusal(policy, case, subject, caller, &attributes);
        let why = if how.is_empty() { why } else { format!("{why}; {how}") };
        return Ok(Expectation { access, owner, among_own, why, unknown: None });
    }
    let (_, why) = decide(policy, case.rule, caller, &attributes)?;
    let access = ExpectedAccess::Allowed;
    Ok(Expectation { access, owner, among_own, why, unknown: None })
}

/// Asks a rule, and returns why it says so, in one line.
fn decide(
    policy: &Policy,
    rule: &str,
    caller: &Acting,
    attributes: &Value,
) -> Result<(Decision, String)> {
    let id = policy
        .rule(rule)
        .ok_or_else(|| Failure::skip(format!("the service's policy has no rule `{rule}`")))?;
    let credentials = policy.credentials(&caller.caller);
    let decision = policy.check(id, &credentials, attributes);
    let note = policy.explain(id, &credentials, attributes).note;
    let why = if note.is_empty() {
        format!("`{rule}` is `{}`", policy.info(id).check)
    } else {
        format!("`{rule}`: {note}")
    };
    Ok((decision, why))
}

/// Whether a rule allows a caller; one that is not defined allows no one.
fn allows(policy: &Policy, rule: &str, caller: &Acting, attributes: &Value) -> bool {
    policy.rule(rule).is_some_and(|rule| {
        policy.check(rule, &policy.credentials(&caller.caller), attributes) == Decision::Allow
    })
}

/// Returns how a service refuses what its rules deny, and why in that way.
fn refusal(
    policy: &Policy,
    case: &PolicyCase,
    subject: &Subject<'_>,
    caller: &Acting,
    attributes: &Value,
) -> (ExpectedAccess, &'static str) {
    use ExpectedAccess::{Denied, DeniedOrHidden, Hidden, SoftlyDenied};
    let owner = subject.owner(caller);
    match case.spec.name {
        "network" => {
            let operation = case.operation;
            if subject.listed().is_some() {
                (SoftlyDenied, "network leaves out of a list what the caller may not see")
            } else if operation.method == Method::Post
                && operation.path_parameters().next().is_none()
            {
                (Denied, "")
            } else if operation.method == Method::Get {
                (Hidden, "network hides what the caller may not see")
            } else {
                let shows = subject
                    .named()
                    .and_then(|one| one.resource().kind.name.strip_prefix("network."))
                    .map(|kind| format!("get_{kind}"));
                match shows {
                    Some(rule) if policy.rule(&rule).is_some() => {
                        if owner == TargetOwner::Own && allows(policy, &rule, caller, attributes) {
                            (Denied, "the caller may see it")
                        } else {
                            (Hidden, "network hides what the caller may not see")
                        }
                    }
                    _ => (DeniedOrHidden, "network hides what the caller may not see"),
                }
            }
        }
        "image" if subject.named().is_some() => {
            if owner == TargetOwner::Own && allows(policy, "get_image", caller, attributes) {
                (Denied, "the caller may see the image")
            } else {
                (DeniedOrHidden, "image hides what the caller may not see")
            }
        }
        "compute" | "volume" if owner == TargetOwner::Other => (
            DeniedOrHidden,
            "the service looks for it among what the caller's project has, before it asks the rule \
             or after",
        ),
        "compute" | "identity" | "placement" | "volume" | "image" => (Denied, ""),
        // A plugin's service may do either.
        _ if owner == TargetOwner::Other => (DeniedOrHidden, "the service may hide it"),
        _ => (Denied, ""),
    }
}

/// Whether a resource is looked for among what the caller has, whatever the rules say: unless
/// the caller is an administrator, databases return what its project has
/// (`nova.db.main.api.InstanceList`, `project_only` in cinder).
fn is_among_own(
    case: &PolicyCase,
    subject: &Subject<'_>,
    caller: &Acting,
    owner: TargetOwner,
) -> bool {
    if owner != TargetOwner::Other {
        return false;
    }
    let looks = matches!(case.spec.name, "compute" | "volume" | "image" | "network");
    subject.is_private() || looks && !caller.has_role("admin")
}
