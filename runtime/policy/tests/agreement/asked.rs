//! What is asked about the default rules of a service: every rule, for all personas.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use squall_model::PolicyRule;
use squall_policy::{Policy, personas};

use crate::oracle::{Check, World};

const PLACES: personas::Places<'_> =
    personas::Places { domain_id: "d", project_id: "p", other_project_id: "q" };

/// Returns the default rules of a service.
pub(crate) fn rules(service: &str) -> &'static [PolicyRule] {
    let at = squall_services::ALL.iter().position(|spec| spec.name == service);
    squall_services::POLICY_RULES[at.expect("the service is ours")]
}

/// Targets that have every attribute that a rule of the service asks for: those of the personas'
/// own project and domain, those of others, and none.
pub(crate) fn targets(rules: &[PolicyRule]) -> Vec<Json> {
    let mut names = BTreeSet::new();
    for rule in rules {
        let deprecated = rule.deprecated.as_ref().map(|before| &*before.check);
        for check in [Some(&*rule.check), deprecated].into_iter().flatten() {
            names.extend(check.split("%(").skip(1).filter_map(|rest| rest.split(')').next()));
        }
    }
    let target = |own: bool| {
        let value = |name: &str| match name {
            _ if name.contains("domain") => if own { "d" } else { "e" }.into(),
            _ if name.contains("user_id") || name.ends_with("user.id") => {
                if own { "u" } else { "v" }.into()
            }
            "visibility" => if own { "public" } else { "private" }.into(),
            "target.role.name" => if own { "member" } else { "admin" }.into(),
            _ if own => Json::from("p"),
            _ => Json::from("x"),
        };
        let mut fields: Map<String, Json> =
            names.iter().map(|name| ((*name).to_owned(), value(name))).collect();
        for field in ["shared", "router:external", "belongs_to_default_sg"] {
            fields.insert(field.to_owned(), own.into());
        }
        fields.insert("device_owner".to_owned(), "network:dhcp".into());
        fields.insert("target_project".to_owned(), if own { "p" } else { "*" }.into());
        Json::Object(fields)
    };
    let mut without_domain = target(true);
    for name in &names {
        if name.contains("domain_id") {
            without_domain[*name] = Json::Null;
        }
    }
    vec![target(true), target(false), without_domain, json!({})]
}

/// Returns a world with every rule of a service, for all personas and the targets.
pub(crate) fn world(service: &str, new_defaults_only: bool, targets: &[Json]) -> World {
    let rules = rules(service);
    let policy = Policy::builder(service).defaults(rules).new_defaults_only(new_defaults_only);
    let policy = policy.build().expect("defaults have no errors");
    let mut checks = Vec::new();
    for persona in personas::ALL {
        let credentials = policy.credentials(&persona.caller("u", PLACES));
        // neutron does not ask the rules about administrators then.
        let bypassed = service == "network" && !new_defaults_only;
        if bypassed && credentials.json()["is_admin"] == json!(true) {
            continue;
        }
        for target in targets {
            checks.extend(rules.iter().map(|rule| Check {
                rule: rule.name.to_string(),
                credentials: credentials.json().clone(),
                target: target.clone(),
                parents: json!({}),
            }));
        }
    }
    World {
        service: service.to_owned(),
        rules: rules.to_vec(),
        file: String::new(),
        new_defaults_only,
        checks,
    }
}
