//! Steps of scenarios: functions that create a resource, wait for it and return it.
//!
//! They are plain functions over a [`Context`](crate::Context) that a test combines as it
//! needs. What they create is in the ledger and is deleted at the end of the test, or of
//! the suite where a fixture creates it.
//!
//! - They act as the test's first identity. Those whose operation is for admins act as the
//!   cloud's admin, and say so.
//! - They take extra fields of the API as JSON, which override their own.
//! - Where the cloud lacks something that a test cannot create, such as a public image,
//!   they skip the test with that reason.
//!
//! ```no_run
//! use serde_json::json;
//! use squall::Context;
//! use squall::scenario::{networks, servers, volumes};
//!
//! /// A server on its own network keeps a volume through a reboot.
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

mod choices;
pub mod images;
pub mod networks;
pub mod objects;
pub mod quotas;
pub mod servers;
pub mod users;
pub mod volumes;

use serde_json::Value;

use crate::settings::ByHand;
use crate::{Failure, Result};

/// Returns the id of the resource that the settings choose, by name or id. A missing one is
/// a failure and no reason to skip: the settings ask for that one.
fn the_chosen(what: &str, chosen: &ByHand<String>, all: Option<&Value>) -> Result<String> {
    let ByHand { value, at } = chosen;
    let all = all.and_then(Value::as_array).into_iter().flatten();
    let is_chosen = |one: &&Value| one["id"] == value.as_str() || one["name"] == value.as_str();
    let id = all.into_iter().find(is_chosen).and_then(|one| one["id"].as_str());
    id.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("{at} chooses the {what} `{value}`, which does not exist or is not visible to this identity"))
    })
}

/// Adds fields to a body; they replace those of the same name.
fn with(mut body: Value, further: Value) -> Value {
    if let (Value::Object(body), Value::Object(further)) = (&mut body, further) {
        body.extend(further);
    }
    body
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::features::Line;

    #[test]
    fn a_choice_is_found_by_name_or_id_and_a_missing_one_is_a_failure_with_its_line() {
        let all = json!([{ "id": "7", "name": "tiny" }, { "id": "8", "name": "small" }]);
        let at = Line { file: "squall.toml".to_owned(), line: 3 };
        let chosen = |value: &str| {
            let chosen = ByHand { value: value.to_owned(), at: at.clone() };
            the_chosen("flavor", &chosen, Some(&all))
        };
        assert_eq!(chosen("small").unwrap(), "8");
        assert_eq!(chosen("7").unwrap(), "7");
        let failure = chosen("huge").unwrap_err();
        assert!(failure.to_string().starts_with("squall.toml:3 chooses the flavor `huge`"));
    }
}
