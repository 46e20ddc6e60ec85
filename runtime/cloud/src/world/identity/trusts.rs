//! Trusts: roles of a user that another acts with.
//!
//! As in keystone: `keystone/api/trusts.py` says what a trust may be made of,
//! `keystone/trust/core.py` how it is handed on, and `keystone/models/token_model.py` what a
//! token of it has.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::State;
use super::resource::{links, missing, shown};
use super::token::Scope;
use crate::behaviour::Behaviour;
use crate::clock::{Stamp, stamp};
use crate::document::{Document, document, flag, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.trusts.list", list),
    ("identity.trusts.create", create),
    ("identity.trusts.show", show),
    ("identity.trusts.delete", delete),
    ("identity.trust_roles.list", list_roles),
    ("identity.trust_roles.show", show_role),
];

/// How often a trust may be handed on (`[trust] max_redelegation_count`).
const MOST_OFTEN: u64 = 3;

/// A trust as identity remembers it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trust {
    pub(crate) id: String,
    pub(crate) trustor: String,
    trustee: String,
    project: Option<String>,
    impersonation: bool,
    roles: Vec<String>,
    expires: Option<Timestamp>,
    uses: Option<u64>,
    /// How often it may be handed on.
    handed_on: u64,
    /// The trust that was handed on.
    parent: Option<String>,
    /// What the request says beside; identity keeps and shows it.
    extra: Document,
}

impl Trust {
    /// Shows a trust as a token does.
    pub(crate) fn brief(&self) -> Value {
        json!({
            "id": self.id,
            "impersonation": self.impersonation,
            "trustor_user": { "id": self.trustor },
            "trustee_user": { "id": self.trustee },
        })
    }

    /// Returns the user that gives and the one that gets.
    pub(crate) fn users(&self) -> (Option<&str>, Option<&str>) {
        (Some(&self.trustor), Some(&self.trustee))
    }

    fn is_good(&self, now: Timestamp) -> bool {
        self.uses != Some(0) && self.expires.is_none_or(|end| end > now)
    }
}

/// What a trust gives its trustee.
pub(crate) struct Given {
    pub(crate) user: String,
    pub(crate) scope: Scope,
    pub(crate) roles: Vec<(String, String)>,
}

/// Returns the trust that a scope names.
pub(crate) fn asked(scope: Option<&Value>) -> Option<&str> {
    scope?.get("OS-TRUST:trust")?.get("id")?.as_str()
}

/// Returns what a trust gives a user who has logged in.
pub(crate) fn given(state: &State, id: &str, user: &str, now: Timestamp) -> Result<Given, Fault> {
    let trust = state.trusts.get(id).filter(|trust| trust.is_good(now));
    let trust = trust.ok_or_else(Fault::unauthorized)?;
    if trust.trustee != user {
        return Err(Fault::forbidden("User is not a trustee."));
    }
    let is_on = |id: &str| state.users.get(id).is_some_and(|user| flag(user, "enabled"));
    if !is_on(&trust.trustor) {
        return Err(Fault::forbidden("Trustor is disabled."));
    }
    let user = if trust.impersonation { &trust.trustor } else { &trust.trustee };
    let Some(project) = &trust.project else {
        return Ok(Given { user: user.clone(), scope: Scope::Unscoped, roles: Vec::new() });
    };
    let enabled = state.projects.get(project).is_some_and(|project| flag(project, "enabled"));
    if !enabled {
        return Err(Fault::unauthorized());
    }
    let scope = Scope::Project(project.clone());
    let mut roles = state.effective_roles(&trust.trustor, &scope);
    let with_implied = state.with_implied(trust.roles.iter().map(String::as_str).collect());
    if !with_implied.iter().all(|role| roles.iter().any(|(id, _)| id == role)) {
        return Err(Fault::forbidden("Trustee has no delegated roles."));
    }
    roles.retain(|(id, _)| with_implied.contains(id.as_str()));
    Ok(Given { user: user.clone(), scope, roles })
}

impl State {
    /// Forgets the trusts of a user who is gone.
    pub(crate) fn forget_trusts_of(&mut self, user: &str) {
        let theirs = self.trusts.values().filter(|t| t.trustor == user || t.trustee == user);
        let theirs: Vec<String> = theirs.map(|trust| trust.id.clone()).collect();
        for id in &theirs {
            remove(self, id);
        }
    }

    /// Counts a use of a trust.
    pub(crate) fn use_trust(&mut self, id: &str) {
        let trust = self.trusts.get_mut(id);
        if let Some(uses) = trust.and_then(|trust| trust.uses.as_mut()) {
            *uses = uses.saturating_sub(1);
        }
    }
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let of = |key: &str| context.query.get(key).map(str::to_owned);
    let (trustor, trustee) = (of("trustor_user_id"), of("trustee_user_id"));
    let state = &world.identity;
    let found = state.trusts.values().filter(|trust| {
        trustor.as_ref().is_none_or(|id| *id == trust.trustor)
            && trustee.as_ref().is_none_or(|id| *id == trust.trustee)
    });
    let shown: Vec<Value> = found
        .map(|trust| {
            let mut out = view(state, trust, context);
            if let Value::Object(out) = &mut out {
                out.remove("roles");
                out.remove("roles_links");
            }
            out
        })
        .collect();
    Ok(Reply::json(200, json!({ "trusts": shown, "links": links(context) })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("trust")?;
    let access = context.access()?.clone();
    let state = &world.identity;
    super::application_credentials::unrestricted_only(state, &access)?;
    let project = Some(text(body, "project_id").to_owned()).filter(|id| !id.is_empty());
    let asked = body.get("roles").and_then(Value::as_array).cloned().unwrap_or_default();
    if project.is_some() && asked.is_empty() {
        return Err(Fault::forbidden(
            "You are not authorized to perform the requested action: At least one role should be specified.",
        ));
    }
    let trustor = required(body, "trustor_user_id")?;
    if access.user_id != trustor {
        return Err(Fault::forbidden(
            "You are not authorized to perform the requested action: The authenticated user should match the trustor.",
        ));
    }
    let trustee = required(body, "trustee_user_id")?;
    super::users::find(state, trustee)?;
    let roles = roles(state, &asked)?;
    if let Some(id) = &project {
        super::projects::find(state, id)?;
        let held = state.effective_roles(trustor, &Scope::Project(id.clone()));
        if let Some(lacked) = roles.iter().find(|role| !held.iter().any(|(id, _)| id == *role)) {
            return Err(missing("role", lacked));
        }
    }
    let mut new = Trust {
        id: String::new(),
        trustor: trustor.to_owned(),
        trustee: trustee.to_owned(),
        project,
        impersonation: flag(body, "impersonation"),
        roles,
        expires: expiry(text(body, "expires_at"), world.clock.now())?,
        uses: uses(body)?,
        handed_on: 0,
        // Of a trust that is not handed on, keystone stores what is sent.
        parent: access.trust.clone().or_else(|| {
            let named = body.get("redelegated_trust_id").and_then(Value::as_str);
            named.map(str::to_owned)
        }),
        extra: extra(body),
    };
    let count = body.get("redelegation_count").and_then(Value::as_u64);
    let redelegable = flag(body, "allow_redelegation") && count != Some(0);
    if redelegable && new.uses.is_some() {
        return Err(Fault::bad_request(
            "remaining_uses must not be set if redelegation is allowed",
        ));
    }
    if count.is_some_and(|count| redelegable && count > MOST_OFTEN) {
        return Err(Fault::forbidden(format!(
            "Requested redelegation depth is greater than allowed {MOST_OFTEN}"
        )));
    }
    if redelegable {
        new.handed_on = count.unwrap_or(MOST_OFTEN);
    }
    if let Some(parent) = access.trust.as_ref().and_then(|id| state.trusts.get(id)) {
        hand_on(parent, &mut new, redelegable.then_some(count).flatten())?;
        if redelegable {
            new.handed_on = parent.handed_on - 1;
        }
    }
    new.id = world.ids.hex();
    let out = view(&world.identity, &new, context);
    world.identity.trusts.insert(new.id.clone(), new);
    Ok(Reply::json(201, json!({ "trust": out })))
}

/// Refuses to hand on more than a trust has.
fn hand_on(parent: &Trust, new: &mut Trust, count: Option<u64>) -> Result<(), Fault> {
    if !(1..=MOST_OFTEN).contains(&parent.handed_on) {
        return Err(Fault::forbidden(format!(
            "Remaining redelegation depth of {} out of allowed range of [0..{MOST_OFTEN}]",
            parent.handed_on
        )));
    }
    if count.is_some_and(|count| count != parent.handed_on - 1) {
        return Err(Fault::forbidden(
            "Modifying \"redelegation_count\" upon redelegation is forbidden. Omitting this parameter is advised.",
        ));
    }
    if new.uses.is_some() {
        return Err(Fault::forbidden(
            "Field \"remaining_uses\" is set while it must not be set in order to redelegate a trust",
        ));
    }
    match (new.expires, parent.expires) {
        (Some(new), Some(end)) if new > end => {
            return Err(Fault::forbidden(
                "Requested expiration time is more than redelegated trust can provide",
            ));
        }
        (None, end) => new.expires = end,
        _ => {}
    }
    if !new.roles.iter().all(|role| parent.roles.contains(role)) {
        return Err(Fault::forbidden("Some of requested roles are not in redelegated trust"));
    }
    if new.impersonation && !parent.impersonation {
        return Err(Fault::forbidden(format!(
            "Impersonation is not allowed because redelegated trust does not specify impersonation. Redelegated trust id: {}",
            parent.id
        )));
    }
    Ok(())
}

/// Finds the roles that are asked for, by id or name.
fn roles(state: &State, asked: &[Value]) -> Result<Vec<String>, Fault> {
    let found = asked.iter().map(|role| {
        let wanted = |key: &str| role.get(key).and_then(Value::as_str);
        let all = state.roles.iter();
        let mut all = all.filter(|(id, role)| {
            wanted("id") == Some(id)
                || wanted("id").is_none() && wanted("name") == Some(text(role, "name"))
        });
        let name = wanted("id").or(wanted("name")).unwrap_or_default();
        all.next().map(|(id, _)| id.to_owned()).ok_or_else(|| missing("role", name))
    });
    found.collect()
}

fn uses(body: &Document) -> Result<Option<u64>, Fault> {
    match body.get("remaining_uses") {
        None | Some(Value::Null) => Ok(None),
        Some(uses) => match uses.as_u64().filter(|uses| *uses > 0) {
            Some(uses) => Ok(Some(uses)),
            None => Err(Fault::bad_request("remaining_uses must be a positive integer or null.")),
        },
    }
}

fn expiry(end: &str, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    if end.is_empty() {
        return Ok(None);
    }
    let zoned = if end.ends_with('Z') { end.to_owned() } else { format!("{end}Z") };
    let end = zoned.parse::<Timestamp>().ok();
    let end = end.ok_or_else(|| Fault::bad_request("Invalid timestamp for expiration."))?;
    if end <= now {
        return Err(Fault::bad_request("The 'expires_at' must not be before now."));
    }
    Ok(Some(end))
}

fn extra(body: &Document) -> Document {
    const KNOWN: [&str; 11] = [
        "id",
        "trustor_user_id",
        "trustee_user_id",
        "project_id",
        "impersonation",
        "roles",
        "expires_at",
        "remaining_uses",
        "allow_redelegation",
        "redelegation_count",
        "redelegated_trust_id",
    ];
    let extra = body.iter().filter(|(key, _)| !KNOWN.contains(&key.as_str()));
    extra.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let trust = find(world, context)?;
    let out = view(&world.identity, trust, context);
    Ok(Reply::json(200, json!({ "trust": out })))
}

/// Deletes a trust with those that it was handed on as.
fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = find(world, context)?.id.clone();
    remove(&mut world.identity, &id);
    Ok(Reply::empty(204))
}

fn remove(state: &mut State, id: &str) {
    state.trusts.remove(id);
    state.revoke(|access| access.trust.as_deref() == Some(id));
    let children = state.trusts.values().filter(|trust| trust.parent.as_deref() == Some(id));
    let children: Vec<String> = children.map(|trust| trust.id.clone()).collect();
    for child in &children {
        remove(state, child);
    }
}

fn list_roles(world: &mut World, context: &RequestContext) -> Outcome {
    let trust = find(world, context)?;
    let roles = role_views(&world.identity, trust, context);
    Ok(Reply::json(200, json!({ "roles": roles, "links": links(context) })))
}

fn show_role(world: &mut World, context: &RequestContext) -> Outcome {
    let trust = find(world, context)?;
    let wanted = context.parameter(1);
    let found = trust.roles.iter().find(|role| *role == wanted);
    let role = found.and_then(|id| world.identity.roles.get(id));
    let role = role.ok_or_else(|| missing("role", wanted))?;
    Ok(Reply::json(200, json!({ "role": shown(role, "roles", &context.base) })))
}

/// Finds the trust of the path.
pub(crate) fn find<'a>(world: &'a World, context: &RequestContext) -> Result<&'a Trust, Fault> {
    let now = world.clock.now();
    let found = world.identity.trusts.get(context.id()).filter(|trust| trust.is_good(now));
    found.ok_or_else(|| missing("trust", context.id()))
}

fn role_views(state: &State, trust: &Trust, context: &RequestContext) -> Vec<Value> {
    let roles = trust.roles.iter().filter_map(|id| state.roles.get(id));
    roles.map(|role| shown(role, "roles", &context.base)).collect()
}

fn view(state: &State, trust: &Trust, context: &RequestContext) -> Value {
    let href = format!("{}/identity/v3/OS-TRUST/trusts/{}", context.base, trust.id);
    let mut out = trust.extra.clone();
    let known = document(json!({
        "id": trust.id,
        "trustor_user_id": trust.trustor,
        "trustee_user_id": trust.trustee,
        "project_id": trust.project,
        "impersonation": trust.impersonation,
        "expires_at": trust.expires.map(|end| stamp(end, Stamp::MicrosZulu)),
        "remaining_uses": trust.uses,
        "redelegation_count": trust.handed_on,
        "redelegated_trust_id": trust.parent,
        "deleted_at": null,
        "roles": role_views(state, trust, context),
        "roles_links": { "self": format!("{href}/roles"), "next": null, "previous": null },
        "links": { "self": href },
    }));
    out.extend(known);
    Value::Object(out)
}
