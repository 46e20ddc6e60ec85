//! Other types and other back ends: where a volume is, and what it keeps.

use serde_json::json;
use squall::scenario::volumes::{self, Migration};
use squall::{Context, ensure, ensure_eq};

use super::Fillings;

/// Creates a volume type, of a back end if one is given, and returns its name.
async fn volume_type(ctx: &Context, back_end: Option<&str>) -> squall::Result<String> {
    let mut body = json!({});
    if let Some(name) = back_end {
        body["extra_specs"] = json!({ "volume_backend_name": name });
    }
    Ok(volumes::volume_type(ctx, body).await?.name)
}

/// A volume gets another type and keeps its bytes and its back end; the type that it has
/// already is refused.
#[squall::test(id = "volume.chains.retype")]
async fn another_type(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let before = volumes::host(ctx, &volume.id).await?;
    let wanted = volume_type(ctx, None).await?;
    let shown = volumes::retype(ctx, &volume.id, &wanted, Migration::Never).await?;
    ensure_eq!(shown.volume_type.as_deref(), Some(wanted.as_str()));
    ensure_eq!(volumes::host(ctx, &volume.id).await?, before);
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    let again = json!({ "new_type": wanted, "migration_policy": "never" });
    ctx.volume().volumes().retype(&volume.id, again).expect_error(400).await?;
    // The type cannot go before its volume.
    volumes::delete(ctx, &volume.id).await
}

/// A volume moves to the back end of its new type where that is allowed, with its bytes.
#[squall::test(id = "volume.chains.retype-moves", timeout = 600)]
async fn moves_to_its_new_types_back_end(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let (host, back_end) = volumes::another_host(ctx, &volume.id).await?;
    let wanted = volume_type(ctx, Some(&back_end)).await?;
    let shown = volumes::retype(ctx, &volume.id, &wanted, Migration::OnDemand).await?;
    ensure_eq!(shown.volume_type.as_deref(), Some(wanted.as_str()));
    ensure_eq!(volumes::host(ctx, &volume.id).await?, host);
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    volumes::delete(ctx, &volume.id).await
}

/// A volume keeps its type where the new one is of another back end and it may not move: because
/// that was asked for, or because it has snapshots.
#[squall::test(id = "volume.chains.retype-stays", features("volume.snapshot"))]
async fn stays_with_its_type(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let before = volumes::host(ctx, &volume.id).await?;
    let type_before = ctx.volume().volumes().show(&volume.id).send().await?.value.volume_type;
    let (_, back_end) = volumes::another_host(ctx, &volume.id).await?;
    let wanted = volume_type(ctx, Some(&back_end)).await?;
    let shown = volumes::retype(ctx, &volume.id, &wanted, Migration::Never).await?;
    ensure_eq!(shown.volume_type, type_before);
    volumes::snapshot(ctx, &volume.id, json!({})).await?;
    let shown = volumes::retype(ctx, &volume.id, &wanted, Migration::OnDemand).await?;
    ensure_eq!(shown.volume_type, type_before);
    ensure_eq!(volumes::host(ctx, &volume.id).await?, before);
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    Ok(())
}

/// An admin moves a volume to another back end and back again; its id, name and bytes stay.
#[squall::test(id = "volume.chains.migrate", timeout = 600)]
async fn moves_and_comes_back(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let home = volumes::host(ctx, &volume.id).await?;
    let (away, _) = volumes::another_host(ctx, &volume.id).await?;
    for host in [away, home] {
        volumes::migrate(ctx, &volume.id, &host).await?;
        ensure_eq!(volumes::host(ctx, &volume.id).await?, host);
        let shown = ctx.volume().volumes().show(&volume.id).send().await?;
        ensure_eq!(shown.value.name.as_deref(), Some(volume.name.as_str()));
        ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    }
    // The copy that moved is nobody's volume.
    let listed = ctx.volume().volumes().list().query("name", &volume.name).send().await?.value;
    ensure_eq!(listed.len(), 1);
    Ok(())
}

/// A volume moves neither to an unknown host, nor with snapshots, nor for a member.
#[squall::test(id = "volume.chains.migrate-refused", features("volume.snapshot"), tags(negative))]
async fn does_not_move(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let before = volumes::host(ctx, &volume.id).await?;
    let (away, _) = volumes::another_host(ctx, &volume.id).await?;
    let to = |host: &str| json!({ "host": host });
    let own = ctx.volume().volumes();
    own.migrate_volume(&volume.id, to(&away)).expect_error(403).await?;
    let admin = ctx.admin().volume().volumes();
    let nowhere = to("squall-nowhere@nothing#none");
    admin.migrate_volume(&volume.id, nowhere).expect_error(400).await?;
    volumes::snapshot(ctx, &volume.id, json!({})).await?;
    admin.migrate_volume(&volume.id, to(&away)).expect_error(400).await?;
    let shown = volumes::available(ctx, &volume.id).await?;
    ensure!(shown.status.as_deref() == Some("available"), "{:?}", shown.status);
    ensure_eq!(volumes::host(ctx, &volume.id).await?, before);
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    Ok(())
}
