//! Calls of the identity API by operation id, whose answers are read as JSON.

use serde_json::Value;

use super::SetupError;
use crate::client::{Call, Session, decode};
use crate::identity::Identity;

/// Starts a call.
pub(super) fn call(session: &Session, operation: &str) -> Result<Call<Value>, SetupError> {
    let found = Identity::SPEC.operation(operation);
    let found = found.ok_or_else(|| SetupError::NoOperation(operation.to_owned()))?;
    Ok(session.service(Identity::SPEC).call(found, decode::json))
}

/// Starts a call whose answer has no body.
pub(super) fn order(session: &Session, operation: &str) -> Result<Call<()>, SetupError> {
    Ok(call(session, operation)?.decoded_by(decode::nothing))
}
