//! Calls of the identity API by operation id, with JSON responses.

use serde_json::Value;

use super::SetupError;
use crate::client::{Call, Session, decode};
use crate::identity::Identity;

/// Starts a call with a JSON response.
pub(super) fn call(session: &Session, operation: &str) -> Result<Call<Value>, SetupError> {
    let found = Identity::SPEC.operation(operation);
    let found = found.ok_or_else(|| SetupError::NoOperation(operation.to_owned()))?;
    Ok(session.service(Identity::SPEC).call(found, decode::json))
}

/// Starts a call with an empty response.
pub(super) fn order(session: &Session, operation: &str) -> Result<Call<()>, SetupError> {
    Ok(call(session, operation)?.decoded_by(decode::nothing))
}
