//! From text to tree: anchors, aliases, merge keys, and the limits.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use crate::{Entry, Error, Kind, Node, Position, Style};

/// What a document may do, and how much of it there may be.
#[derive(Debug, Clone)]
pub struct Options {
    /// What a key that is there twice is.
    pub duplicate_keys: DuplicateKeys,
    /// How many bytes the text may have.
    pub max_bytes: usize,
    /// How many nodes the document may have, copies included.
    pub max_nodes: usize,
    /// How many nodes may be copied for aliases and merge keys.
    pub max_copied: usize,
}

/// What a key that is in a mapping twice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuplicateKeys {
    /// An error.
    Refuse,
    /// Kept, for a caller who reports it ([`Node::repeated`]).
    Keep,
}

/// How deep block and flow collections may nest, each.
const MAX_DEPTH: usize = 100;

const BEGINNING: Position = Position { line: 1, column: 1, offset: 0, length: 0 };

/// For files that people write: 16 MiB, a million nodes, a hundred thousand copies.
impl Default for Options {
    fn default() -> Self {
        Self {
            duplicate_keys: DuplicateKeys::Refuse,
            max_bytes: 16 << 20,
            max_nodes: 1_000_000,
            max_copied: 100_000,
        }
    }
}

impl Options {
    /// For the specs of a service, which are larger than anything that people write.
    /// Copies stay limited.
    pub fn for_specs() -> Self {
        Self { max_bytes: 512 << 20, max_nodes: 50_000_000, ..Self::default() }
    }

    /// Changes what a key that is there twice is.
    #[must_use]
    pub fn with_duplicate_keys(mut self, duplicate_keys: DuplicateKeys) -> Self {
        self.duplicate_keys = duplicate_keys;
        self
    }
}

/// Reads one document; a text without any is nothing ([`Node::is_null`]).
///
/// - Aliases are replaced by copies of what they refer to.
/// - `<<` merges a mapping or a list of mappings: a mapping's own keys come before
///   them, and the first of a list before the next.
/// - Keys are their text, whatever they would be as a value.
///
/// # Errors
/// What is no YAML, a second document, a tag outside the core schema, a key that is no
/// scalar, a repeated key unless it is to be kept, and what is over a limit.
pub fn read(text: &str, options: &Options) -> Result<Node, Error> {
    if text.len() > options.max_bytes {
        return Err(Error::at(
            BEGINNING,
            format!("the document has {} bytes, more than {}", text.len(), options.max_bytes),
        ));
    }
    let parser_options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        emit_comments: false,
    };
    let mut builder = Builder {
        events: Parser::new_from_str_with_options(text, parser_options),
        anchors: HashMap::new(),
        nodes: 0,
        copied: 0,
        options,
    };
    builder.document()
}

struct Builder<'t> {
    events: Parser<'t, StrInput<'t>>,
    /// What anchors stand for, and how many nodes that is.
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    copied: usize,
    options: &'t Options,
}

impl<'t> Builder<'t> {
    fn document(&mut self) -> Result<Node, Error> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    return Err(Error::at(position(span), "a second document begins here"));
                }
                Event::DocumentStart(..) => {
                    if let Some((event, span)) = self.next()? {
                        root = Some(self.node(event, span)?);
                    }
                }
                _ => break,
            }
        }
        Ok(root.unwrap_or_else(|| Node { position: BEGINNING, ..Node::null() }))
    }

    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, Error> {
        self.events.next_event().transpose().map_err(|error| syntax(&error))
    }

    fn node(&mut self, event: Event<'t>, span: Span) -> Result<Node, Error> {
        let position = position(span);
        let before = self.nodes;
        self.nodes += 1;
        self.check_nodes(position)?;
        let (kind, anchor) = match event {
            Event::Alias(anchor) => return self.alias(anchor, position),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let style = scalar_style(plain, tag.as_deref(), position)?;
                (Kind::Scalar(text.into_owned(), style), anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                collection_tag(tag.as_deref(), "seq", position)?;
                (self.list()?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                collection_tag(tag.as_deref(), "map", position)?;
                (self.map()?, anchor)
            }
            _ => return Err(Error::at(position, "a value is missing")),
        };
        let node = Node { kind, position };
        if anchor > 0 {
            let size = self.nodes - before;
            self.copy(size, position)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(node)
    }

    fn list(&mut self) -> Result<Kind, Error> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::SequenceEnd {
                break;
            }
            items.push(self.node(event, span)?);
        }
        Ok(Kind::List(items))
    }

    fn map(&mut self) -> Result<Kind, Error> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::MappingEnd {
                break;
            }
            let merges =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let key = self.node(event, span)?;
            let position = key.position;
            let Kind::Scalar(key, _) = key.kind else {
                return Err(Error::at(position, "a key has to be a text"));
            };
            let Some((event, span)) = self.next()? else { break };
            let value = self.node(event, span)?;
            if merges {
                merge(&mut merged, value, position)?;
            } else {
                entries.push(Entry { key, position, value });
            }
        }
        if self.options.duplicate_keys == DuplicateKeys::Refuse {
            refuse_repeated(&entries)?;
        }
        if !merged.is_empty() {
            let own: HashSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
            merged.retain(|entry| !own.contains(entry.key.as_str()));
            entries.splice(0..0, merged);
        }
        Ok(Kind::Map(entries))
    }

    fn alias(&mut self, anchor: usize, position: Position) -> Result<Node, Error> {
        let Some((_, size)) = self.anchors.get(&anchor) else {
            return Err(Error::at(position, "an alias refers to what it stands in"));
        };
        let size = *size;
        self.nodes += size;
        self.check_nodes(position)?;
        self.copy(size, position)?;
        let kind = self.anchors.get(&anchor).map(|(node, _)| node.kind.clone());
        Ok(kind.map_or_else(Node::null, |kind| Node { kind, position }))
    }

    fn check_nodes(&self, position: Position) -> Result<(), Error> {
        if self.nodes > self.options.max_nodes {
            let what = format!("the document has more than {} values", self.options.max_nodes);
            return Err(Error::at(position, what));
        }
        Ok(())
    }

    fn copy(&mut self, nodes: usize, position: Position) -> Result<(), Error> {
        self.copied += nodes;
        if self.copied > self.options.max_copied {
            let what =
                format!("anchors and aliases copy more than {} values", self.options.max_copied);
            return Err(Error::at(position, what));
        }
        Ok(())
    }
}

fn merge(into: &mut Vec<Entry>, value: Node, position: Position) -> Result<(), Error> {
    match value.kind {
        Kind::Map(entries) => {
            for entry in entries {
                if !into.iter().any(|held| held.key == entry.key) {
                    into.push(entry);
                }
            }
            Ok(())
        }
        Kind::List(items) => items.into_iter().try_for_each(|item| match item.kind {
            Kind::Map(_) => merge(into, item, position),
            _ => Err(Error::at(item.position, "`<<` takes mappings only")),
        }),
        Kind::Scalar(..) => Err(Error::at(position, "`<<` takes a mapping, or a list of mappings")),
    }
}

fn refuse_repeated(entries: &[Entry]) -> Result<(), Error> {
    // Most mappings have a few keys, for which a set costs more than it saves.
    let repeated = if entries.len() <= 8 {
        entries
            .iter()
            .enumerate()
            .find(|(at, entry)| entries[..*at].iter().any(|before| before.key == entry.key))
            .map(|(_, entry)| entry)
    } else {
        let mut seen = HashSet::with_capacity(entries.len());
        entries.iter().find(|entry| !seen.insert(entry.key.as_str()))
    };
    match repeated {
        Some(entry) => Err(Error::at(entry.position, "this key is in the mapping twice")),
        None => Ok(()),
    }
}

fn scalar_style(plain: bool, tag: Option<&Tag>, position: Position) -> Result<Style, Error> {
    let Some(tag) = tag else {
        return Ok(if plain { Style::Plain } else { Style::Quoted });
    };
    match tag.core_suffix() {
        Some("str") => Ok(Style::Quoted),
        Some("null" | "bool" | "int" | "float") => Ok(Style::Plain),
        _ if tag.parts() == ("", "!") || tag.parts() == ("!", "") => Ok(Style::Quoted),
        _ => Err(Error::at(position, "this tag is none of YAML's core schema")),
    }
}

fn collection_tag(tag: Option<&Tag>, expected: &str, position: Position) -> Result<(), Error> {
    match tag {
        Some(tag) if tag.core_suffix() != Some(expected) => {
            Err(Error::at(position, "this tag is none of YAML's core schema"))
        }
        _ => Ok(()),
    }
}

fn syntax(error: &ScanError) -> Error {
    let marker = error.marker();
    let span = Span::empty(*marker);
    Error::at(position(span), error.info())
}

fn position(span: Span) -> Position {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let range = span.byte_range().unwrap_or_default();
    Position {
        line: number(span.start.line()),
        column: number(span.start.col() + 1),
        offset: number(range.start),
        length: number(range.end - range.start),
    }
}
