//! A filter finds the items that have its value, and no others.

use serde_json::Value;

use super::listing::{Listing, Page, field};
use super::values::{FREE, is_time, matches, other, written};
use crate::described::by_service;
use crate::{Failure, Result, ensure};

/// A filter by the value of an own item finds it, and nothing that has another value.
pub(super) async fn narrows(list: &Listing, key: &'static str) -> Result {
    let all = list.plain().await?;
    let (own, value) = own_value(list, &all, key)?;
    let text = written(&list.schema.parameters[key], &value).unwrap_or_default();
    let answer = match list.page(&[(key, text.clone())]).await {
        Err(error) if error.is_status(400) && is_time(&value) => return Err(compared(key)),
        answer => answer.map_err(by_service)??,
    };
    let found = answer.items.iter().any(|item| list.id(item).as_deref() == Some(&own));
    ensure!(
        found,
        "`{key}={text}` does not find `{own}`, which has that value: the answer has {}",
        count(&answer)
    );
    has_value_alone(list, &answer, key, &value, &text)
}

/// A filter by another value does not find an own item.
pub(super) async fn leaves_out(list: &Listing, key: &'static str) -> Result {
    let all = list.plain().await?;
    let (own, value) = own_value(list, &all, key)?;
    let present: Vec<&Value> = all.items.iter().filter_map(|item| field(item, key)).collect();
    let parameter = &list.schema.parameters[key];
    let another = other(parameter, &value, &present);
    let text = another.as_ref().and_then(|value| written(parameter, value));
    let (Some(another), Some(text)) = (another, text) else {
        return Err(Failure::skip(format!("`{key}` can have no other value than {value}")));
    };
    let answer = match list.page(&[(key, text.clone())]).await {
        // A state that there is not, say, need not be searched for.
        Err(error) if error.is_status(400) && is_free(&another) => return Ok(()),
        Err(error) if error.is_status(400) && is_time(&value) => return Err(compared(key)),
        answer => answer.map_err(by_service)??,
    };
    let found = answer.items.iter().any(|item| list.id(item).as_deref() == Some(&own));
    ensure!(!found, "`{key}={text}` finds `{own}`, whose `{key}` is {value}");
    has_value_alone(list, &answer, key, &another, &text)
}

/// Returns the skip of a filter by a time that a service does not take as it shows it: some want a
/// comparison (`gt:2026-11-30T12:00:00`), which no schema says.
fn compared(key: &str) -> Failure {
    Failure::skip(format!("a time in `{key}` is written in another form than items have it"))
}

/// Whether a value is a text of no form, as a name is, and so may be refused where a field has
/// a fixed set of values that its schema does not list.
fn is_free(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(FREE))
}

/// Everything in an answer has the value that the filter asked for.
fn has_value_alone(list: &Listing, answer: &Page, key: &str, value: &Value, text: &str) -> Result {
    let wrong = answer.items.iter().find(|item| !matches(value, field(item, key)));
    if let Some(wrong) = wrong {
        let id = list.id(wrong).unwrap_or_default();
        let has = field(wrong, key).map_or("nothing".to_owned(), Value::to_string);
        return Err(Failure::new(format!(
            "`{key}={text}` finds `{id}`, whose `{key}` is {has}: the answer has {}",
            count(answer)
        )));
    }
    Ok(())
}

/// Returns the id of an own item that has a value there, and the value.
fn own_value(list: &Listing, all: &Page, key: &str) -> Result<(String, Value)> {
    if !list.schema.parameters.contains_key(key) {
        return Err(Failure::skip(format!("the newest version of this cloud has no `{key}`")));
    }
    let parameter = &list.schema.parameters[key];
    let own = list.own_in(all).find_map(|item| {
        let value = field(item, key)?;
        written(parameter, value)?;
        Some((list.id(item)?, value.clone()))
    });
    own.ok_or_else(|| {
        Failure::skip(format!(
            "no {} of this run has a value in `{key}`",
            list.list.resource.kind.name
        ))
    })
}

fn count(page: &Page) -> String {
    match page.items.len() {
        0 => "no items".to_owned(),
        1 => "one item".to_owned(),
        many => format!("{many} items"),
    }
}
