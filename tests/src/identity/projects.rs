//! Projects and what hangs on them.

use serde_json::json;
use squall::{Context, ensure, ensure_eq, kinds};

/// A project is shown as created.
#[squall::test(id = "identity.projects.show", tags(smoke))]
async fn shown_as_made(ctx: &Context) -> squall::Result {
    let made = ctx
        .create(ctx.identity().projects().create(json!({ "description": "created by a test" })))
        .await?;
    let shown = ctx.identity().projects().show(&made.id).send().await?.value;
    ensure_eq!(shown.name.as_deref(), Some(made.name.as_str()));
    ensure_eq!(shown.description.as_deref(), Some("created by a test"));
    Ok(())
}

/// An update changes only the given fields.
#[squall::test(id = "identity.projects.update")]
async fn update_changes_what_it_names(ctx: &Context) -> squall::Result {
    let made =
        ctx.create(ctx.identity().projects().create(json!({ "description": "before" }))).await?;
    let projects = ctx.identity().projects();
    let updated = projects.update(&made.id, json!({ "description": "after" })).send().await?.value;
    ensure_eq!(updated.description.as_deref(), Some("after"));
    ensure_eq!(updated.name.as_deref(), Some(made.name.as_str()));
    let shown = projects.show(&made.id).send().await?.value;
    ensure_eq!(shown.description.as_deref(), Some("after"));
    Ok(())
}

/// A list can be filtered by name.
#[squall::test(id = "identity.projects.list-by-name")]
async fn listed_by_name(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.identity().projects().create(json!({}))).await?;
    let listed = ctx.identity().projects().list().query("name", &made.name).send().await?.value;
    ensure_eq!(listed.len(), 1);
    ensure_eq!(listed[0].id.as_deref(), Some(made.id.as_str()));
    Ok(())
}

/// A deleted project is not found.
#[squall::test(id = "identity.projects.delete")]
async fn deleted_is_not_found(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.identity().projects().create(json!({}))).await?;
    let projects = ctx.identity().projects();
    projects.delete(&made.id).send().await?;
    projects.show(&made.id).expect_error(404).await?;
    Ok(())
}

/// Tags are added one by one, replaced together, and removed.
#[squall::test(id = "identity.projects.tags")]
async fn tags_are_kept(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.identity().projects().create(json!({}))).await?;
    let tags = ctx.identity().project_tags();
    tags.add(&made.id, "blue").send().await?;
    tags.check(&made.id, "blue").send().await?;
    tags.replace(&made.id, json!(["dark", "green", "light"])).send().await?;
    ensure_eq!(tags.list(&made.id).send().await?.value, ["dark", "green", "light"]);
    tags.remove(&made.id, "green").send().await?;
    tags.check(&made.id, "green").expect_error(404).await?;
    tags.delete_all(&made.id).send().await?;
    ensure_eq!(tags.list(&made.id).send().await?.value.len(), 0);
    Ok(())
}

/// A name can be used only once in a domain.
#[squall::test(id = "identity.projects.duplicate", tags(negative))]
async fn a_name_is_taken_once(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.identity().projects().create(json!({}))).await?;
    // The second one carries its own unique name in the description, so that it
    // would be found again if the service took it.
    let projects = ctx.identity().projects();
    let taken = made.name.clone();
    ctx.expect_refusal_named(&kinds::identity::PROJECT, 409, |name| {
        projects.create(json!({ "name": name })).raw_body(json!({
            "project": { "name": taken, "description": name }
        }))
    })
    .await?;
    Ok(())
}

/// A body that the schema does not allow is refused.
#[squall::test(id = "identity.projects.bad-body", tags(negative))]
async fn a_bad_body_is_refused(ctx: &Context) -> squall::Result {
    let projects = ctx.identity().projects();
    ctx.expect_refusal(400, projects.create(json!({ "enabled": "perhaps" }))).await?;
    Ok(())
}

/// A project member cannot create a project.
#[squall::test(id = "identity.projects.forbidden", tags(negative), identities(member))]
async fn a_member_makes_no_project(ctx: &Context) -> squall::Result {
    let projects = ctx.identity().projects();
    ctx.expect_refusal(403, projects.create(json!({}))).await?;
    Ok(())
}

/// An unknown id is not found.
#[squall::test(id = "identity.projects.unknown", tags(negative))]
async fn an_unknown_id_is_not_found(ctx: &Context) -> squall::Result {
    let id = "0123456789abcdef0123456789abcdef";
    let refused = ctx.identity().projects().show(id).expect_error(404).await?;
    ensure!(refused.request_id.is_some(), "the error response has no request id");
    Ok(())
}
