//! A file's text as one raw value, YAML or JSON (which YAML holds).

use serde_json::Value;
use serde_saphyr::Options;

use crate::diagnostic::{Diagnostic, Diagnostics};
use squall_model::Severity;

/// Reads the text; what is no YAML is one diagnostic with its line.
pub fn value(text: &str, sink: &mut Diagnostics) -> Option<Value> {
    match serde_saphyr::from_str_with_options::<Value>(text, options()) {
        Ok(value) => Some(value),
        Err(error) => {
            let line = error.location().and_then(|l| usize::try_from(l.line()).ok());
            sink.push(Diagnostic {
                file: sink.file().to_owned(),
                line: line.filter(|line| *line > 0),
                pointer: String::new(),
                severity: Severity::Error,
                message: format!("this is no YAML or JSON: {}", first_line(&error.to_string())),
                help: "mend the syntax at the line named; nothing else was looked at".to_owned(),
            });
            None
        }
    }
}

/// Gives the options for a spec: big, but without a way to grow by aliases.
///
/// The default budget refuses documents of a few hundred thousand nodes, which
/// a real service has.
pub(super) fn options() -> Options {
    let mut options = Options::default();
    if let Some(budget) = &mut options.budget {
        budget.max_events = 50_000_000;
        budget.max_nodes = 50_000_000;
        budget.max_total_scalar_bytes = 1 << 30;
    }
    options
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
