//! Which service a policy is of, and the files that it is made of.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::Path;

use squall_policy::{Builder, Policy};

use crate::cli::error::CliError;
use crate::cli::service::service;
use crate::model::{Diagnostic, PolicyRule, ServiceSpec, pointer};
use crate::{policy_files, services};

/// A service with its default rules.
pub(super) type Known = (&'static ServiceSpec, &'static [PolicyRule]);

/// A policy file: its name for messages, and its text.
pub(super) type File = policy_files::NamedText;

/// Reads a file, those of a folder ([`policy_files::read`]), or standard input (`-`).
pub(super) fn files(path: &Path) -> Result<Vec<File>, CliError> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(vec![("standard input".to_owned(), text)]);
    }
    policy_files::read(path).map_err(|error| {
        CliError::bad_input(
            error,
            "name a policy file, a folder with `policy.yaml` or with such files, or `-` for \
             standard input",
        )
    })
}

/// Finds a service with its rules by name.
pub(super) fn named(name: &str) -> Result<Known, CliError> {
    let spec = service(name)?;
    let known = services::policy_rules().into_iter().find(|(one, _)| one.name == spec.name);
    known.filter(|(_, rules)| !rules.is_empty()).ok_or_else(|| {
        CliError::bad_input(
            format!("`{name}` has no policy rules"),
            "object storage decides by accounts and containers; name another service",
        )
    })
}

/// Finds the services that have a rule.
pub(super) fn with_rule(rule: &str) -> Vec<Known> {
    let has = |rules: &[PolicyRule]| rules.iter().any(|one| one.name == *rule);
    services::policy_rules().into_iter().filter(|(_, rules)| has(rules)).collect()
}

/// Returns the names of the rules in files; what cannot be read at all is an error.
pub(super) fn names(files: &[File]) -> Result<BTreeSet<String>, CliError> {
    let add = |builder: Builder, (name, text): &File| builder.file(name.clone(), text.clone());
    let (policy, found) = files.iter().fold(Policy::builder(""), add).build_anyway();
    // An error of a whole file is at no rule.
    let unreadable: Vec<Diagnostic> =
        found.into_iter().filter(|one| one.pointer.is_empty()).collect();
    if !unreadable.is_empty() {
        return Err(shown(unreadable));
    }
    Ok(policy.rules().map(|(_, rule)| rule.name.clone()).collect())
}

/// Finds the service that most of the names are of.
pub(super) fn guess(names: &BTreeSet<String>) -> Result<Known, CliError> {
    let count = |rules: &[PolicyRule]| {
        let has = |rule: &&PolicyRule| {
            let before = rule.deprecated.as_ref().map(|before| &*before.name);
            names.contains(&*rule.name) || before.is_some_and(|before| names.contains(before))
        };
        rules.iter().filter(has).count()
    };
    let mut counted: Vec<(usize, Known)> =
        services::policy_rules().into_iter().map(|known| (count(known.1), known)).collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match counted.as_slice() {
        [(most, known), (next, _), ..] if most > next => Ok(*known),
        [(most, known)] if *most > 0 => Ok(*known),
        _ => Err(CliError::bad_input(
            "the rules do not say which service they are of",
            "name it with --service",
        )),
    }
}

/// Starts a policy of a service with files.
pub(super) fn builder((spec, rules): Known, files: &[File], old_defaults: bool) -> Builder {
    let start = Policy::builder(spec.name).defaults(rules).new_defaults_only(!old_defaults);
    files.iter().fold(start, |builder, (name, text)| builder.file(name.clone(), text.clone()))
}

/// Builds a policy; everything that is wrong is shown.
pub(super) fn build(builder: Builder) -> Result<Policy, CliError> {
    builder.build().map_err(|invalid| shown(invalid.0))
}

fn shown(found: Vec<Diagnostic>) -> CliError {
    let about = found.into_iter().map(|one| {
        let place = one.line.map(|line| format!(":{line}")).unwrap_or_default();
        let rule = match one.pointer.strip_prefix('/') {
            Some(rule) => format!(" {}", pointer::unescaped(rule)),
            None => String::new(),
        };
        CliError::diagnostic(format!("{}{place}{rule}: {}", one.file, one.message), one.help)
    });
    CliError::several(about.collect())
}
