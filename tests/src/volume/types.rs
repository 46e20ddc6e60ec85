//! Volume types.

use serde_json::json;
use squall::{Context, ensure_eq};

/// A volume type keeps its extra specs.
#[squall::test(id = "volume.types.extra-specs", identities(admin))]
async fn extra_specs_are_kept(ctx: &Context) -> squall::Result {
    let types = ctx.volume().volume_types();
    let made = ctx.create(types.create(json!({}))).await?;
    let specs = ctx.volume().volume_type_extra_specs();
    specs.create(&made.id, json!({ "colour": "blue" })).send().await?;
    let shown = specs.list(&made.id).send().await?;
    ensure_eq!(shown.body.at("/extra_specs/colour"), Some(&json!("blue")));
    specs.show(&made.id, "colour").send().await?;
    specs.delete(&made.id, "colour").send().await?;
    specs.show(&made.id, "colour").expect_error(404).await?;
    Ok(())
}

/// A member cannot create a volume type.
#[squall::test(id = "volume.types.forbidden", tags(negative))]
async fn a_member_makes_no_type(ctx: &Context) -> squall::Result {
    let types = ctx.volume().volume_types();
    ctx.expect_refusal(403, types.create(json!({}))).await?;
    Ok(())
}
