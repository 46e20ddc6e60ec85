//! How each service turns a token into the credentials that its rules see.

use serde_json::{Map, Value as Json, json};

use crate::{Credentials, Policy, Target};

/// Who sends a request, and with what rights: what a token says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The id of the user.
    pub user_id: String,
    /// The name of the user.
    pub user_name: String,
    /// The id of the user's domain.
    pub user_domain_id: String,
    /// What the token is scoped to.
    pub scope: Scope,
    /// The names of the roles, implied ones included (see [`implied`](crate::roles::implied)).
    pub roles: Vec<String>,
    /// The roles of the service that forwarded the request, if it sent a token of its own.
    pub service_roles: Vec<String>,
}

/// What a token is scoped to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// Nothing.
    #[default]
    Unscoped,
    /// A project.
    Project {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// The id of its domain.
        domain_id: String,
    },
    /// A domain.
    Domain {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// The whole deployment.
    System,
}

impl Caller {
    fn project_id(&self) -> Option<&str> {
        match &self.scope {
            Scope::Project { id, .. } => Some(id),
            Scope::Unscoped | Scope::Domain { .. } | Scope::System => None,
        }
    }
}

impl Policy {
    /// Turns a token into the credentials that the service hands to its rules. Some are decided
    /// by rules themselves, such as `is_admin`.
    pub fn credentials(&self, caller: &Caller) -> Credentials {
        credentials(self, caller)
    }
}

fn credentials(policy: &Policy, caller: &Caller) -> Credentials {
    let mut values = common(caller);
    match policy.service() {
        "compute" => {
            // nova 34.0.0, `nova.context.RequestContext` and `nova.policy.check_is_admin`: the
            // target is the caller's own project.
            values.insert("is_admin".into(), Json::Null);
            let own = json!({"project_id": caller.project_id(), "user_id": caller.user_id});
            let admin = holds(policy, "context_is_admin", &values, &own);
            values.insert("is_admin".into(), admin.into());
        }
        "volume" => {
            // cinder 29.0.0, `cinder.policy.check_is_admin`: the target is the credentials.
            values.insert("is_admin".into(), Json::Null);
            let own = Json::Object(values.clone());
            let admin = holds(policy, "context_is_admin", &values, &own);
            values.insert("is_admin".into(), admin.into());
        }
        "network" => network(policy, caller, &mut values),
        "image" => {
            // glance 33.0.0, `ContextMiddleware._get_authenticated_context` lower-cases roles. Its
            // context has `is_admin`, but `to_policy_values` does not pass it on.
            let lower = |role: &String| Json::from(role.to_lowercase());
            values.insert("roles".into(), caller.roles.iter().map(lower).collect());
        }
        "identity" => {
            // keystone 30.0.0, `keystone.common.context.RequestContext.to_policy_values`, and
            // `AuthContextMiddleware._keystone_specific_values` for the scope of a domain.
            if matches!(caller.scope, Scope::Domain { .. }) {
                values.insert("is_admin_project".into(), false.into());
            }
            values.insert("token".into(), token(caller));
        }
        _ => {}
    }
    Credentials::from_json(values)
}

/// oslo.context 6.5.0, `RequestContext.to_policy_values`. `is_admin_project` is true unless a
/// token says otherwise (`from_environ`).
fn common(caller: &Caller) -> Map<String, Json> {
    let (project, project_domain) = match &caller.scope {
        Scope::Project { id, domain_id, .. } => (Some(id), Some(domain_id)),
        Scope::Unscoped | Scope::Domain { .. } | Scope::System => (None, None),
    };
    let domain = match &caller.scope {
        Scope::Domain { id, .. } => Some(id),
        Scope::Unscoped | Scope::Project { .. } | Scope::System => None,
    };
    let system = matches!(caller.scope, Scope::System).then_some("all");
    object([
        ("user_id", json!(caller.user_id)),
        ("user_domain_id", json!(caller.user_domain_id)),
        ("system_scope", json!(system)),
        ("domain_id", json!(domain)),
        ("project_id", json!(project)),
        ("project_domain_id", json!(project_domain)),
        ("roles", json!(caller.roles)),
        ("is_admin_project", json!(true)),
        ("service_user_id", Json::Null),
        ("service_user_domain_id", Json::Null),
        ("service_project_id", Json::Null),
        ("service_project_domain_id", Json::Null),
        ("service_roles", json!(caller.service_roles)),
    ])
}

/// neutron-lib 5.0.1, `neutron_lib.context.ContextBase`: what it knows of the caller comes from
/// rules, each checked with the credentials as the target (`neutron_lib.policy._engine`).
fn network(policy: &Policy, caller: &Caller, values: &mut Map<String, Json>) {
    let project_name = match &caller.scope {
        Scope::Project { name, .. } => Some(name),
        Scope::Unscoped | Scope::Domain { .. } | Scope::System => None,
    };
    for (alias, of) in [
        ("user", "user_id"),
        ("domain", "domain_id"),
        ("user_domain", "user_domain_id"),
        ("project_domain", "project_domain_id"),
    ] {
        let value = values.get(of).cloned().unwrap_or_default();
        values.insert(alias.into(), value);
    }
    values.insert("project_name".into(), json!(project_name));
    values.insert("user_name".into(), json!(caller.user_name));
    for name in ["is_admin", "has_global_access", "can_set_project_id"] {
        values.insert(name.into(), Json::Bool(false));
    }
    let own = Json::Object(values.clone());
    let rule = |name: &str| holds(policy, name, values, &own);
    let admin = rule("context_is_admin");
    let service = rule("service_api") || admin || rule("context_is_advsvc");
    let global = admin || rule("context_with_global_access");
    let set_project = admin || service || rule("context_can_set_project_id");
    values.insert("is_admin".into(), admin.into());
    values.insert("has_global_access".into(), global.into());
    values.insert("can_set_project_id".into(), set_project.into());
}

/// Whether a rule allows a caller; a rule that does not exist allows no one.
fn holds(policy: &Policy, rule: &str, values: &Map<String, Json>, target: &dyn Target) -> bool {
    policy.rule(rule).is_some_and(|rule| {
        policy.check(rule, &Credentials::from_json(values.clone()), target).is_allowed()
    })
}

/// The token as keystone renders it (`render_token.render_token_response_from_model`), without
/// what is no matter of rights: catalog, times and audit ids.
fn token(caller: &Caller) -> Json {
    let domain = |id: &str| json!({"id": id});
    let mut token = object([
        ("methods", json!(["password"])),
        (
            "user",
            json!({
                "id": caller.user_id,
                "name": caller.user_name,
                "domain": domain(&caller.user_domain_id),
            }),
        ),
    ]);
    if caller.scope != Scope::Unscoped {
        let role = |role: &String| json!({"name": role});
        token.insert("roles".into(), caller.roles.iter().map(role).collect());
    }
    match &caller.scope {
        Scope::Unscoped => {}
        Scope::Project { id, name, domain_id } => {
            let project = json!({"id": id, "name": name, "domain": domain(domain_id)});
            token.insert("project".into(), project);
            token.insert("is_domain".into(), false.into());
        }
        Scope::Domain { id, name } => {
            token.insert("domain".into(), json!({"id": id, "name": name}));
        }
        Scope::System => {
            token.insert("system".into(), json!({"all": true}));
        }
    }
    Json::Object(token)
}

fn object<const N: usize>(fields: [(&str, Json); N]) -> Map<String, Json> {
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
