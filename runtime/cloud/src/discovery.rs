//! The version documents at the services' roots, which need no token.

use http::Method;
use serde_json::{Value, json};

use crate::mount::Mount;
use crate::outcome::{Outcome, Reply};
use crate::world::object_storage::info;

/// Answers where `rest` (the path below the service's prefix) is a root.
pub(crate) fn document(mount: &Mount, method: &Method, rest: &str, base: &str) -> Option<Outcome> {
    if *method != Method::GET && *method != Method::HEAD {
        return None;
    }
    let root = format!("{base}/{}", mount.path.prefix);
    let trimmed = rest.trim_end_matches('/');
    let (status, body) = match (mount.service.name, trimmed) {
        ("identity", "") => (300, json!({ "versions": { "values": [identity(&root)] } })),
        ("identity", "/v3") => (200, json!({ "version": identity(&root) })),
        ("compute", "") => (200, json!({ "versions": compute(mount, &root) })),
        ("compute", "/v2.1") => (200, json!({ "version": compute_current(mount, &root) })),
        ("volume", "") => (300, json!({ "versions": [volume(mount, &root)] })),
        ("volume", "/v3") => (200, json!({ "versions": [volume(mount, &root)] })),
        ("image", "") => (300, json!({ "versions": image(&root) })),
        ("image", "/versions") => (200, json!({ "versions": image(&root) })),
        ("network", "") => (200, json!({ "versions": [network(&root)] })),
        ("network", "/v2.0") => (200, json!({ "resources": [] })),
        ("placement", "") => (200, json!({ "versions": [placement(mount)] })),
        // Swift serves none, but pages for monitors and browsers.
        ("object_storage", _) => return info::page(rest).map(Ok),
        // As most services do; one that differs has its own line above.
        (_, path) if path.is_empty() || path == mount.spec.version_path => {
            (200, json!({ "versions": [usual(mount, &root)] }))
        }
        _ => return None,
    };
    Some(Ok(Reply::json(status, body)))
}

fn identity(root: &str) -> Value {
    json!({
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{ "rel": "self", "href": format!("{root}/v3/") }],
        "media-types": [{
            "base": "application/json",
            "type": "application/vnd.openstack.identity-v3+json",
        }],
    })
}

fn compute(mount: &Mount, root: &str) -> Value {
    let mut current = compute_current(mount, root);
    if let Some(current) = current.as_object_mut() {
        current.remove("media-types");
        current.insert(
            "links".to_owned(),
            json!([{ "rel": "self", "href": format!("{root}/v2.1/") }]),
        );
    }
    json!([
        {
            "id": "v2.0",
            "status": "SUPPORTED",
            "version": "",
            "min_version": "",
            "updated": "2011-01-21T11:33:21Z",
            "links": [{ "rel": "self", "href": format!("{root}/v2/") }],
        },
        current,
    ])
}

fn compute_current(mount: &Mount, root: &str) -> Value {
    let (min, max) = ends(mount);
    json!({
        "id": "v2.1",
        "status": "CURRENT",
        "version": max,
        "min_version": min,
        "updated": "2013-07-23T11:33:21Z",
        "links": [
            { "rel": "self", "href": format!("{root}/v2.1/") },
            { "rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/" },
        ],
        "media-types": [{
            "base": "application/json",
            "type": "application/vnd.openstack.compute+json;version=2.1",
        }],
    })
}

fn volume(mount: &Mount, root: &str) -> Value {
    let (min, max) = ends(mount);
    json!({
        "id": "v3.0",
        "status": "CURRENT",
        "version": max,
        "min_version": min,
        "updated": "2023-08-31T00:00:00Z",
        "links": [
            { "rel": "describedby", "type": "text/html", "href": "https://docs.openstack.org/" },
            { "rel": "self", "href": format!("{root}/v3/") },
        ],
        "media-types": [{
            "base": "application/json",
            "type": "application/vnd.openstack.volume+json;version=3",
        }],
    })
}

fn image(root: &str) -> Value {
    let versions = [17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
    versions
        .iter()
        .map(|minor| {
            json!({
                "id": format!("v2.{minor}"),
                "status": if *minor == versions[0] { "CURRENT" } else { "SUPPORTED" },
                "links": [{ "rel": "self", "href": format!("{root}/v2/") }],
            })
        })
        .collect()
}

fn network(root: &str) -> Value {
    json!({
        "id": "v2.0",
        "status": "CURRENT",
        "links": [{ "rel": "self", "href": format!("{root}/v2.0/") }],
    })
}

fn placement(mount: &Mount) -> Value {
    let (min, max) = ends(mount);
    json!({
        "id": "v1.0",
        "status": "CURRENT",
        "min_version": min,
        "max_version": max,
        "links": [{ "rel": "self", "href": "" }],
    })
}

/// The document of a service with one API version, with its microversions if it has any.
fn usual(mount: &Mount, root: &str) -> Value {
    let path = mount.spec.version_path;
    let id = if path.is_empty() { "v1" } else { path.trim_start_matches('/') };
    let mut version = json!({
        "id": id,
        "status": "CURRENT",
        "links": [{ "rel": "self", "href": format!("{root}{path}/") }],
    });
    if mount.spec.has_microversions() {
        let (min, max) = ends(mount);
        version["min_version"] = min.into();
        version["max_version"] = max.into();
    }
    version
}

fn ends(mount: &Mount) -> (String, String) {
    let text = |end: Option<squall_model::Microversion>| {
        end.map(|version| version.to_string()).unwrap_or_default()
    };
    (text(mount.spec.versions.min), text(mount.spec.versions.max))
}
