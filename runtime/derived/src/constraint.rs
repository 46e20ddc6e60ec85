//! A constraint of a request, and its id.

use std::fmt;

use serde_json::Value;
use squall_model::pointer;

use crate::Change;

/// The part of a request that a constraint is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintPlace {
    /// The JSON body.
    Body,
    /// The query.
    Query,
}

/// A keyword of a schema at a place of a request, and the change that tests it.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// The part of the request.
    pub place: ConstraintPlace,
    /// The JSON pointer, in that part, to the value that the keyword is about.
    pub pointer: String,
    /// The keyword, as in `maxLength`.
    pub keyword: &'static str,
    /// Which of several: the type that is sent, the property that is missing.
    pub which: String,
    /// What the schema says with the keyword: where this is another at another version, so is
    /// the constraint.
    pub says: Value,
    /// The change of the valid request.
    pub change: Change,
    /// Whether the changed request is valid, and sits at the bound.
    pub valid: bool,
}

impl Constraint {
    /// Returns its id within an operation, as in `body.server.name.maxlength`. Two constraints
    /// of one operation may have the same; the second then has `-2` behind it.
    pub fn id(&self) -> String {
        let mut id = self.place.to_string();
        for key in pointer::keys(&self.pointer) {
            id.push('.');
            id.push_str(&word(&key));
        }
        id.push('.');
        id.push_str(&word(self.keyword));
        if !self.which.is_empty() {
            id.push('-');
            id.push_str(&word(&self.which));
        }
        id
    }
}

impl fmt::Display for ConstraintPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Body => "body",
            Self::Query => "query",
        })
    }
}

/// Returns constraints with their ids, of which no two are the same: the second of an id has
/// `-2` behind it.
pub(crate) fn distinct(constraints: Vec<Constraint>) -> Vec<(String, Constraint)> {
    let mut found: Vec<(String, Constraint)> = Vec::with_capacity(constraints.len());
    let mut taken = std::collections::HashMap::<String, usize>::new();
    for constraint in constraints {
        let id = constraint.id();
        let uses = taken.entry(id.clone()).or_default();
        *uses += 1;
        let id = if *uses == 1 { id } else { format!("{id}-{uses}") };
        found.push((id, constraint));
    }
    found
}

/// Returns a key as a word of an id: lower-case letters, digits, `-` and `_`.
fn word(key: &str) -> String {
    let plain = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' => c,
        _ => '-',
    };
    if key.is_empty() { "-".to_owned() } else { key.chars().map(plain).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_words_of_the_pointer() {
        let constraint = Constraint {
            place: ConstraintPlace::Body,
            pointer: "/server/OS-DCF:diskConfig/0".to_owned(),
            keyword: "enum",
            which: String::new(),
            says: Value::Null,
            change: Change::NoBody,
            valid: false,
        };
        assert_eq!(constraint.id(), "body.server.os-dcf-diskconfig.0.enum");
        let both = distinct(vec![constraint.clone(), constraint]);
        assert_eq!(both[1].0, "body.server.os-dcf-diskconfig.0.enum-2");
    }
}
