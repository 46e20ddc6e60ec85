//! Filling in the braces of a kind's templates.

use std::collections::BTreeMap;

use serde_json::Value;

/// What may stand in braces.
pub(super) type Params = BTreeMap<String, String>;

/// Puts parameters where their names stand in braces.
pub(super) fn text(template: &str, params: &Params) -> String {
    let mut out = template.to_owned();
    for (name, value) in params {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}

/// Fills a query's values.
pub(super) fn query(
    template: &'static [(&'static str, &'static str)],
    params: &Params,
) -> Vec<(&'static str, String)> {
    template.iter().map(|(key, value)| (*key, text(value, params))).collect()
}

/// Fills the strings of a body; inside the value and not its text, so that no
/// parameter can break out of its quotes.
pub(super) fn body(template: &str, params: &Params) -> Option<Value> {
    let mut value = serde_json::from_str(template).ok()?;
    strings(&mut value, &mut |s| *s = text(s, params));
    Some(value)
}

fn strings(value: &mut Value, each: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(s) => each(s),
        Value::Array(list) => list.iter_mut().for_each(|v| strings(v, each)),
        Value::Object(map) => map.values_mut().for_each(|v| strings(v, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_parameter_stays_inside_its_string() {
        let params = Params::from([("subnet_id".to_owned(), r#"a","b":"c"#.to_owned())]);
        let filled = body(r#"{"subnet_id":"{subnet_id}"}"#, &params).unwrap();
        assert_eq!(filled, json!({"subnet_id": r#"a","b":"c"#}));
    }
}
