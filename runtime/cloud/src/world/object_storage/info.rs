//! What the store can do.

use serde_json::json;

use super::slo;
use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("object_storage.info.show", info)];

fn info(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(
        200,
        json!({
            "swift": {
                "version": env!("CARGO_PKG_VERSION"),
                "max_file_size": 5_368_709_122_u64,
                "account_listing_limit": 10_000,
                "container_listing_limit": 10_000,
                "max_container_name_length": 256,
                "max_object_name_length": 1024,
            },
            "account_quotas": {},
            "bulk_delete": { "max_deletes_per_request": 10_000, "max_failed_deletes": 1000 },
            "bulk_upload": { "max_containers_per_extraction": 10_000, "max_failed_extractions": 1000 },
            "container_quotas": {},
            "object_versioning": {},
            "slo": {
                "max_manifest_segments": slo::MAX_SEGMENTS,
                "max_manifest_size": 8_388_608,
                "min_segment_size": 1,
            },
            "staticweb": {},
            "tempurl": {
                "methods": ["GET", "HEAD", "PUT", "POST", "DELETE"],
                "allowed_digests": ["sha256", "sha512"],
            },
        }),
    ))
}
