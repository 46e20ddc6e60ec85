//! The report on merging one service.

use std::collections::BTreeMap;
use std::fmt;

use squall_model::Microversion;

/// Counts, and what needs attention.
#[derive(Debug, Default)]
pub(crate) struct MergeReport {
    /// The service's folder.
    pub(crate) service: String,
    /// The number of operations in the spec.
    pub(crate) operations: usize,
    /// The operations left out, by rule.
    pub(crate) left_out: BTreeMap<&'static str, usize>,
    /// The merged schema entries: requests, queries, responses.
    pub(crate) entries: [usize; 3],
    /// The number of operations without a described success response.
    pub(crate) unknown_responses: usize,
    /// The number of parts of answers on which the sources do not agree.
    pub(crate) undecided: usize,
    /// The operations with unknown policies.
    pub(crate) unknown_policies: Vec<String>,
    /// The number of policy rules.
    pub(crate) rules: usize,
    /// The number of versions at which the spec changes.
    pub(crate) boundaries: usize,
    /// The number of applied overrides.
    pub(crate) overrides: usize,
    /// The microversions without a summary.
    pub(crate) without_summary: Vec<Microversion>,
    /// The files that changed.
    pub(crate) changed: Vec<String>,
}

impl fmt::Display for MergeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [requests, queries, responses] = self.entries;
        write!(f, "{}: {} operations", self.service, self.operations)?;
        for (rule, count) in &self.left_out {
            write!(f, ", {count} {rule}")?;
        }
        write!(
            f,
            "\n  schema entries: {requests} request, {queries} query, {responses} response; \
             {} operations without a known response\n  {} policy rules, {} versions at which \
             the spec changes, {} overrides",
            self.unknown_responses, self.rules, self.boundaries, self.overrides
        )?;
        if self.undecided > 0 {
            write!(f, "\n  {} undecided parts of responses: undecided.yaml", self.undecided)?;
        }
        if !self.unknown_policies.is_empty() {
            let some = self.unknown_policies.join(", ");
            write!(f, "\n  unknown policies: {some}")?;
        }
        if !self.without_summary.is_empty() {
            let versions: Vec<String> =
                self.without_summary.iter().map(ToString::to_string).collect();
            write!(f, "\n  without a summary in history.yaml: {}", versions.join(" "))?;
        }
        match self.changed.as_slice() {
            [] => write!(f, "\n  nothing changed"),
            changed => write!(f, "\n  written: {}", changed.join(", ")),
        }
    }
}
