//! The bodies of requests: read whole, up to a size that depends on service and caller.
//!
//! A body that is too large is refused before it is read where its header says so, and
//! before anything else is done with the request: an unknown caller must not be able to
//! fill the memory.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::cloud::Cloud;
use crate::limits::Limits;

/// What compute, identity and volume take, as they do by default
/// (`oslo_middleware.sizelimit`, `max_request_body_size`).
const CONTROL: u64 = 114_688;

/// What the services without such a default take, and any service of an unknown caller.
const PLAIN: u64 = 1024 * 1024;

/// What may be uploaded as an object or an image with a valid token. All of it is kept in
/// memory.
const DATA: u64 = 256 * 1024 * 1024;

/// Reads a body, or returns the answer that refuses it.
pub(crate) async fn read(
    cloud: &Cloud,
    parts: &Parts,
    mut body: Incoming,
    limits: Limits,
) -> Result<Bytes, Response<Bytes>> {
    let most = most(cloud, parts);
    let refuse = |status, message: String| cloud.refuse(parts, status, message);
    let too_large = || refuse(413, format!("Request is too large: more than {most} bytes."));
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length.and_then(|length| length.parse().ok()).is_some_and(|length: u64| length > most) {
        tokio::spawn(discard(body, limits.discard));
        return Err(too_large());
    }
    let limited = Limited::new(&mut body, usize::try_from(most).unwrap_or(usize::MAX));
    match timeout(limits.body, limited.collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            tokio::spawn(discard(body, limits.discard));
            Err(too_large())
        }
        Ok(Err(error)) => Err(refuse(400, format!("The body could not be read: {error}"))),
        Err(_) => {
            let seconds = limits.body.as_secs();
            Err(refuse(408, format!("The body was not complete after {seconds} s.")))
        }
    }
}

/// Reads on for a while what nothing is done with: a client that is still sending would
/// otherwise see its connection reset, and not the answer.
async fn discard(mut body: Incoming, within: Duration) {
    let rest = async { while let Some(Ok(_)) = body.frame().await {} };
    // Out of time, or at the end: the connection is closed either way.
    let _ = timeout(within, rest).await;
}

/// Returns the most bytes that a request's body may have.
fn most(cloud: &Cloud, parts: &Parts) -> u64 {
    let path = parts.uri.path();
    // Object storage is at the root: `/v1/AUTH_…`.
    let service = path.split('/').nth(1).unwrap_or_default();
    match service {
        "compute" | "identity" | "volume" => CONTROL,
        "v1" | "image" if cloud.knows_caller(&parts.headers) => DATA,
        _ => PLAIN,
    }
}
