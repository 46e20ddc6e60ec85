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

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProbeFailure {
    /// The reason.
    pub(crate) why: String,
    /// The request.
    pub(crate) source: Source,
}

impl ProbeAnswer {
    /// Returns the items of a list.
    pub(crate) fn list(&self, pointer: &str) -> &[Value] {
        self.body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// Calls an operation that only reads.
pub(crate) async fn ask(
    api: &dyn Api,
    operation: &'static str,
    params: &[(&str, &str)],
    query: &[(&'static str, &str)],
) -> Result<ProbeAnswer, ProbeFailure> {
    let no_answer = |why: String| ProbeFailure { why, source: Source::answer(operation, None) };
    let Some((spec, _)) = services::operation(operation) else {
        return Err(no_answer(format!("no spec has `{operation}`")));
    };
    let params: BTreeMap<String, String> =
        params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let query = query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let request = Request { spec, operation, params: &params, query, body: None };
    let answer = api.send(request).await.map_err(|error| no_answer(error.to_string()))?;
    let source = Source::answer(operation, answer.request_id.as_deref());
    match answer.status {
        200..300 => Ok(ProbeAnswer { body: answer.body, source }),
        403 => Err(ProbeFailure {
            why: "the credential is not allowed to ask (403)".to_owned(),
            source,
        }),
        status => Err(ProbeFailure { why: format!("the service answered {status}"), source }),
    }
}
