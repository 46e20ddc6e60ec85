//! Access rules: the requests that an application credential is good for.
//!
//! They are kept and shown. No service here refuses a request that no rule allows.

use serde_json::{Map, Value, json};

use super::State;
use super::resource::{links, missing};
use crate::behaviour::Behaviour;
use crate::document::text;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.user_access_rules.list", list),
    ("identity.user_access_rules.show", show),
    ("identity.user_access_rules.delete", delete),
];

/// A rule of one user, whose application credentials share it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AccessRule {
    pub(crate) id: String,
    pub(crate) user_id: String,
    service: String,
    path: String,
    method: String,
}

impl AccessRule {
    /// Shows a rule as an application credential does, without links.
    pub(crate) fn brief(&self) -> Value {
        json!({
            "id": self.id, "service": self.service, "path": self.path, "method": self.method,
        })
    }
}

/// Keeps the rules that a new application credential asks for, and returns their ids: one
/// that the user has already is used again.
pub(crate) fn keep(
    world: &mut World,
    user: &str,
    asked: Option<&Value>,
) -> Result<Vec<String>, Fault> {
    let mut ids = Vec::new();
    for rule in asked.and_then(Value::as_array).into_iter().flatten() {
        let Some(rule) = rule.as_object() else { continue };
        ids.push(keep_one(world, user, rule)?);
    }
    Ok(ids)
}

fn keep_one(world: &mut World, user: &str, rule: &Map<String, Value>) -> Result<String, Fault> {
    let named = text(rule, "id");
    let rules = &world.identity.access_rules;
    if !named.is_empty() {
        let found = rules.get(named).filter(|rule| rule.user_id == user);
        return found.map(|rule| rule.id.clone()).ok_or_else(|| missing("Access Rule", named));
    }
    let new = AccessRule {
        id: String::new(),
        user_id: user.to_owned(),
        service: text(rule, "service").to_owned(),
        path: text(rule, "path").to_owned(),
        method: text(rule, "method").to_owned(),
    };
    let same = |rule: &&AccessRule| AccessRule { id: String::new(), ..(*rule).clone() } == new;
    if let Some(found) = rules.values().find(same) {
        return Ok(found.id.clone());
    }
    let id = world.ids.hex();
    world.identity.access_rules.insert(id.clone(), AccessRule { id: id.clone(), ..new });
    Ok(id)
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let wanted = |key: &str, value: &str| context.query.get(key).is_none_or(|v| v == value);
    let shown: Vec<Value> = world
        .identity
        .access_rules
        .values()
        .filter(|rule| rule.user_id == context.id())
        .filter(|rule| {
            wanted("service", &rule.service)
                && wanted("path", &rule.path)
                && wanted("method", &rule.method)
        })
        .map(|rule| view(rule, context))
        .collect();
    Ok(Reply::json(200, json!({ "access_rules": shown, "links": links(context) })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let rule = find(&world.identity, context)?;
    Ok(Reply::json(200, json!({ "access_rule": view(rule, context) })))
}

/// Deletes a rule that no application credential uses;
/// `keystone/application_credential/backends/sql.py`, `delete_access_rule`.
fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = find(&world.identity, context)?.id.clone();
    let mut credentials = world.identity.application_credentials.values();
    if credentials.any(|credential| credential.access_rules.contains(&id)) {
        return Err(Fault::forbidden("May not delete access rule in use"));
    }
    world.identity.access_rules.remove(&id);
    Ok(Reply::empty(204))
}

fn find<'a>(state: &'a State, context: &RequestContext) -> Result<&'a AccessRule, Fault> {
    let id = context.parameter(1);
    let found = state.access_rules.get(id).filter(|rule| rule.user_id == context.id());
    found.ok_or_else(|| missing("Access Rule", id))
}

fn view(rule: &AccessRule, context: &RequestContext) -> Value {
    let mut out = rule.brief();
    let href =
        format!("{}/identity/v3/users/{}/access_rules/{}", context.base, rule.user_id, rule.id);
    out["links"] = json!({ "self": href });
    out
}
