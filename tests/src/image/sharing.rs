//! Who sees an image.

use serde_json::json;
use squall::{Context, ensure_eq};

/// Another project sees a shared image while it is a member.
#[squall::test(id = "image.members.sharing", identities(member, other = member))]
async fn a_member_project_sees_it(ctx: &Context) -> squall::Result {
    let other = ctx.identity_named("other")?;
    let project = other.project_id().unwrap_or_default();
    let images = ctx.image().images();
    let made = ctx
        .create(images.create(json!({
            "disk_format": "raw",
            "container_format": "bare",
            "visibility": "shared",
        })))
        .await?;
    other.image().images().show(&made.id).expect_error(404).await?;
    let members = ctx.image().image_members();
    members.create(&made.id, json!({ "member": project })).send().await?;
    other.image().images().show(&made.id).send().await?;
    let accepted = json!({ "status": "accepted" });
    other.image().image_members().update(&made.id, project, accepted).send().await?;
    let listed = members.list(&made.id).send().await?;
    ensure_eq!(listed.value.len(), 1);
    ensure_eq!(listed.body.at("/members/0/status"), Some(&json!("accepted")));
    members.delete(&made.id, project).send().await?;
    other.image().images().show(&made.id).expect_error(404).await?;
    Ok(())
}

/// Another project's private image can be neither found nor deleted.
#[squall::test(
    id = "image.images.wrong-project",
    tags(negative),
    identities(member, other = member)
)]
async fn a_private_image_is_its_projects_own(ctx: &Context) -> squall::Result {
    let made = ctx
        .create(ctx.image().images().create(json!({
            "disk_format": "raw",
            "container_format": "bare",
            "visibility": "private",
        })))
        .await?;
    let other = ctx.identity_named("other")?.image().images();
    other.show(&made.id).expect_error(404).await?;
    other.delete(&made.id).expect_error(404).await?;
    ctx.image().images().show(&made.id).send().await?;
    Ok(())
}
