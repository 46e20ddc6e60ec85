//! The tree of a document.

use std::fmt;

use serde_json::Value;

use crate::scalar;

/// A value of a document and where it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it begins.
    pub position: Position,
}

/// What a node is.
#[derive(Clone, PartialEq, Eq)]
pub enum Kind {
    /// A text, number, boolean or nothing, as it was written.
    Scalar(String, Style),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the document's order. A key may be there twice where the reader
    /// was asked to keep such keys.
    Map(Vec<Entry>),
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: it may stand for a number, a boolean or nothing.
    Plain,
    /// In quotes, as a block, or with the tag `!!str`: always a text.
    Quoted,
}

/// A key of a mapping with its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// Where the key stands.
    pub position: Position,
    /// What it leads to.
    pub value: Node,
}

/// A piece of a document's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The first byte.
    pub offset: u32,
    /// The length in bytes.
    pub length: u32,
}

/// Where a JSON pointer leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    /// The last key, or the item of a list.
    pub key: Position,
    /// The value.
    pub value: Position,
}

impl Node {
    /// Creates a scalar that has no place in a document.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self { kind: Kind::Scalar(text.into(), Style::Quoted), position: Position::default() }
    }

    /// Creates a node for nothing, which has no place in a document.
    pub fn null() -> Self {
        Self { kind: Kind::Scalar(String::new(), Style::Plain), position: Position::default() }
    }

    /// Whether it is nothing: an empty plain scalar, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(text, Style::Plain) if scalar::is_null(text))
    }

    /// Returns a scalar's text as it was written; `None` for nothing and for what is
    /// no scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// Returns a sequence's items.
    pub fn list(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns a mapping's entries.
    pub fn map(&self) -> Option<&[Entry]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the value of a key; of a key that is there twice, the last.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.map()?.iter().rfind(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Names what it is for an error: "a text", "a list", "a mapping", "nothing".
    pub fn name(&self) -> &'static str {
        match &self.kind {
            _ if self.is_null() => "nothing",
            Kind::Scalar(..) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }

    /// Converts it to JSON: plain scalars by YAML 1.2's core schema. What JSON cannot
    /// hold (`.inf`, `.nan`) stays text; of a key that is there twice, the last counts.
    pub fn into_value(self) -> Value {
        match self.kind {
            Kind::Scalar(text, Style::Quoted) => Value::String(text),
            Kind::Scalar(text, Style::Plain) => scalar::value(text),
            Kind::List(items) => items.into_iter().map(Self::into_value).collect(),
            Kind::Map(entries) => Value::Object(
                entries.into_iter().map(|entry| (entry.key, entry.value.into_value())).collect(),
            ),
        }
    }

    /// Converts a copy of it to JSON, see [`Node::into_value`].
    pub fn value(&self) -> Value {
        self.clone().into_value()
    }

    /// Returns the keys that are there a second time.
    pub fn repeated(&self) -> Vec<(&str, Position)> {
        match &self.kind {
            Kind::Scalar(..) => Vec::new(),
            Kind::List(items) => items.iter().flat_map(Self::repeated).collect(),
            Kind::Map(entries) => {
                let mut found = Vec::new();
                for (at, entry) in entries.iter().enumerate() {
                    if entries[..at].iter().any(|before| before.key == entry.key) {
                        found.push((entry.key.as_str(), entry.position));
                    }
                    found.extend(entry.value.repeated());
                }
                found
            }
        }
    }

    /// Follows a JSON pointer as far as it goes.
    pub fn locate(&self, pointer: &str) -> Located {
        let mut node = self;
        let mut key = self.first();
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match &node.kind {
                Kind::Map(entries) => entries
                    .iter()
                    .rfind(|entry| entry.key == token)
                    .map(|entry| (entry.position, &entry.value)),
                Kind::List(items) => {
                    let found = token.parse().ok().and_then(|at: usize| items.get(at));
                    found.map(|next| (next.first(), next))
                }
                Kind::Scalar(..) => None,
            };
            match next {
                Some((at, next)) => (key, node) = (at, next),
                None => return Located { key, value: key },
            }
        }
        let value = match &node.kind {
            Kind::Scalar(..) if !node.is_null() => node.position,
            _ => key,
        };
        Located { key, value }
    }

    /// The position of what it begins with.
    fn first(&self) -> Position {
        match &self.kind {
            Kind::Map(entries) => entries.first().map_or(self.position, |entry| entry.position),
            _ => self.position,
        }
    }
}

impl Default for Node {
    fn default() -> Self {
        Self::null()
    }
}

/// Shows the structure and no text, which may be secret.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column, .. } = self.position;
        write!(f, "{} at {line}:{column}", self.name())
    }
}
