//! What lets someone in, what that opens, and what ends it: tokens, passwords, what is switched
//! off or gone, trusts, application credentials, and the other ways to log in.
//!
//! Each test makes the users that it is about, so that no one else is locked out.

mod applications;
mod ends;
mod keys;
mod passwords;
mod tokens;
mod trusts;

use serde_json::Value;
use squall::client::Call;
use squall::scenario::users::{self, HeldToken, UserLogin};
use squall::wait::{Poll, ProbeError};
use squall::{Context, Failure};

/// Sessions of users that the tests make.
#[squall::suite(
    id = "suites.identity.sessions",
    kind = "scenario",
    needs(identity),
    identities(admin),
    timeout = 300
)]
pub(crate) struct Sessions;

/// A user who is a member of one project.
pub(crate) struct Member {
    pub(crate) login: UserLogin,
    pub(crate) project: String,
    /// The role `member`.
    pub(crate) role: String,
}

pub(crate) async fn member(ctx: &Context) -> squall::Result<Member> {
    let login = users::create(ctx, Value::Object(serde_json::Map::new())).await?;
    let role = users::role(ctx, "member").await?;
    let project = another_project(ctx, &login, &role).await?;
    Ok(Member { login, project, role })
}

/// Creates a project in which a user has a role.
pub(crate) async fn another_project(
    ctx: &Context,
    login: &UserLogin,
    role: &str,
) -> squall::Result<String> {
    let project = users::project(ctx, Value::Object(serde_json::Map::new())).await?;
    users::grant(ctx, &login.id, &project, role).await?;
    Ok(project)
}

/// Sends a request that any good token may.
pub(crate) async fn opens(ctx: &Context, token: &HeldToken) -> squall::Result {
    ctx.identity().auth_projects().list().with_token(token.secret()).send().await?;
    Ok(())
}

/// Waits until a token is not good any more: identity's cache may know it a moment longer.
pub(crate) async fn is_void(ctx: &Context, token: &HeldToken) -> squall::Result {
    let waiting = ctx.wait("the token to be void");
    let void = waiting.until(|| async {
        let call = ctx.identity().auth_projects().list().with_token(token.secret());
        match call.send().await {
            Ok(_) => Ok(Poll::not_yet("accepted")),
            Err(error) if matches!(error.status(), Some(401 | 404)) => Ok(Poll::ready(())),
            Err(error) => Err(error.into()),
        }
    });
    Ok(void.await?)
}

/// Expects that no one is let in by a request: 401, or 404 where identity says what is gone of
/// that which a token or a credential stands for.
pub(crate) async fn refused<T>(call: Call<T>) -> squall::Result {
    match call.send().await {
        Ok(response) => Err(Failure::new(format!("let in with status {}", response.status))
            .with_request_id(response.request_id)),
        Err(error) if matches!(error.status(), Some(401 | 404)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Expects that a password does not let its user in.
pub(crate) async fn stays_out(ctx: &Context, login: &UserLogin, scope: Value) -> squall::Result {
    let body = users::by_password(login, scope);
    ctx.identity().auth_tokens().create(body).expect_error(401).await?;
    Ok(())
}

/// Logs in until the token is good. Identity compares times by the second: what it revoked
/// takes along a token of the same second.
pub(crate) async fn lets_in(
    ctx: &Context,
    login: &UserLogin,
    scope: Value,
) -> squall::Result<HeldToken> {
    let waiting = ctx.wait("a new token to be good");
    let good = waiting.until(|| async {
        let body = users::by_password(login, scope.clone());
        let issued = ctx.identity().auth_tokens().create(body).send().await?;
        let token = users::held(&issued).map_err(|why| ProbeError::lasting(why.to_string()))?;
        let listed = ctx.identity().auth_projects().list().with_token(token.secret());
        Ok(match listed.send().await {
            Ok(_) => Poll::ready(token),
            Err(error) if error.status() == Some(401) => Poll::not_yet("not accepted"),
            Err(error) => return Err(error.into()),
        })
    });
    Ok(good.await?)
}
