//! A creating request that is refused leaves nothing behind.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::graveyard::Resources;
use super::plan::{CheckerCase, is_list};
use crate::derived::outcome::{Answer, send, without};
use crate::described::by_service;
use crate::described::{Purpose, prepare};
use crate::{Context, Failure, Result, ensure};

/// A creating request with a wrong value at a pointer is refused, and the list has nothing of
/// its name.
pub(super) async fn nothing(
    ctx: &Context,
    resources: &Resources,
    case: &CheckerCase,
    pointer: &'static str,
) -> Result {
    let kind = case.resource.kind;
    let purpose = Purpose { ctx, pool: &resources.pool, target: None, own: false, version: None };
    let ready = prepare(case.request, purpose).await.map_err(without)?;
    let valid = ready.call("").json_body().and_then(|body| body.pointer(pointer)).cloned();
    let Some(valid) = valid else {
        return Err(Failure::skip(format!("the newest version of this cloud has no `{pointer}`")));
    };
    let wrong = wrong(&valid);
    let list = case.resource.standard.iter().find(|request| is_list(request));
    let list = list.ok_or_else(|| Failure::new(format!("nothing lists a {}", kind.name)))?;
    let list = prepare(list, purpose).await.map_err(without)?.at_path(ready.path());
    list.call("").send().await.map_err(|error| without(by_service(error)))?;
    let sent = OnceLock::new();
    let outcome = send(ctx, &ready, case.resource.kind, |call, name| {
        let _ = sent.set(name.to_owned());
        let body = call.json_body().cloned().map(|mut body| {
            if let Some(value) = body.pointer_mut(pointer) {
                *value = wrong.clone();
            }
            body
        });
        call.raw_body(body.unwrap_or_default())
    })
    .await?;
    let refusal = match outcome.answer {
        Answer::Accepted { .. } => {
            return Err(Failure::skip(format!(
                "`{pointer}` may be {wrong}: the service accepts it, so that nothing was refused"
            )));
        }
        Answer::Refused(refusal) => refusal,
    };
    let name = sent.into_inner().unwrap_or_default();
    let response = list.call("").send().await.map_err(by_service)?;
    let items = response.body.at(case.resource.collection).and_then(Value::as_array);
    let left = items.into_iter().flatten().find(|item| item.to_string().contains(&name));
    ensure!(
        left.is_none(),
        "refused for its `{pointer}` ({wrong}), and the {} `{name}` is there all the same; {refusal}",
        kind.name
    );
    Ok(())
}

/// Returns a wrong value in place of a valid one: the id of nothing, or a value of another type.
fn wrong(valid: &Value) -> Value {
    match valid {
        Value::String(text) if uuid::Uuid::parse_str(text).is_ok() => {
            let new = uuid::Uuid::new_v4();
            let plain = text.len() == 32;
            json!(if plain { new.simple().to_string() } else { new.to_string() })
        }
        _ => json!({"squall": [1]}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_becomes_another_id_and_all_else_another_type() {
        let id = json!("6f70656e-7374-4163-ab00-000000000001");
        let other = wrong(&id);
        assert!(other != id && uuid::Uuid::parse_str(other.as_str().unwrap()).is_ok());
        for value in [json!("text"), json!(1), json!(null), json!(true)] {
            assert!(wrong(&value).is_object(), "{value}");
        }
    }
}
