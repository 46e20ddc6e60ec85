//! Application credentials: a secret that stands for a user in one project.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::password::Hashed;
use super::resource::{links, missing, taken};
use super::token::Access;
use super::{State, access_rules, users};
use crate::behaviour::Behaviour;
use crate::clock::{Stamp, stamp};
use crate::document::{flag, required, text};
use crate::fault::Fault;
use crate::ids;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.user_application_credentials.list", list),
    ("identity.user_application_credentials.create", create),
    ("identity.user_application_credentials.show", show),
    ("identity.user_application_credentials.delete", delete),
];

/// An application credential as identity remembers it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApplicationCredential {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Value,
    pub(crate) user_id: String,
    pub(crate) project_id: String,
    pub(crate) roles: Vec<String>,
    pub(crate) secret: Hashed,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) unrestricted: bool,
    /// The ids of the rules that say what it is good for; none where it is for everything.
    pub(crate) access_rules: Vec<String>,
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    users::find(&world.identity, context.id())?;
    let shown: Vec<Value> = world
        .identity
        .application_credentials
        .values()
        .filter(|credential| credential.user_id == context.id())
        .filter(|credential| context.query.get("name").is_none_or(|name| name == credential.name))
        .map(|credential| view(&world.identity, credential, &context.base))
        .collect();
    Ok(Reply::json(200, json!({ "application_credentials": shown, "links": links(context) })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("application_credential")?;
    let access = context.access()?;
    if access.user_id != context.id() {
        return Err(Fault::forbidden(
            "You are not authorized to perform the requested action: identity:create_application_credential.",
        ));
    }
    let project = access.project().ok_or_else(|| {
        Fault::bad_request("An application credential needs a token that is scoped to a project.")
    })?;
    let unrestricted = flag(body, "unrestricted");
    unrestricted_only(&world.identity, access)?;
    let name = required(body, "name")?;
    let same = |c: &ApplicationCredential| c.user_id == context.id() && c.name == name;
    if world.identity.application_credentials.values().any(same) {
        return Err(taken("application_credential", name));
    }
    let roles = roles(body.get("roles"), &access.roles)?;
    let expires = expiry(text(body, "expires_at"), world.clock.now())?;
    let secret = match text(body, "secret") {
        "" => ids::secret(),
        secret => secret.to_owned(),
    };
    let access_rules = access_rules::keep(world, context.id(), body.get("access_rules"))?;
    let credential = ApplicationCredential {
        id: world.ids.hex(),
        name: name.to_owned(),
        description: body.get("description").cloned().unwrap_or(Value::Null),
        user_id: context.id().to_owned(),
        project_id: project.to_owned(),
        roles,
        secret: Hashed::new(&secret),
        expires,
        unrestricted,
        access_rules,
    };
    let mut shown = view(&world.identity, &credential, &context.base);
    shown["secret"] = json!(secret);
    world.identity.application_credentials.insert(credential.id.clone(), credential);
    Ok(Reply::json(201, json!({ "application_credential": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let shown = view(&world.identity, find(&world.identity, context)?, &context.base);
    Ok(Reply::json(200, json!({ "application_credential": shown })))
}

/// Refuses to let a restricted application credential manage others, or trusts;
/// `keystone/api/users.py`, `_check_unrestricted_application_credential`.
pub(crate) fn unrestricted_only(state: &State, access: &Access) -> Result<(), Fault> {
    let Some(own) = &access.application_credential else { return Ok(()) };
    if state.application_credentials.get(own).is_some_and(|own| own.unrestricted) {
        return Ok(());
    }
    Err(Fault::forbidden(
        "Using method 'application_credential' is not allowed for managing additional application credentials.",
    ))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.identity, context)?;
    unrestricted_only(&world.identity, context.access()?)?;
    let id = context.parameter(1);
    world.identity.application_credentials.remove(id);
    world.identity.revoke(|access| access.application_credential.as_deref() == Some(id));
    Ok(Reply::empty(204))
}

/// Chooses the roles: those asked for, which the caller must have, or all it has.
fn roles(asked: Option<&Value>, held: &[(String, String)]) -> Result<Vec<String>, Fault> {
    let Some(asked) = asked.and_then(Value::as_array) else {
        return Ok(held.iter().map(|(id, _)| id.clone()).collect());
    };
    asked
        .iter()
        .map(|role| {
            let wanted = |key| role.get(key).and_then(Value::as_str);
            held.iter()
                .find(|(id, name)| wanted("id") == Some(id) || wanted("name") == Some(name))
                .map(|(id, _)| id.clone())
                .ok_or_else(|| {
                    Fault::bad_request("Invalid application credential: Could not find role assignment with the role asked for.")
                })
        })
        .collect()
}

/// Reads an end in identity's form, which has no zone and means UTC.
fn expiry(text: &str, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let zoned = if text.ends_with('Z') { text.to_owned() } else { format!("{text}Z") };
    match zoned.parse::<Timestamp>() {
        Ok(at) if at > now => Ok(Some(at)),
        _ => Err(Fault::bad_request(format!(
            "Invalid input for field 'expires_at': {text} is not a time in the future."
        ))),
    }
}

fn find<'a>(
    state: &'a State,
    context: &RequestContext,
) -> Result<&'a ApplicationCredential, Fault> {
    let id = context.parameter(1);
    state
        .application_credentials
        .get(id)
        .filter(|credential| credential.user_id == context.id())
        .ok_or_else(|| missing("application credential", id))
}

fn view(state: &State, credential: &ApplicationCredential, base: &str) -> Value {
    let roles: Vec<Value> = credential
        .roles
        .iter()
        .filter_map(|id| {
            let role = state.roles.get(id)?;
            Some(json!({
                "id": id,
                "name": text(role, "name"),
                "domain_id": role.get("domain_id"),
                "description": role.get("description"),
                "options": {},
            }))
        })
        .collect();
    let path = format!("users/{}/application_credentials/{}", credential.user_id, credential.id);
    let rules = credential.access_rules.iter().filter_map(|id| state.access_rules.get(id));
    let mut out = json!({
        "id": credential.id,
        "name": credential.name,
        "description": credential.description,
        "project_id": credential.project_id,
        "roles": roles,
        "expires_at": credential.expires.map(|at| stamp(at, Stamp::MicrosBare)),
        "unrestricted": credential.unrestricted,
        "system": null,
        "user_id": credential.user_id,
        "links": { "self": format!("{base}/identity/v3/{path}") },
    });
    if !credential.access_rules.is_empty() {
        out["access_rules"] = rules.map(access_rules::AccessRule::brief).collect();
    }
    out
}
