//! What a failed request means for the resource that it was to create.

use crate::client::{Error, ErrorKind};

/// What a failed request means for the resource that it was to create.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Consequence {
    /// It was not created.
    NotMade(String),
    /// The service has finished with the request, and may have created it.
    Answered,
    /// The service may still be creating it.
    Unknown,
}

/// Decides what a failure means.
///
/// - A request that was never sent created nothing.
/// - A 4xx answer to the first attempt means that nothing was created. After a retry it
///   does not: an earlier attempt may have succeeded and be the reason for the refusal, as
///   a name that is now taken.
/// - 408 means that the service gave up half-way.
/// - 501 with a request id, to the first attempt, means that the service has no such function.
/// - A 5xx answer without a request id is a proxy's, which gave up waiting: the service may
///   still be at work.
/// - In all other cases cleanup has to search for the resource.
pub(super) fn consequence(error: &Error) -> Consequence {
    let attempts = error.request().map_or(0, |request| request.attempts);
    // A request that must not be repeated is sent again only if it had no effect.
    let once = attempts <= 1
        || error.request().is_some_and(|request| matches!(&*request.method, "POST" | "PATCH"));
    if error.operation() == Some("session.discover") {
        return Consequence::NotMade(format!("not sent: {error}"));
    }
    if let Some(response) = error.refused() {
        return match response.status {
            400..=407 | 409..=499 if once => {
                Consequence::NotMade(format!("status {}", response.status))
            }
            500..=599 if response.request_id.is_none() => Consequence::Unknown,
            501 if once => Consequence::NotMade("status 501".to_owned()),
            _ => Consequence::Answered,
        };
    }
    match error.kind() {
        ErrorKind::Transport(transport) if once && transport.kind.before_sending() => {
            Consequence::NotMade(format!("not sent: {transport}"))
        }
        ErrorKind::Transport(_) => Consequence::Unknown,
        _ if error.status().is_some() => Consequence::Answered,
        ErrorKind::UnexpectedSuccess { .. }
        | ErrorKind::Violations(_)
        | ErrorKind::Decode(_)
        | ErrorKind::Schema(_) => Consequence::Answered,
        kind => Consequence::NotMade(format!("not sent: {kind}")),
    }
}
