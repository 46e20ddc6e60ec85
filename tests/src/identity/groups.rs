//! Groups and who is in them.

use serde_json::{Value, json};
use squall::{Context, ensure_eq, kinds};

/// Users are members of a group from being added until being removed.
#[squall::test(id = "identity.groups.members")]
async fn members_come_and_go(ctx: &Context) -> squall::Result {
    let identity = ctx.identity();
    let group = ctx.create(identity.groups().create(json!({}))).await?;
    let members = identity.group_users();
    let mut users = Vec::new();
    for _ in 0..3 {
        let user = ctx.create(identity.users().create(json!({}))).await?.id;
        members.check(&group.id, &user).expect_error(404).await?;
        ctx.change(&kinds::identity::GROUP_MEMBER, members.add(&group.id, &user)).await?;
        users.push(user);
    }
    users.sort();
    let listed = members.list(&group.id).send().await?;
    let listed = listed.body.at("/users").and_then(Value::as_array);
    let mut ids: Vec<&str> =
        listed.into_iter().flatten().filter_map(|user| user.get("id")?.as_str()).collect();
    ids.sort_unstable();
    ensure_eq!(ids, users);
    for user in &users {
        members.check(&group.id, user).send().await?;
        members.remove(&group.id, user).send().await?;
        members.check(&group.id, user).expect_error(404).await?;
    }
    let listed = members.list(&group.id).send().await?;
    ensure_eq!(listed.body.at("/users"), Some(&json!([])));
    Ok(())
}

/// An update of a group changes only the given fields.
#[squall::test(id = "identity.groups.update")]
async fn can_be_described_anew(ctx: &Context) -> squall::Result {
    let group = ctx.create(ctx.identity().groups().create(json!({}))).await?;
    let groups = ctx.identity().groups();
    groups.update(&group.id, json!({ "description": "renewed" })).send().await?;
    let shown = groups.show(&group.id).send().await?.value;
    ensure_eq!(shown.description.as_deref(), Some("renewed"));
    ensure_eq!(shown.name.as_deref(), Some(group.name.as_str()));
    let name = format!("{}-b", group.name);
    let renamed = groups.update(&group.id, json!({ "name": name })).send().await?.value;
    ensure_eq!(renamed.name, Some(name));
    ensure_eq!(renamed.description.as_deref(), Some("renewed"));
    Ok(())
}
