//! Corrections of schemas that are malformed upstream, one documented function each.
//!
//! The introspector names the corrections an entry needs; one that changes nothing
//! is an error, so that it dies when upstream heals.

use miette::miette;
use serde_json::{Map, Value};
use squall_model::materialise::{LISTS, MAPS, SINGLES};

/// The corrections by name, and why each is needed.
pub(super) const FIXUPS: [(&str, fn(&Value) -> Value, &str); 1] = [(
    "stray-type-in-properties",
    without_stray_properties,
    "`properties` holds `type: object` beside the properties (cinder 29.0.0, `cinder.api.schemas`)",
)];

/// Applies the named corrections.
pub(super) fn apply(schema: &Value, names: &[String]) -> miette::Result<Value> {
    let mut fixed = schema.clone();
    for name in names {
        let (_, fixup, _) = FIXUPS
            .iter()
            .find(|(known, _, _)| known == name)
            .ok_or_else(|| miette!("no fix-up is called `{name}`: add it to fixups.rs"))?;
        let before = std::mem::take(&mut fixed);
        fixed = fixup(&before);
        if fixed == before {
            return Err(miette!(
                "the fix-up `{name}` changes nothing: take it out of the introspector"
            ));
        }
    }
    Ok(fixed)
}

/// Drops the values of `properties` that are no schemas.
fn without_stray_properties(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let walked = keywords.iter().map(|(keyword, value)| {
        let walked = match value {
            Value::Object(map) if MAPS.contains(&keyword.as_str()) => Value::Object(
                map.iter()
                    .filter(|(_, inner)| inner.is_object() || inner.is_boolean())
                    .map(|(name, inner)| (name.clone(), without_stray_properties(inner)))
                    .collect(),
            ),
            Value::Array(list) if LISTS.contains(&keyword.as_str()) || keyword == "items" => {
                list.iter().map(without_stray_properties).collect()
            }
            inner if SINGLES.contains(&keyword.as_str()) => without_stray_properties(inner),
            other => other.clone(),
        };
        (keyword.clone(), walked)
    });
    Value::Object(walked.collect::<Map<_, _>>())
}
