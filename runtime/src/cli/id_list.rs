//! Files of test ids, one per line.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read as _};
use std::path::Path;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::error::CliError;
use crate::program;
use crate::registry::Test;
use squall_model::suggest::{alternatives, similar};

/// Returns the tests whose ids are listed in a file, in the file's order.
///
/// - Blank lines are ignored, and so is everything after a `#`.
/// - Unknown ids are an error; all of them are reported. A repeated id counts once.
pub(super) fn select(file: &Path, tests: &[Test]) -> Result<Vec<Test>, CliError> {
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
                    near: alternatives(similar(id, ids.iter().copied())),
                })),
            }
        }
        offset += line.len();
    }
    if !wrong.is_empty() {
        return Err(CliError::several(wrong));
    }
    if chosen.is_empty() {
        return Err(CliError::bad_input(
            format!("{} lists no test", file.display()),
            format!("write one test id per line; `{} list` shows them", program::name()),
        ));
    }
    Ok(chosen)
}

fn read(file: &Path) -> Result<String, CliError> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    text.map_err(|error| {
        CliError::bad_input(
            format!("cannot read {}: {error}", file.display()),
            "name a file with one test id per line",
        )
    })
}

/// An id that no selected test has.
#[derive(Debug, thiserror::Error)]
#[error("no selected test has the id `{id}`")]
struct UnknownId {
    id: String,
    at: (usize, usize),
    text: NamedSource<String>,
    near: String,
}

impl Diagnostic for UnknownId {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self.near.as_str() {
            "" => format!("`{} list` shows all tests", program::name()),
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
