//! From the body of an authentication to the access that it gives.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::token::{Access, Scope};
use super::{State, trusts};
use crate::document::{Document, flag, text};
use crate::fault::Fault;

/// What an authentication came to.
#[derive(Debug)]
pub(crate) struct Authenticated {
    pub(crate) access: Access,
    pub(crate) methods: Vec<String>,
    /// The end of the token that it was made with.
    pub(crate) no_later: Option<Timestamp>,
    /// The audit id of the first token in the chain that it was made with.
    pub(crate) first: Option<String>,
}

/// Reads `{"auth": …}`, checks who it is, and finds the scope.
///
/// Whatever is wrong about a person, a secret or a scope is one and the same
/// 401, so that nothing can be learned from trying; only a body that is no
/// authentication at all is a 400.
pub(crate) fn authenticate(
    state: &State,
    body: &Value,
    now: Timestamp,
) -> Result<Authenticated, Fault> {
    let auth = object(body, "auth")?;
    let identity = auth
        .get("identity")
        .and_then(Value::as_object)
        .ok_or_else(|| Fault::bad_request("'identity' is a required property"))?;
    let methods: Vec<String> = identity
        .get("methods")
        .and_then(Value::as_array)
        .ok_or_else(|| Fault::bad_request("'methods' is a required property"))?
        .iter()
        .filter_map(|method| method.as_str().map(str::to_owned))
        .collect();
    if methods.is_empty() {
        return Err(Fault::unauthorized());
    }
    let mut person = Person::default();
    for method in &methods {
        let details = identity
            .get(method)
            .and_then(Value::as_object)
            .ok_or_else(|| Fault::bad_request(format!("'{method}' is a required property")))?;
        match method.as_str() {
            "password" => person.user = Some(by_password(state, details)?),
            "token" => by_token(state, details, now, &mut person)?,
            "application_credential" => {
                by_application_credential(state, details, &mut person, now)?;
            }
            _ => return Err(Fault::unauthorized()),
        }
    }
    let user_id = person.user.ok_or_else(Fault::unauthorized)?;
    let mut user_id = user_id;
    let mut trust = None;
    let scope = match (person.scope, trusts::asked(auth.get("scope"))) {
        // An application credential has its scope in itself.
        (Some(_), _) if auth.contains_key("scope") => return Err(Fault::unauthorized()),
        (Some(scope), _) => scope,
        (None, Some(id)) => {
            let given = trusts::given(state, id, &user_id, now)?;
            person.roles = Some(given.roles);
            user_id = given.user;
            trust = Some(id.to_owned());
            given.scope
        }
        (None, None) => scope(state, auth.get("scope"), &user_id)?,
    };
    let roles = match person.roles {
        Some(roles) => roles,
        None => state.effective_roles(&user_id, &scope),
    };
    if roles.is_empty() && scope != Scope::Unscoped {
        return Err(Fault::unauthorized());
    }
    let access = Access {
        user_id,
        scope,
        roles,
        application_credential: person.application_credential,
        trust,
    };
    let mut all = person.earlier;
    all.extend(methods);
    all.dedup();
    Ok(Authenticated { access, methods: all, no_later: person.no_later, first: person.first })
}

/// What the methods found out.
#[derive(Debug, Default)]
struct Person {
    user: Option<String>,
    scope: Option<Scope>,
    roles: Option<Vec<(String, String)>>,
    application_credential: Option<String>,
    no_later: Option<Timestamp>,
    earlier: Vec<String>,
    /// The audit id of the first token in the chain.
    first: Option<String>,
}

fn by_password(state: &State, details: &Map<String, Value>) -> Result<String, Fault> {
    let described = details
        .get("user")
        .and_then(Value::as_object)
        .ok_or_else(|| Fault::bad_request("'user' is a required property"))?;
    let user = user(state, described)?;
    let given = described.get("password").and_then(Value::as_str).unwrap_or_default();
    let id = text(user, "id");
    match state.passwords.get(id) {
        Some(hashed) if hashed.matches(given) => Ok(id.to_owned()),
        _ => Err(Fault::unauthorized()),
    }
}

fn by_token(
    state: &State,
    details: &Map<String, Value>,
    now: Timestamp,
    person: &mut Person,
) -> Result<(), Fault> {
    let token = details
        .get("id")
        .and_then(Value::as_str)
        .and_then(|id| state.tokens.get(id))
        .filter(|token| token.expires > now)
        .ok_or_else(Fault::unauthorized)?;
    // A token of an application credential or a trust cannot be turned into another scope.
    if token.access.application_credential.is_some() || token.access.trust.is_some() {
        return Err(Fault::forbidden(
            "You are not authorized to perform the requested action: rescope a token.",
        ));
    }
    person.user = Some(token.access.user_id.clone());
    person.no_later = Some(token.expires);
    person.first = Some(token.first.as_ref().unwrap_or(&token.audit_id).clone());
    person.earlier.clone_from(&token.methods);
    Ok(())
}

fn by_application_credential(
    state: &State,
    details: &Map<String, Value>,
    person: &mut Person,
    now: Timestamp,
) -> Result<(), Fault> {
    let secret = details.get("secret").and_then(Value::as_str).unwrap_or_default();
    let credential = if let Some(id) = details.get("id").and_then(Value::as_str) {
        state.application_credentials.get(id)
    } else {
        let described = details
            .get("user")
            .and_then(Value::as_object)
            .ok_or_else(|| Fault::bad_request("'user' is a required property"))?;
        let owner = text(user(state, described)?, "id");
        let name = details.get("name").and_then(Value::as_str);
        state
            .application_credentials
            .values()
            .find(|c| c.user_id == owner && Some(c.name.as_str()) == name)
    };
    let credential = credential
        .filter(|c| c.secret.matches(secret))
        .filter(|c| c.expires.is_none_or(|expires| expires > now))
        .filter(|c| state.users.get(&c.user_id).is_some_and(|user| flag(user, "enabled")))
        .ok_or_else(Fault::unauthorized)?;
    state
        .projects
        .get(&credential.project_id)
        .filter(|project| flag(project, "enabled"))
        .ok_or_else(Fault::unauthorized)?;
    let scope = Scope::Project(credential.project_id.clone());
    // Of its roles it has those that its user still has.
    let mut roles = state.effective_roles(&credential.user_id, &scope);
    roles.retain(|(id, _)| credential.roles.contains(id));
    person.user = Some(credential.user_id.clone());
    person.scope = Some(scope);
    person.roles = Some(roles);
    person.application_credential = Some(credential.id.clone());
    Ok(())
}

/// Finds an enabled user by id, or by name and domain.
fn user<'a>(state: &'a State, described: &Map<String, Value>) -> Result<&'a Document, Fault> {
    let found = if let Some(id) = described.get("id").and_then(Value::as_str) {
        state.users.get(id)
    } else {
        let name = described
            .get("name")
            .and_then(Value::as_str)
            .ok_or_else(|| Fault::bad_request("'name' is a required property"))?;
        let domain = domain(state, described.get("domain"))?;
        state.users.values().find(|u| text(u, "name") == name && text(u, "domain_id") == domain)
    };
    found
        .filter(|user| flag(user, "enabled"))
        .filter(|user| {
            state.domains.get(text(user, "domain_id")).is_some_and(|d| flag(d, "enabled"))
        })
        .ok_or_else(Fault::unauthorized)
}

/// Finds an enabled domain by id or by name.
fn domain<'a>(state: &'a State, described: Option<&'a Value>) -> Result<&'a str, Fault> {
    let described =
        described.ok_or_else(|| Fault::bad_request("'domain' is a required property"))?;
    let wanted = |key| described.get(key).and_then(Value::as_str);
    state
        .domains
        .values()
        .find(|d| wanted("id") == Some(text(d, "id")) || wanted("name") == Some(text(d, "name")))
        .filter(|d| flag(d, "enabled"))
        .map(|d| text(d, "id"))
        .ok_or_else(Fault::unauthorized)
}

/// Reads the scope; without one it is the user's default project, if any.
fn scope(state: &State, asked: Option<&Value>, user: &str) -> Result<Scope, Fault> {
    let Some(asked) = asked else {
        let default = state.users.get(user).map_or("", |u| text(u, "default_project_id"));
        let scope = Scope::Project(default.to_owned());
        let usable = state.projects.get(default).is_some_and(|p| flag(p, "enabled"))
            && !state.effective_roles(user, &scope).is_empty();
        return Ok(if usable { scope } else { Scope::Unscoped });
    };
    if asked == "unscoped" || asked.get("unscoped").is_some() {
        return Ok(Scope::Unscoped);
    }
    if asked.get("system").is_some() {
        return Ok(Scope::System);
    }
    if let Some(described) = asked.get("domain") {
        return domain(state, Some(described)).map(|id| Scope::Domain(id.to_owned()));
    }
    let Some(described) = asked.get("project") else {
        return Err(Fault::bad_request("the scope names no project, domain or system"));
    };
    let found = if let Some(id) = described.get("id").and_then(Value::as_str) {
        state.projects.get(id)
    } else {
        let domain = domain(state, described.get("domain"))?;
        let name = described.get("name").and_then(Value::as_str).unwrap_or_default();
        state.projects.values().find(|p| text(p, "name") == name && text(p, "domain_id") == domain)
    };
    found
        .filter(|project| flag(project, "enabled"))
        .map(|project| Scope::Project(text(project, "id").to_owned()))
        .ok_or_else(Fault::unauthorized)
}

fn object<'a>(value: &'a Value, key: &str) -> Result<&'a Map<String, Value>, Fault> {
    value
        .get(key)
        .and_then(Value::as_object)
        .ok_or_else(|| Fault::bad_request(format!("'{key}' is a required property")))
}
