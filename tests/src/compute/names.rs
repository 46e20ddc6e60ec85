//! Names of servers: what is shown, what their guests are called, and many with one name.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::servers::{self, public_image, smallest_flavor};
use squall::{Context, ensure, ensure_eq, kinds};

/// From this version on a host name is shown to the owner, and can be set.
const HOST_NAMES: Microversion = Microversion::new(2, 90);
const DOMAIN_NAMES: Microversion = Microversion::new(2, 94);

async fn body(ctx: &Context, further: Value) -> squall::Result<Value> {
    let mut body = json!({
        "flavorRef": smallest_flavor(ctx).await?,
        "imageRef": public_image(ctx).await?,
        "networks": "none",
    });
    if let (Some(body), Value::Object(further)) = (body.as_object_mut(), further) {
        body.extend(further);
    }
    Ok(body)
}

async fn host_name(ctx: &Context, id: &str) -> squall::Result<Value> {
    let shown = ctx.compute().servers().show(id).at(DOMAIN_NAMES).send().await?;
    Ok(shown.body.at("/server/OS-EXT-SRV-ATTR:hostname").cloned().unwrap_or_default())
}

/// A name may have any letters; what a guest is called is made of those that host names have.
#[squall::test(id = "compute.servers.name-letters", needs(compute >= "2.94", image))]
async fn a_host_name_follows_the_name(ctx: &Context) -> squall::Result {
    let (servers, further) = (ctx.compute().servers(), body(ctx, json!({})).await?);
    let named = |name: &str| format!("{name} Größe_1.雪-");
    let server = ctx
        .create_named(&kinds::compute::SERVER, |name| {
            let mut body = further;
            body["name"] = json!(named(name));
            servers.create(body)
        })
        .await?;
    servers::active(ctx, &server.id).await?;
    let shown = servers.show(&server.id).send().await?;
    ensure_eq!(shown.value.name, Some(named(&server.name)));
    let host = host_name(ctx, &server.id).await?;
    let host = host.as_str().unwrap_or_default();
    ensure_eq!(host, format!("{}-größe-1", server.name));
    // A later name does not rename the guest.
    let renamed = format!("{} renamed", server.name);
    servers.update(&server.id, json!({ "name": renamed })).send().await?;
    ensure_eq!(servers.show(&server.id).send().await?.value.name, Some(renamed));
    ensure_eq!(host_name(ctx, &server.id).await?, host);
    Ok(())
}

/// A guest is called as its owner asks: by a host name from 2.90 on, and a domain name from 2.94.
#[squall::test(id = "compute.servers.host-name", needs(compute >= "2.94", image))]
async fn a_host_name_is_chosen(ctx: &Context) -> squall::Result {
    let servers = ctx.compute().servers();
    let create = body(ctx, json!({ "hostname": "first" })).await?;
    let server = ctx.create(servers.create(create).at(HOST_NAMES)).await?;
    servers::active(ctx, &server.id).await?;
    ensure_eq!(host_name(ctx, &server.id).await?, "first");
    let update = |name: &str| servers.update(&server.id, json!({ "hostname": name }));
    update("second.example.org").at(HOST_NAMES).expect_error(400).await?;
    ensure_eq!(host_name(ctx, &server.id).await?, "first");
    update("second.example.org").at(DOMAIN_NAMES).send().await?;
    ensure_eq!(host_name(ctx, &server.id).await?, "second.example.org");
    update("no_host name").at(DOMAIN_NAMES).expect_error(400).await?;
    ensure_eq!(host_name(ctx, &server.id).await?, "second.example.org");
    Ok(())
}

/// One request makes several servers, which are numbered and share a reservation.
#[squall::test(
    id = "compute.servers.several",
    needs(compute >= "2.37", image),
    claims(servers = 3)
)]
async fn one_request_makes_several(ctx: &Context) -> squall::Result {
    let servers = ctx.compute().servers();
    let counts = json!({ "min_count": 2, "max_count": 3 });
    let first = ctx.create(servers.create(body(ctx, counts).await?)).await?;
    let listed = || servers.list_detail().query("name", &first.name);
    servers::active(ctx, &first.id).await?;
    let mut seen = Vec::new();
    for server in listed().send().await?.value {
        servers::active(ctx, &server.id).await?;
        let shown = ctx.admin().compute().servers().show(&server.id).send().await?;
        let get = |key: &str| shown.body.at(&format!("/server/OS-EXT-SRV-ATTR:{key}")).cloned();
        seen.push((
            server.name.unwrap_or_default(),
            get("launch_index").and_then(|index| index.as_u64()),
            get("reservation_id").and_then(|id| Some(id.as_str()?.to_owned())),
        ));
    }
    seen.sort();
    let reservation = seen.first().and_then(|(_, _, reservation)| reservation.clone());
    ensure!(reservation.as_ref().is_some_and(|id| id.starts_with("r-")), "{reservation:?}");
    let wanted: Vec<_> = (0..3)
        .map(|index| (format!("{}-{}", first.name, index + 1), Some(index), reservation.clone()))
        .collect();
    ensure_eq!(seen, wanted);
    Ok(())
}

/// The least number of servers is no more than the most, and a host name is one server's.
#[squall::test(
    id = "compute.servers.several-refused",
    needs(compute >= "2.90", image),
    tags(negative)
)]
async fn impossible_numbers_are_refused(ctx: &Context) -> squall::Result {
    let servers = ctx.compute().servers();
    for further in [
        json!({ "min_count": 3, "max_count": 2 }),
        json!({ "min_count": 0 }),
        json!({ "min_count": 2, "hostname": "one" }),
    ] {
        ctx.expect_refusal(400, servers.create(body(ctx, further).await?)).await?;
    }
    Ok(())
}
