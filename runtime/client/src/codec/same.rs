//! Comparing JSON values as JSON Schema does.

use serde_json::{Number, Value};

/// Whether two values are the same, where numbers count by their value: `1`, `1.0` and
/// `1e0` are one number, though [`Value`]'s `==` tells integers from floats.
///
/// ```
/// use serde_json::{from_str, json};
/// use squall_client::codec::same;
/// let flavor: serde_json::Value = from_str(r#"{"ram": 1.28e+02}"#)?;
/// assert!(same(&flavor, &json!({"ram": 128})));
/// assert!(!same(&flavor, &json!({"ram": "128"})));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => same_number(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, l)| right.get(key).is_some_and(|r| same(l, r)))
        }
        _ => left == right,
    }
}

fn same_number(left: &Number, right: &Number) -> bool {
    // Two integers are compared as such: a float has fewer digits than they may have.
    left == right
        || (left.is_f64() || right.is_f64())
            && left.as_f64().is_some_and(|left| Some(left) == right.as_f64())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_count_by_their_value() {
        assert!(same(&json!([1.0, {"a": 2}]), &json!([1, {"a": 2.0}])));
        for (left, right) in [
            (json!(1.5), json!(1)),
            (json!(u64::MAX), json!(u64::MAX - 1)),
            (json!(1), json!("1")),
            (json!({"a": 1}), json!({"a": 1, "b": 1})),
            (json!([1]), json!([1, 1])),
        ] {
            assert!(!same(&left, &right), "{left} {right}");
        }
    }
}
