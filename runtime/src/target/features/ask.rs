//! Asks a cloud, and keeps the source of the answer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Source;
use crate::client::by_id::{Api, Request};
use crate::services;

/// An answer of the cloud.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProbeAnswer {
    /// The body.
    pub(crate) body: Value,
    /// Its source.
    pub(crate) source: Source,
}

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProbeFailure {
    /// What kind of failure it is.
    pub(crate) kind: FailureKind,
    /// The reason.
    pub(crate) why: String,
    /// The request.
    pub(crate) source: Source,
}

/// How a probe failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The credential may not ask: the service works, and the answer stays unknown.
    Forbidden,
    /// The service itself says that it does not have what was asked for.
    Missing,
    /// The service does not work: it did not answer, or not as this service does.
    Broken,
}

impl ProbeAnswer {
    /// Returns the items of a list that [`ask`] found in the answer.
    pub(crate) fn list(&self, pointer: &str) -> &[Value] {
        self.body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// Calls an operation that only reads.
///
/// `pointer` is where the answer must have something: another service, or a dashboard, may answer
/// 200 to everything, and an empty list would be taken from that.
pub(crate) async fn ask(
    api: &dyn Api,
    operation: &'static str,
    params: &[(&str, &str)],
    query: &[(&'static str, &str)],
    pointer: &str,
) -> Result<ProbeAnswer, ProbeFailure> {
    let broken = |why: String, source| ProbeFailure { kind: FailureKind::Broken, why, source };
    let unanswered = || Source::answer(operation, None);
    let Some((spec, _)) = services::operation(operation) else {
        return Err(broken(format!("no spec has `{operation}`"), unanswered()));
    };
    let params: BTreeMap<String, String> =
        params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let query = query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let request = Request { spec, operation, params: &params, query, body: None };
    let answer =
        api.send(request).await.map_err(|error| broken(error.to_string(), unanswered()))?;
    let source = Source::answer(operation, answer.request_id.as_deref());
    match answer.status {
        200..300 if answer.body.pointer(pointer).is_some_and(|found| !found.is_null()) => {
            Ok(ProbeAnswer { body: answer.body, source })
        }
        status @ 200..300 if answer.body.is_object() => {
            let what = pointer.trim_start_matches('/');
            Err(broken(format!("the service answered {status} without `{what}`"), source))
        }
        status @ 200..300 => {
            Err(broken(format!("the service answered {status} without JSON"), source))
        }
        403 => {
            let why = "the credential is not allowed to ask (403)".to_owned();
            Err(ProbeFailure { kind: FailureKind::Forbidden, why, source })
        }
        status @ (404 | 501) if answer.is_from_service() => {
            let why = format!("the service answered {status}");
            Err(ProbeFailure { kind: FailureKind::Missing, why, source })
        }
        status => Err(broken(format!("the service answered {status}"), source)),
    }
}
