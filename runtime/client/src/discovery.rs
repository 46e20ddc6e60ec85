//! Which microversions a cloud has: read from the services' version documents.

use http::{HeaderValue, Method, header};
use serde_json::Value;
use squall_model::{Microversion, VersionRange};

use crate::body::Body;
use crate::deliver::{Bearer, PreparedRequest, deliver};
use crate::error::Error;
use crate::service::ServiceClient;
use crate::session::Session;
use crate::{endpoint, headers};

impl ServiceClient {
    /// Returns the microversions that the service offers in this cloud; `None` for
    /// a service without microversions.
    ///
    /// The service is asked once per session and endpoint.
    ///
    /// # Errors
    /// The service cannot be found or reached.
    pub async fn cloud_versions(&self) -> Result<Option<VersionRange>, Error> {
        let session = self.session();
        let path = &self.service().version_path;
        let (place, _) = session.locate(self.shared_service()).await?;
        let cell = session.discovered().cell(&place.root);
        if let Some(range) = cell.get() {
            return Ok(*range);
        }
        let range = cell.get_or_try_init(|| async {
            for url in endpoint::version_documents(&place.endpoint, path) {
                if let Some(range) = ask(session, url, path).await? {
                    return Ok::<_, Error>(Some(range));
                }
            }
            Ok(None)
        });
        range.await.copied()
    }
}

async fn ask(
    session: &Session,
    url: String,
    version_path: &str,
) -> Result<Option<VersionRange>, Error> {
    let sender = session.sender();
    let mut request = PreparedRequest::new("session.discover", Method::GET, url);
    request.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let mut response = deliver(sender, &request, Bearer::None).await?.reported(sender);
    // Documents are for everyone; a cloud that guards them is asked again.
    if response.status().as_u16() == 401 {
        let bearer = Bearer::Session(session.token().await?, session);
        response = deliver(sender, &request, bearer).await?.reported(sender);
    }
    if !matches!(response.status().as_u16(), 200 | 300) {
        return Ok(None);
    }
    let media_type = headers::media_type(response.headers()).or(Some("application/json"));
    let body = Body::received(response.body().clone(), media_type);
    Ok(body.json().and_then(|document| read(document, version_path)))
}

/// Finds the range of the API version in a version document.
///
/// - The document has one `version`, or a list of `versions`.
/// - Of a list, the entry counts whose id is the version path's, or else has
///   its major number; without version path, any.
/// - The highest version is called `version` or `max_version`.
///
/// ```
/// use serde_json::json;
/// let nova = json!({"version": {"id": "v2.1", "min_version": "2.1", "version": "2.96"}});
/// let range = squall_client::discovery::read(&nova, "/v2.1").unwrap();
/// assert_eq!(range.to_string(), "2.1 to 2.96");
/// ```
pub fn read(document: &Value, version_path: &str) -> Option<VersionRange> {
    let versions = document.get("versions");
    let list = versions.and_then(|list| list.get("values").unwrap_or(list).as_array());
    let entries: Vec<&Value> = match list {
        Some(list) => list.iter().collect(),
        None => document.get("version").into_iter().collect(),
    };
    let wanted = version_path.trim_matches('/');
    let major = |id: &str| id.split('.').next().unwrap_or_default().to_owned();
    let id = |entry: &Value| entry.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let exact = entries.iter().filter(|entry| id(entry) == wanted);
    let near =
        entries.iter().filter(|entry| wanted.is_empty() || major(&id(entry)) == major(wanted));
    exact.chain(near).find_map(|entry| range(entry))
}

fn range(entry: &Value) -> Option<VersionRange> {
    let version = |key: &str| -> Option<Microversion> { entry.get(key)?.as_str()?.parse().ok() };
    let max = version("version").or_else(|| version("max_version"))?;
    Some(VersionRange::new(version("min_version"), Some(max)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(document: &Value, path: &str) -> Option<String> {
        read(document, path).map(|range| range.to_string())
    }

    #[test]
    fn every_services_document_is_read() {
        let nova = json!({"versions": [
            {"id": "v2.0", "version": "", "min_version": ""},
            {"id": "v2.1", "version": "2.96", "min_version": "2.1"},
        ]});
        assert_eq!(text(&nova, "/v2.1").as_deref(), Some("2.1 to 2.96"));
        let cinder = json!({"versions": [{"id": "v3.0", "version": "3.70", "min_version": "3.0"}]});
        assert_eq!(text(&cinder, "/v3").as_deref(), Some("3.0 to 3.70"));
        let placement =
            json!({"versions": [{"id": "v1.0", "min_version": "1.0", "max_version": "1.39"}]});
        assert_eq!(text(&placement, "").as_deref(), Some("1.0 to 1.39"));
    }

    #[test]
    fn a_service_without_microversions_has_no_range() {
        let keystone = json!({"versions": {"values": [{"id": "v3.14", "status": "stable"}]}});
        assert_eq!(text(&keystone, "/v3"), None);
        assert_eq!(text(&json!([]), "/v3"), None);
    }
}
