//! The body of a token request.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{Credential, Domain, Project, Scope, User};

/// Returns the body of `POST /v3/auth/tokens`.
pub(super) fn body(credential: &Credential) -> Value {
    let (identity, scope) = match credential {
        Credential::Password { user: who, password, scope } => {
            let mut user = user(who);
            user["password"] = Value::from(password.expose_secret());
            (json!({ "methods": ["password"], "password": { "user": user } }), Some(scope))
        }
        Credential::Token { token, scope } => {
            (json!({ "methods": ["token"], "token": { "id": token.expose_secret() } }), Some(scope))
        }
        Credential::ApplicationCredential { id, secret } => {
            (application(&json!({ "id": id, "secret": secret.expose_secret() })), None)
        }
        Credential::NamedApplicationCredential { name, user: who, secret } => {
            let secret = secret.expose_secret();
            (application(&json!({ "name": name, "user": user(who), "secret": secret })), None)
        }
    };
    let mut auth = json!({ "identity": identity });
    if let Some(scope) = scope {
        auth["scope"] = scope_of(scope);
    }
    json!({ "auth": auth })
}

fn application(credential: &Value) -> Value {
    json!({ "methods": ["application_credential"], "application_credential": credential })
}

fn user(user: &User) -> Value {
    match user {
        User::Id(id) => json!({ "id": id }),
        User::Name { name, domain: of } => json!({ "name": name, "domain": domain(of) }),
    }
}

fn domain(domain: &Domain) -> Value {
    match domain {
        Domain::Id(id) => json!({ "id": id }),
        Domain::Name(name) => json!({ "name": name }),
    }
}

fn scope_of(scope: &Scope) -> Value {
    match scope {
        // Without this word, a user with a default project would get a token with
        // that project's scope.
        Scope::Unscoped => json!("unscoped"),
        Scope::Project(Project::Id(id)) => json!({ "project": { "id": id } }),
        Scope::Project(Project::Name { name, domain: of }) => {
            json!({ "project": { "name": name, "domain": domain(of) } })
        }
        Scope::Domain(of) => json!({ "domain": domain(of) }),
        Scope::System => json!({ "system": { "all": true } }),
        Scope::Trust(id) => json!({ "OS-TRUST:trust": { "id": id } }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(scope: Scope) -> Credential {
        Credential::password("demo", "pw", "demo").with_scope(scope)
    }

    #[test]
    fn a_password_goes_with_its_user_and_domain() {
        assert_eq!(
            body(&Credential::password("demo", "pw", "p")),
            json!({"auth": {
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": "demo", "domain": {"id": "default"}, "password": "pw",
                }}},
                "scope": {"project": {"name": "p", "domain": {"id": "default"}}},
            }})
        );
    }

    #[test]
    fn every_scope_has_its_form() {
        for (scope, expected) in [
            (Scope::Unscoped, json!("unscoped")),
            (Scope::System, json!({"system": {"all": true}})),
            (Scope::Domain(Domain::Name("d".into())), json!({"domain": {"name": "d"}})),
            (Scope::Project(Project::Id("77".into())), json!({"project": {"id": "77"}})),
            (Scope::Trust("t".into()), json!({"OS-TRUST:trust": {"id": "t"}})),
        ] {
            assert_eq!(body(&password(scope))["auth"]["scope"], expected);
        }
    }

    #[test]
    fn an_application_credential_asks_for_no_scope() {
        let credential = Credential::ApplicationCredential { id: "a".into(), secret: "s".into() };
        assert_eq!(
            body(&credential),
            json!({"auth": {"identity": {
                "methods": ["application_credential"],
                "application_credential": {"id": "a", "secret": "s"},
            }}})
        );
    }
}
