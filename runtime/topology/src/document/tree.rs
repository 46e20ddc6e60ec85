//! A document of any shape as a tree of values with locations.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use super::source::Place;

/// A value and its location.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) place: Place,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Scalar(Value),
    List(Vec<Node>),
    /// Keys with their locations, in the document's order. A key may occur twice.
    Map(Vec<(String, Place, Node)>),
}

impl Default for Kind {
    fn default() -> Self {
        Self::Scalar(Value::Null)
    }
}

impl Node {
    /// Returns the value; of a duplicate key, the last.
    pub(super) fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => items.iter().map(Self::value).collect(),
            Kind::Map(entries) => {
                let pairs = entries.iter().map(|(key, _, node)| (key.clone(), node.value()));
                Value::Object(pairs.collect())
            }
        }
    }

    /// Returns the second occurrences of duplicate keys, with their pointers.
    pub(super) fn repeated(&self) -> Vec<(&str, Place)> {
        match &self.kind {
            Kind::Scalar(_) => Vec::new(),
            Kind::List(items) => items.iter().flat_map(Self::repeated).collect(),
            Kind::Map(entries) => {
                let mut found = Vec::new();
                for (at, (key, place, node)) in entries.iter().enumerate() {
                    if entries[..at].iter().any(|(before, ..)| before == key) {
                        found.push((key.as_str(), *place));
                    }
                    found.extend(node.repeated());
                }
                found
            }
        }
    }

    /// Follows a JSON pointer as far as it exists. Returns the location of the last key,
    /// and that of the value: a scalar itself, and the key of a mapping or list.
    pub(super) fn locate(&self, pointer: &str) -> (Place, Place) {
        let mut node = self;
        let mut key = self.first();
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match &node.kind {
                Kind::Map(entries) => {
                    let found = entries.iter().rfind(|(key, ..)| *key == token);
                    found.map(|(_, key, next)| (*key, next))
                }
                Kind::List(items) => {
                    let found = token.parse().ok().and_then(|at: usize| items.get(at));
                    found.map(|next| (next.first(), next))
                }
                Kind::Scalar(_) => None,
            };
            match next {
                Some((at, next)) => (key, node) = (at, next),
                None => return (key, key),
            }
        }
        match &node.kind {
            Kind::Scalar(value) if !value.is_null() => (key, node.place),
            _ => (key, key),
        }
    }

    /// The location of its first key or item.
    fn first(&self) -> Place {
        match &self.kind {
            Kind::Map(entries) => entries.first().map_or(self.place, |(_, place, _)| *place),
            _ => self.place,
        }
    }

    fn at(spanned: Spanned<Self>) -> Self {
        Self { place: place(spanned.referenced), ..spanned.value }
    }

    fn scalar(value: impl Into<Value>) -> Self {
        Self { kind: Kind::Scalar(value.into()), place: Place::default() }
    }
}

/// Returns the byte range of a location; without one, nothing is underlined.
pub(super) fn place(location: Location) -> Place {
    let number = |n: u64| usize::try_from(n).unwrap_or_default();
    let span = location.span();
    Place {
        line: number(location.line()),
        column: number(location.column()),
        offset: span.byte_offset().map_or(0, number),
        length: span.byte_len().map_or(0, number),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Spanned<Node>>()? {
            entries.push((key.value, place(key.referenced), Node::at(value)));
        }
        Ok(Node { kind: Kind::Map(entries), place: Place::default() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element::<Spanned<Node>>()? {
            items.push(Node::at(item));
        }
        Ok(Node { kind: Kind::List(items), place: Place::default() })
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::scalar(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::scalar(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::scalar(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::scalar(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::scalar(value))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::default())
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(Self)
    }
}
