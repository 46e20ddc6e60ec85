//! `cargo xtask observe`: compares what clouds answered with the specs.
//!
//! `squall run --observe DIR` keeps answers. Each difference becomes a proposal: the operation,
//! the versions, the place, what the spec says, what was answered, and the entry of
//! `overrides.yaml` that would change the spec. Nothing is changed by itself; a person decides
//! whether the spec is wrong, the service, or the cloud.

mod change;
mod compare;
mod place;
pub(crate) mod proposal;
pub(crate) mod spec;
pub(crate) mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use serde::Serialize;
use squall_records::observed::{self, KeptAnswer};

use crate::specs;
use compare::Comparer;
use proposal::{Proposal, Proposals};
use spec::Spec;
use table::Table;

/// Compare what clouds answered with the specs, and propose a change for each difference.
///
/// DIR is what `squall run --observe DIR` wrote. Each proposal names the operation, the versions,
/// the place, what the spec says and what was answered, and ends with an entry for
/// api-specs/SERVICE/overrides.yaml. No spec is changed. Fails if there is a difference, or if
/// there is nothing to compare.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The directory with the answers.
    dir: PathBuf,
    /// Record in api-specs/SERVICE/observed.tsv which responses a real cloud has confirmed.
    #[arg(long)]
    write: bool,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Outcome {
    /// How many answers were compared.
    answers: usize,
    /// How many of them are of the embedded cloud.
    embedded: usize,
    /// How many belong to operations that no spec here has at their version.
    without_spec: usize,
    /// The responses that a real cloud has confirmed, by service.
    confirmed: BTreeMap<String, usize>,
    proposals: Vec<Proposal>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = specs::root();
    let dir = &arguments.dir;
    let (answers, errors) = observed::read(dir)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to read {}", dir.display()))?;
    if let Some(error) = errors.first() {
        return Err(miette!(
            help = "remove the file, or run the tests again with `squall run --observe`",
            "{} answers cannot be read, the first is {error}",
            errors.len()
        ));
    }
    if answers.is_empty() {
        return Err(miette!(
            help = "write some with `squall run --cloud NAME --observe DIR`",
            "there are no answers in {}",
            dir.display()
        ));
    }
    let outcome = compare(&root, dir, &answers, arguments.write)?;
    match arguments.format {
        Format::Json => {
            println!("{}", serde_json::to_string_pretty(&outcome).into_diagnostic()?);
        }
        Format::Text => print!("{}", proposal::text(&outcome.proposals)),
    }
    eprintln!("{}", outcome.summary()?);
    Ok(if outcome.proposals.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compares all answers with the specs of their services.
fn compare(
    root: &Path,
    dir: &Path,
    answers: &[(PathBuf, KeptAnswer)],
    write: bool,
) -> miette::Result<Outcome> {
    let mut outcome = Outcome {
        answers: answers.len(),
        embedded: answers.iter().filter(|(_, answer)| answer.embedded).count(),
        without_spec: 0,
        confirmed: BTreeMap::new(),
        proposals: Vec::new(),
    };
    let mut by_service = BTreeMap::<&str, Vec<&(PathBuf, KeptAnswer)>>::new();
    for answer in answers {
        let service = answer.1.operation.split('.').next().unwrap_or_default();
        by_service.entry(service).or_default().push(answer);
    }
    for folder in specs::folders(root)? {
        let Some(answers) = by_service.remove(folder.replace('-', "_").as_str()) else { continue };
        let spec = Spec::read(root, &folder)?;
        let mut table = Table::default();
        let mut proposals = Proposals::new(&spec);
        let comparer = Comparer::new(&spec);
        for (file, answer) in answers {
            let name = file.strip_prefix(dir).unwrap_or(file).display().to_string();
            let compared = comparer
                .compare(answer)
                .map_err(|error| miette!("{name} cannot be compared: {error}"))?;
            let Some(compared) = compared else {
                outcome.without_spec += 1;
                continue;
            };
            if let Some(cell) = compared.confirmed.filter(|_| !answer.embedded) {
                table.add(cell, answer.package.as_deref());
            }
            proposals.add(compared.differences, answer, &name);
        }
        outcome.confirmed.insert(folder.clone(), table.len());
        outcome.proposals.extend(proposals.finish());
        if write {
            table.merge_into(root, &folder, &spec.service)?;
        }
    }
    outcome.without_spec += by_service.values().map(Vec::len).sum::<usize>();
    Ok(outcome)
}

impl Outcome {
    /// # Errors
    /// No answer was compared.
    fn summary(&self) -> miette::Result<String> {
        let compared = self.answers - self.without_spec;
        if compared == 0 {
            return Err(miette!(
                help =
                    "observe operations of the services in api-specs, at versions that have them",
                "nothing was compared: no spec here has the operation of any of the {} answers at \
                 its version",
                self.answers
            ));
        }
        let confirmed: usize = self.confirmed.values().sum();
        let embedded = match self.embedded {
            0 => String::new(),
            count => format!(", {count} of them of the embedded cloud, which confirm nothing"),
        };
        let without_spec = match self.without_spec {
            0 => String::new(),
            count => format!("; {count} of operations that no spec here has at their version"),
        };
        let differences = match self.proposals.len() {
            0 => "no difference".to_owned(),
            1 => "1 difference".to_owned(),
            count => format!("{count} differences"),
        };
        Ok(format!(
            "{compared} answers compared{embedded}{without_spec}; {confirmed} responses confirmed, \
             {differences}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_which_none_was_compared_are_no_agreement() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("api-specs")).unwrap();
        let answer = serde_json::json!({
            "operation": "a.things.show", "status": 200, "headers": {}, "body": null,
        });
        let answer = (PathBuf::from("file"), serde_json::from_value(answer).unwrap());
        let outcome = compare(root.path(), root.path(), &[answer], false).unwrap();
        let error = outcome.summary().unwrap_err().to_string();
        assert!(error.contains("nothing was compared: "), "{error}");
        assert!(outcome.proposals.is_empty());
    }
}
