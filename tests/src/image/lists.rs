//! Lists of images: what they leave out, in which order, and where the next page is.

use serde_json::{Value, json};
use squall::{Context, ensure, ensure_eq};

/// Creates three images that have no data yet and returns their names, the first first.
async fn three(ctx: &Context) -> squall::Result<Vec<String>> {
    let images = ctx.image().images();
    let mut names = Vec::new();
    for _ in 0..3 {
        let body = json!({ "disk_format": "raw", "container_format": "bare" });
        names.push(ctx.create(images.create(body)).await?.name);
    }
    Ok(names)
}

/// A list can be sorted by name, in both directions.
#[squall::test(id = "image.images.sort")]
async fn sorted_by_name(ctx: &Context) -> squall::Result {
    let mut names = three(ctx).await?;
    names.sort();
    for direction in ["asc", "desc"] {
        let list = ctx.image().images().list().query("owner", owner(ctx)).query("limit", 1000);
        let listed = list.query("sort", format!("name:{direction}")).send().await?.value;
        let mut found: Vec<String> = listed.into_iter().filter_map(|image| image.name).collect();
        found.retain(|name| names.contains(name));
        ensure_eq!(found, names, "{direction}");
        names.reverse();
    }
    Ok(())
}

/// A list can be filtered by status.
#[squall::test(id = "image.images.list-by-status")]
async fn listed_by_status(ctx: &Context) -> squall::Result {
    let names = three(ctx).await?;
    for (status, there) in [("queued", true), ("active", false)] {
        let list = ctx.image().images().list().query("owner", owner(ctx)).query("limit", 1000);
        let listed = list.query("status", status).send().await?.value;
        let found = listed.iter().any(|image| image.name.as_ref() == Some(&names[0]));
        ensure_eq!(found, there, "{status}");
    }
    Ok(())
}

/// A page that is not the last has a link to the next.
#[squall::test(id = "image.images.next-page")]
async fn a_page_leads_to_the_next(ctx: &Context) -> squall::Result {
    three(ctx).await?;
    let page = ctx.image().images().list().query("owner", owner(ctx)).query("limit", 2);
    let page = page.send().await?;
    let next = page.body.at("/next").and_then(Value::as_str).unwrap_or_default();
    let last = page.value.last().and_then(|image| image.id.clone()).unwrap_or_default();
    ensure_eq!(page.value.len(), 2);
    ensure!(next.contains(&format!("marker={last}")), "`{next}` does not begin after {last}");
    Ok(())
}

/// Another project's list does not have an image that is not shared with it.
#[squall::test(
    id = "image.images.list-wrong-project",
    tags(negative),
    identities(member, other = member)
)]
async fn another_projects_list_is_without_it(ctx: &Context) -> squall::Result {
    let names = three(ctx).await?;
    let other = ctx.identity_named("other")?.image().images();
    let listed = other.list().query("name", &names[0]).send().await?.value;
    ensure_eq!(listed.len(), 0);
    let own = ctx.image().images().list().query("name", &names[0]).send().await?.value;
    ensure_eq!(own.len(), 1);
    Ok(())
}

fn owner(ctx: &Context) -> String {
    ctx.actor().project_id().unwrap_or_default().to_owned()
}
