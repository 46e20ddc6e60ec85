//! Faults, and the shape in which each service tells of them.

use serde_json::{Value, json};
use squall_model::service::{FaultShape, fault_name};

use crate::reply::{Reply, ReplyBody};

/// An answer that is no success.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) status: u16,
    pub(crate) message: String,
    /// The service's own word for it: network's `type`, placement's `code`.
    pub(crate) word: Option<&'static str>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Fault {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), word: None, headers: Vec::new() }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, message)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "The request you have made requires authentication.")
    }

    /// Adds the service's own word.
    #[must_use]
    pub(crate) fn word(mut self, word: &'static str) -> Self {
        self.word = Some(word);
        self
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Returns the answer in the form that a service uses. Where that is a page, the client may
    /// ask for JSON instead, as of `webob.exc.WSGIHTTPException`.
    pub(crate) fn reply(self, shape: FaultShape, request_id: &str, wants_json: bool) -> Reply {
        let body = match shape {
            // What stands in front of the services (keystonemiddleware) speaks
            // as identity does, for all but object storage.
            _ if self.status == 401 && shape != FaultShape::ShortPage => error(&self),
            FaultShape::Error | FaultShape::Other => error(&self),
            FaultShape::Named(fallback) => named(&self, fallback),
            FaultShape::Neutron => ReplyBody::Json(json!({ "NeutronError": {
                "type": self.word.unwrap_or(network_type(self.status)),
                "message": self.message,
                "detail": "",
            }})),
            FaultShape::Errors => placement(&self, request_id),
            FaultShape::Page if wants_json => ReplyBody::Json(json!({
                "message": format!("{}<br /><br />\n\n\n", self.message),
                "code": format!("{} {}", self.status, title(self.status)),
                "title": title(self.status),
            })),
            FaultShape::Page => html(&format!(
                "<html>\n <head>\n  <title>{0} {1}</title>\n </head>\n <body>\n  <h1>{0} {1}</h1>\n  {2}<br /><br />\n\n\n\n </body>\n</html>",
                self.status,
                title(self.status),
                self.message
            )),
            FaultShape::ShortPage => html(&format!(
                "<html><h1>{}</h1><p>{}</p></html>",
                title(self.status),
                self.message
            )),
        };
        Reply { status: self.status, headers: self.headers, body }
    }
}

fn error(fault: &Fault) -> ReplyBody {
    ReplyBody::Json(json!({ "error": {
        "code": fault.status,
        "title": title(fault.status),
        "message": fault.message,
    }}))
}

/// Writes compute's and volume's form: one key that names the fault.
fn named(fault: &Fault, fallback: &str) -> ReplyBody {
    let key = fault_name(fault.status).unwrap_or(fallback);
    let detail: Value = json!({ "code": fault.status, "message": fault.message });
    ReplyBody::Json(json!({ key: detail }))
}

fn placement(fault: &Fault, request_id: &str) -> ReplyBody {
    ReplyBody::Json(json!({ "errors": [{
        "status": fault.status,
        "title": title(fault.status),
        "detail": fault.message,
        "code": fault.word.unwrap_or("placement.undefined_code"),
        "request_id": request_id,
    }]}))
}

fn html(text: &str) -> ReplyBody {
    ReplyBody::Bytes {
        content: text.to_owned().into(),
        media_type: "text/html; charset=UTF-8".to_owned(),
    }
}

fn network_type(status: u16) -> &'static str {
    match status {
        400 => "HTTPBadRequest",
        403 => "PolicyNotAuthorized",
        404 => "HTTPNotFound",
        409 => "HTTPConflict",
        501 => "HTTPNotImplemented",
        _ => "HTTPInternalServerError",
    }
}

/// Returns the reason phrase of a status.
pub(crate) fn title(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Error")
}

#[cfg(test)]
mod tests {
    use squall_model::service::ServiceProfile;

    use super::*;

    fn body(service: &str) -> String {
        let shape = ServiceProfile::of(service).fault;
        match Fault::not_found("no such thing").reply(shape, "req-1", false).body {
            ReplyBody::Json(value) => {
                assert!(shape.matches(404, &value), "{service}: {value}");
                value.to_string()
            }
            ReplyBody::Bytes { content, .. } => String::from_utf8_lossy(&content).into_owned(),
            ReplyBody::Empty => String::new(),
        }
    }

    #[test]
    fn each_service_states_a_fault_in_its_own_form() {
        assert!(body("compute").contains(r#""itemNotFound":{"#));
        assert!(body("block-storage").contains(r#""itemNotFound":{"#));
        assert!(body("identity").contains(r#""title":"Not Found""#));
        assert!(body("network").contains(r#""NeutronError":{"#));
        assert!(body("placement").contains(r#""request_id":"req-1""#));
        assert!(body("object-store").starts_with("<html><h1>Not Found</h1>"));
    }

    #[test]
    fn a_page_is_json_for_who_asks_for_it() {
        let shape = ServiceProfile::of("image").fault;
        let asked = Fault::not_found("no such thing").reply(shape, "req-1", true).body;
        let ReplyBody::Json(asked) = asked else { panic!("not JSON") };
        assert_eq!(asked["code"], "404 Not Found");
        assert!(body("image").starts_with("<html>"));
    }
}
