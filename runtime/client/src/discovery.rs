//! The microversions of a cloud's services, from their version documents, and their extensions.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::{HeaderValue, Method, header};
use serde_json::Value;
use squall_model::{Microversion, VersionRange};

use crate::body::Body;
use crate::deliver::{Bearer, PreparedRequest, deliver};
use crate::error::{Error, ErrorKind, ErrorResponse};
use crate::service::ServiceClient;
use crate::session::Session;
use crate::{endpoint, headers};

pub use crate::session::Versions;

impl ServiceClient {
    /// Returns the microversions that the service offers in this cloud; `None` for
    /// a service without microversions.
    ///
    /// The service is asked once per session and endpoint.
    ///
    /// # Errors
    /// As for [`discover`](Self::discover).
    pub async fn cloud_versions(&self) -> Result<Option<VersionRange>, Error> {
        Ok(self.discover().await?.range())
    }

    /// Returns what the service's version documents say.
    ///
    /// The service is asked once per session and endpoint.
    ///
    /// # Errors
    /// The service cannot be found or reached, or answers 429 or a server error: nothing is
    /// known then, and the next call asks again.
    pub async fn discover(&self) -> Result<Versions, Error> {
        let session = self.session();
        let path = &self.service().version_path;
        let (place, _) = session.locate(self.shared_service()).await?;
        let cell = session.discovered().cell(&place.root);
        let versions = cell.get_or_try_init(|| async {
            read_all(session, endpoint::version_documents(&place.endpoint, path), path).await
        });
        versions.await.cloned()
    }

    /// Returns the aliases of the extensions that the service lists in this cloud; `None` if it
    /// does not list any, or this identity may not ask.
    ///
    /// The service is asked once per session and endpoint (`GET /extensions`).
    ///
    /// # Errors
    /// The service is not in the catalog, or the session cannot authenticate.
    pub async fn cloud_extensions(&self) -> Result<Option<Arc<BTreeSet<String>>>, Error> {
        let session = self.session();
        let (place, _) = session.locate(self.shared_service()).await?;
        let cell = session.discovered().extensions(&place.root);
        let extensions = cell.get_or_try_init(|| async {
            let url = [&place.root, "/extensions"].concat();
            let mut request = PreparedRequest::new("session.extensions", Method::GET, url);
            request.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
            let bearer = Bearer::Session(session.token().await?, session);
            let Ok(delivered) = deliver(session.sender(), &request, bearer).await else {
                return Ok(None);
            };
            let response = delivered.reported(session.sender());
            let media_type = headers::media_type(response.headers());
            let body = Body::received(response.body().clone(), media_type);
            let listed = body.json().filter(|_| response.status().is_success());
            Ok::<_, Error>(listed.and_then(aliases).map(Arc::new))
        });
        extensions.await.cloned()
    }
}

/// Reads the aliases in a list of extensions.
fn aliases(document: &Value) -> Option<BTreeSet<String>> {
    let list = document.get("extensions")?.as_array()?;
    let alias = |entry: &Value| entry.get("alias")?.as_str().map(str::to_owned);
    Some(list.iter().filter_map(alias).collect())
}

async fn read_all(
    session: &Session,
    urls: Vec<String>,
    version_path: &str,
) -> Result<Versions, Error> {
    let (mut missing, mut failed) = (Vec::new(), None);
    for url in urls {
        match ask(session, url.clone(), version_path).await? {
            Answer::Document(found @ Versions::Range(_)) => return Ok(found),
            Answer::Document(Versions::Unversioned) if failed.is_none() => {
                return Ok(Versions::Unversioned);
            }
            Answer::Document(_) => {}
            Answer::Other(what) => missing.push(format!("GET {url} {what}")),
            Answer::Failed(error) => failed = failed.or(Some(error)),
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(Versions::Unknown(missing.join("; "))),
    }
}

/// The answer to a request for a version document.
enum Answer {
    /// A version document that lists the API version.
    Document(Versions),
    /// Anything else, as a predicate.
    Other(String),
    /// A failure of the service.
    Failed(Error),
}

async fn ask(session: &Session, url: String, version_path: &str) -> Result<Answer, Error> {
    let sender = session.sender();
    let mut request = PreparedRequest::new("session.discover", Method::GET, url);
    request.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let mut delivered = deliver(sender, &request, Bearer::None).await?;
    // Documents are public; if a cloud guards them, the request is sent again with a token.
    if delivered.response.status().as_u16() == 401 {
        delivered.reported(sender);
        let bearer = Bearer::Session(session.token().await?, session);
        delivered = deliver(sender, &request, bearer).await?;
    }
    let info = delivered.info(&request);
    let response = delivered.reported(sender);
    let status = response.status().as_u16();
    let media_type = headers::media_type(response.headers()).or(Some("application/json"));
    let body = Body::received(response.body().clone(), media_type);
    Ok(match status {
        200 | 300 => match body.json().map(|document| parse(document, version_path)) {
            None => Answer::Other(format!("answered {status} without JSON")),
            Some(None) => Answer::Other("is not a version document of this API".to_owned()),
            Some(Some(versions)) => Answer::Document(versions),
        },
        429 | 500.. => {
            let refusal = ErrorResponse {
                status,
                headers: response.headers().clone(),
                version: None,
                request_id: info.request_id.clone(),
                body,
                violations: Vec::new(),
            };
            Answer::Failed(Error::new(ErrorKind::Status(Box::new(refusal))).at(info))
        }
        _ => Answer::Other(format!("answered {status}")),
    })
}

/// Finds the range of the API version in a version document.
///
/// - The document has one `version`, or a list of `versions`.
/// - In a list, the entry whose id is the version path's counts, or else one with
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
    parse(document, version_path)?.range()
}

/// Parses a version document; `None` if it does not list the API version.
fn parse(document: &Value, version_path: &str) -> Option<Versions> {
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
    let mut matching = exact.chain(near).filter(|entry| !id(entry).is_empty()).peekable();
    matching.peek()?;
    Some(matching.find_map(|entry| range(entry)).map_or(Versions::Unversioned, Versions::Range))
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

    #[test]
    fn a_document_that_does_not_list_the_api_version_says_nothing() {
        let keystone = json!({"versions": {"values": [{"id": "v3.14", "status": "stable"}]}});
        assert_eq!(parse(&keystone, "/v3"), Some(Versions::Unversioned));
        assert_eq!(parse(&keystone, "/v2.1"), None);
        for other in [json!([]), json!({}), json!({"versions": []}), json!({"resources": []})] {
            assert_eq!(parse(&other, "/v3"), None, "{other}");
            assert_eq!(parse(&other, ""), None, "{other}");
        }
    }
}
