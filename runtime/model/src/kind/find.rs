//! How a thing is named, addressed, and found by its name alone.

use serde_json::Value;

/// What a name looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// `squall-3c9e8b77-server-1f0c2a9d`.
    Dashed,
    /// `CUSTOM_SQUALL_3C9E8B77_TRAIT_1F0C2A9D`, as placement wants it.
    Custom,
}

/// Where the id of a thing comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Id {
    /// The answer to the request that makes it, at the first of these JSON
    /// pointers that leads anywhere.
    Answer(&'static [&'static str]),
    /// It is the name.
    Name,
    /// There is none: the parameters of the request say it all, as for a change.
    Coordinates,
}

/// How a thing is found by its name alone.
#[derive(Debug, Clone, Copy)]
pub enum Find {
    /// It is addressed by its name: nothing to find.
    Name,
    /// It is addressed by what the ledger holds anyway.
    Coordinates,
    /// It stands in a list.
    Listed(Listed),
}

/// How a thing is found in a list.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The operation that lists.
    pub operation: &'static str,
    /// The JSON pointer to the list in its answer.
    pub collection: &'static str,
    /// The query, with `{name}` and parameters in braces.
    pub query: &'static [(&'static str, &'static str)],
    /// What an admin adds to the query to see every project's.
    pub everywhere: &'static [(&'static str, &'static str)],
    /// The JSON pointer, in an item, to the text that holds the name.
    pub by: &'static str,
    /// The JSON pointer, in an item, to its id.
    pub id: &'static str,
    /// What is added to the query for a further list, of what the first leaves out.
    pub left_out: &'static [(&'static str, &'static str)],
    /// Whether the text contains the name, as a URL does, instead of being the name.
    pub inside: bool,
    /// Whether the service pages the list by `offset`, without links.
    pub by_offset: bool,
}

impl Listed {
    /// Creates a list whose items have a `name` and an `id`.
    pub const fn new(operation: &'static str, collection: &'static str) -> Self {
        Self {
            operation,
            collection,
            query: &[],
            everywhere: &[],
            left_out: &[],
            by: "/name",
            id: "/id",
            inside: false,
            by_offset: false,
        }
    }

    /// Whether the text of an item is this name.
    ///
    /// - It has to be equal: `nightly-copy-of-NAME` belongs to someone else.
    /// - A request for several resources may number them: `NAME-1`.
    /// - Where the text contains the name, the name must not be part of a longer word.
    pub fn has_name(&self, text: &str, name: &str, several: bool) -> bool {
        if name.is_empty() {
            return false;
        }
        if self.inside {
            let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            return text.match_indices(name).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let after = text[at + name.len()..].chars().next();
                !before.is_some_and(part) && !after.is_some_and(|c| part(c) && c != '.')
            });
        }
        let numbered = |rest: &str| {
            rest.strip_prefix('-')
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
        };
        text == name || several && text.strip_prefix(name).is_some_and(numbered)
    }

    /// Returns the id of an item.
    pub fn id_of(&self, item: &Value) -> Option<String> {
        text_of(item.pointer(self.id)?)
    }
}

/// Returns an id, or a name, as text: some services number their things.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Find {
    /// Finds it in a list: the item whose `name` is the name, which has an `id`.
    pub const fn listed(operation: &'static str, collection: &'static str) -> Self {
        Self::Listed(Listed::new(operation, collection))
    }

    /// Lets the service filter, as far as it can.
    #[must_use]
    pub const fn with_query(self, query: &'static [(&'static str, &'static str)]) -> Self {
        match self {
            Self::Listed(listed) => Self::Listed(Listed { query, ..listed }),
            other => other,
        }
    }

    /// Sets what an admin adds to see every project's.
    #[must_use]
    pub const fn with_everywhere(
        self,
        everywhere: &'static [(&'static str, &'static str)],
    ) -> Self {
        match self {
            Self::Listed(listed) => Self::Listed(Listed { everywhere, ..listed }),
            other => other,
        }
    }

    /// Sets what is added to the query for a further list, of what the first leaves out.
    #[must_use]
    pub const fn with_left_out(self, left_out: &'static [(&'static str, &'static str)]) -> Self {
        match self {
            Self::Listed(listed) => Self::Listed(Listed { left_out, ..listed }),
            other => other,
        }
    }

    /// Sets the pointers to the text that holds the name and to the id.
    #[must_use]
    pub const fn with_pointers(self, by: &'static str, id: &'static str) -> Self {
        match self {
            Self::Listed(listed) => Self::Listed(Listed { by, id, ..listed }),
            other => other,
        }
    }

    /// Declares that the text contains the name (a URL, a document) instead of being it.
    #[must_use]
    pub const fn with_name_inside(self) -> Self {
        match self {
            Self::Listed(listed) => Self::Listed(Listed { inside: true, ..listed }),
            other => other,
        }
    }

    /// Declares that the service pages the list by `offset`, without links.
    #[must_use]
    pub const fn with_offset(self) -> Self {
        match self {
            Self::Listed(listed) => Self::Listed(Listed { by_offset: true, ..listed }),
            other => other,
        }
    }
}
