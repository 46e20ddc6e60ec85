//! Groups and who is in them.

use serde_json::json;
use squall::{Context, ensure_eq, kinds};

/// A user is in a group from being added until being removed.
#[squall::test(id = "identity.groups.members")]
async fn members_come_and_go(ctx: &Context) -> squall::Result {
    let identity = ctx.identity();
    let group =
        ctx.create(&kinds::GROUP, |name| identity.groups().create(json!({ "name": name }))).await?;
    let user =
        ctx.create(&kinds::USER, |name| identity.users().create(json!({ "name": name }))).await?;
    let members = identity.group_users();
    members.check(&group.id, &user.id).expect_error(404).await?;
    members.add(&group.id, &user.id).send().await?;
    members.check(&group.id, &user.id).send().await?;
    members.remove(&group.id, &user.id).send().await?;
    members.check(&group.id, &user.id).expect_error(404).await?;
    Ok(())
}

/// A group is renamed by an update.
#[squall::test(id = "identity.groups.update")]
async fn can_be_described_anew(ctx: &Context) -> squall::Result {
    let group = ctx
        .create(&kinds::GROUP, |name| ctx.identity().groups().create(json!({ "name": name })))
        .await?;
    let groups = ctx.identity().groups();
    groups.update(&group.id, json!({ "description": "renewed" })).send().await?;
    let shown = groups.show(&group.id).send().await?.value;
    ensure_eq!(shown.description.as_deref(), Some("renewed"));
    ensure_eq!(shown.name.as_deref(), Some(group.name.as_str()));
    Ok(())
}
