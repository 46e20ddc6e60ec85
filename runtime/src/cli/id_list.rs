//! Files of test ids, one a line.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read as _};
use std::path::Path;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::complaint::Complaint;
use crate::near::{alternatives, near};
use crate::registry::Test;

/// Gives the tests whose ids stand in a file, in the order they have there.
///
/// - Blank lines, and what follows a `#`, are comments.
/// - An id that no selected test has is an error, all of them at once; one that
///   stands there twice counts once.
pub(super) fn select(file: &Path, tests: &[Test]) -> Result<Vec<Test>, Complaint> {
    let text = read(file)?;
    let mut known: HashMap<&str, Option<Test>> =
        tests.iter().map(|test| (test.id(), Some(test.clone()))).collect();
    let ids: Vec<&str> = tests.iter().map(Test::id).collect();
    let mut chosen = Vec::new();
    let mut wrong: Vec<Box<dyn Diagnostic + Send + Sync>> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let id = line.split('#').next().unwrap_or_default().trim();
        if !id.is_empty() {
            match known.get_mut(id) {
                Some(test) => chosen.extend(test.take()),
                None => wrong.push(Box::new(UnknownId {
                    id: id.to_owned(),
                    at: (offset + line.find(id).unwrap_or_default(), id.len()),
                    text: NamedSource::new(file.display().to_string(), text.clone()),
                    near: alternatives(near(id, ids.iter().copied())),
                })),
            }
        }
        offset += line.len();
    }
    if !wrong.is_empty() {
        return Err(Complaint::several(wrong));
    }
    if chosen.is_empty() {
        return Err(Complaint::bad_input(
            format!("{} names no test", file.display()),
            "write the id of a test on each line; `squall list` shows them",
        ));
    }
    Ok(chosen)
}

fn read(file: &Path) -> Result<String, Complaint> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    text.map_err(|error| {
        Complaint::bad_input(
            format!("{} cannot be read: {error}", file.display()),
            "name a file with the id of a test on each line",
        )
    })
}

/// An id that no test has.
#[derive(Debug, thiserror::Error)]
#[error("no selected test is called `{id}`")]
struct UnknownId {
    id: String,
    at: (usize, usize),
    text: NamedSource<String>,
    near: String,
}

impl Diagnostic for UnknownId {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self.near.as_str() {
            "" => "`squall list` shows all tests".to_owned(),
            near => format!("did you mean {near}?"),
        }))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::underline(self.at))))
    }
}
