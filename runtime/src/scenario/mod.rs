//! What scenarios are made of: functions that make a thing, wait for it and give it.
//!
//! They are plain functions over a [`Context`](crate::Context), to be put together as a
//! test wants them; nothing is inherited. What they make stands in the ledger and goes at
//! the end of the test, or of the suite where a fixture makes it.
//!
//! - They act as the test's first identity, and as the cloud's admin where the operation
//!   is an admin's, which each says.
//! - They take further fields of the API as JSON, which stand in place of their own.
//! - What a cloud lacks and nobody can make, as a public image, skips the test with that
//!   reason.
//!
//! ```no_run
//! use serde_json::json;
//! use squall::Context;
//! use squall::scenario::{networks, servers, volumes};
//!
//! /// A server on a network of its own keeps a volume.
//! #[squall::test(id = "acme.scenario", kind = "scenario", needs(compute, network, volume))]
//! async fn keeps_a_volume(ctx: &Context) -> squall::Result {
//!     let place = networks::routed(ctx, "10.31.0.0/24").await?;
//!     let group = networks::loginable(ctx).await?;
//!     let server = servers::boot(
//!         ctx,
//!         json!({
//!             "networks": [{ "uuid": place.network.id }],
//!             "security_groups": [{ "name": group.name }],
//!         }),
//!     )
//!     .await?;
//!     let volume = volumes::create(ctx, json!({ "size": 1 })).await?;
//!     servers::attach_volume(ctx, &server.id, &volume.id).await?;
//!     servers::reboot(ctx, &server.id, servers::Reboot::Hard).await?;
//!     servers::detach_volume(ctx, &server.id, &volume.id).await
//! }
//! ```

pub mod images;
pub mod networks;
pub mod objects;
pub mod servers;
pub mod volumes;

use serde_json::Value;

/// Puts further fields into a body, in place of what it has.
fn with(mut body: Value, further: Value) -> Value {
    if let (Value::Object(body), Value::Object(further)) = (&mut body, further) {
        body.extend(further);
    }
    body
}
