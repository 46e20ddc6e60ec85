//! What the store can do.

use serde_json::json;

use super::{POLICY, metadata, slo};
use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("object_storage.info.show", info)];

/// The pages that stand beside the accounts and need no token: `healthcheck` and
/// `crossdomain` of swift's middleware.
pub(crate) fn page(path: &str) -> Option<Reply> {
    match path {
        "/healthcheck" => Some(Reply::bytes(200, "OK", "text/plain")),
        "/crossdomain.xml" => Some(Reply::bytes(200, CROSS_DOMAIN, "application/xml")),
        _ => None,
    }
}

const CROSS_DOMAIN: &str = "<?xml version=\"1.0\"?>\n\
    <!DOCTYPE cross-domain-policy SYSTEM \
    \"http://www.adobe.com/xml/dtds/cross-domain-policy.dtd\" >\n\
    <cross-domain-policy>\n\
    <allow-access-from domain=\"*\" secure=\"false\" />\n\
    </cross-domain-policy>";

fn info(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(
        200,
        json!({
            "swift": {
                "version": env!("CARGO_PKG_VERSION"),
                "max_file_size": 5_368_709_122_u64,
                "max_meta_name_length": metadata::MAX_NAME,
                "max_meta_value_length": metadata::MAX_VALUE,
                "max_meta_count": metadata::MAX_COUNT,
                "max_meta_overall_size": metadata::MAX_SIZE,
                "max_header_size": 8192,
                "max_request_line": 8192,
                "extra_header_count": 0,
                "account_listing_limit": 10_000,
                "container_listing_limit": 10_000,
                "max_account_name_length": 256,
                "max_container_name_length": 256,
                "max_object_name_length": 1024,
                "strict_cors_mode": true,
                "policies": [{ "name": POLICY, "aliases": POLICY, "default": true }],
                "allow_account_management": false,
                "account_autocreate": true,
                "allow_open_expired": false,
            },
            "account_quotas": {},
            "bulk_delete": { "max_deletes_per_request": 10_000, "max_failed_deletes": 1000 },
            "bulk_upload": { "max_containers_per_extraction": 10_000, "max_failed_extractions": 1000 },
            "container_quotas": {},
            "crossdomain": {},
            "formpost": { "allowed_digests": ["sha256", "sha512"], "deprecated_digests": [] },
            "object_versioning": {},
            "slo": {
                "max_manifest_segments": slo::MAX_SEGMENTS,
                "max_manifest_size": 8_388_608,
                "min_segment_size": 1,
                "yield_frequency": 10,
                "allow_async_delete": false,
            },
            "staticweb": {},
            "tempurl": {
                "methods": ["GET", "HEAD", "PUT", "POST", "DELETE"],
                "allowed_digests": ["sha256", "sha512"],
                "deprecated_digests": [],
                "incoming_remove_headers": ["x-timestamp", "x-open-expired"],
                "incoming_allow_headers": [],
                "outgoing_remove_headers": ["x-object-meta-*"],
                "outgoing_allow_headers": ["x-object-meta-public-*"],
            },
        }),
    ))
}
