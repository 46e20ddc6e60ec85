//! Values of fields as they are written in a query, and other values than those.

use serde_json::{Value, json};
use squall_model::kind::text_of;

use super::schema::{listed, single};

/// How a value begins that has no form, as that of a name.
pub(super) const FREE: &str = "none-";

/// Returns how a value is written in a query, if it can be.
pub(super) fn written(parameter: &Value, value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => {
            let texts = listed(single(parameter));
            let text = value.to_string();
            let capital = if *value { "True" } else { "False" };
            let is_capital = !texts.contains(&text.as_str()) && texts.contains(&capital);
            Some(if is_capital { capital.to_owned() } else { text })
        }
        Value::Array(values) if values.is_empty() => None,
        Value::Array(values) => {
            let texts: Option<Vec<String>> = values.iter().map(text_of).collect();
            texts.map(|texts| texts.join(","))
        }
        Value::String(text) if text.is_empty() => None,
        other => text_of(other),
    }
}

/// Whether the value of an item is what a filter asked for.
pub(super) fn matches(asked: &Value, value: Option<&Value>) -> bool {
    match (asked, value) {
        (Value::Array(asked), Some(Value::Array(values))) => {
            asked.iter().all(|one| values.contains(one))
        }
        (asked, Some(value)) => text_of(asked) == text_of(value),
        (_, None) => false,
    }
}

/// Whether a value is a time.
pub(super) fn is_time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        text.parse::<jiff::civil::DateTime>().is_ok() || text.parse::<jiff::Timestamp>().is_ok()
    })
}

/// Returns another value than that of an item, of the same form. Nothing has it, unless there
/// are only a few.
pub(super) fn other(parameter: &Value, value: &Value, present: &[&Value]) -> Option<Value> {
    let parameter = single(parameter);
    let texts = listed(parameter);
    match value {
        Value::Bool(value) => Some(json!(!value)),
        Value::Number(_) => {
            let most = present.iter().filter_map(|value| value.as_i64()).max()?;
            Some(json!(most + 1))
        }
        Value::String(text) if !texts.is_empty() => {
            texts.iter().find(|other| **other != text).map(|other| json!(other))
        }
        Value::String(text) => Some(json!(unused(text))),
        Value::Array(values) => match values.first()? {
            Value::String(text) => Some(json!([unused(text)])),
            _ => None,
        },
        Value::Null | Value::Object(_) => None,
    }
}

/// Returns a text of the same form that nothing has: a service may refuse another form.
fn unused(text: &str) -> String {
    let new = uuid::Uuid::new_v4();
    if uuid::Uuid::parse_str(text).is_ok() {
        let plain = text.len() == 32;
        return if plain { new.simple().to_string() } else { new.to_string() };
    }
    // Some services show numbers and yes or no as texts, and read them as such.
    if let Ok(number) = text.parse::<u32>() {
        return (number + 1).to_string();
    }
    for (yes, no) in [("true", "false"), ("True", "False")] {
        if text == yes || text == no {
            return if text == yes { no } else { yes }.to_owned();
        }
    }
    if text.parse::<std::net::Ipv4Addr>().is_ok() {
        return "192.0.2.253".to_owned();
    }
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return "2001:db8::fd".to_owned();
    }
    if let Some((address, _)) = text.split_once('/')
        && address.parse::<std::net::IpAddr>().is_ok()
    {
        return "192.0.2.0/28".to_owned();
    }
    if text.len() == 17 && text.split(':').filter(|part| part.len() == 2).count() == 6 {
        return "fa:16:3e:ff:ff:fe".to_owned();
    }
    if is_time(&json!(text)) {
        return "1999-12-31T23:59:59Z".to_owned();
    }
    format!("{FREE}{}", &new.simple().to_string()[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_value_has_the_form_of_the_first() {
        let free = json!({"type": "string"});
        let other = |value: Value| other(&free, &value, &[&value]).unwrap();
        assert_eq!(other(json!(true)), json!(false));
        assert_eq!(other(json!(1500)), json!(1501));
        assert_eq!(other(json!("24")), json!("25"));
        assert_eq!(other(json!("False")), json!("True"));
        assert_eq!(other(json!("2026-11-30T12:00:00.5")), json!("1999-12-31T23:59:59Z"));
        assert_eq!(other(json!("10.0.0.1")), json!("192.0.2.253"));
        assert_eq!(other(json!("fa:16:3e:00:00:01")), json!("fa:16:3e:ff:ff:fe"));
        let id = other(json!("6f70656e-7374-4163-ab00-000000000001"));
        assert!(uuid::Uuid::parse_str(id.as_str().unwrap()).is_ok(), "{id}");
        assert_eq!(other(json!("0123456789abcdef0123456789abcdef")).as_str().unwrap().len(), 32);
    }

    #[test]
    fn another_of_few_values_is_one_of_them() {
        let few = json!({"type": "array", "items": {"enum": ["ACTIVE", "DOWN"]}});
        assert_eq!(other(&few, &json!("ACTIVE"), &[]), Some(json!("DOWN")));
        let one = json!({"enum": ["ACTIVE"]});
        assert_eq!(other(&one, &json!("ACTIVE"), &[]), None);
    }

    #[test]
    fn values_are_written_as_the_schema_lists_them() {
        let capital = json!({"enum": ["True", "False"]});
        assert_eq!(written(&capital, &json!(true)).unwrap(), "True");
        assert_eq!(written(&json!({"type": "boolean"}), &json!(false)).unwrap(), "false");
        assert_eq!(written(&json!({}), &json!(["a", "b"])).unwrap(), "a,b");
        for nothing in [json!(""), json!([])] {
            assert_eq!(written(&json!({}), &nothing), None);
        }
    }

    #[test]
    fn a_list_matches_if_it_has_all_that_was_asked() {
        assert!(matches(&json!(["a"]), Some(&json!(["b", "a"]))));
        assert!(!matches(&json!(["a", "c"]), Some(&json!(["b", "a"]))));
        assert!(matches(&json!("7"), Some(&json!(7))));
        assert!(!matches(&json!("7"), None));
    }
}
