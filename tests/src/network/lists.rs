//! Lists of networks and ports: filters, order, fields, pages, and whose they are.

use serde_json::{Value, json};
use squall::scenario::networks;
use squall::{Context, ensure, ensure_eq, kinds};

/// Creates three networks and returns their names.
async fn three(ctx: &Context) -> squall::Result<Vec<String>> {
    let mut names = Vec::new();
    for _ in 0..3 {
        names.push(networks::network(ctx, json!({})).await?.name);
    }
    Ok(names)
}

/// A list can be sorted by name, in both directions.
#[squall::test(id = "network.networks.sort")]
async fn sorted_by_name(ctx: &Context) -> squall::Result {
    let mut names = three(ctx).await?;
    names.sort();
    for direction in ["asc", "desc"] {
        let list = ctx.network().networks().list().query("sort_key", "name");
        let listed = list.query("sort_dir", direction).send().await?.value;
        let mut found: Vec<String> =
            listed.into_iter().filter_map(|network| network.name).collect();
        found.retain(|name| names.contains(name));
        ensure_eq!(found, names, "{direction}");
        names.reverse();
    }
    Ok(())
}

/// A page that is not the last has a link to the next.
#[squall::test(id = "network.networks.next-page")]
async fn a_page_leads_to_the_next(ctx: &Context) -> squall::Result {
    three(ctx).await?;
    let page = ctx.network().networks().list().query("limit", 2).send().await?;
    let links = page.body.at("/networks_links").and_then(Value::as_array).cloned();
    let links = links.unwrap_or_default();
    let next = links.iter().find(|link| link["rel"] == "next");
    let next = next.and_then(|link| link["href"].as_str()).unwrap_or_default();
    let last = page.value.last().and_then(|network| network.id.clone()).unwrap_or_default();
    ensure!(next.contains(&format!("marker={last}")), "`{next}` does not begin after {last}");
    Ok(())
}

/// A list has only the fields that are asked for.
#[squall::test(id = "network.networks.fields")]
async fn only_the_wanted_fields_are_listed(ctx: &Context) -> squall::Result {
    let made = networks::network(ctx, json!({})).await?;
    let list = ctx.network().networks().list().query("name", &made.name);
    let listed = list.query("fields", "id").query("fields", "name").send().await?;
    let listed = listed.body.at("/networks/0").cloned().unwrap_or_default();
    ensure_eq!(listed, json!({ "id": made.id, "name": made.name }));
    Ok(())
}

/// Another project's list does not have the network.
#[squall::test(
    id = "network.networks.list-wrong-project",
    tags(negative),
    identities(member, other = member)
)]
async fn another_projects_list_is_without_it(ctx: &Context) -> squall::Result {
    let made = networks::network(ctx, json!({})).await?;
    let other = ctx.identity_named("other")?.network().networks();
    ensure_eq!(other.list().query("name", &made.name).send().await?.value.len(), 0);
    ensure_eq!(
        ctx.network().networks().list().query("name", &made.name).send().await?.value.len(),
        1
    );
    Ok(())
}

/// Ports can be filtered by the device that they belong to.
#[squall::test(id = "network.ports.list-by-device")]
async fn ports_are_listed_by_device(ctx: &Context) -> squall::Result {
    let network = networks::network(ctx, json!({})).await?;
    let device = format!("device-of-{}", network.name);
    let port = networks::port(ctx, &network.id, json!({ "device_id": device })).await?;
    networks::port(ctx, &network.id, json!({})).await?;
    let listed = ctx.network().ports().list().query("device_id", &device).send().await?.value;
    let ids: Vec<Option<String>> = listed.into_iter().map(|port| port.id).collect();
    ensure_eq!(ids, [Some(port.id.clone())]);
    Ok(())
}

/// A project has no more networks than its quota allows.
#[squall::test(id = "network.quotas.networks", identities(admin), tags(negative))]
async fn a_quota_binds(ctx: &Context) -> squall::Result {
    let projects = ctx.identity().projects();
    let project = ctx.create(projects.create(json!({}))).await?;
    let quotas = ctx.network().quotas();
    let one = quotas.update(&project.id, json!({ "network": 1 }));
    ctx.change(&kinds::network::QUOTA, one).await?;
    let networks = ctx.network().networks();
    let body = json!({ "project_id": project.id });
    ctx.create(networks.create(body.clone())).await?;
    ctx.expect_refusal(409, networks.create(body)).await?;
    Ok(())
}
