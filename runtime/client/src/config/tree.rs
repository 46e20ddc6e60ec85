//! A configuration file as a tree that remembers its lines.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::error::{ConfigError, ConfigErrorKind};

/// A value and the place that it was read from. It holds secrets and has no
/// `Debug` for that reason.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The file; none for what an environment variable holds.
    pub(super) file: Option<Arc<Path>>,
    /// The line, from 1.
    pub(super) line: u32,
}

#[derive(Clone)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// Text, and numbers as they were written or would be.
    Text(String),
    List(Vec<Node>),
    Map(BTreeMap<String, Node>),
}

impl Kind {
    /// Names the kind for an error.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

impl Node {
    /// Makes a node of an environment variable's value.
    pub(super) fn variable(value: &str) -> Self {
        Self { kind: Kind::Text(value.to_owned()), file: None, line: 0 }
    }

    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigError::in_file(path, None, ConfigErrorKind::Unreadable(error.to_string()))
        })?;
        let raw: Spanned<Raw> = match serde_saphyr::from_str(&text) {
            Ok(raw) => raw,
            // An empty file is an empty configuration.
            Err(_) if text.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) => {
                return Ok(Self { kind: Kind::Null, file: Some(path.into()), line: 1 });
            }
            Err(error) => {
                let line = error.location().map(|location| location.line());
                let message = short(&error);
                return Err(ConfigError::in_file(
                    path,
                    line.and_then(|line| u32::try_from(line).ok()),
                    ConfigErrorKind::Syntax(message),
                ));
            }
        };
        let line = line(&raw);
        Ok(raw.value.into_node(line, &Arc::from(path)))
    }

    /// Gives the file's path, where it came from a file.
    pub(super) fn path(&self) -> Option<PathBuf> {
        self.file.as_deref().map(Path::to_owned)
    }

    /// Gives the mapping; nothing is an empty one.
    pub(super) fn map(&self, what: &str) -> Result<BTreeMap<String, Self>, ConfigError> {
        match &self.kind {
            Kind::Map(map) => Ok(map.clone()),
            Kind::Null => Ok(BTreeMap::new()),
            other => Err(self.wrong(what, "a mapping", other.name())),
        }
    }

    /// Gives the text.
    pub(super) fn text(&self, what: &str) -> Result<&str, ConfigError> {
        match &self.kind {
            Kind::Text(text) => Ok(text),
            other => Err(self.wrong(what, "a text", other.name())),
        }
    }

    /// Says that a key has a value of the wrong kind.
    pub(super) fn wrong(&self, key: &str, expected: &str, found: &str) -> ConfigError {
        ConfigError {
            file: self.path(),
            line: (self.line > 0).then_some(self.line),
            kind: ConfigErrorKind::WrongValue {
                key: key.to_owned(),
                expected: expected.to_owned(),
                found: found.to_owned(),
            },
        }
    }
}

/// Puts `over` on top of `under`, mapping by mapping.
pub(super) fn merged(under: Node, over: Node) -> Node {
    match (under, over) {
        (Node { kind: Kind::Map(mut held), file, line }, Node { kind: Kind::Map(more), .. }) => {
            for (key, value) in more {
                let value = match held.remove(&key) {
                    Some(old) => merged(old, value),
                    None => value,
                };
                held.insert(key, value);
            }
            Node { kind: Kind::Map(held), file, line }
        }
        (under, Node { kind: Kind::Null, .. }) => under,
        (_, over) => over,
    }
}

fn line<T>(spanned: &Spanned<T>) -> u32 {
    u32::try_from(spanned.referenced.line()).unwrap_or(0)
}

/// Gives the first line of a parser's message: the rest cites the file, which
/// may hold secrets.
fn short(error: &serde_saphyr::Error) -> String {
    crate::redact::quoted(error.to_string().lines().next().unwrap_or("it cannot be read"))
}

/// What the parser gives, before the file is known.
enum Raw {
    Null,
    Bool(bool),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Raw)>),
}

impl Raw {
    fn into_node(self, line_of: u32, file: &Arc<Path>) -> Node {
        let kind = match self {
            Self::Null => Kind::Null,
            Self::Bool(value) => Kind::Bool(value),
            Self::Text(text) => Kind::Text(text),
            Self::List(list) => Kind::List(
                list.into_iter()
                    .map(|item| {
                        let line = line(&item);
                        item.value.into_node(line, file)
                    })
                    .collect(),
            ),
            // The line of a mapping's value is the line of its key: that is
            // where a reader looks.
            Self::Map(map) => Kind::Map(
                map.into_iter()
                    .map(|(key, value)| {
                        let line = line(&key);
                        (key.value, value.into_node(line, file))
                    })
                    .collect(),
            ),
        };
        Node { kind, file: Some(Arc::clone(file)), line: line_of }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = access.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = access.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
