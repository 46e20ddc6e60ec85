//! Allocations and usages.

use serde_json::json;
use squall::model::Microversion;
use squall::{Context, ensure_eq, kinds};

const VERSION: Microversion = Microversion::new(1, 28);

/// Creates a provider with some virtual CPUs and returns its id.
async fn provider(ctx: &Context, cpus: u32) -> squall::Result<String> {
    let made =
        ctx.create(ctx.placement().resource_providers().create(json!({})).at(VERSION)).await?;
    let body = json!({
        "resource_provider_generation": 0,
        "inventories": { "VCPU": { "total": cpus } },
    });
    let inventories = ctx.placement().resource_provider_inventories();
    inventories.replace(&made.id, body).at(VERSION).send().await?;
    Ok(made.id)
}

/// An allocation counts as usage until it is removed.
#[squall::test(id = "placement.allocations.usage")]
async fn what_is_allocated_is_used(ctx: &Context) -> squall::Result {
    let provider = provider(ctx, 8).await?;
    // Any UUID can be a consumer's. The provider's own is one that no other test uses, in no
    // other run on the same cloud.
    let consumer = provider.as_str();
    let claim = ctx.placement().allocations().update(
        consumer,
        json!({
            "allocations": { (provider.as_str()): { "resources": { "VCPU": 3 } } },
            "project_id": "squall-project",
            "user_id": "squall-user",
            "consumer_generation": null,
        }),
    );
    ctx.change(&kinds::placement::ALLOCATION, claim.at(VERSION)).await?;
    let usages = ctx.placement().resource_provider_usages();
    let used = usages.list(&provider).at(VERSION).send().await?;
    ensure_eq!(used.body.at("/usages/VCPU"), Some(&json!(3)));
    ctx.placement().allocations().delete(consumer).at(VERSION).send().await?;
    let used = usages.list(&provider).at(VERSION).send().await?;
    ensure_eq!(used.body.at("/usages/VCPU"), Some(&json!(0)));
    Ok(())
}

/// A provider without enough capacity is not an allocation candidate.
#[squall::test(id = "placement.candidates.room")]
async fn only_what_has_room_is_a_candidate(ctx: &Context) -> squall::Result {
    let provider = provider(ctx, 8).await?;
    let candidates = ctx.placement().allocation_candidates();
    let offered =
        |cpus: u32| candidates.list().query("resources", format!("VCPU:{cpus}")).at(VERSION);
    let pointer = format!("/provider_summaries/{provider}");
    let enough = offered(8).send().await?;
    ensure_eq!(enough.body.at(&pointer).is_some(), true, "a request for 8 of 8");
    let many = offered(9).send().await?;
    ensure_eq!(many.body.at(&pointer).is_some(), false, "a request for 9 of 8");
    Ok(())
}

/// An allocation beyond a provider's capacity is refused.
#[squall::test(id = "placement.allocations.too-much", tags(negative))]
async fn more_than_there_is_is_refused(ctx: &Context) -> squall::Result {
    let provider = provider(ctx, 8).await?;
    let consumer = provider.as_str();
    let claim = |cpus: u32| {
        ctx.placement().allocations().update(consumer, claimed(&provider, cpus)).at(VERSION)
    };
    ctx.expect_refusal_named(&kinds::placement::ALLOCATION, 409, |_| claim(9)).await?;
    ctx.change(&kinds::placement::ALLOCATION, claim(8)).await?;
    let held = ctx.placement().allocations().show(consumer).at(VERSION).send().await?;
    let pointer = format!("/allocations/{provider}/resources/VCPU");
    ensure_eq!(held.body.at(&pointer), Some(&json!(8)));
    Ok(())
}

/// An inventory that is allocated from cannot be deleted.
#[squall::test(id = "placement.inventories.in-use", tags(negative))]
async fn an_inventory_in_use_stays(ctx: &Context) -> squall::Result {
    let provider = provider(ctx, 8).await?;
    let allocations = ctx.placement().allocations();
    let claim = allocations.update(&provider, claimed(&provider, 3)).at(VERSION);
    ctx.change(&kinds::placement::ALLOCATION, claim).await?;
    let inventories = ctx.placement().resource_provider_inventories();
    inventories.delete(&provider, "VCPU").at(VERSION).expect_error(409).await?;
    allocations.delete(&provider).at(VERSION).send().await?;
    inventories.delete(&provider, "VCPU").at(VERSION).send().await?;
    inventories.show(&provider, "VCPU").at(VERSION).expect_error(404).await?;
    Ok(())
}

/// Describes a claim of a new consumer.
fn claimed(provider: &str, cpus: u32) -> serde_json::Value {
    json!({
        "allocations": { (provider): { "resources": { "VCPU": cpus } } },
        "project_id": "squall-project",
        "user_id": "squall-user",
        "consumer_generation": null,
    })
}
