//! What is expected of a service: what its rules say of a caller and a resource, and how it
//! refuses.

use std::collections::BTreeMap;

use serde_json::Value;
use squall_model::{Gate, Method};
use squall_policy::{Decision, Policy};
use squall_records::{ExpectedAccess, TargetOwner};

use super::answer::Unlisted;
use super::persona::Acting;
use super::plan::PolicyCase;
use super::target::Subject;
use crate::described::How;
use crate::policy_files::ServicePolicyFiles;
use crate::services;
use crate::settings::CloudSettings;
use crate::{Failure, Result};

/// The rules of each service.
pub(crate) struct Policies(BTreeMap<&'static str, Policy>);

impl Policies {
    /// Compiles the default rules of every service, and the policy files of a cloud over them.
    ///
    /// # Errors
    /// Every mistake in them.
    pub(crate) fn new(settings: &CloudSettings) -> Result<Self> {
        let files = ServicePolicyFiles::of(settings);
        let mut policies = BTreeMap::new();
        for (spec, rules) in services::policy_rules() {
            if rules.is_empty() {
                continue;
            }
            let mut builder = Policy::builder(spec.name).defaults(rules);
            for of_service in files.iter().filter(|one| one.service() == spec.name) {
                for (name, text) in of_service.read()? {
                    builder = builder.file(name, text);
                }
            }
            let policy = builder.build().map_err(|invalid| {
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

/// Returns what is expected: the request is done if every rule that the service asks allows it.
///
/// Nothing can be expected of a rule that cannot be evaluated, nor of one that allows what another
/// rule denies.
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
    let expected = |access, why| Expectation { access, owner, among_own, why, unknown: None };
    let unknown = |why: String| Expectation {
        unknown: Some(why.clone()),
        ..expected(ExpectedAccess::Denied, why)
    };
    let others = others(policy, case, subject);
    // Network checks the scope of a rule that it asks alone (neutron 29.0.0,
    // `neutron.policy._build_match_rule`: what joins rules has no scope types).
    let shows = !case.shows.is_empty();
    let any_scope = case.spec.name == "network" && !shows && !others.is_empty();
    let (decision, why) = decide(policy, case.rule, caller, &attributes, any_scope)?;
    if decision == Decision::Fails {
        return Ok(unknown(why));
    }
    for rule in others {
        let (other, why) = decide(policy, &rule, caller, &attributes, any_scope)?;
        if other != Decision::Allow && (decision == Decision::Allow || shows) {
            return Ok(unknown(format!("another rule denies it: {why}")));
        }
    }
    Ok(match decision {
        Decision::Allow => expected(ExpectedAccess::Allowed, why),
        _ if shows => expected(ExpectedAccess::SoftlyDenied, why),
        _ => {
            let (access, how) = refusal(policy, case, subject, caller, &attributes);
            let why = if how.is_empty() { why } else { format!("{why}; {how}") };
            expected(access, why)
        }
    })
}

/// Returns the other rules that the service asks about a request: those that it always asks, and in
/// network one for each attribute in the body that has a rule (neutron 29.0.0,
/// `neutron.policy._build_match_rule`).
fn others(policy: &Policy, case: &PolicyCase, subject: &Subject<'_>) -> Vec<String> {
    let gates = case.operation.policies.iter().filter(|one| one.gate == Gate::Gate);
    let mut rules: Vec<String> = gates.map(|one| one.rule.to_string()).collect();
    if case.spec.name == "network"
        && let (Some(gate), Some(body)) = (rules.first().cloned(), subject.body())
    {
        for (name, value) in body {
            let rule = format!("{gate}:{name}");
            let parts: Vec<&Value> = match value {
                Value::Array(items) => items.iter().collect(),
                other => vec![other],
            };
            for part in parts.into_iter().filter_map(Value::as_object) {
                rules.extend(part.keys().map(|key| format!("{rule}:{key}")));
            }
            rules.push(rule);
        }
        rules.retain(|rule| policy.rule(rule).is_some());
    }
    rules.retain(|rule| rule != case.rule);
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Asks a rule, and returns why it says so, in one line.
fn decide(
    policy: &Policy,
    rule: &str,
    caller: &Acting,
    attributes: &Value,
    any_scope: bool,
) -> Result<(Decision, String)> {
    let id = policy
        .rule(rule)
        .ok_or_else(|| Failure::skip(format!("the service's policy has no rule `{rule}`")))?;
    let credentials = policy.credentials(&caller.caller);
    let decision = if any_scope {
        policy.check_any_scope(id, &credentials, attributes)
    } else {
        policy.check(id, &credentials, attributes)
    };
    let note = policy.explain(id, &credentials, attributes).note;
    let why = if note.is_empty() || any_scope {
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
    use ExpectedAccess::{Denied, DeniedOrHidden};
    let owner = subject.owner(caller);
    match case.spec.name {
        "network" => of_network(policy, case, subject, caller, attributes),
        "image"
            if owner == TargetOwner::Own && !case.operation.resource().starts_with("metadef") =>
        {
            if allows(policy, "get_image", caller, attributes) {
                (Denied, "the caller may see the image")
            } else {
                (DeniedOrHidden, "image hides what the caller may not see")
            }
        }
        // A namespace is hidden, and so is what would be in it.
        "image"
            if owner == TargetOwner::Other || case.operation.resource().starts_with("metadef") =>
        {
            (DeniedOrHidden, "image hides what the caller may not see")
        }
        "compute" | "volume" if owner == TargetOwner::Other => (
            DeniedOrHidden,
            "the service looks for it among what the caller's project has, before it asks the rule \
             or after",
        ),
        // Cinder gets the volume first, as one that is not there for who may not get it.
        "volume"
            if owner == TargetOwner::Own && !allows(policy, "volume:get", caller, attributes) =>
        {
            (DeniedOrHidden, "volume hides what the caller may not get")
        }
        "compute" | "identity" | "placement" | "volume" | "image" => (Denied, ""),
        // A plugin's service may do either.
        _ if owner == TargetOwner::Other => (DeniedOrHidden, "the service may hide it"),
        _ => (Denied, ""),
    }
}

/// Network answers 404 for what the caller may not see; to one who may see it and not change it,
/// and to one who may not create it, 403 (neutron 29.0.0,
/// `neutron.pecan_wsgi.hooks.policy_enforcement.PolicyHook`). Tags have a controller of their own,
/// which always answers 403, and what is below another resource may fail with that.
fn of_network(
    policy: &Policy,
    case: &PolicyCase,
    subject: &Subject<'_>,
    caller: &Acting,
    attributes: &Value,
) -> (ExpectedAccess, &'static str) {
    use ExpectedAccess::{Denied, DeniedOrHidden, Hidden, SoftlyDenied};
    const HIDES: &str = "network hides what the caller may not see";
    let operation = case.operation;
    let parameters = operation.path_parameters().count();
    if operation.resource().ends_with("_tags") {
        return (Denied, "");
    }
    if subject.unlisted() == Some(Unlisted::LeftOut) {
        return (SoftlyDenied, "network leaves out of a list what the caller may not see");
    }
    if parameters == 0 {
        return if subject.refers_to_others(caller) {
            (DeniedOrHidden, HIDES)
        } else {
            (Denied, "")
        };
    }
    let How::Standard(resource, _) = case.how else { return (DeniedOrHidden, HIDES) };
    if parameters > 1 || operation.verb().starts_with("list") {
        return (DeniedOrHidden, HIDES);
    }
    if operation.method == Method::Get {
        return (Hidden, HIDES);
    }
    let kind = resource.kind.name.trim_start_matches("network.").replace('_', "");
    let shows = policy
        .rules()
        .map(|(_, rule)| rule.name.as_str())
        .find(|name| name.strip_prefix("get_").is_some_and(|name| name.replace('_', "") == kind));
    match shows {
        // It may see what it sends, and not find what there is.
        Some(rule) if allows(policy, rule, caller, attributes) => match subject.owner(caller) {
            TargetOwner::Other => (DeniedOrHidden, HIDES),
            TargetOwner::Own | TargetOwner::Cloud => (Denied, "the caller may see it"),
        },
        Some(_) => (Hidden, HIDES),
        None => (DeniedOrHidden, HIDES),
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
    let is_flavor = subject.named().is_some_and(|one| one.resource().kind.name == "compute.flavor");
    let others = owner == TargetOwner::Other
        || owner == TargetOwner::Cloud && (is_flavor || subject.refers_to_others(caller));
    if !others {
        return false;
    }
    let looks = matches!(case.spec.name, "compute" | "volume" | "image" | "network");
    subject.is_private() || looks && !caller.has_role("admin")
}
