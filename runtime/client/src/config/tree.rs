//! A configuration file as a tree that knows its lines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use squall_yaml::Options;

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
    /// A text as it was written, also where it could be a number or a boolean.
    Text(String),
    List(Vec<Node>),
    Map(BTreeMap<String, Node>),
}

impl Kind {
    /// Names the kind for an error.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

impl Node {
    /// Creates a node for a value that stands in no file.
    pub(super) fn variable(value: &str) -> Self {
        Self { kind: Kind::Text(value.to_owned()), file: None, line: 0 }
    }

    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigError::in_file(path, None, ConfigErrorKind::Unreadable(error.to_string()))
        })?;
        let root = squall_yaml::read(&text, &Options::default()).map_err(|error| {
            let kind = ConfigErrorKind::Syntax(error.what.clone());
            ConfigError::in_file(path, error.line(), kind)
        })?;
        let line = root.position.line;
        Ok(Self::of(root, line, &Arc::from(path)))
    }

    /// Reads a document that is part of this program.
    pub(super) fn embedded(text: &str) -> Result<Self, squall_yaml::Error> {
        let root = squall_yaml::read(text, &Options::default())?;
        Ok(Self { file: None, ..Self::of(root, 0, &Arc::from(Path::new(""))) })
    }

    /// Takes over a document's node. The line of a mapping's value is that of its key:
    /// that is where a reader looks.
    fn of(node: squall_yaml::Node, line: u32, file: &Arc<Path>) -> Self {
        let is_null = node.is_null();
        let kind = match node.kind {
            _ if is_null => Kind::Null,
            squall_yaml::Kind::Scalar(text, _) => Kind::Text(text),
            squall_yaml::Kind::List(items) => Kind::List(
                items
                    .into_iter()
                    .map(|item| {
                        let line = item.position.line;
                        Self::of(item, line, file)
                    })
                    .collect(),
            ),
            squall_yaml::Kind::Map(entries) => Kind::Map(
                entries
                    .into_iter()
                    .map(|entry| {
                        let value = Self::of(entry.value, entry.position.line, file);
                        (entry.key, value)
                    })
                    .collect(),
            ),
        };
        Self { kind, file: Some(Arc::clone(file)), line }
    }

    /// Returns the file's path, where it came from a file.
    pub(super) fn path(&self) -> Option<PathBuf> {
        self.file.as_deref().map(Path::to_owned)
    }

    /// Returns the mapping; nothing is an empty one.
    pub(super) fn map(&self, what: &str) -> Result<BTreeMap<String, Self>, ConfigError> {
        match &self.kind {
            Kind::Map(map) => Ok(map.clone()),
            Kind::Null => Ok(BTreeMap::new()),
            other => Err(self.wrong(what, "a mapping", other.name())),
        }
    }

    /// Returns the text.
    pub(super) fn text(&self, what: &str) -> Result<&str, ConfigError> {
        match &self.kind {
            Kind::Text(text) => Ok(text),
            other => Err(self.wrong(what, "a text", other.name())),
        }
    }

    /// Spells its keys, and those of all values in it, with `_` in place of `-`, as
    /// openstacksdk does (4.22.0, `openstack/config/loader.py`, `_normalize_keys`).
    pub(super) fn with_underscores(self) -> Self {
        let kind = match self.kind {
            Kind::Map(map) => Kind::Map(
                map.into_iter()
                    .map(|(key, value)| (key.replace('-', "_"), value.with_underscores()))
                    .collect(),
            ),
            Kind::List(list) => Kind::List(list.into_iter().map(Self::with_underscores).collect()),
            plain => plain,
        };
        Self { kind, ..self }
    }

    /// The line, where it came from a file.
    pub(super) fn known_line(&self) -> Option<u32> {
        (self.line > 0 && self.file.is_some()).then_some(self.line)
    }

    /// The error that a value refers to a key that is not there.
    pub(super) fn no_such_key(&self, key: &str, name: &str) -> ConfigError {
        let kind = ConfigErrorKind::Template { key: key.to_owned(), name: name.to_owned() };
        ConfigError { file: self.path(), line: self.known_line(), kind }
    }

    /// The error that a key has a value of the wrong kind.
    pub(super) fn wrong(&self, key: &str, expected: &str, found: &str) -> ConfigError {
        ConfigError {
            file: self.path(),
            line: self.known_line(),
            kind: ConfigErrorKind::WrongValue {
                key: key.to_owned(),
                expected: expected.to_owned(),
                found: found.to_owned(),
            },
        }
    }
}

/// Lays `over` over `under`, mapping by mapping. Nothing is laid over a value as well, so
/// that a key can be taken back; a mapping stays.
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
        (under @ Node { kind: Kind::Map(_), .. }, Node { kind: Kind::Null, .. }) => under,
        (_, over) => over,
    }
}
