//! The pipeline from documents to a service that can be emitted.

use squall_model::{Description, PolicyRule};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Service;
use crate::read::versions::Versions;
use crate::{lower, passes, policies, read};

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
    /// The description of its resources; empty unless [`describe`] has read one.
    pub description: Description,
    /// Its default policy rules; empty unless [`policy_rules`] has read them.
    pub policy_rules: Vec<PolicyRule>,
    /// All diagnostics, sorted by position.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and lowers a service and runs all passes. The history is optional.
pub fn service(spec: Source<'_>, history: Option<Source<'_>>) -> Outcome {
    let mut sink = Diagnostics::new(spec.file);
    let mut history_sink = Diagnostics::new(history.map_or("", |history| history.file));
    let notes = history.map(|source| lower::history(source.text, &mut history_sink));
    let known = notes.as_ref().map(|notes| notes.iter().map(|note| note.version).collect());
    let document = read::document(spec.text, known.as_ref(), &mut sink);
    if let (Some(document), Some(notes)) = (&document, &notes) {
        lower::compare_history(document.versions, notes, &mut history_sink);
    }
    let mut service = document
        .map(|document| lower::service(&document, notes.unwrap_or_default(), &mut sink))
        .inspect(|service| lower::compare_kinds(service, &mut history_sink))
        .filter(|_| !sink.has_errors() && !history_sink.has_errors());
    if let Some(service) = &mut service {
        passes::run(service);
    }
    let mut diagnostics = read::explain(spec.text, sink);
    if let Some(history) = history {
        diagnostics.extend(read::explain(history.text, history_sink));
    }
    Outcome { service, description: Description::EMPTY, policy_rules: Vec::new(), diagnostics }
}

/// Reads the description of the service's resources. An error takes the service away.
pub fn describe(resources: Source<'_>, outcome: &mut Outcome) {
    let Some(service) = &outcome.service else { return };
    match squall_description::read(resources.file, resources.text, service) {
        Ok(description) => outcome.description = description,
        Err(problems) => {
            outcome.service = None;
            outcome.diagnostics.extend(problems);
        }
    }
}

/// Reads the service's default policy rules. An error takes the service away.
pub fn policy_rules(rules: Source<'_>, outcome: &mut Outcome) {
    let Some(service) = &outcome.service else { return };
    let mut sink = Diagnostics::new(rules.file);
    outcome.policy_rules = policies::rules(rules.text, &mut sink);
    if !sink.has_errors() {
        policies::compare(service, &outcome.policy_rules, &mut sink);
    }
    if sink.has_errors() {
        outcome.service = None;
    }
    outcome.diagnostics.extend(read::explain(rules.text, sink));
}

/// Checks the version marks in the values of `overrides.yaml`, which the next harvest copies
/// into the document. An error takes the service away.
pub fn check_overrides(overrides: Source<'_>, outcome: &mut Outcome) {
    let Some(service) = &outcome.service else { return };
    // Few overrides have versions, and only these need the file to be parsed.
    if !["min-ver", "max-ver"].iter().any(|mark| overrides.text.contains(mark)) {
        return;
    }
    let history = service.history.iter().map(|note| note.version).collect();
    let history = (!service.history.is_empty()).then_some(&history);
    let versions = Versions { service: service.versions, history };
    let mut sink = Diagnostics::new(overrides.file);
    if let Some(document) = read::value(overrides.text, &mut sink) {
        read::versions::check(&document, &[], &versions, &mut sink);
    }
    if sink.has_errors() {
        outcome.service = None;
    }
    outcome.diagnostics.extend(read::explain(overrides.text, sink));
}
