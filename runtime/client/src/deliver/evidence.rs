//! A request and its response as an exchange: bounded and without secrets.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::{PreparedRequest, Sender};
use crate::exchange::{CUT, Checked, Exchange};
use crate::redact::Redacted;
use crate::{body, headers, redact};

/// The number of characters of a body that an exchange keeps.
const KEPT: usize = 16 * 1024;

/// Returns the exchange of a request that is about to be sent with these headers.
pub(super) fn of_request(
    request: &PreparedRequest<'_>,
    sent_headers: &HeaderMap,
    sender: &Sender,
    attempt: u32,
    started: Timestamp,
) -> Exchange {
    Exchange {
        operation: request.operation.to_owned(),
        identity: sender.label.as_deref().map(str::to_owned),
        method: request.method.to_string(),
        url: redact::url(&request.url),
        attempt,
        started,
        duration_ms: 0,
        requested_version: request.requested,
        version: None,
        status: None,
        request_id: None,
        failure: None,
        request_headers: redact::headers(sent_headers),
        request_body: body_text(&request.body, sent_headers, request.json),
        response_headers: BTreeMap::new(),
        response_body: None,
        checked: Checked::Off,
        validated: false,
        violations: Vec::new(),
        notes: request
            .notes
            .iter()
            .map(|(key, value)| ((*key).to_owned(), redact::text(value).into_owned()))
            .collect(),
    }
}

/// Adds the body of a response that is not checked.
pub(super) fn with_body(
    mut exchange: Option<Box<Exchange>>,
    response: &Response<Bytes>,
) -> Option<Box<Exchange>> {
    if let Some(exchange) = &mut exchange {
        exchange.response_body = body_text(response.body(), response.headers(), None);
    }
    exchange
}

/// Returns a body for an exchange, from its JSON value if it was parsed already.
pub(crate) fn body_text(
    bytes: &Bytes,
    headers: &HeaderMap,
    json: Option<&Value>,
) -> Option<String> {
    if bytes.is_empty() {
        return None;
    }
    let media_type = headers::media_type(headers).unwrap_or("application/octet-stream");
    let without_secrets = |value: &Value| {
        let text = serde_json::to_string(&Redacted(value)).ok()?;
        Some(redact::mask_json(&text).into_owned())
    };
    let text = if let Some(json) = json {
        without_secrets(json)?
    } else if body::is_json(media_type) {
        match serde_json::from_slice(bytes) {
            Ok(value) => without_secrets(&value)?,
            // Secrets in text that cannot be parsed cannot be found by their keys.
            Err(_) => return Some(format!("{} bytes that are not JSON", bytes.len())),
        }
    } else if media_type.starts_with("text/") {
        redact::text(&String::from_utf8_lossy(bytes)).into_owned()
    } else {
        return Some(format!("{} bytes of {media_type}", bytes.len()));
    };
    if text.len() <= KEPT {
        return Some(text);
    }
    Some(match text.char_indices().nth(KEPT) {
        Some((end, _)) => {
            format!("{}… ({}{CUT}", &text[..end], text[end..].chars().count())
        }
        None => text,
    })
}
