//! Lists of volumes, quotas, and messages of what did not come to be.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::volumes;
use squall::wait::ready;
use squall::{Context, ensure, ensure_eq};

use super::volumes::available;

/// A list can be filtered by status.
#[squall::test(id = "volume.volumes.list-by-status")]
async fn listed_by_status(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    for (status, there) in [("available", true), ("error", false)] {
        let listed = ctx.volume().volumes().list_detail().query("status", status).send().await?;
        let listed = listed.body.at("/volumes").and_then(Value::as_array);
        let found = listed.is_some_and(|all| all.iter().any(|volume| volume["id"] == id));
        ensure_eq!(found, there, "{status}");
    }
    Ok(())
}

/// A page that is not the last has a link to the next.
#[squall::test(id = "volume.volumes.next-page")]
async fn a_page_leads_to_the_next(ctx: &Context) -> squall::Result {
    for _ in 0..2 {
        available(ctx).await?;
    }
    let page = ctx.volume().volumes().list().query("limit", 1).send().await?;
    let next = page.body.at("/volumes_links/0/href").and_then(Value::as_str).unwrap_or_default();
    let last = page.body.at("/volumes/0/id").and_then(Value::as_str).unwrap_or_default();
    ensure!(next.contains(&format!("marker={last}")), "`{next}` does not begin after {last}");
    Ok(())
}

/// Another project's list does not have the volume.
#[squall::test(
    id = "volume.volumes.list-wrong-project",
    tags(negative),
    identities(member, other = member)
)]
async fn another_projects_list_is_without_it(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    let listed = ctx.identity_named("other")?.volume().volumes().list().send().await?;
    let listed = listed.body.at("/volumes").and_then(Value::as_array);
    let found = listed.is_some_and(|all| all.iter().any(|volume| volume["id"] == id));
    ensure!(!found, "the volume is in another project's list");
    Ok(())
}

/// A deleted volume is gone.
#[squall::test(id = "volume.volumes.delete")]
async fn a_deleted_one_is_gone(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    volumes::delete(ctx, &id).await?;
    ctx.volume().volumes().show(&id).expect_error(404).await?;
    Ok(())
}

/// A volume beyond the project's quota is refused.
#[squall::test(id = "volume.volumes.quota", tags(negative))]
async fn a_quota_binds(ctx: &Context) -> squall::Result {
    let limits = ctx.volume().limits().show().send().await?;
    let limit = limits.body.at("/limits/absolute/maxTotalVolumeGigabytes").and_then(Value::as_i64);
    let Some(limit) = limit.filter(|limit| *limit >= 0) else {
        return Err(ctx.skip("the project has no quota of gigabytes"));
    };
    let volumes = ctx.volume().volumes();
    ctx.expect_refusal(413, volumes.create(json!({ "size": limit + 1 }))).await?;
    Ok(())
}

/// A volume that no back end takes ends in error, and a message says why.
#[squall::test(
    id = "volume.messages.no-backend",
    needs(volume >= "3.3"),
    identities(member),
    tags(negative)
)]
async fn a_message_says_why(ctx: &Context) -> squall::Result {
    let types = ctx.admin().volume().volume_types();
    let specs = json!({ "volume_backend_name": "squall-no-such-backend" });
    let nowhere = ctx.create(types.create(json!({ "extra_specs": specs }))).await?;
    let volumes = ctx.volume().volumes();
    let volume =
        ctx.create(volumes.create(json!({ "size": 1, "volume_type": nowhere.id }))).await?;
    ctx.wait("the volume to be in error")
        .until(ready::status_of(volumes.show(&volume.id), "/volume/status", "error", &[]))
        .await?;
    let version = Microversion::new(3, 3);
    let messages = ctx.volume().messages();
    let listed = messages.list().at(version).send().await?;
    let listed = listed.body.at("/messages").and_then(Value::as_array);
    let own = listed.into_iter().flatten().find(|one| one["resource_uuid"] == volume.id);
    let id = own.and_then(|own| own["id"].as_str()).unwrap_or_default();
    let shown = messages.show(id).at(version).send().await?;
    ensure_eq!(shown.body.at("/message/message_level"), Some(&json!("ERROR")));
    messages.delete(id).at(version).send().await?;
    messages.show(id).at(version).expect_error(404).await?;
    Ok(())
}

/// Extensions of the API are listed, and shown by alias.
#[squall::test(id = "volume.extensions.list")]
async fn extensions_are_listed(ctx: &Context) -> squall::Result {
    let listed = ctx.volume().extensions().list().send().await?;
    let aliases = listed.body.at("/extensions").and_then(Value::as_array);
    let mut aliases = aliases.into_iter().flatten().filter_map(|one| one["alias"].as_str());
    ensure!(aliases.any(|alias| alias == "os-quota-sets"), "`os-quota-sets` is not listed");
    let shown = ctx.volume().extensions().show("os-quota-sets").send().await?;
    ensure_eq!(shown.body.at("/extension/alias"), Some(&json!("os-quota-sets")));
    Ok(())
}
