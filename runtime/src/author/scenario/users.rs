//! Users that a test makes, the roles that they hold, and what they log in with.
//!
//! ```no_run
//! use serde_json::json;
//! use squall::Context;
//! use squall::scenario::users;
//!
//! # async fn doc(ctx: &Context) -> squall::Result {
//! let user = users::create(ctx, json!({})).await?;
//! let project = users::project(ctx, json!({})).await?;
//! users::grant(ctx, &user.id, &project, &users::role(ctx, "reader").await?).await?;
//! let reader = ctx.log_in("reader", user.on_project(&project)).await?;
//! reader.compute().servers().list().send().await?;
//! # Ok(())
//! # }
//! ```

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::with;
use crate::client::auth::{Credential, Project, Scope, User};
use crate::credentials::secret;
use crate::{Context, Failure, Result, kinds};

/// A user that a test made, and its password.
#[derive(Debug, Clone)]
pub struct UserLogin {
    /// The user's id.
    pub id: String,
    /// The user's name.
    pub name: String,
    password: SecretString,
}

impl UserLogin {
    /// Returns the password, for a request that the test writes itself.
    pub fn password(&self) -> &str {
        self.password.expose_secret()
    }

    /// Returns the same user with another password.
    #[must_use]
    pub fn with_password(&self, password: &str) -> Self {
        Self { password: password.into(), ..self.clone() }
    }

    /// Returns the credential to log in with for a scope.
    pub fn scoped(&self, scope: Scope) -> Credential {
        let user = User::Id(self.id.clone());
        Credential::Password { user, password: self.password.clone(), scope }
    }

    /// Returns the credential to log in with for a project.
    pub fn on_project(&self, project: &str) -> Credential {
        self.scoped(Scope::Project(Project::Id(project.to_owned())))
    }

    /// Returns the credential to act with as a trust allows.
    pub fn trusted(&self, trust: &str) -> Credential {
        self.scoped(Scope::Trust(trust.to_owned()))
    }
}

/// Returns a password that no one else has.
pub fn password() -> String {
    secret::password().expose_secret().to_owned()
}

/// Creates a user with a password, as the admin (`POST /users`).
pub async fn create(ctx: &Context, further: Value) -> Result<UserLogin> {
    let password = secret::password();
    let body = with(json!({ "password": password.expose_secret() }), further);
    let made = ctx.create(ctx.admin().identity().users().create(body)).await?;
    Ok(UserLogin { id: made.id, name: made.name, password })
}

/// Creates a project and returns its id, as the admin (`POST /projects`).
pub async fn project(ctx: &Context, further: Value) -> Result<String> {
    let projects = ctx.admin().identity().projects();
    Ok(ctx.create(projects.create(further)).await?.id)
}

/// Returns the id of a role of the cloud, as the admin (`GET /roles`); skips where there is
/// none of that name.
pub async fn role(ctx: &Context, name: &str) -> Result<String> {
    let roles = ctx.admin().identity().roles().list().query("name", name).send().await?.value;
    // A domain may have a role of the same name.
    let global = roles.into_iter().find(|role| role.domain_id.is_none());
    global
        .and_then(|role| role.id)
        .ok_or_else(|| ctx.skip(format!("the cloud has no role `{name}`")))
}

/// Grants a user a role in a project, as the admin
/// (`PUT /projects/{project}/users/{user}/roles/{role}`).
pub async fn grant(ctx: &Context, user: &str, project: &str, role: &str) -> Result {
    let roles = ctx.admin().identity().project_user_roles();
    ctx.change(&kinds::identity::ROLE_ASSIGNMENT, roles.add(project, user, role)).await?;
    Ok(())
}

/// Takes a role away again, as the admin
/// (`DELETE /projects/{project}/users/{user}/roles/{role}`).
pub async fn withdraw(ctx: &Context, user: &str, project: &str, role: &str) -> Result {
    ctx.admin().identity().project_user_roles().remove(project, user, role).send().await?;
    Ok(())
}

/// A token that a test holds, and what identity says of it.
#[derive(Debug, Clone)]
pub struct HeldToken {
    secret: SecretString,
    /// The `token` of the answer.
    pub document: Value,
}

impl HeldToken {
    /// Returns the token, for [`Call::with_token`](crate::client::Call::with_token).
    pub fn secret(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Returns the names of its roles, sorted.
    pub fn roles(&self) -> Vec<&str> {
        let roles = self.document["roles"].as_array().into_iter().flatten();
        let mut names: Vec<&str> = roles.filter_map(|role| role["name"].as_str()).collect();
        names.sort_unstable();
        names
    }
}

/// Requests a token that no session renews (`POST /auth/tokens`); `scope` is `null` for the
/// user's default.
pub async fn token(ctx: &Context, login: &UserLogin, scope: Value) -> Result<HeldToken> {
    let response = ctx.identity().auth_tokens().create(by_password(login, scope)).send().await?;
    held(&response)
}

/// Returns the body of a request for a token with a password.
pub fn by_password(login: &UserLogin, scope: Value) -> Value {
    let user = json!({ "id": login.id, "password": login.password() });
    let mut body = json!({ "identity": { "methods": ["password"], "password": { "user": user } } });
    if !scope.is_null() {
        body["scope"] = scope;
    }
    body
}

/// Returns the scope of a project.
pub fn on_project(project: &str) -> Value {
    json!({ "project": { "id": project } })
}

/// Returns the token that a response brings.
///
/// # Errors
/// The response has none.
pub fn held<T>(response: &crate::client::Response<T>) -> Result<HeldToken> {
    let secret = response.header("x-subject-token").ok_or_else(|| {
        Failure::new("the response has no header `X-Subject-Token`")
            .with_request_id(response.request_id.clone())
    })?;
    crate::client::redact::learn(secret);
    let document = response.body.at("/token").cloned().unwrap_or_default();
    Ok(HeldToken { secret: secret.into(), document })
}
