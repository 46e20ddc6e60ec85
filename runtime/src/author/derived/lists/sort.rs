//! A list is ordered by a key, in both directions.
//!
//! How texts are ordered is the database's affair. So what is demanded is that the descending
//! order is the ascending one reversed, and that the ascending order is one that databases
//! have: by code points, without regard to case, or without regard to punctuation either. Of a
//! field with a fixed set of values, whose order may be that of their declaration, equal values
//! have to be side by side.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::listing::{Listing, Page, field};
use crate::{Failure, Result, ensure};

/// The list is ordered by a key, in both directions.
pub(super) async fn orders(list: &Listing, key: &'static str) -> Result {
    list.plain().await?;
    let sorted = |direction: &str| {
        let query = [("sort_key", key.to_owned()), ("sort_dir", direction.to_owned())];
        async move { list.read(&query).await }
    };
    let up = sorted("asc").await?;
    let down = sorted("desc").await?;
    // Other resources come and go between the two.
    let in_both: BTreeSet<String> =
        ids(list, &up).intersection(&ids(list, &down)).cloned().collect();
    let values = |page: &Page| -> Vec<Value> {
        let kept =
            page.items.iter().filter(|item| list.id(item).is_some_and(|id| in_both.contains(&id)));
        kept.map(|item| field(item, key).cloned().unwrap_or_default()).collect()
    };
    let (up, mut down) = (values(&up), values(&down));
    let texts: BTreeSet<String> = up.iter().map(Value::to_string).collect();
    if texts.len() < 2 {
        return Err(Failure::skip(format!(
            "every item has the same `{key}`, so that an order cannot be seen"
        )));
    }
    down.reverse();
    ensure!(
        up == down,
        "`sort_key={key}&sort_dir=desc` is not the reverse of `sort_dir=asc`: ascending {}; \
         descending, reversed {}",
        shown(&up),
        shown(&down)
    );
    let few = list.schema.fields.get(key).is_some_and(|field| field.get("enum").is_some());
    let present: Vec<&Value> = up.iter().filter(|value| !value.is_null()).collect();
    let ordered = if few { are_together(&present) } else { are_ordered(&present) };
    ensure!(
        ordered,
        "`sort_key={key}&sort_dir=asc` is not in the order of `{key}`: {}",
        shown(&up)
    );
    Ok(())
}

fn ids(list: &Listing, page: &Page) -> BTreeSet<String> {
    page.items.iter().filter_map(|item| list.id(item)).collect()
}

/// Whether values ascend in an order that databases have.
fn are_ordered(values: &[&Value]) -> bool {
    let by = |compare: fn(&str, &str) -> Ordering| {
        values.is_sorted_by(|a, b| match (a, b) {
            (Value::String(a), Value::String(b)) => compare(a, b) != Ordering::Greater,
            (Value::Bool(a), Value::Bool(b)) => a <= b,
            (Value::Number(a), Value::Number(b)) => {
                a.as_f64().unwrap_or_default() <= b.as_f64().unwrap_or_default()
            }
            _ => true,
        })
    };
    by(str::cmp)
        || by(|a, b| a.to_lowercase().cmp(&b.to_lowercase()))
        // `_` is between upper and lower case, and databases fold to either.
        || by(|a, b| a.to_uppercase().cmp(&b.to_uppercase()))
        || by(|a, b| alphanumeric(a).cmp(&alphanumeric(b)))
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether equal values are side by side.
fn are_together(values: &[&Value]) -> bool {
    let mut seen = BTreeSet::new();
    let mut last = None;
    values.iter().all(|value| {
        let text = value.to_string();
        let is_new = last.as_ref() != Some(&text);
        last = Some(text.clone());
        !is_new || seen.insert(text)
    })
}

/// Writes the first values of a list.
fn shown(values: &[Value]) -> String {
    const MOST: usize = 8;
    let shown: Vec<String> = values.iter().take(MOST).map(Value::to_string).collect();
    let more = if values.len() > MOST { ", …" } else { "" };
    format!("[{}{more}]", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_order_is_one_that_databases_have() {
        for (values, ordered) in [
            (json!(["B", "a", "b"]), true),
            (json!(["a", "B", "c"]), true),
            (json!(["_a", "b", "C"]), true),
            (json!(["b", "C", "_a"]), true),
            (json!(["squall-2", "squall1"]), true),
            (json!(["squall-1", "squall2", "squall-3"]), true),
            (json!([9, 10]), true),
            (json!([10, 9]), false),
            (json!([false, true]), true),
            (json!([true, false]), false),
            (json!(["b", "a"]), false),
        ] {
            let values: Vec<&Value> = values.as_array().unwrap().iter().collect();
            assert_eq!(are_ordered(&values), ordered, "{values:?}");
        }
    }

    #[test]
    fn equal_values_are_side_by_side() {
        for (values, together) in [(json!(["b", "b", "a"]), true), (json!(["b", "a", "b"]), false)]
        {
            let values: Vec<&Value> = values.as_array().unwrap().iter().collect();
            assert_eq!(are_together(&values), together, "{values:?}");
        }
    }
}
