//! Flavors: what servers can be.

use serde_json::json;
use squall::model::Microversion;
use squall::{Context, ensure, ensure_eq};

fn flavor() -> serde_json::Value {
    json!({ "ram": 128, "vcpus": 1, "disk": 1 })
}

/// A flavor is shown as created.
#[squall::test(id = "compute.flavors.show", identities(admin), tags(smoke))]
async fn shown_as_made(ctx: &Context) -> squall::Result {
    let flavors = ctx.compute().flavors();
    let made = ctx.create(flavors.create(flavor())).await?;
    let shown = flavors.show(&made.id).send().await?;
    ensure_eq!(shown.value.name.as_str(), made.name.as_str());
    ensure_eq!(shown.value.ram, Some(128));
    ensure_eq!(shown.value.vcpus, Some(1));
    Ok(())
}

/// Extra specs are stored, changed, and removed one by one.
#[squall::test(id = "compute.flavors.extra-specs", identities(admin))]
async fn extra_specs_are_kept(ctx: &Context) -> squall::Result {
    let flavors = ctx.compute().flavors();
    let made = ctx.create(flavors.create(flavor())).await?;
    let specs = ctx.compute().flavor_extra_specs();
    let (nodes, policy) = ("hw:numa_nodes", "hw:cpu_policy");
    specs.create(&made.id, json!({ nodes: "1", policy: "shared" })).send().await?;
    let shown = specs.list(&made.id).send().await?.value;
    ensure_eq!(shown.get(nodes).map(String::as_str), Some("1"));
    specs.update(&made.id, nodes, json!({ nodes: "2" })).send().await?;
    let shown = specs.list(&made.id).send().await?.value;
    ensure_eq!(shown.get(nodes).map(String::as_str), Some("2"));
    ensure_eq!(shown.get(policy).map(String::as_str), Some("shared"));
    for spec in [nodes, policy] {
        specs.delete(&made.id, spec).send().await?;
        specs.show(&made.id, spec).expect_error(404).await?;
    }
    ensure_eq!(specs.list(&made.id).send().await?.value.len(), 0);
    Ok(())
}

/// A flavor's description can be changed from 2.55 on.
#[squall::test(id = "compute.flavors.update", identities(admin), needs(compute >= "2.55"))]
async fn described_anew(ctx: &Context) -> squall::Result {
    let flavors = ctx.compute().flavors();
    let made = ctx.create(flavors.create(flavor())).await?;
    let version = Microversion::new(2, 55);
    let call = flavors.update(&made.id, json!({ "description": "renewed" })).at(version);
    let updated = call.send().await?;
    ensure_eq!(updated.value.description.as_deref(), Some("renewed"));
    let shown = flavors.show(&made.id).at(version).send().await?;
    ensure_eq!(shown.value.description.as_deref(), Some("renewed"));
    Ok(())
}

/// A member cannot create a flavor.
#[squall::test(id = "compute.flavors.forbidden", tags(negative))]
async fn a_member_makes_no_flavor(ctx: &Context) -> squall::Result {
    let flavors = ctx.compute().flavors();
    ctx.expect_refusal(403, flavors.create(flavor())).await?;
    Ok(())
}

/// A flavor without memory is refused.
#[squall::test(id = "compute.flavors.bad-body", identities(admin), tags(negative))]
async fn no_memory_is_refused(ctx: &Context) -> squall::Result {
    let flavors = ctx.compute().flavors();
    ctx.expect_refusal(400, flavors.create(json!({ "ram": 0, "vcpus": 1, "disk": 1 }))).await?;
    Ok(())
}

/// At least one availability zone is available.
#[squall::test(id = "compute.availability-zones.list", tags(smoke))]
async fn a_zone_is_available(ctx: &Context) -> squall::Result {
    let zones = ctx.compute().availability_zones().list().send().await?;
    let zones = zones.body.at("/availabilityZoneInfo").and_then(|z| z.as_array());
    let there = |zone: &serde_json::Value| zone["zoneState"]["available"] == true;
    ensure!(zones.is_some_and(|zones| zones.iter().any(there)), "{zones:?}");
    Ok(())
}

/// A list can be limited to flavors with enough memory.
#[squall::test(id = "compute.flavors.list-by-memory", identities(admin))]
async fn listed_by_memory(ctx: &Context) -> squall::Result {
    let flavors = ctx.compute().flavors();
    let made = ctx.create(flavors.create(flavor())).await?;
    for (least, there) in [(128, true), (129, false)] {
        let listed = flavors.list().query("minRam", least).query("limit", 1000).send().await?;
        let listed = listed.body.at("/flavors").and_then(|flavors| flavors.as_array());
        let found = listed.is_some_and(|all| all.iter().any(|flavor| flavor["id"] == made.id));
        ensure_eq!(found, there, "{least}");
    }
    Ok(())
}

/// Extensions of the API are listed, and shown by alias.
#[squall::test(id = "compute.extensions.list")]
async fn extensions_are_listed(ctx: &Context) -> squall::Result {
    let listed = ctx.compute().extensions().list().send().await?;
    let aliases = listed.body.at("/extensions").and_then(|all| all.as_array());
    let mut aliases = aliases.into_iter().flatten().filter_map(|one| one["alias"].as_str());
    ensure!(aliases.any(|alias| alias == "OS-DCF"), "`OS-DCF` is not listed");
    let shown = ctx.compute().extensions().show("OS-DCF").send().await?;
    ensure_eq!(shown.body.at("/extension/alias"), Some(&json!("OS-DCF")));
    Ok(())
}
