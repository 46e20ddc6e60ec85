//! The forms of one node at several versions, and what they must have in common to be merged
//! keyword by keyword.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use squall_model::materialise::{LISTS, MAPS, SINGLES};

/// The cells that have a node, each with the node's form there.
pub(super) type Forms<'a> = Vec<(usize, &'a Value)>;

/// Returns what two forms of a node must have in common to be merged keyword by keyword.
///
/// Keywords that can be merged are left out or replaced by a placeholder.
pub(super) fn shape(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let shaped = keywords.iter().filter_map(|(keyword, value)| {
        let shaped = match kind(keyword, value) {
            Kind::Names | Kind::Single | Kind::Additional => return None,
            Kind::Map => json!("map"),
            Kind::List => json!("list"),
            Kind::Plain => json!([value]),
        };
        Some((keyword.clone(), shaped))
    });
    Value::Object(shaped.collect())
}

/// How a keyword is merged.
pub(super) enum Kind {
    Map,
    List,
    Single,
    /// `additionalProperties`, whose booleans have their own ranges.
    Additional,
    /// `required`.
    Names,
    /// Must be equal at all versions; otherwise the whole schema has variants.
    Plain,
}

pub(super) fn kind(keyword: &str, value: &Value) -> Kind {
    match value {
        Value::Object(_) if MAPS.contains(&keyword) => Kind::Map,
        Value::Array(list) if keyword == "required" && is_name_list(list) => Kind::Names,
        Value::Array(_) if LISTS.contains(&keyword) || keyword == "items" => Kind::List,
        Value::Array(_) => Kind::Plain,
        _ if keyword == "additionalProperties" => Kind::Additional,
        _ if SINGLES.contains(&keyword) => Kind::Single,
        _ => Kind::Plain,
    }
}

/// Whether a list can be merged by name: not if it is empty, which would be the same as
/// missing, or has duplicates.
fn is_name_list(list: &[Value]) -> bool {
    let names: BTreeSet<&str> = list.iter().filter_map(Value::as_str).collect();
    !list.is_empty() && names.len() == list.len()
}
