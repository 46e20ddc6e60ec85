//! The road from documents to a service that can be emitted.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Service;
use crate::{lower, passes, read};

/// A text and the name under which it is spoken of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file's name, for diagnostics.
    pub file: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// Everything that came of the documents of one service.
#[derive(Debug)]
pub struct Outcome {
    /// The service; `None` when a diagnostic is an error.
    pub service: Option<Service>,
    /// Everything there is to say, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads, lowers and finishes a service; the history may be absent.
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
