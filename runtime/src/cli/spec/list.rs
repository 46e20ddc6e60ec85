//! `squall spec list`: the operations of the services.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use squall_model::{Method, Operation, PolicyRef, VersionRange};

use super::arguments::ListArguments;
use crate::cli::error::CliError;
use crate::cli::output::{Output, json_lines};
use crate::cli::service::service;
use crate::exit::Exit;
use crate::services;

/// Lists the operations of one service, or of all services.
pub(super) fn list(arguments: &ListArguments) -> Result<Exit, CliError> {
    let chosen = match &arguments.service {
        Some(name) => vec![service(name)?],
        None => services::all().to_vec(),
    };
    let operations = chosen.iter().flat_map(|service| service.operations.iter().copied());
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Output::Text => {
            for operation in operations {
                text(operation, &mut out)?;
            }
        }
        Output::Json => json_lines(operations.map(Line::of), &mut out)?,
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn text(operation: &Operation, out: &mut impl Write) -> io::Result<()> {
    let Operation { id, method, path, versions, .. } = operation;
    write!(out, "{id:<60} {method:<6} {path}")?;
    if let Some(action) = &operation.action {
        write!(out, " {action}")?;
    }
    if *versions != VersionRange::ALL {
        write!(out, "  ({versions})")?;
    }
    for PolicyRef { rule, .. } in operation.policies.iter() {
        write!(out, "  {rule}")?;
    }
    writeln!(out)
}

/// An operation as one line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    method: Method,
    path: &'a str,
    action: Option<&'a str>,
    versions: VersionRange,
    policies: &'a [PolicyRef],
}

impl<'a> Line<'a> {
    fn of(operation: &'a Operation) -> Self {
        Self {
            id: &operation.id,
            method: operation.method,
            path: &operation.path,
            action: operation.action.as_deref(),
            versions: operation.versions,
            policies: &operation.policies,
        }
    }
}
