//! What a rule does to a request or its answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use serde_json::Value;

type OnRequest = Arc<dyn Fn(&mut Request<Bytes>) + Send + Sync>;
type OnAnswer = Arc<dyn Fn(&Request<Bytes>, &mut Response<Bytes>) + Send + Sync>;

/// What happens to a request that a rule matches.
#[derive(Clone)]
pub(crate) enum Effect {
    /// The cloud never sees the request; this is the answer.
    Answer(Response<Bytes>),
    /// The request is changed before the cloud sees it.
    Request(OnRequest),
    /// The answer is changed, or looked at, before the caller sees it.
    Alter(OnAnswer),
    /// The connection is reset before the cloud sees the request.
    Reset,
    /// The cloud does what was asked, and the connection is reset instead of an answer.
    LoseAnswer,
    /// The connection is reset after so many bytes of the body.
    Cut(usize),
    /// The body comes in pieces of so many bytes, with a pause before each.
    Drip(usize, Duration),
    /// The body is repeated for as long as the caller reads.
    Endless,
}

impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer(_) => "Answer",
            Self::Request(_) => "Request",
            Self::Alter(_) => "Alter",
            Self::Reset => "Reset",
            Self::LoseAnswer => "LoseAnswer",
            Self::Cut(_) => "Cut",
            Self::Drip(..) => "Drip",
            Self::Endless => "Endless",
        })
    }
}

/// Answers in place of the cloud, without any of a service's own headers.
pub(crate) fn answer(status: u16, body: impl Into<Bytes>) -> Effect {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert("content-type", content_type);
    Effect::Answer(response)
}

/// Changes answers of the cloud.
pub(crate) fn alter(
    change: impl Fn(&Request<Bytes>, &mut Response<Bytes>) + Send + Sync + 'static,
) -> Effect {
    Effect::Alter(Arc::new(change))
}

/// Changes the JSON bodies of answers; others stay as they are.
pub(crate) fn alter_json(
    change: impl Fn(&Request<Bytes>, &mut Value) + Send + Sync + 'static,
) -> Effect {
    alter(move |request, response| {
        if let Ok(mut body) = serde_json::from_slice(response.body()) {
            change(request, &mut body);
            *response.body_mut() = serde_json::to_vec(&body).unwrap().into();
        }
    })
}

/// Replaces a text wherever the bodies of answers have it.
pub(crate) fn replace(from: &str, to: &str) -> Effect {
    let (from, to) = (from.to_owned(), to.to_owned());
    alter(move |_, response| {
        let body = String::from_utf8_lossy(response.body()).replace(&from, &to);
        *response.body_mut() = body.into();
    })
}

/// Sets a header of answers, in place of what the cloud sent.
pub(crate) fn set_header(name: &'static str, value: &[u8]) -> Effect {
    let value = HeaderValue::from_bytes(value).unwrap();
    alter(move |_, response| {
        response.headers_mut().insert(HeaderName::from_static(name), value.clone());
    })
}

/// Takes a header from answers.
pub(crate) fn drop_header(name: &'static str) -> Effect {
    alter(move |_, response| {
        response.headers_mut().remove(name);
    })
}

/// Lets no page of a list be longer than this.
///
/// The cloud itself cuts the pages: services that do not page, or not for this list, answer
/// as they do without the rule.
pub(crate) fn page_by(items: usize) -> Effect {
    Effect::Request(Arc::new(move |request| {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let given = query.split('&').find_map(|pair| pair.strip_prefix("limit="));
        let limit =
            given.and_then(|limit| limit.parse().ok()).map_or(items, |n: usize| n.min(items));
        let others =
            query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("limit="));
        let pairs: Vec<_> = others.map(str::to_owned).chain([format!("limit={limit}")]).collect();
        let target = format!("{}?{}", request.uri().path(), pairs.join("&"));
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(target).unwrap());
        *request.uri_mut() = Uri::from_parts(parts).unwrap();
    }))
}

/// Corrects the length that an answer states after its body was changed.
pub(super) fn restate_length(response: &mut Response<Bytes>) {
    let length = response.body().len();
    if response.headers().contains_key(CONTENT_LENGTH) {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
}
