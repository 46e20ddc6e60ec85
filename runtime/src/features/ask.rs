//! A question to the cloud, whose answer keeps where it came from.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Source;
use crate::client::by_id::{Api, Request};
use crate::services;

/// What the cloud told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    /// The body.
    pub(crate) body: Value,
    /// Where it came from.
    pub(crate) source: Source,
}

/// Why it told nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Untold {
    /// What came instead.
    pub(crate) why: String,
    /// What was asked.
    pub(crate) source: Source,
}

impl Told {
    /// Gives the things of a list.
    pub(crate) fn list(&self, pointer: &str) -> &[Value] {
        self.body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// Asks an operation that only reads.
pub(crate) async fn ask(
    api: &dyn Api,
    operation: &'static str,
    params: &[(&str, &str)],
    query: &[(&'static str, &str)],
) -> Result<Told, Untold> {
    let untold = |why: String| Untold { why, source: Source::answer(operation, None) };
    let Some((spec, _)) = services::operation(operation) else {
        return Err(untold(format!("no spec has `{operation}`")));
    };
    let params: BTreeMap<String, String> =
        params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let query = query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let request = Request { spec, operation, params: &params, query, body: None };
    let answer = api.send(request).await.map_err(|error| untold(error.to_string()))?;
    let source = Source::answer(operation, answer.request_id.as_deref());
    match answer.status {
        200..300 => Ok(Told { body: answer.body, source }),
        403 => Err(Untold { why: "this credential may not ask (403)".to_owned(), source }),
        status => Err(Untold { why: format!("it answered {status}"), source }),
    }
}
