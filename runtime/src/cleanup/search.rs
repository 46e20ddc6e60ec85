//! Finding a thing by its name when its id is not known.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::fill::{self, Params};
use crate::client::by_id::{Answer, Api, Request};
use crate::kinds::Listed;
use crate::wait::Backoff;
use squall_model::ServiceSpec;

/// Returns the ids of the items that hold `name`.
pub(super) async fn listed(
    api: &dyn Api,
    spec: &'static ServiceSpec,
    find: &Listed,
    name: Option<&str>,
    params: &Params,
) -> Result<Vec<String>, String> {
    let found = items(api, spec, find, name, params).await?;
    Ok(found.iter().filter_map(|item| find.id_of(item)).collect())
}

/// Returns the items that hold `name`, or all.
pub(super) async fn items(
    api: &dyn Api,
    spec: &'static ServiceSpec,
    listed: &Listed,
    name: Option<&str>,
    params: &Params,
) -> Result<Vec<Value>, String> {
    let mut query = fill::query(listed.query, params);
    let everywhere = fill::query(listed.everywhere, params);
    query.extend(everywhere.iter().cloned());
    let request = |query| Request { spec, operation: listed.operation, params, query, body: None };
    let mut answer = api.send(request(query.clone())).await.map_err(|e| e.to_string())?;
    if refused(&answer) && !everywhere.is_empty() {
        // Who may not see every project's is asking for their own.
        query.truncate(listed.query.len());
        answer = api.send(request(query)).await.map_err(|e| e.to_string())?;
    }
    match answer.status {
        200..=299 => Ok(holding(&answer.body, listed, name)),
        // The list is below something that is gone, and everything in it with it.
        404 => Ok(Vec::new()),
        _ => Err(describe(listed.operation, &answer)),
    }
}

/// Looks again for a while: the request that makes it may still be under way.
pub(super) async fn settled(
    api: &dyn Api,
    spec: &'static ServiceSpec,
    find: &Listed,
    name: &str,
    params: &Params,
    settle: Duration,
) -> Result<Vec<String>, String> {
    let until = Instant::now() + settle;
    let mut pace = Backoff::default();
    loop {
        let found = listed(api, spec, find, Some(name), params).await;
        match found {
            Ok(ids) if ids.is_empty() && Instant::now() < until => {}
            Err(_) if Instant::now() < until => {}
            other => return other,
        }
        sleep(pace.next_delay()).await;
    }
}

fn refused(answer: &Answer) -> bool {
    matches!(answer.status, 400 | 403)
}

fn holding(body: &Value, listed: &Listed, name: Option<&str>) -> Vec<Value> {
    let holds = |item: &Value| {
        let text = item.pointer(listed.by).and_then(Value::as_str);
        name.is_none_or(|name| text.is_some_and(|text| text.contains(name)))
    };
    let items = body.pointer(listed.collection).and_then(Value::as_array);
    items.into_iter().flatten().filter(|item| holds(item)).cloned().collect()
}

/// Sets what an operation answered instead of what was asked of it, and to which request.
pub(super) fn describe(operation: &str, answer: &Answer) -> String {
    let mut text = refusal(operation, answer);
    if let Some(id) = &answer.request_id {
        text.extend([" [", id, "]"]);
    }
    text
}

/// Says the same of no request: of two that were refused alike, what they have in common.
pub(super) fn refusal(operation: &str, answer: &Answer) -> String {
    let mut text = format!("{operation} answered {}", answer.status);
    if let Value::String(message) = &answer.body {
        text.push_str(": ");
        text.extend(message.chars().take(200));
    }
    text
}
