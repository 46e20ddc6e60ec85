//! Parses YAML or JSON (a subset of YAML) into a raw value.

use serde_json::Value;
use squall_model::Severity;
use squall_yaml::{Node, Options, read};

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Parses a text. A syntax error is one diagnostic with its line.
pub fn value(text: &str, sink: &mut Diagnostics) -> Option<Value> {
    match read(text, &Options::for_specs()) {
        Ok(node) => Some(Node::into_value(node)),
        Err(error) => {
            sink.push(Diagnostic {
                file: sink.file().to_owned(),
                line: error.line().and_then(|line| usize::try_from(line).ok()),
                pointer: String::new(),
                severity: Severity::Error,
                message: format!("invalid YAML or JSON: {}", error.what),
                help: "fix the syntax at this line; the rest was not checked".to_owned(),
            });
            None
        }
    }
}
