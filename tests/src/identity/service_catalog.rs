//! Regions, services and endpoints, and the catalog they make.

use serde_json::{Value, json};
use squall::{Context, ensure, ensure_eq, kinds};

/// The catalog has every service that the run found, each with a public endpoint in a region: the
/// same as the token's.
#[squall::test(id = "identity.catalog.show", tags(smoke), identities(member))]
async fn the_catalog_lists_services(ctx: &Context) -> squall::Result {
    let shown = ctx.identity().auth_catalog().show().send().await?;
    let listed = shown.body.at("/catalog").and_then(Value::as_array);
    let of_token = ctx.actor().session().catalog().await?;
    let mut public = 0;
    for service in listed.into_iter().flatten() {
        let endpoints = service["endpoints"].as_array().into_iter().flatten();
        for endpoint in endpoints.filter(|one| one["interface"] == "public") {
            let (url, region) = (endpoint["url"].as_str(), endpoint["region"].as_str());
            ensure!(region.is_some_and(|region| !region.is_empty()), "{endpoint} has no region");
            let mut known = of_token.endpoints().iter();
            let is_known = known
                .any(|one| service["type"] == one.service_type && url == Some(one.url.as_str()));
            ensure!(is_known, "the token lacks {endpoint}");
            public += 1;
        }
    }
    let found = &ctx.facts().services;
    ensure!(public >= found.len(), "{public} services are listed, and the run found {found:?}");
    Ok(())
}

/// Describes a service whose endpoints stay out of catalogs: a region that appears there for
/// a moment would be one more to choose from for whoever logs in just then.
fn unlisted() -> Value {
    json!({ "type": "squall-test", "enabled": false })
}

/// An endpoint belongs to the service and region that it was created with.
#[squall::test(id = "identity.endpoints.show")]
async fn an_endpoint_knows_service_and_region(ctx: &Context) -> squall::Result {
    let identity = ctx.identity();
    let region = ctx.create(identity.regions().create(json!({}))).await?;
    let service = ctx.create(identity.services().create(unlisted())).await?;
    let endpoint = ctx
        .create_named(&kinds::identity::ENDPOINT, |name| {
            identity.endpoints().create(json!({
                "url": format!("http://127.0.0.1/{name}"),
                "interface": "public",
                "service_id": service.id,
                "region_id": region.id,
            }))
        })
        .await?;
    let shown = identity.endpoints().show(&endpoint.id).send().await?;
    ensure_eq!(shown.value.service_id.as_deref(), Some(service.id.as_str()));
    ensure_eq!(shown.value.region_id.as_deref(), Some(region.id.as_str()));
    Ok(())
}

/// An endpoint's service, region, URL and interface can be changed.
#[squall::test(id = "identity.endpoints.update", tags(smoke))]
async fn an_endpoint_moves(ctx: &Context) -> squall::Result {
    let identity = ctx.identity();
    let mut services = Vec::new();
    let mut regions = Vec::new();
    for _ in 0..2 {
        services.push(ctx.create(identity.services().create(unlisted())).await?.id);
        regions.push(ctx.create(identity.regions().create(json!({}))).await?.id);
    }
    let endpoint = ctx
        .create_named(&kinds::identity::ENDPOINT, |name| {
            identity.endpoints().create(json!({
                "url": format!("http://127.0.0.1/{name}"),
                "interface": "public",
                "service_id": services[0],
                "region_id": regions[0],
            }))
        })
        .await?;
    let url = format!("http://127.0.0.1/{}-b", endpoint.name);
    let moved = json!({
        "url": url,
        "interface": "internal",
        "service_id": services[1],
        "region_id": regions[1],
        "enabled": false,
    });
    identity.endpoints().update(&endpoint.id, moved.clone()).send().await?;
    let shown = identity.endpoints().show(&endpoint.id).send().await?;
    for (field, value) in moved.as_object().into_iter().flatten() {
        ensure_eq!(shown.body.at(&format!("/endpoint/{field}")), Some(value), "{field}");
    }
    Ok(())
}

/// A service's description can be changed.
#[squall::test(id = "identity.services.update", tags(smoke))]
async fn a_service_is_described(ctx: &Context) -> squall::Result {
    let services = ctx.identity().services();
    let service =
        ctx.create(services.create(json!({ "type": "squall-test", "description": "old" }))).await?;
    services.update(&service.id, json!({ "description": "renewed" })).send().await?;
    let shown = services.show(&service.id).send().await?;
    ensure_eq!(shown.body.at("/service/description"), Some(&json!("renewed")));
    ensure_eq!(shown.value.name.as_deref(), Some(service.name.as_str()));
    Ok(())
}

/// A region's description can be changed.
#[squall::test(id = "identity.regions.update")]
async fn a_region_is_described(ctx: &Context) -> squall::Result {
    let regions = ctx.identity().regions();
    let region = ctx.create(ctx.identity().regions().create(json!({}))).await?;
    regions.update(&region.id, json!({ "description": "far away" })).send().await?;
    let shown = regions.show(&region.id).send().await?;
    ensure_eq!(shown.value.description.as_deref(), Some("far away"));
    Ok(())
}

/// The default domain exists.
#[squall::test(id = "identity.domains.default")]
async fn the_default_domain_is_there(ctx: &Context) -> squall::Result {
    let shown = ctx.identity().domains().show("default").send().await?;
    ensure_eq!(shown.body.at("/domain/enabled"), Some(&json!(true)));
    Ok(())
}

/// An endpoint that names an unknown region in the older way brings the region with it.
#[squall::test(id = "identity.endpoints.new-region")]
async fn an_endpoint_brings_its_region(ctx: &Context) -> squall::Result {
    let identity = ctx.identity();
    let service = ctx.create(identity.services().create(unlisted())).await?;
    // The region is found by the service's name, and removed after its endpoint.
    let region = service.name.clone();
    let away = identity.regions().delete(&region);
    ctx.defer(async move {
        away.send().await?;
        Ok(())
    });
    let endpoint = ctx
        .create_named(&kinds::identity::ENDPOINT, |name| {
            identity.endpoints().create(json!({
                "url": format!("http://127.0.0.1/{name}"),
                "interface": "public",
                "service_id": service.id,
                "region": region,
            }))
        })
        .await?;
    let shown = identity.endpoints().show(&endpoint.id).send().await?;
    ensure_eq!(shown.body.at("/endpoint/region_id"), Some(&json!(region)));
    let shown = identity.regions().show(&region).send().await?;
    ensure_eq!(shown.body.at("/region/id"), Some(&json!(region)));
    identity.endpoints().delete(&endpoint.id).send().await?;
    identity.endpoints().show(&endpoint.id).expect_error(404).await?;
    Ok(())
}
