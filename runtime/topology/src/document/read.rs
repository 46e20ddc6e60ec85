//! Reads a document from text: first all mistakes of its shape, then its types.

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
            error(DocumentErrorKind::Mistakes(mistakes), "fix the document".to_owned())
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
                None => format!("use the path of a file, or one of {names}"),
            };
            Err(error(DocumentErrorKind::Unknown, help))
        }
        Err(cause) => {
            let help = "check that it is a file and that you may read it".to_owned();
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
        let nothing = Mistake::new(&source, start, "the document is empty", help);
        return Err(Mistakes::only(nothing));
    }
    let mistakes = shape::mistakes(&source);
    Mistakes::or(mistakes, || ())?;
    match serde_saphyr::from_str_with_options::<Document>(text, options()) {
        Ok(document) => Ok(Document { source, ..document }),
        Err(error) => Err(syntax(name, text, &error)),
    }
}

/// Duplicate keys are reported with all other mistakes.
fn options() -> Options {
    let mut options = Options::default();
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options
}

/// The error at which the parser stopped.
fn syntax(name: &str, text: &str, error: &Error) -> Mistakes {
    let source = Source::new(name, text, Node::default());
    let place = error.location().map(place).unwrap_or_default();
    let message = error.without_snippet().to_string();
    let what = message.lines().next().unwrap_or_default();
    // The location is shown with the line.
    let lead = format!("line {} column {}: ", place.line, place.column);
    let what = what.split_once(&lead).map_or(what, |(_, what)| what);
    Mistakes::only(Mistake::new(
        &source,
        source.found(place),
        format!("invalid YAML: {what}"),
        "fix the syntax here; the rest of the document was not checked",
    ))
}
