//! A service's refusal.

use std::fmt;

use http::HeaderMap;
use serde_json::Value;
use squall_model::{Finding, Microversion};

use super::display::Violations;
use crate::body::Body;
use crate::{clean, redact};

/// The number of characters of a service's message that an error shows.
const SHOWN: usize = 400;

/// A response that refuses a request.
#[derive(Debug, Clone)]
pub struct ErrorResponse {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The microversion of the response.
    pub version: Option<Microversion>,
    /// The service's request id.
    pub request_id: Option<String>,
    /// The body as received.
    pub body: Body,
    /// Everything in which the answer violates the spec, where violations fail the call.
    pub violations: Vec<Finding>,
}

impl ErrorResponse {
    /// Returns the service's message, wherever the service puts it:
    ///
    /// - compute, volume and network: one key (`itemNotFound`, `NeutronError`)
    ///   whose object has a `message`;
    /// - identity: `error.message`; placement: `errors[0].detail`;
    /// - others: the text of the body, without the tags if it is HTML.
    pub fn message(&self) -> Option<String> {
        let message = match self.body.json() {
            Some(value) => in_json(value)?,
            None => in_text(&String::from_utf8_lossy(self.body.bytes())),
        };
        let message = message.trim();
        (!message.is_empty()).then(|| message.to_owned())
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = http::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("unknown status");
        write!(f, "the service answered {} {reason}", self.status)?;
        if let Some(message) = self.message() {
            // Before the cut, which might leave half of a secret.
            let message = redact::text(&message);
            let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown: String = message.chars().take(SHOWN).collect();
            let more = if shown.len() < message.len() { "…" } else { "" };
            write!(f, ": {}{more}", clean::text(&shown))?;
        }
        if !self.violations.is_empty() {
            write!(f, "\nThe answer has {}", Violations(&self.violations))?;
        }
        Ok(())
    }
}

fn in_json(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let map = value.as_object()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(first) = map.get("errors").and_then(|errors| errors.get(0)) {
        return first.get("detail").or_else(|| first.get("title")).and_then(text);
    }
    // WebOb writes it for a page, and leaves the line breaks in where JSON is asked for.
    if let Some(message) = map.get("message").and_then(text) {
        return Some(message.replace("<br />", " "));
    }
    map.values().find_map(|inner| match inner {
        Value::Object(inner) => inner.get("message").and_then(text),
        _ => None,
    })
}

/// Removes tags, and the content of `<head>`, `<title>` and `<style>`.
fn in_text(text: &str) -> String {
    let body = text.find("<body").map_or(text, |start| &text[start..]);
    let mut out = String::with_capacity(body.len());
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;

    fn message(body: Body) -> Option<String> {
        let response = ErrorResponse {
            status: 404,
            headers: HeaderMap::new(),
            version: None,
            request_id: None,
            body,
            violations: Vec::new(),
        };
        response.message()
    }

    #[test]
    fn every_services_words_are_found() {
        for body in [
            json!({"itemNotFound": {"code": 404, "message": "gone"}}),
            json!({"NeutronError": {"type": "PortNotFound", "message": "gone", "detail": ""}}),
            json!({"error": {"code": 404, "message": "gone", "title": "Not Found"}}),
            json!({"errors": [{"status": 404, "title": "Not Found", "detail": "gone"}]}),
            json!({"message": "gone"}),
            json!({"message": "gone<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}),
        ] {
            assert_eq!(message(Body::from(body.clone())).as_deref(), Some("gone"), "{body}");
        }
    }

    #[test]
    fn html_loses_its_tags() {
        let html = "<html><head><title>404</title></head><body><h1>gone</h1></body></html>";
        let body = Body::received(Bytes::from(html), Some("text/html"));
        assert_eq!(message(body).as_deref(), Some("gone"));
    }
}
