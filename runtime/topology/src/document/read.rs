//! Reads a document from text: first all mistakes of its shape, then its types.

use std::fs;
use std::io;
use std::path::Path;

use squall_model::suggest::did_you_mean;
use squall_yaml::{DuplicateKeys, Node, Options, Position};

use super::Document;
use super::error::{DocumentError, DocumentErrorKind};
use super::mistake::{Mistake, Mistakes};
use super::shape;
use super::source::Source;
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
            let help = did_you_mean(name_or_path, shipped::names())
                .unwrap_or_else(|| format!("use the path of a file, or one of {names}"));
            Err(error(DocumentErrorKind::Unknown, help))
        }
        Err(cause) => {
            let help = "check that it is a file and that you may read it".to_owned();
            Err(error(DocumentErrorKind::Unreadable(cause), help))
        }
    }
}

pub(super) fn read(name: &str, text: &str) -> Result<Document, Mistakes> {
    // Duplicate keys are reported with all other mistakes.
    let options = Options::default().with_duplicate_keys(DuplicateKeys::Keep);
    let root = squall_yaml::read(text, &options).map_err(|error| syntax(name, text, &error))?;
    let empty = root.is_null();
    let source = Source::new(name, text, root);
    if empty {
        let help = "the shortest is `topology: mine` and `services: {keystone: {}}`";
        let start = Position { line: 1, column: 1, ..Position::default() };
        let nothing = Mistake::new(&source, start, "the document is empty", help);
        return Err(Mistakes::only(nothing));
    }
    let mistakes = shape::mistakes(&source);
    Mistakes::or(mistakes, || ())?;
    match squall_yaml::from_node::<Document>(source.root()) {
        Ok(document) => Ok(Document { source, ..document }),
        Err(error) => Err(syntax(name, text, &error)),
    }
}

/// The error at which the reader stopped.
fn syntax(name: &str, text: &str, error: &squall_yaml::Error) -> Mistakes {
    Mistakes::only(Mistake::new(
        &Source::new(name, text, Node::default()),
        error.position.unwrap_or_default(),
        format!("invalid YAML: {}", error.what),
        "fix the syntax here; the rest of the document was not checked",
    ))
}
