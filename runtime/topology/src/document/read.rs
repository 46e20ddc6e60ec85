//! From text to document: every mistake of its shape at once, then its types.

use std::fs;
use std::io;
use std::path::Path;

use serde_saphyr::{DuplicateKeyPolicy, Error, Options, Spanned};

use super::Document;
use super::error::{DocumentError, DocumentErrorKind};
use super::mistake::{Mistake, Mistakes};
use super::near::near;
use super::shape;
use super::source::{Place, Source};
use super::tree::{Kind, Node, place};
use crate::shipped;

pub(super) fn topology(name_or_path: &str) -> Result<Document, DocumentError> {
    let error = |kind, help: String| DocumentError { name: name_or_path.to_owned(), kind, help };
    let read = |name: &str, text: &str| {
        read(name, text).map_err(|mistakes| {
            error(DocumentErrorKind::Mistakes(mistakes), "mend the document".to_owned())
        })
    };
    if let Some(text) = shipped::text(name_or_path) {
        return read(name_or_path, text);
    }
    match fs::read_to_string(Path::new(name_or_path)) {
        Ok(text) => read(name_or_path, &text),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            let names = shipped::names().collect::<Vec<_>>().join(", ");
            let help = match near(name_or_path, shipped::names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("name a file, or one of {names}"),
            };
            Err(error(DocumentErrorKind::Unknown, help))
        }
        Err(cause) => {
            let help = "see that it is a file and yours to read".to_owned();
            Err(error(DocumentErrorKind::Unreadable(cause), help))
        }
    }
}

pub(super) fn read(name: &str, text: &str) -> Result<Document, Mistakes> {
    let root = match serde_saphyr::from_str_with_options::<Spanned<Node>>(text, options()) {
        Ok(root) => Node { place: place(root.referenced), ..root.value },
        Err(error) => return Err(syntax(name, text, &error)),
    };
    let empty = matches!(&root.kind, Kind::Scalar(value) if value.is_null());
    let source = Source::new(name, text, root);
    if empty {
        let help = "the shortest is `topology: mine` and `services: {keystone: {}}`";
        let start = Place { line: 1, column: 1, ..Place::default() };
        let nothing = Mistake::new(&source, start, "there is nothing in it", help);
        return Err(Mistakes::only(nothing));
    }
    let mistakes = shape::mistakes(&source);
    Mistakes::or(mistakes, || ())?;
    match serde_saphyr::from_str_with_options::<Document>(text, options()) {
        Ok(document) => Ok(Document { source, ..document }),
        Err(error) => Err(syntax(name, text, &error)),
    }
}

/// Keys that are there twice are found with all other mistakes.
fn options() -> Options {
    let mut options = Options::default();
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options
}

/// What the parser cannot go past.
fn syntax(name: &str, text: &str, error: &Error) -> Mistakes {
    let source = Source::new(name, text, Node::default());
    let place = error.location().map(place).unwrap_or_default();
    let message = error.without_snippet().to_string();
    let what = message.lines().next().unwrap_or_default();
    // The place is told by the line that is shown.
    let lead = format!("line {} column {}: ", place.line, place.column);
    let what = what.split_once(&lead).map_or(what, |(_, what)| what);
    Mistakes::only(Mistake::new(
        &source,
        source.found(place),
        format!("this is no YAML: {what}"),
        "mend the syntax here; nothing else was looked at",
    ))
}
