//! What the embedded cloud answers for an operation without behaviour is a reason to skip.

use crate::Failure;
use crate::client::Error;
use crate::making::MakeError;

/// Turns what the embedded cloud answers for an operation without behaviour into a skip.
pub(crate) fn by_service(error: Error) -> Failure {
    match no_behaviour(&error) {
        Some(reason) => Failure::skip(reason),
        None => Failure::from(error),
    }
}

/// The same for an error on the way to a resource.
pub(crate) fn while_creating(error: MakeError) -> Failure {
    match error.call().and_then(no_behaviour) {
        Some(reason) => Failure::skip(reason),
        None => Failure::from(error),
    }
}

/// A program without the embedded cloud knows none of its answers.
#[cfg(not(feature = "embedded"))]
pub(crate) fn no_behaviour(_: &Error) -> Option<String> {
    None
}

#[cfg(feature = "embedded")]
pub(crate) fn no_behaviour(error: &Error) -> Option<String> {
    let response = error.refused()?;
    let message = response.message()?;
    (response.status == 501 && message.contains(squall_cloud::NO_BEHAVIOUR)).then_some(message)
}
