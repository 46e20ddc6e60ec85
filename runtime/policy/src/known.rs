//! Which attributes of a caller the rules of a service can ask for.

use std::collections::HashMap;

use squall_model::suggest;

use crate::compile::RuleId;
use crate::syntax::{Problem, shown};

/// What every service has: oslo.context 6.5.0, `RequestContext.to_policy_values`, and `system`,
/// which `oslo_policy.policy.Enforcer.enforce` adds.
const COMMON: &[&str] = &[
    "user_id",
    "user_domain_id",
    "system_scope",
    "system",
    "domain_id",
    "project_id",
    "project_domain_id",
    "roles",
    "is_admin_project",
    "service_user_id",
    "service_user_domain_id",
    "service_project_id",
    "service_project_domain_id",
    "service_roles",
];

/// What a service adds, see `caller`. `None` for a service that is not known.
fn added(service: &str) -> Option<&'static [&'static str]> {
    Some(match service {
        "compute" | "volume" => &["is_admin"],
        "network" => &[
            "is_admin",
            "has_global_access",
            "can_set_project_id",
            "user",
            "domain",
            "user_domain",
            "project_domain",
            "project_name",
            "user_name",
        ],
        "identity" => &["token"],
        "image" | "placement" => &[],
        _ => return None,
    })
}

/// Whether callers of a service may have an attribute; of an unknown service, any.
pub(crate) fn has(service: &str, keys: &[Box<str>]) -> bool {
    let Some(added) = added(service) else { return true };
    // Upstream's rules ask for it, and only a token of long ago has it (keystone 30.0.0,
    // `keystone.common.policies.base`: `is_admin:1`).
    let former = service == "identity" && keys.first().is_some_and(|key| **key == *"is_admin");
    former || keys.first().is_some_and(|key| COMMON.contains(&&**key) || added.contains(&&**key))
}

/// A check that is neither one of oslo.policy's or the service's, nor an attribute of a caller.
pub(crate) fn unknown(service: &str, kind: &str, value: &str, kinds: &[&str]) -> Problem {
    let names = kinds.iter().chain(COMMON).chain(added(service).unwrap_or_default()).copied();
    let near = suggest::did_you_mean(kind, names);
    Problem::new(
        format!(
            "unknown check `{}`: no caller of {service} has such an attribute",
            shown(&format!("{kind}:{value}"))
        ),
        match near {
            Some(near) => format!("{near} As it is, the check always denies"),
            None => format!(
                "use {} or an attribute of the caller such as `user_id`; as it is, the check always \
                 denies",
                kinds.iter().map(|kind| format!("`{kind}:`")).collect::<Vec<_>>().join(", ")
            ),
        },
    )
}

/// A reference to a rule that is not defined.
pub(crate) fn undefined(name: &str, rules: &HashMap<String, RuleId>) -> Problem {
    let near = suggest::did_you_mean(name, rules.keys().map(String::as_str));
    let instead = if rules.contains_key("default") {
        "oslo.policy asks the rule `default` instead"
    } else {
        "oslo.policy denies instead"
    };
    Problem::new(
        format!("the rule refers to `{}`, which is not defined", shown(name)),
        match near {
            Some(near) => format!("{near} As it is, {instead}"),
            None => format!("define it, or refer to another rule; {instead}"),
        },
    )
}
