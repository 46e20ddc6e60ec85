//! How the answers of two clouds to one request differ.

use serde::Serialize;
use serde_json::Value;

use super::shape::{Apart, Shape, apart};
use crate::client::{Exchange, exchange::CUT};

/// Fields of an error whose text tells which error it is.
const NAMES_OF_ERRORS: [&str; 3] = ["type", "code", "title"];

/// A difference between the answers of two clouds. Requests that differ in the same way are
/// grouped by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum AnswerDifference {
    /// Other statuses; `None` if no answer came.
    Status {
        /// Of the first cloud.
        first: Option<u16>,
        /// Of the second cloud.
        second: Option<u16>,
    },
    /// The same status with another error.
    Error {
        /// The status of both.
        status: u16,
        /// Where in the body its name stands.
        at: String,
        /// Its name at the first cloud.
        first: String,
        /// Its name at the second cloud.
        second: String,
    },
    /// One answers with JSON and the other does not.
    Form {
        /// The status of both.
        status: u16,
        /// What the first cloud answers with.
        first: &'static str,
        /// What the second cloud answers with.
        second: &'static str,
    },
    /// A field that only the first cloud's answer has.
    OnlyFirst {
        /// Its JSON pointer; `*` stands for any item.
        at: String,
    },
    /// A field that only the second cloud's answer has.
    OnlySecond {
        /// Its JSON pointer; `*` stands for any item.
        at: String,
    },
    /// A field with values of other types.
    Type {
        /// Its JSON pointer; `*` stands for any item.
        at: String,
        /// Of the first cloud.
        first: &'static str,
        /// Of the second cloud.
        second: &'static str,
    },
}

impl AnswerDifference {
    /// Says it in one line, with the names of the clouds.
    pub fn text(&self, [one, other]: [&str; 2]) -> String {
        let status = |status: &Option<u16>| match status {
            Some(status) => status.to_string(),
            None => "no answer".to_owned(),
        };
        match self {
            Self::Status { first, second } => {
                format!("{} on {one}, {} on {other}", status(first), status(second))
            }
            Self::Error { status, at, first, second } => {
                format!("{status} whose `{at}` is `{first}` on {one}, `{second}` on {other}")
            }
            Self::Form { status, first, second } => {
                format!("{status} with {first} on {one}, {second} on {other}")
            }
            Self::OnlyFirst { at } => format!("`{at}` on {one} alone"),
            Self::OnlySecond { at } => format!("`{at}` on {other} alone"),
            Self::Type { at, first, second } => {
                format!("`{at}` is {first} on {one}, {second} on {other}")
            }
        }
    }
}

/// Returns how two answers differ. Bodies are compared if the statuses agree, by their shape: which
/// fields they have, and of what type. Of errors their names are compared as well.
pub(super) fn between(both: [&Exchange; 2]) -> Vec<AnswerDifference> {
    let [first, second] = both.map(|exchange| exchange.status);
    let (Some(status), Some(_)) = (first, second) else {
        return if first == second {
            Vec::new()
        } else {
            vec![AnswerDifference::Status { first, second }]
        };
    };
    if first != second {
        return vec![AnswerDifference::Status { first, second }];
    }
    let [one, other] = both.map(Content::of);
    match (one, other) {
        (Content::Json(one), Content::Json(other)) => {
            let mut found: Vec<AnswerDifference> =
                apart(&Shape::of(&one), &Shape::of(&other)).into_iter().map(Into::into).collect();
            if status >= 400 {
                found.extend(errors_apart(status, &one, &other));
            }
            found
        }
        (one, other) if one.word() == other.word() => Vec::new(),
        (one, other) => {
            vec![AnswerDifference::Form { status, first: one.word(), second: other.word() }]
        }
    }
}

impl From<Apart> for AnswerDifference {
    fn from(apart: Apart) -> Self {
        match apart {
            Apart::First(at) => Self::OnlyFirst { at },
            Apart::Second(at) => Self::OnlySecond { at },
            Apart::Type(at, first, second) => Self::Type { at, first, second },
        }
    }
}

/// Whether the journal has only the beginning of a JSON body, whose fields cannot be compared.
pub(super) fn is_cut(exchange: &Exchange) -> bool {
    let is_json =
        exchange.response_headers.get("content-type").is_none_or(|it| it.contains("json"));
    is_json && exchange.response_body.as_deref().is_some_and(|body| body.ends_with(CUT))
}

/// What a body consists of.
enum Content {
    None,
    Json(Value),
    Cut,
    Other,
}

impl Content {
    fn of(exchange: &Exchange) -> Self {
        let Some(body) = exchange.response_body.as_deref().filter(|body| !body.is_empty()) else {
            return Self::None;
        };
        match serde_json::from_str(body) {
            Ok(json) => Self::Json(json),
            Err(_) if is_cut(exchange) => Self::Cut,
            Err(_) => Self::Other,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::None => "no body",
            Self::Json(_) | Self::Cut => "JSON",
            Self::Other => "a body that is not JSON",
        }
    }
}

/// Returns the names of two errors where they differ: `type` of neutron's, `code` of placement's,
/// `title` of keystone's.
fn errors_apart(status: u16, one: &Value, other: &Value) -> Vec<AnswerDifference> {
    fn walk(one: &Value, other: &Value, at: &str, found: &mut Vec<(String, String, String)>) {
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => {
                for (name, value) in one {
                    let Some(twin) = other.get(name) else { continue };
                    let at = format!("{at}/{name}");
                    match (value.as_str(), twin.as_str()) {
                        (Some(text), Some(twin)) if NAMES_OF_ERRORS.contains(&name.as_str()) => {
                            if text != twin {
                                found.push((at, text.to_owned(), twin.to_owned()));
                            }
                        }
                        _ => walk(value, twin, &at, found),
                    }
                }
            }
            (Value::Array(one), Value::Array(other)) => {
                for (one, other) in one.iter().zip(other) {
                    walk(one, other, &format!("{at}/*"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(one, other, "", &mut found);
    let difference = |(at, first, second)| AnswerDifference::Error { status, at, first, second };
    found.into_iter().map(difference).collect()
}
