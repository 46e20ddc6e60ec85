//! Placeholders in a described request: `${name}`, `${volume.volume/id}`,
//! `${volume.volume#second/id}`, `${target/id}`.

use serde_json::Value;

use crate::{Failure, Result};

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Placeholder {
    /// A word: something of the identity, of the cloud, or new each time.
    Word(String),
    /// A field of the resource that the call is on.
    Target {
        /// A JSON pointer into the object.
        pointer: String,
    },
    /// A field of another resource.
    Of {
        /// The kind.
        kind: String,
        /// Which one of several; empty for the usual one.
        label: String,
        /// A JSON pointer into the object.
        pointer: String,
    },
}

impl Placeholder {
    /// Reads what stands between `${` and `}`.
    pub(super) fn read(text: &str) -> Self {
        let (head, pointer) = match text.split_once('/') {
            Some((head, rest)) => (head, format!("/{rest}")),
            None => (text, String::new()),
        };
        if head == "target" {
            return Self::Target { pointer };
        }
        if !head.contains('.') {
            return Self::Word(text.to_owned());
        }
        let (kind, label) = head.split_once('#').unwrap_or((head, ""));
        Self::Of { kind: kind.to_owned(), label: label.to_owned(), pointer }
    }

    /// Writes it as in a description.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Word(word) => format!("${{{word}}}"),
            Self::Target { pointer } => format!("${{target{pointer}}}"),
            Self::Of { kind, label, pointer } if label.is_empty() => {
                format!("${{{kind}{pointer}}}")
            }
            Self::Of { kind, label, pointer } => format!("${{{kind}#{label}{pointer}}}"),
        }
    }
}

/// The parts of a text: what stands there, and placeholders.
fn parts(text: &str) -> Vec<Result<&str, Placeholder>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, after)) = after.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(Ok(before));
        }
        parts.push(Err(Placeholder::read(inside)));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Ok(rest));
    }
    parts
}

/// Adds the placeholders of a text to a list, each once.
pub(super) fn collect(text: &str, into: &mut Vec<Placeholder>) {
    for part in parts(text) {
        if let Err(placeholder) = part
            && !into.contains(&placeholder)
        {
            into.push(placeholder);
        }
    }
}

/// Fills a text. A text that is one placeholder becomes its value, of any type.
pub(super) fn fill(
    text: &str,
    value_of: &mut impl FnMut(&Placeholder) -> Result<Value>,
) -> Result<Value> {
    let parts = parts(text);
    if let [Err(placeholder)] = &parts[..] {
        return value_of(placeholder);
    }
    let mut filled = String::new();
    for part in parts {
        match part {
            Ok(text) => filled.push_str(text),
            Err(placeholder) => match value_of(&placeholder)? {
                Value::String(text) => filled.push_str(&text),
                value @ (Value::Number(_) | Value::Bool(_)) => filled.push_str(&value.to_string()),
                other => {
                    return Err(Failure::new(format!(
                        "`{}` inside a longer text has to be a text or a number, and is `{other}`",
                        placeholder.text()
                    )));
                }
            },
        }
    }
    Ok(Value::String(filled))
}

/// Fills every text of a value, keys among them.
pub(super) fn fill_all(
    value: Value,
    value_of: &mut impl FnMut(&Placeholder) -> Result<Value>,
) -> Result<Value> {
    Ok(match value {
        Value::String(text) => fill(&text, value_of)?,
        Value::Array(list) => {
            let filled = list.into_iter().map(|item| fill_all(item, value_of));
            Value::Array(filled.collect::<Result<_>>()?)
        }
        Value::Object(map) => {
            let mut filled = serde_json::Map::new();
            for (key, item) in map {
                let key = match fill(&key, value_of)? {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                filled.insert(key, fill_all(item, value_of)?);
            }
            Value::Object(filled)
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(kind: &str, label: &str, pointer: &str) -> Placeholder {
        Placeholder::Of { kind: kind.into(), label: label.into(), pointer: pointer.into() }
    }

    #[test]
    fn each_form_is_read_and_written_back() {
        for (text, read) in [
            ("name", Placeholder::Word("name".to_owned())),
            ("target/id", Placeholder::Target { pointer: "/id".to_owned() }),
            ("target", Placeholder::Target { pointer: String::new() }),
            ("volume.volume/id", of("volume.volume", "", "/id")),
            ("volume.volume#second/id", of("volume.volume", "second", "/id")),
            ("network.port/fixed_ips/0/ip", of("network.port", "", "/fixed_ips/0/ip")),
        ] {
            assert_eq!(Placeholder::read(text), read);
            assert_eq!(read.text(), format!("${{{text}}}"));
        }
    }

    #[test]
    fn a_placeholder_alone_keeps_its_type_and_inside_a_text_becomes_text() {
        let mut values = |placeholder: &Placeholder| {
            Ok(match placeholder {
                Placeholder::Word(word) if word == "name" => json!("n"),
                Placeholder::Word(_) => json!(7),
                _ => json!({"a": 1}),
            })
        };
        let body = json!({
            "alone": "${size}",
            "inside": "${name}-${size}",
            "plain": "no $ {placeholder}",
            "${name}": ["${target}"],
        });
        assert_eq!(
            fill_all(body, &mut values).unwrap(),
            json!({
                "alone": 7,
                "inside": "n-7",
                "plain": "no $ {placeholder}",
                "n": [{"a": 1}],
            })
        );
        let wrong = fill("x-${target}", &mut values).unwrap_err();
        assert!(wrong.message().contains("`${target}` inside a longer text"), "{wrong:?}");
    }
}
