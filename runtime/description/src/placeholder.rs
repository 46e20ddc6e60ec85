//! Placeholders: what stands in `${…}` in the texts of a description.
//!
//! A text that is exactly one placeholder takes its value with its JSON type; inside a longer
//! text, a placeholder is replaced by the value's text.

use std::fmt;

use serde_json::{Map, Value};
use squall_model::suggest::did_you_mean;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text that stands for itself.
    Text(&'t str),
    /// A placeholder.
    Placeholder(Placeholder<'t>),
}

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder<'t> {
    /// A value of the cloud, of the actor or of the moment: one of [`WORDS`].
    Word(&'t str),
    /// A field of the resource that the call is on, by JSON pointer.
    Target(&'t str),
    /// A field of a resource.
    Field(Reference<'t>),
}

/// A field of a resource, as in `volume.volume#second/id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'t> {
    /// The kind of the resource.
    pub kind: &'t str,
    /// Which one it is, if the request needs several.
    pub instance: Option<&'t str>,
    /// The JSON pointer to the field, in the object.
    pub pointer: &'t str,
}

/// The placeholders that are single words, each with what it stands for.
pub const WORDS: &[(&str, &str)] = &[
    ("admin_project", "the id of the administrator's project"),
    ("admin_user", "the id of the administrator"),
    ("domain", "the id of the actor's domain"),
    ("endpoint", "the service's URL"),
    ("external_network", "the id of the cloud's external network"),
    ("flavor", "the id of the cloud's flavor for tests"),
    ("image", "the id of the cloud's image for tests"),
    ("later", "the time in one hour, as in `2026-11-29T22:00:00Z`"),
    ("mac", "a new hardware address"),
    ("name", "a new unique name; in `create`, the resource's"),
    ("now", "the time, as in `2026-11-29T22:00:00Z`"),
    ("other_flavor", "the id of another flavor"),
    ("other_project", "the id of another project"),
    ("other_token", "a new token of the actor, which may be revoked"),
    ("other_user", "the id of a user in another project"),
    ("password", "the actor's password"),
    ("project", "the id of the actor's project"),
    ("project_name", "the name of the actor's project"),
    ("region", "the name of the region"),
    ("secret", "a random password"),
    ("timestamp", "the time in seconds since 1970"),
    ("token", "the actor's token"),
    ("user", "the id of the actor"),
    ("user_name", "the name of the actor"),
    ("uuid", "a random UUID"),
];

/// A text whose placeholders cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceholderError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for PlaceholderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PlaceholderError {}

impl fmt::Display for Placeholder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "${{{word}}}"),
            Self::Target(pointer) => write!(f, "${{target{pointer}}}"),
            Self::Field(Reference { kind, instance, pointer }) => {
                let instance = instance.map(|one| format!("#{one}")).unwrap_or_default();
                write!(f, "${{{kind}{instance}{pointer}}}")
            }
        }
    }
}

/// Splits a text into its pieces.
///
/// ```
/// use squall_description::placeholder::{Piece, Placeholder, pieces};
/// let found = pieces("is-${name}")?;
/// assert_eq!(found, [Piece::Text("is-"), Piece::Placeholder(Placeholder::Word("name"))]);
/// # Ok::<(), squall_description::placeholder::PlaceholderError>(())
/// ```
///
/// # Errors
/// A placeholder is not closed, or stands for nothing.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, PlaceholderError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if !before.is_empty() {
            found.push(Piece::Text(before));
        }
        let (inner, after) = after.split_once('}').ok_or_else(|| PlaceholderError {
            message: format!("the placeholder in `{text}` is not closed"),
            help: "add the `}`".to_owned(),
        })?;
        found.push(Piece::Placeholder(placeholder(inner)?));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    Ok(found)
}

fn placeholder(inner: &str) -> Result<Placeholder<'_>, PlaceholderError> {
    if let Some((word, _)) = WORDS.iter().find(|(word, _)| *word == inner) {
        return Ok(Placeholder::Word(word));
    }
    let wrong = |help: String| PlaceholderError {
        message: format!("`${{{inner}}}` is not a placeholder"),
        help,
    };
    let Some(slash) = inner.find('/') else {
        let help = match did_you_mean(inner, WORDS.iter().map(|(word, _)| *word)) {
            _ if inner.contains('.') || inner == "target" => {
                format!("name a field of it, as in `${{{inner}/id}}`")
            }
            Some(help) => help,
            None => "write `${service.resource/id}`, `${target/id}`, or one of the words that the \
                     guide \"You describe a resource\" lists"
                .to_owned(),
        };
        return Err(wrong(help));
    };
    let (resource, pointer) = inner.split_at(slash);
    if resource == "target" {
        return Ok(Placeholder::Target(pointer));
    }
    let (kind, instance) = match resource.split_once('#') {
        Some((kind, instance)) => (kind, Some(instance)),
        None => (resource, None),
    };
    let word = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let is_kind = kind.split_once('.').is_some_and(|(service, name)| word(service) && word(name));
    if !is_kind || instance.is_some_and(|instance| !word(instance)) {
        return Err(wrong(
            "name a resource as `service.name`, as in `${volume.volume/id}`".to_owned(),
        ));
    }
    Ok(Placeholder::Field(Reference { kind, instance, pointer }))
}

/// Fills a text. A text that is one placeholder becomes its value, of any type.
///
/// # Errors
/// A placeholder cannot be read, its value is not known, or a value inside a longer text is
/// neither a text nor a number.
pub fn fill<E: From<PlaceholderError>>(
    text: &str,
    value_of: &mut impl FnMut(Placeholder<'_>) -> Result<Value, E>,
) -> Result<Value, E> {
    let pieces = pieces(text)?;
    if let [Piece::Placeholder(placeholder)] = pieces[..] {
        return value_of(placeholder);
    }
    let mut filled = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Placeholder(placeholder) => match value_of(placeholder)? {
                Value::String(text) => filled.push_str(&text),
                value @ (Value::Number(_) | Value::Bool(_)) => filled.push_str(&value.to_string()),
                other => {
                    return Err(E::from(PlaceholderError {
                        message: format!(
                            "`{placeholder}` inside a longer text has to be a text or a number, \
                             and is `{other}`"
                        ),
                        help: "name a field of it".to_owned(),
                    }));
                }
            },
        }
    }
    Ok(Value::String(filled))
}

/// Fills every text of a value, keys among them.
///
/// # Errors
/// See [`fill`].
pub fn fill_all<E: From<PlaceholderError>>(
    value: &Value,
    value_of: &mut impl FnMut(Placeholder<'_>) -> Result<Value, E>,
) -> Result<Value, E> {
    Ok(match value {
        Value::String(text) => fill(text, value_of)?,
        Value::Array(items) => {
            let filled = items.iter().map(|item| fill_all(item, value_of));
            Value::Array(filled.collect::<Result<_, E>>()?)
        }
        Value::Object(fields) => {
            let mut filled = Map::new();
            for (key, item) in fields {
                let key = match fill(key, value_of)? {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                filled.insert(key, fill_all(item, value_of)?);
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

/// Calls a function with every text in a JSON value, keys included.
pub fn each_text<'v>(value: &'v Value, then: &mut impl FnMut(&'v str)) {
    match value {
        Value::String(text) => then(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, then)),
        Value::Object(fields) => {
            for (key, item) in fields {
                then(key);
                each_text(item, then);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_has_a_kind_an_instance_and_a_pointer() {
        let field = |text| match pieces(text).unwrap()[..] {
            [Piece::Placeholder(Placeholder::Field(found))] => found,
            ref other => panic!("{other:?}"),
        };
        let second = Reference { kind: "volume.volume", instance: Some("second"), pointer: "/id" };
        assert_eq!(field("${volume.volume#second/id}"), second);
        let deep = field("${compute.server/addresses/net/0/addr}");
        assert_eq!((deep.instance, deep.pointer), (None, "/addresses/net/0/addr"));
        let target = pieces("${target/links/0/href}").unwrap();
        assert_eq!(target, [Piece::Placeholder(Placeholder::Target("/links/0/href"))]);
    }

    #[test]
    fn what_is_no_placeholder_is_refused_with_help() {
        for (text, help) in [
            ("${nam}", "did you mean `name`?"),
            ("${volume.volume}", "name a field of it, as in `${volume.volume/id}`"),
            ("${target}", "name a field of it, as in `${target/id}`"),
            ("${volume/id}", "name a resource as `service.name`, as in `${volume.volume/id}`"),
            (
                "${volume.volume#/id}",
                "name a resource as `service.name`, as in `${volume.volume/id}`",
            ),
            ("x ${name", "add the `}`"),
        ] {
            assert_eq!(pieces(text).unwrap_err().help, help, "{text}");
        }
    }

    #[test]
    fn each_form_is_written_as_it_is_read() {
        for text in ["${name}", "${target/id}", "${volume.volume/id}", "${volume.volume#second/id}"]
        {
            let [Piece::Placeholder(found)] = pieces(text).unwrap()[..] else { panic!("{text}") };
            assert_eq!(found.to_string(), text);
        }
    }

    #[test]
    fn a_placeholder_alone_keeps_its_type_and_inside_a_text_becomes_text() {
        let mut values = |placeholder: Placeholder<'_>| match placeholder {
            Placeholder::Word("name") => Ok(json!("n")),
            Placeholder::Word("timestamp") => Ok(json!(7)),
            Placeholder::Word(_) => {
                Err(PlaceholderError { message: "unknown".to_owned(), help: String::new() })
            }
            _ => Ok(json!({"a": 1})),
        };
        let body = json!({
            "alone": "${timestamp}",
            "inside": "${name}-${timestamp}",
            "plain": "no $ {placeholder}",
            "${name}": ["${target/id}"],
        });
        assert_eq!(
            fill_all(&body, &mut values).unwrap(),
            json!({
                "alone": 7,
                "inside": "n-7",
                "plain": "no $ {placeholder}",
                "n": [{"a": 1}],
            })
        );
        let wrong = fill("x-${target/id}", &mut values).unwrap_err();
        assert!(wrong.message.contains("`${target/id}` inside a longer text"), "{wrong:?}");
        assert_eq!(fill("${uuid}", &mut values).unwrap_err().message, "unknown");
    }

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0));
    }

    proptest! {
        #[test]
        fn a_text_without_placeholders_is_one_piece(text in "[^$]+") {
            prop_assert_eq!(pieces(&text).unwrap(), [Piece::Text(&text)]);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = pieces(&text);
        }
    }
}
