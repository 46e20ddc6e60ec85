//! The flavor, image and external network of tests that name none.

use serde_json::Value;

use super::the_chosen;
use crate::{Context, Result, kinds};

/// Returns the id of the flavor that the settings choose, or else of the smallest public
/// one, by memory (`GET /flavors/detail?sort_key=memory_mb`); skips where there is none.
pub async fn smallest_flavor(ctx: &Context) -> Result<String> {
    let look = || async {
        let flavors = ctx.compute().flavors().list_detail().query("sort_key", "memory_mb");
        let flavors = flavors.send().await?;
        if let Some(chosen) = &ctx.facts().settings.flavor {
            return the_chosen("flavor", chosen, flavors.body.at("/flavors"));
        }
        first(flavors.body.at("/flavors")).ok_or_else(|| ctx.skip("the cloud has no public flavor"))
    };
    ctx.choices().flavor.get_or_try_init(look).await.cloned()
}

/// Returns the id of the smallest public flavor that is not [`smallest_flavor`], for what
/// changes a server's flavor; skips where there is none.
pub async fn another_flavor(ctx: &Context) -> Result<String> {
    let taken = smallest_flavor(ctx).await?;
    let flavors = ctx.compute().flavors().list_detail().query("sort_key", "memory_mb");
    let flavors = flavors.send().await?;
    let other = lasting(flavors.body.at("/flavors")).find(|id| *id != taken);
    other.map(str::to_owned).ok_or_else(|| ctx.skip("the cloud has no second public flavor"))
}

/// Returns the id of the image that the settings choose, or else of a public one that is
/// active (`GET /images?visibility=public&status=active`); skips where there is none.
pub async fn public_image(ctx: &Context) -> Result<String> {
    let look = || async {
        let images = ctx.image().images().list().query("status", "active").query("limit", 1000);
        if let Some(chosen) = &ctx.facts().settings.image {
            let images = images.send().await?;
            return the_chosen("image", chosen, images.body.at("/images"));
        }
        let images = images.query("visibility", "public").send().await?;
        first(images.body.at("/images")).ok_or_else(|| ctx.skip("the cloud has no public image"))
    };
    ctx.choices().image.get_or_try_init(look).await.cloned()
}

/// Returns the id of the external network that the settings choose, or else of any
/// (`GET /networks?router:external=True`), where the cloud has one.
pub(super) async fn external_network(ctx: &Context) -> Result<Option<String>> {
    let look = || async {
        let networks = ctx.network().networks().list().query("router:external", "True");
        let networks = networks.send().await?;
        if let Some(chosen) = &ctx.facts().settings.external_network {
            let networks = networks.body.at("/networks");
            return the_chosen("external network", chosen, networks).map(Some);
        }
        Ok(first(networks.body.at("/networks")))
    };
    ctx.choices().external_network.get_or_try_init(look).await.cloned()
}

/// Returns the id of the first resource that no run created.
fn first(things: Option<&Value>) -> Option<String> {
    lasting(things).next().map(str::to_owned)
}

/// Returns the ids of the resources that no run created: those of other tests disappear when
/// their tests end.
fn lasting(things: Option<&Value>) -> impl Iterator<Item = &str> {
    let things = things.and_then(Value::as_array).into_iter().flatten();
    let stays = |thing: &&Value| !thing["name"].as_str().is_some_and(kinds::is_unique_name);
    things.filter(stays).filter_map(|thing| thing["id"].as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_test_created_is_not_chosen() {
        let things = json!([
            { "id": "1", "name": "squall-3c9e8b77-flavor-00000001" },
            { "id": "2", "name": "squall-tiny" },
            { "id": "3", "name": null },
        ]);
        assert_eq!(first(Some(&things)).as_deref(), Some("2"));
        assert_eq!(first(None), None);
    }
}
