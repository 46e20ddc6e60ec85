//! `squall policy lint`: rules of a cloud's files that do nothing, or not what they seem to.

use std::fmt::Write as _;
use std::io::stdout;
use std::path::PathBuf;

use clap::Args;
use squall_policy::{Remark, RemarkKind};

use super::source::{self, File};
use crate::cli::error::CliError;
use crate::cli::output::{Output, json_lines, print_text};
use crate::exit::Exit;
use crate::model::pointer;

const EXAMPLES: &str = "\
Examples:
  {program} policy lint /etc/nova/policy.yaml
  {program} policy lint /etc/neutron --old-defaults
  ssh controller cat /etc/glance/policy.yaml | {program} policy lint -

What is found:
  error        the rule cannot be parsed, or refers to what does not exist
  dead         no operation and no other rule asks for it
  shadowed     another rule comes before it
  redundant    it is the service's default
  deprecated   its name, or the rule, will go
  unreachable  a part of its check decides nothing

Exit codes: 0 nothing found; 1 something found; 2 invalid input.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct LintArguments {
    /// Policy files, folders with `policy.yaml` and `policy.d`, or `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The service; without, it is the one that most of the rules are of.
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// Let the deprecated defaults hold as well: `enforce_new_defaults = false`.
    #[arg(long)]
    old_defaults: bool,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Output,
}

/// Looks for oddities.
pub(super) fn lint(arguments: &LintArguments) -> Result<Exit, CliError> {
    let mut files: Vec<File> = Vec::new();
    for path in &arguments.files {
        files.extend(source::files(path)?);
    }
    let known = match &arguments.service {
        Some(name) => source::named(name)?,
        None => source::guess(&source::names(&files)?)?,
    };
    let found = source::builder(known, &files, arguments.old_defaults).lint();
    match arguments.format {
        Output::Json => json_lines(&found, &mut stdout().lock())?,
        Output::Text => print_text(&text(known.0.name, &found))?,
    }
    Ok(if found.is_empty() { Exit::Ok } else { Exit::Failed })
}

fn text(service: &str, found: &[Remark]) -> String {
    let mut out = String::new();
    for one in found {
        let line = one.line.map(|line| format!(":{line}")).unwrap_or_default();
        let rule = one.pointer.strip_prefix('/').map(pointer::unescaped);
        let rule = rule.map(|rule| format!(" {rule}")).unwrap_or_default();
        let _ = writeln!(out, "{}{line}{rule}", one.file);
        let _ = writeln!(out, "  {}: {}\n  help: {}", one.kind.name(), one.message, one.help);
    }
    let errors = found.iter().filter(|one| one.kind == RemarkKind::Error).count();
    let _ = match found.len() {
        0 => writeln!(out, "{service}: nothing found"),
        all => writeln!(out, "{service}: {all} found, {errors} of them errors"),
    };
    out
}
