//! The APIs of a cloud and the versions they report, read without a token.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use squall_client::Bytes;
use squall_client::transport::{Tls, Transport as _, Wire};

use super::ApiHealth;
use crate::component::Service;
use crate::site::Site;

const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn look(site: &Site) -> Vec<ApiHealth> {
    join_all(site.plan.services.iter().map(|plan| one(site, plan.service))).await
}

async fn one(site: &Site, service: Service) -> ApiHealth {
    let url = format!("http://127.0.0.1:{}", site.endpoint(service));
    let document = read(&format!("{url}{}", path(service))).await;
    let (min, max) = document.as_ref().map_or((None, None), |document| versions(service, document));
    ApiHealth { service, url, answers: document.is_some(), min, max }
}

const fn path(service: Service) -> &'static str {
    match service {
        Service::Swift => "/info",
        _ => "/",
    }
}

async fn read(url: &str) -> Option<Value> {
    let wire = Wire::new(&Tls::default(), Some(PATIENCE)).ok()?;
    let request = http::Request::get(url).body(Bytes::new()).ok()?;
    let response = wire.send(request).await.ok()?;
    let status = response.status().as_u16();
    let body = serde_json::from_slice(response.body()).ok();
    if matches!(status, 200 | 300) { body } else { None }
}

/// Reads the lowest and highest microversion, or the version, from a version document,
/// whose form differs by service.
fn versions(service: Service, document: &Value) -> (Option<String>, Option<String>) {
    if service == Service::Swift {
        return (None, text(document.pointer("/swift/version")));
    }
    // Keystone's list is below `values`.
    let list = document.pointer("/versions/values").or_else(|| document.get("versions"));
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let current = list.iter().find(|version| version.get("status") == Some(&"CURRENT".into()));
    let Some(version) = current.or(list.first()) else { return (None, None) };
    let field = |name: &str| text(version.get(name)).filter(|value| !value.is_empty());
    let id = || field("id").map(|id| id.trim_start_matches('v').to_owned());
    (field("min_version"), field("version").or_else(|| field("max_version")).or_else(id))
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_service_has_its_own_form_of_saying_its_versions() {
        let read = |service, document: Value| {
            let (min, max) = versions(service, &document);
            format!("{} {}", min.unwrap_or_default(), max.unwrap_or_default())
        };
        let nova = json!({"versions": [
            {"id": "v2.0", "status": "SUPPORTED", "version": "", "min_version": ""},
            {"id": "v2.1", "status": "CURRENT", "version": "2.104", "min_version": "2.1"},
        ]});
        assert_eq!(read(Service::Nova, nova), "2.1 2.104");
        let placement = json!({"versions": [
            {"id": "v1.0", "status": "CURRENT", "max_version": "1.39", "min_version": "1.0"},
        ]});
        assert_eq!(read(Service::Placement, placement), "1.0 1.39");
        let keystone = json!({"versions": {"values": [{"id": "v3.14", "status": "stable"}]}});
        assert_eq!(read(Service::Keystone, keystone), " 3.14");
        assert_eq!(read(Service::Swift, json!({"swift": {"version": "2.38.2"}})), " 2.38.2");
    }
}
