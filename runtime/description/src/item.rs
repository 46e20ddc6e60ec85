//! Values of the document with their places, and how they are read: mappings with known keys,
//! lists, texts.

use squall_model::pointer::join;
use squall_model::suggest::or_known;
use squall_yaml::{Entry, Node};

use crate::problem::Problems;

/// A value of the document and where it is.
#[derive(Clone)]
pub(crate) struct Item<'n> {
    pub(crate) node: &'n Node,
    pub(crate) pointer: String,
    /// The line of its key, or of itself in a list.
    pub(crate) line: u32,
}

impl Problems {
    /// Reports what is wrong with a value.
    pub(crate) fn at(
        &mut self,
        item: &Item<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Some(item.line), item.pointer.clone(), message, help);
    }
}

impl<'n> Item<'n> {
    pub(crate) fn root(node: &'n Node) -> Self {
        Self { node, pointer: String::new(), line: node.position.line }
    }

    /// Returns the values of a mapping with their keys; nothing for what is no mapping.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'n str, Self)> + '_ {
        let entries: &'n [Entry] = self.node.map().unwrap_or_default();
        entries.iter().map(|entry| {
            let item = Self {
                node: &entry.value,
                pointer: join(&self.pointer, &entry.key),
                line: entry.position.line,
            };
            (entry.key.as_str(), item)
        })
    }

    /// Returns the items of a list; nothing for what is no list.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + '_ {
        let items: &'n [Node] = self.node.list().unwrap_or_default();
        items.iter().enumerate().map(|(at, node)| {
            // A mapping of several lines has the place of its first key.
            let line = node.map().and_then(<[Entry]>::first).map(|entry| entry.position.line);
            let line = line.unwrap_or(node.position.line);
            Self { node, pointer: join(&self.pointer, at), line }
        })
    }

    /// Returns the items of a list, and reports anything else.
    pub(crate) fn list(&self, problems: &mut Problems) -> Vec<Self> {
        if self.node.list().is_none() {
            self.expected("a list", problems);
        }
        self.items().collect()
    }

    /// Returns its text, and reports anything else.
    pub(crate) fn text(&self, problems: &mut Problems) -> Option<&'n str> {
        let text = self.node.text();
        if text.is_none() {
            self.expected("a text", problems);
        }
        text
    }

    /// Returns the texts of a list.
    pub(crate) fn texts(&self, problems: &mut Problems) -> Vec<(&'n str, Self)> {
        let items = self.list(problems);
        items.into_iter().filter_map(|item| Some((item.text(problems)?, item))).collect()
    }

    /// Returns the texts of a mapping. A list stands for its key several times.
    pub(crate) fn pairs(&self, problems: &mut Problems) -> Vec<(&'n str, &'n str, Self)> {
        if self.node.map().is_none() {
            self.expected("a mapping", problems);
        }
        let mut found = Vec::new();
        for (key, item) in self.entries() {
            if item.node.list().is_some() {
                found.extend(item.texts(problems).into_iter().map(|(text, at)| (key, text, at)));
            } else if let Some(text) = item.text(problems) {
                found.push((key, text, item));
            }
        }
        found
    }

    /// Reads `true` or `false`.
    pub(crate) fn flag(&self, problems: &mut Problems) -> bool {
        match self.node.text() {
            Some("true") => true,
            Some("false") => false,
            _ => {
                self.expected("true or false", problems);
                false
            }
        }
    }

    /// Reads one of several words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let text = self.text(problems)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let help = or_known(text, words.iter().map(|(word, _)| *word));
            problems.at(self, format!("`{text}` is not one of the known words"), help);
        }
        found
    }

    /// Reads a mapping with known keys; nothing stands for an empty one.
    pub(crate) fn fields(&self, what: &str, known: &[&str], problems: &mut Problems) -> Fields<'n> {
        if self.node.map().is_none() && !self.node.is_null() {
            let found = self.node.name();
            problems.at(
                self,
                format!("{what} has to be a mapping, and this is {found}"),
                format!("its keys are {}", known.join(", ")),
            );
        }
        for (key, item) in self.entries() {
            if !known.contains(&key) {
                let help = or_known(key, known.iter().copied());
                problems.at(&item, format!("unknown key `{key}` of {what}"), help);
            }
        }
        Fields { item: self.clone(), entries: self.entries().collect() }
    }

    /// Returns the place with an empty mapping, for what follows from it without being written.
    pub(crate) fn without_keys(&self) -> Fields<'n> {
        Fields { item: self.clone(), entries: Vec::new() }
    }

    pub(crate) fn expected(&self, what: &str, problems: &mut Problems) {
        let found = self.node.name();
        problems.at(self, format!("expected {what}, and this is {found}"), "");
    }
}

/// A mapping that was read by its keys.
#[derive(Clone)]
pub(crate) struct Fields<'n> {
    pub(crate) item: Item<'n>,
    entries: Vec<(&'n str, Item<'n>)>,
}

impl<'n> Fields<'n> {
    pub(crate) fn get(&self, key: &str) -> Option<&Item<'n>> {
        self.entries.iter().rfind(|(known, _)| *known == key).map(|(_, item)| item)
    }

    pub(crate) fn text(&self, key: &str, problems: &mut Problems) -> Option<&'n str> {
        self.get(key)?.text(problems)
    }

    /// Returns a text that has to be there.
    pub(crate) fn required(
        &self,
        key: &str,
        help: &str,
        problems: &mut Problems,
    ) -> Option<&'n str> {
        if self.get(key).is_none() {
            problems.at(&self.item, format!("`{key}` is missing"), help);
        }
        self.text(key, problems).filter(|text| {
            let empty = text.trim().is_empty();
            if empty && let Some(item) = self.get(key) {
                problems.at(item, format!("`{key}` is empty"), help);
            }
            !empty
        })
    }

    pub(crate) fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        Some(self.get(key)?.flag(problems))
    }

    pub(crate) fn list(&self, key: &str, problems: &mut Problems) -> Vec<Item<'n>> {
        self.get(key).map_or_else(Vec::new, |item| item.list(problems))
    }

    pub(crate) fn texts(&self, key: &str, problems: &mut Problems) -> Vec<(&'n str, Item<'n>)> {
        self.get(key).map_or_else(Vec::new, |item| item.texts(problems))
    }

    pub(crate) fn pairs(
        &self,
        key: &str,
        problems: &mut Problems,
    ) -> Vec<(&'n str, &'n str, Item<'n>)> {
        self.get(key).map_or_else(Vec::new, |item| item.pairs(problems))
    }
}

/// Converts a pointer as the file has it, without the slash at its beginning.
pub(crate) fn rooted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("/{}", text.trim_start_matches('/')) }
}
