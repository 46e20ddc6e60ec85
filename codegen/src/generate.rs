//! The pipeline from documents to a service that can be emitted.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Service;
use crate::{lower, passes, read};

/// A text and the file name to use in diagnostics.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file's name.
    pub file: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// The result of generating one service.
#[derive(Debug)]
pub struct Outcome {
    /// The service; `None` when a diagnostic is an error.
    pub service: Option<Service>,
    /// All diagnostics, sorted by position.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and lowers a service and runs all passes. The history is optional.
pub fn service(spec: Source<'_>, history: Option<Source<'_>>) -> Outcome {
    let mut sink = Diagnostics::new(spec.file);
    let mut history_sink = Diagnostics::new(history.map_or("", |history| history.file));
    let versions = history.map(|source| lower::history(source.text, &mut history_sink));
    let document = read::document(spec.text, &mut sink);
    let mut service = document
        .map(|document| lower::service(&document, versions.unwrap_or_default(), &mut sink))
        .filter(|_| !sink.has_errors() && !history_sink.has_errors());
    if let Some(service) = &mut service {
        passes::run(service);
    }
    let mut diagnostics = read::explain(spec.text, sink);
    if let Some(history) = history {
        diagnostics.extend(read::explain(history.text, history_sink));
    }
    Outcome { service, diagnostics }
}
