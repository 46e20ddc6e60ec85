//! What a project may have no more of, and what no host can take.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::servers::{self, boot, public_image, smallest_flavor};
use squall::wait::Poll;
use squall::{Context, ensure, ensure_eq, kinds};

/// Returns one of the project's limits; skips where there is none.
async fn limit(ctx: &Context, name: &str) -> squall::Result<u64> {
    let limits = ctx.compute().limits().show().send().await?;
    let limit = limits.body.at(&format!("/limits/absolute/{name}")).and_then(Value::as_u64);
    limit.ok_or_else(|| ctx.skip(format!("the project has no limit `{name}`")))
}

/// Creates a flavor that everyone may use and returns its id.
async fn flavor(ctx: &Context, further: Value) -> squall::Result<String> {
    let mut body = json!({ "ram": 128, "vcpus": 1, "disk": 1 });
    if let (Some(body), Value::Object(further)) = (body.as_object_mut(), further) {
        body.extend(further);
    }
    let flavors = ctx.admin().compute().flavors();
    Ok(ctx.create(flavors.create(body)).await?.id)
}

/// More servers than the project may have are refused at once.
#[squall::test(id = "compute.limits.servers", needs(compute >= "2.37", image), tags(negative))]
async fn too_many_servers_are_refused(ctx: &Context) -> squall::Result {
    let most = limit(ctx, "maxTotalInstances").await?;
    let (flavor, image) = (smallest_flavor(ctx).await?, public_image(ctx).await?);
    let servers = ctx.compute().servers();
    ctx.expect_refusal_named(&kinds::compute::SERVER, 403, |name| {
        let body = json!({
            "name": name,
            "flavorRef": flavor,
            "imageRef": image,
            "networks": "none",
            "min_count": most + 1,
        });
        servers.create(body).at(Microversion::new(2, 37))
    })
    .await?;
    Ok(())
}

/// A server has no more metadata than the project's limit.
#[squall::test(id = "compute.limits.metadata", needs(compute, image), tags(negative))]
async fn too_much_metadata_is_refused(ctx: &Context) -> squall::Result {
    let most = limit(ctx, "maxServerMeta").await?;
    if most > 1000 {
        return Err(ctx.skip(format!("the limit is {most} items")));
    }
    let server = boot(ctx, json!({})).await?;
    let items: serde_json::Map<String, Value> =
        (0..=most).map(|number| (format!("key{number}"), json!("value"))).collect();
    let metadata = ctx.compute().server_metadata();
    metadata.create(&server.id, items.clone()).expect_error(403).await?;
    metadata.replace(&server.id, items).expect_error(403).await?;
    ensure_eq!(metadata.list(&server.id).send().await?.body.at("/metadata"), Some(&json!({})));
    Ok(())
}

/// A resize beyond the project's limit is refused.
#[squall::test(
    id = "compute.limits.resize",
    needs(compute, image),
    features("compute.resize"),
    tags(negative)
)]
async fn too_large_a_flavor_is_refused(ctx: &Context) -> squall::Result {
    let most = limit(ctx, "maxTotalCores").await?;
    let server = boot(ctx, json!({})).await?;
    let large = flavor(ctx, json!({ "vcpus": most + 1 })).await?;
    let resize = json!({ "flavorRef": large });
    ctx.compute().servers().resize(&server.id, resize).expect_error(403).await?;
    servers::active(ctx, &server.id).await?;
    Ok(())
}

/// A server that no host has room for ends in error and says why.
#[squall::test(id = "compute.servers.no-host", needs(compute >= "2.37", image), tags(negative))]
async fn what_no_host_can_take_is_in_error(ctx: &Context) -> squall::Result {
    let huge = flavor(ctx, json!({ "disk": 100_000_000 })).await?;
    let server = servers::start_boot(ctx, json!({ "flavorRef": huge })).await?;
    let show = || ctx.compute().servers().show(&server.id);
    ctx.wait("the server to be in error")
        .until(squall::wait::ready::status_of(show(), "/server/status", "ERROR", &["ACTIVE"]))
        .await?;
    let shown = show().send().await?;
    let message = shown.body.at("/server/fault/message").and_then(Value::as_str);
    ensure!(message.is_some_and(|message| message.contains("No valid host")), "{message:?}");
    Ok(())
}

/// A server's flavor is allocated in placement until the server is gone.
#[squall::test(id = "compute.servers.allocations", needs(compute, image, placement >= "1.12"))]
async fn a_server_uses_what_its_flavor_says(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let allocations = ctx.admin().placement().allocations();
    let show = || allocations.show(&server.id).at(Microversion::new(1, 12)).send();
    let used = show().await?;
    let used = used.body.at("/allocations").and_then(Value::as_object).cloned().unwrap_or_default();
    let cpus: u64 = used.values().filter_map(|one| one.pointer("/resources/VCPU")?.as_u64()).sum();
    ensure!(cpus > 0, "the server uses {used:?}");
    servers::delete(ctx, &server.id).await?;
    // The host gives them back after it has deleted the server.
    ctx.wait("the allocations to be given back")
        .until(|| async {
            let left = show().await?;
            Ok(match left.body.at("/allocations") {
                Some(left) if *left == json!({}) => Poll::ready(()),
                left => Poll::not_yet(format!("{left:?}")),
            })
        })
        .await?;
    Ok(())
}
