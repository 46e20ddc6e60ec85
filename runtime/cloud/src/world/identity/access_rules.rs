//! Access rules: the requests that an application credential is good for.
//!
//! They are kept and shown, and a request that none of them allows is refused as by the
//! middleware of the services (`keystonemiddleware.auth_token`, `validate_allowed_request`).

use serde_json::{Map, Value, json};

use super::State;
use super::resource::{links, missing};
use super::token::Access;
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
    if let Some(lacking) =
        ["service", "path", "method"].into_iter().find(|key| !rule.contains_key(*key))
    {
        return Err(Fault::bad_request(format!("An access rule needs its `{lacking}`.")));
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

/// Whether the application credential of a caller, if any, is good for a request.
pub(crate) fn allow(
    state: &State,
    access: &Access,
    service_type: &str,
    method: &str,
    path: &str,
) -> bool {
    let credential = access.application_credential.as_ref();
    let Some(credential) = credential.and_then(|id| state.application_credentials.get(id)) else {
        return true;
    };
    if credential.access_rules.is_empty() {
        return true;
    }
    // A token can be validated by any other.
    if service_type == "identity" && method == "GET" && path.ends_with("/v3/auth/tokens") {
        return true;
    }
    let mut rules = credential.access_rules.iter().filter_map(|id| state.access_rules.get(id));
    rules.any(|rule| {
        rule.service == service_type
            && rule.method == method
            && matches(path.as_bytes(), rule.path.as_bytes())
    })
}

/// Matches a path with a pattern, in which `*` and `{name}` stand for a segment or a part of
/// one, and `**` for anything.
fn matches(path: &[u8], pattern: &[u8]) -> bool {
    let tries = |rest: &[u8], least: usize, ends: fn(&u8) -> bool| {
        let most = path.iter().position(ends).unwrap_or(path.len());
        (least..=most).any(|taken| matches(&path[taken..], rest))
    };
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', rest @ ..] => tries(rest, 0, |_| false),
        [b'*', rest @ ..] => tries(rest, 1, |byte| *byte == b'/'),
        [b'{', rest @ ..] => {
            let end = rest.iter().position(|byte| *byte == b'}').map_or(rest.len(), |at| at + 1);
            tries(&rest[end..], 1, |byte| *byte == b'/')
        }
        [byte, rest @ ..] => path.first() == Some(byte) && matches(&path[1..], rest),
    }
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

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_within_a_segment_and_two_for_anything() {
        for (pattern, path, good) in [
            ("/v2.1/servers", "/v2.1/servers", true),
            ("/v2.1/servers", "/v2.1/servers/1", false),
            ("/v2.1/servers/*", "/v2.1/servers/1", true),
            ("/v2.1/servers/{id}", "/v2.1/servers/1", true),
            ("/v2.1/servers/*", "/v2.1/servers/1/ips", false),
            ("/v2.1/servers/*", "/v2.1/servers/", false),
            ("/v2.1/*/1/ips", "/v2.1/servers/1/ips", true),
            ("/v2.1/servers/**", "/v2.1/servers/1/ips", true),
            ("/**servers", "/v2.1/servers", true),
            ("/**servers", "/compute/v2.1/servers", true),
            ("/**servers", "/v2.1/servers/1", false),
        ] {
            assert_eq!(matches(path.as_bytes(), pattern.as_bytes()), good, "{pattern} {path}");
        }
    }
}
