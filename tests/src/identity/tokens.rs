//! Tokens: what they say, and what is refused without a good one.

use squall::{Context, ensure, ensure_eq};

/// A token that was never issued is refused.
#[squall::test(id = "identity.tokens.wrong", tags(negative))]
async fn a_wrong_token_is_refused(ctx: &Context) -> squall::Result {
    let refused =
        ctx.identity().projects().list().with_token("no-such-token").expect_error(401).await?;
    ensure_eq!(refused.status, 401);
    Ok(())
}

/// A request without a token is refused.
#[squall::test(id = "identity.tokens.missing", tags(negative))]
async fn no_token_is_refused(ctx: &Context) -> squall::Result {
    ctx.identity().projects().list().without_token().expect_error(401).await?;
    Ok(())
}

/// The projects that a token can be scoped to include its own.
#[squall::test(id = "identity.tokens.projects", identities(member))]
async fn a_user_sees_its_projects(ctx: &Context) -> squall::Result {
    let projects = ctx.identity().auth_projects().list().send().await?;
    let own = ctx.actor().project_id().map(str::to_owned);
    let ids: Vec<&str> =
        projects.value.iter().filter_map(|project| project.id.as_deref()).collect();
    ensure!(own.as_deref().is_some_and(|own| ids.contains(&own)), "{own:?} is not in {ids:?}");
    Ok(())
}
