//! Resource providers: what they have and what they are like.

use serde_json::json;
use squall::model::Microversion;
use squall::{Context, ensure, ensure_eq, kinds};

const LATEST: Microversion = Microversion::new(1, 39);

/// A resource provider is shown as created.
#[squall::test(id = "placement.providers.show", tags(smoke))]
async fn shown_as_made(ctx: &Context) -> squall::Result {
    let providers = ctx.placement().resource_providers();
    let made = ctx.create(providers.create(json!({})).at(LATEST)).await?;
    let shown = providers.show(&made.id).at(LATEST).send().await?;
    ensure_eq!(shown.value.name.as_str(), made.name.as_str());
    ensure_eq!(shown.value.generation, 0);
    ensure_eq!(shown.value.root_provider_uuid.as_deref(), Some(made.id.as_str()));
    Ok(())
}

/// A change increments the generation, and a stale one is refused.
#[squall::test(id = "placement.providers.generation")]
async fn a_stale_generation_is_refused(ctx: &Context) -> squall::Result {
    let made =
        ctx.create(ctx.placement().resource_providers().create(json!({})).at(LATEST)).await?;
    let inventories = ctx.placement().resource_provider_inventories();
    let body = json!({
        "resource_provider_generation": 0,
        "inventories": { "VCPU": { "total": 8 } },
    });
    let replaced = inventories.replace(&made.id, body.clone()).at(LATEST).send().await?;
    let generation = replaced.body.at("/resource_provider_generation");
    ensure!(generation != Some(&json!(0)), "the generation is still 0");
    ensure_eq!(replaced.body.at("/inventories/VCPU/total"), Some(&json!(8)));
    inventories.replace(&made.id, body).at(LATEST).expect_error(409).await?;
    Ok(())
}

/// An inventory has defaults for the omitted fields.
#[squall::test(id = "placement.inventories.defaults")]
async fn an_inventory_is_filled_up(ctx: &Context) -> squall::Result {
    let made =
        ctx.create(ctx.placement().resource_providers().create(json!({})).at(LATEST)).await?;
    let inventories = ctx.placement().resource_provider_inventories();
    let body = json!({
        "resource_provider_generation": 0,
        "inventories": { "DISK_GB": { "total": 100 } },
    });
    inventories.replace(&made.id, body).at(LATEST).send().await?;
    let shown = inventories.show(&made.id, "DISK_GB").at(LATEST).send().await?;
    let most = i32::MAX;
    for (field, value) in [
        ("total", json!(100)),
        ("reserved", json!(0)),
        ("min_unit", json!(1)),
        ("max_unit", json!(most)),
        ("step_size", json!(1)),
        ("allocation_ratio", json!(1.0)),
    ] {
        ensure_eq!(shown.body.at(&format!("/{field}")), Some(&value), "{field}");
    }
    Ok(())
}

/// A custom trait is set on a provider, which is found by it.
#[squall::test(id = "placement.traits.own")]
async fn providers_are_found_by_trait(ctx: &Context) -> squall::Result {
    let traits = ctx.placement().traits();
    let own =
        ctx.create_named(&kinds::placement::TRAIT, |name| traits.create(name).at(LATEST)).await?;
    traits.check(&own.name).at(LATEST).send().await?;
    let providers = ctx.placement().resource_providers();
    let made = ctx.create(providers.create(json!({})).at(LATEST)).await?;
    let body = json!({ "resource_provider_generation": 0, "traits": [own.name] });
    ctx.placement().resource_provider_traits().replace(&made.id, body).at(LATEST).send().await?;
    let found = providers.list().query("required", &own.name).at(LATEST).send().await?;
    ensure_eq!(found.body.at("/resource_providers/0/uuid"), Some(&json!(made.id)));
    ensure_eq!(found.body.at("/resource_providers/1"), None);
    Ok(())
}

/// A custom resource class exists once created.
#[squall::test(id = "placement.resource-classes.own")]
async fn a_class_of_ones_own(ctx: &Context) -> squall::Result {
    let classes = ctx.placement().resource_classes();
    let own = ctx.create(classes.create(json!({})).at(LATEST)).await?;
    let shown = classes.show(&own.name).at(LATEST).send().await?;
    ensure_eq!(shown.value.name.as_str(), own.name.as_str());
    Ok(())
}

/// A standard resource class cannot be deleted.
#[squall::test(id = "placement.resource-classes.standard", tags(negative))]
async fn a_standard_class_stays(ctx: &Context) -> squall::Result {
    ctx.placement().resource_classes().delete("VCPU").at(LATEST).expect_error(400).await?;
    Ok(())
}

/// A trait is not created without its prefix, with lower case, or with too long a name.
#[squall::test(id = "placement.traits.bad-name", tags(negative))]
async fn a_trait_needs_its_prefix(ctx: &Context) -> squall::Result {
    let traits = ctx.placement().traits();
    let bad: [fn(&str) -> String; 3] = [
        |name| format!("SQUALL_{name}"),
        |name| format!("{name}_colour"),
        |name| format!("{name}_{}", "X".repeat(256 - name.len())),
    ];
    for bad in bad {
        let kind = &kinds::placement::TRAIT;
        let create = |name: &str| traits.create(bad(name)).at(LATEST);
        ctx.expect_refusal_named(kind, 400, create).await?;
    }
    traits.check("SQUALL_NO_SUCH_TRAIT").at(LATEST).expect_error(404).await?;
    Ok(())
}

/// A list can be filtered by name.
#[squall::test(id = "placement.providers.list-by-name")]
async fn listed_by_name(ctx: &Context) -> squall::Result {
    let providers = ctx.placement().resource_providers();
    let made = ctx.create(providers.create(json!({})).at(LATEST)).await?;
    let found = providers.list().query("name", &made.name).at(LATEST).send().await?;
    ensure_eq!(found.body.at("/resource_providers/0/uuid"), Some(&json!(made.id)));
    ensure_eq!(found.body.at("/resource_providers/1"), None);
    Ok(())
}
