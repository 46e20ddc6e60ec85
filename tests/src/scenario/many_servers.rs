//! Many servers at once.

use futures_util::future::try_join_all;
use serde_json::json;
use squall::scenario::servers;
use squall::{Context, ensure_eq};

/// Six servers boot at the same time, and all become ACTIVE.
#[squall::test(id = "scenario.server.many", claims(servers = 6))]
async fn six_boot_together(ctx: &Context) -> squall::Result {
    let started = (0..6).map(|_| servers::start_boot(ctx, json!({})));
    let made = try_join_all(started).await?;
    try_join_all(made.iter().map(|server| servers::active(ctx, &server.id))).await?;
    let listed = ctx.compute().servers().list().query("status", "ACTIVE").send().await?.value;
    let mut listed: Vec<String> = listed.into_iter().map(|server| server.id).collect();
    let mut made: Vec<String> = made.into_iter().map(|server| server.id).collect();
    listed.sort();
    made.sort();
    ensure_eq!(listed, made);
    Ok(())
}
