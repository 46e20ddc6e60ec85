//! Domains: made, changed, switched off and deleted.

use serde_json::json;
use squall::{Context, ensure, ensure_eq};

/// A domain is updated, disabled, and deleted.
#[squall::test(id = "identity.domains.update", tags(smoke))]
async fn a_domain_is_switched_off_and_goes(ctx: &Context) -> squall::Result {
    let domains = ctx.identity().domains();
    let domain = ctx.create(domains.create(json!({ "description": "before" }))).await?;
    let name = format!("{}-b", domain.name);
    let change = json!({ "name": name, "description": "after", "enabled": false });
    domains.update(&domain.id, change.clone()).send().await?;
    let shown = domains.show(&domain.id).send().await?;
    for (field, value) in change.as_object().into_iter().flatten() {
        ensure_eq!(shown.body.at(&format!("/domain/{field}")), Some(value), "{field}");
    }
    domains.delete(&domain.id).send().await?;
    let listed = domains.list().send().await?.value;
    let left = listed.iter().any(|other| other.id.as_ref() == Some(&domain.id));
    ensure!(!left, "the deleted domain is listed");
    Ok(())
}
