//! Corrections of malformed upstream schemas.
//!
//! The introspector lists the corrections that an entry needs. One that changes nothing is an
//! error, so that it is removed once upstream has fixed the schema.

use miette::miette;
use serde_json::{Map, Value};
use squall_model::materialise::{LISTS, MAPS, SINGLES, VERSIONS_KEY};

/// The corrections, with the place upstream that needs each.
const FIXUPS: [Fixup; 1] = [Fixup {
    name: "stray-type-in-properties",
    make: without_strays,
    seen: "`properties` holds `type: object` beside the properties (cinder 29.0.0, `cinder.api.schemas`)",
}];

struct Fixup {
    name: &'static str,
    make: fn(&Value) -> Value,
    seen: &'static str,
}

/// Applies the named corrections.
pub(super) fn apply(schema: &Value, names: &[String]) -> miette::Result<Value> {
    let mut fixed = schema.clone();
    for name in names {
        let fixup = FIXUPS
            .iter()
            .find(|fixup| fixup.name == name)
            .ok_or_else(|| miette!("unknown fix-up `{name}`: add it to harvest/merge/fixups.rs"))?;
        let before = std::mem::take(&mut fixed);
        fixed = (fixup.make)(&before);
        if fixed == before {
            return Err(miette!(
                help = "if upstream has fixed this, remove it from the introspector",
                "the fix-up `{name}` changes nothing; its purpose: {}",
                fixup.seen
            ));
        }
    }
    Ok(fixed)
}

/// The marks that introspectors make: who brings a property, and whether answers have it.
const OWN_MARKS: [&str; 4] = ["always", "extension", "omitted", "open"];

/// Removes what the spec does not carry: upstream's prose, and upstream's own marks under
/// `x-openstack` (keystone 30.0.0 has some).
pub(super) fn carried(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let kept = keywords.iter().filter_map(|(keyword, value)| match keyword.as_str() {
        "description" | "$comment" | "examples" => None,
        VERSIONS_KEY => {
            let mark = |key: &&str| Some(((*key).to_owned(), value.get(*key)?.clone()));
            let own: Map<String, Value> = OWN_MARKS.iter().filter_map(mark).collect();
            (!own.is_empty()).then(|| (keyword.clone(), Value::Object(own)))
        }
        _ => Some((keyword.clone(), walked(keyword, value, carried))),
    });
    Value::Object(kept.collect())
}

/// Removes properties that are not schemas.
fn without_strays(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let kept = keywords.iter().map(|(keyword, value)| {
        let mut value = value.clone();
        if let (true, Value::Object(map)) = (MAPS.contains(&keyword.as_str()), &mut value) {
            map.retain(|_, inner| inner.is_object() || inner.is_boolean());
        }
        (keyword.clone(), walked(keyword, &value, without_strays))
    });
    Value::Object(kept.collect())
}

/// Applies a function to the subschemas in a keyword's value.
fn walked(keyword: &str, value: &Value, each: fn(&Value) -> Value) -> Value {
    match value {
        Value::Object(map) if MAPS.contains(&keyword) => {
            Value::Object(map.iter().map(|(name, inner)| (name.clone(), each(inner))).collect())
        }
        Value::Array(list) if LISTS.contains(&keyword) || keyword == "items" => {
            list.iter().map(each).collect()
        }
        inner if SINGLES.contains(&keyword) => each(inner),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_property_called_description_is_kept() {
        let schema = json!({"description": "x", "properties": {"description": {"type": "string"}}});
        let kept = json!({"properties": {"description": {"type": "string"}}});
        assert_eq!(carried(&schema), kept);
    }

    #[test]
    fn only_the_marks_of_introspectors_are_kept() {
        let marks = json!({"x-openstack": {"extension": "a", "always": true}});
        let schema = json!({"x-openstack": {"min-ver": 3.2}, "items": marks});
        assert_eq!(carried(&schema), json!({ "items": marks }));
    }

    #[test]
    fn a_fix_up_that_changes_nothing_is_an_error() {
        let names = ["stray-type-in-properties".to_owned()];
        let stray = json!({"properties": {"type": "object", "a": {"type": "string"}}});
        let fixed = apply(&stray, &names).unwrap();
        assert_eq!(fixed, json!({"properties": {"a": {"type": "string"}}}));
        assert!(apply(&fixed, &names).is_err());
    }
}
