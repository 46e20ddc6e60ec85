//! `squall policy explain`: what a rule decides for a persona, and why.

use std::fmt::Write as _;
use std::io::stdout;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Map, Value};
use squall_policy::personas::{self, Persona};
use squall_policy::situation::{PLACES, Situation, USER, Whose};
use squall_policy::{Decision, Explanation, Policy};

use super::source::{self, File, Known};
use crate::cli::error::CliError;
use crate::cli::output::{Output, json_lines, print_text};
use crate::exit::Exit;
use crate::model::suggest::{did_you_mean, or_known};
use crate::services;

const EXAMPLES: &str = "\
Examples:
  {program} policy explain os_compute_api:servers:create
  {program} policy explain os_compute_api:servers:create --as project-reader
  {program} policy explain compute.servers.create --as project-manager
  {program} policy explain identity:get_user --as domain-reader --target target.user.domain_id=x
  {program} policy explain create_port:binding:host_id --as project-member --file /etc/neutron

A target has what the rules ask for, by the name of each attribute: ids of the persona's own user, \
project and domain (`own`), of another user in its project (`project`), or of others (`foreign`). \
--target says otherwise, with a JSON value or a text.

Exit codes: 0 the rule was explained, whatever it decides; 2 invalid input.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ExplainArguments {
    /// The rule, or an operation, whose rules are meant.
    rule: String,
    /// The persona, such as `project-reader`; may be repeated [default: a line for each].
    #[arg(long = "as", value_name = "PERSONA")]
    personas: Vec<String>,
    /// The service, if several have a rule of that name.
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// A policy file of the cloud, a folder with `policy.yaml` and `policy.d`, or `-` for
    /// standard input; may be repeated, and a later one comes first.
    #[arg(long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Let the deprecated defaults hold as well: `enforce_new_defaults = false`.
    #[arg(long)]
    old_defaults: bool,
    /// Whose the target is.
    #[arg(long, value_enum, default_value_t)]
    whose: Owner,
    /// An attribute of the target; may be repeated.
    #[arg(long = "target", value_name = "NAME=VALUE")]
    target: Vec<String>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Output,
}

/// Whose a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Owner {
    /// The persona's own.
    Own,
    /// Another user's in its project.
    #[default]
    Project,
    /// That of another domain.
    Foreign,
}

impl From<Owner> for Whose {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Own => Self::Own,
            Owner::Project => Self::Project,
            Owner::Foreign => Self::Foreign,
        }
    }
}

/// What is written for a rule and a persona.
#[derive(Serialize)]
struct Explained {
    service: &'static str,
    persona: &'static str,
    whose: Whose,
    #[serde(flatten)]
    explanation: Explanation,
}

/// Explains a rule.
pub(super) fn explain(arguments: &ExplainArguments) -> Result<Exit, CliError> {
    let mut files: Vec<File> = Vec::new();
    for path in &arguments.files {
        files.extend(source::files(path)?);
    }
    let situation = Situation { whose: arguments.whose.into(), given: given(&arguments.target)? };
    let mut chosen: Vec<Persona> = Vec::new();
    for name in &arguments.personas {
        chosen.push(persona(name)?);
    }
    let (known, rules) = rules(arguments)?;
    let policy = source::build(source::builder(known, &files, arguments.old_defaults))?;
    let mut explained = Vec::new();
    for rule in &rules {
        let asked = if chosen.is_empty() { &personas::ALL[..] } else { &chosen };
        for persona in asked {
            let found = explain_one(&policy, rule, *persona, &situation)?;
            explained.push(Explained {
                service: known.0.name,
                persona: persona.name,
                whose: situation.whose,
                explanation: found,
            });
        }
    }
    match arguments.format {
        Output::Json => json_lines(&explained, &mut stdout().lock())?,
        Output::Text if chosen.is_empty() => print_text(&table(&policy, &rules, &explained))?,
        Output::Text => {
            let texts: Vec<String> = explained
                .iter()
                .map(|one| format!("As {}:\n{}\n", one.persona, one.explanation))
                .collect();
            print_text(&texts.join("\n"))?;
        }
    }
    Ok(Exit::Ok)
}

fn explain_one(
    policy: &Policy,
    rule: &str,
    persona: Persona,
    situation: &Situation,
) -> Result<Explanation, CliError> {
    let id = policy.find(rule)?;
    let credentials = policy.credentials(&persona.caller(USER, PLACES));
    Ok(policy.explain(id, &credentials, situation))
}

/// Returns the service, and the rules that are meant: one, or those of an operation.
fn rules(arguments: &ExplainArguments) -> Result<(Known, Vec<String>), CliError> {
    let wanted = &arguments.rule;
    let operation = services::all()
        .iter()
        .flat_map(|spec| spec.operations.iter().map(move |operation| (spec, operation)))
        .find(|(_, operation)| operation.id == **wanted);
    if let Some((spec, operation)) = operation {
        let rules: Vec<String> =
            operation.policies.iter().map(|policy| policy.rule.to_string()).collect();
        if rules.is_empty() {
            return Err(CliError::bad_input(
                format!("`{wanted}` checks no policy rule"),
                "anyone with a token may call it, or the spec does not know its rules",
            ));
        }
        return Ok((source::named(spec.name)?, rules));
    }
    let rule = vec![wanted.clone()];
    if let Some(service) = &arguments.service {
        return Ok((source::named(service)?, rule));
    }
    match source::with_rule(wanted).as_slice() {
        [one] => Ok((*one, rule)),
        [] => {
            let all = services::policy_rules();
            let names = all.iter().flat_map(|(_, rules)| rules.iter()).map(|rule| &*rule.name);
            let help = did_you_mean(wanted, names)
                .unwrap_or_else(|| "name its service with --service if only a file has it".into());
            Err(CliError::bad_input(format!("no service has a policy rule `{wanted}`"), help))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|(spec, _)| spec.name).collect();
            Err(CliError::bad_input(
                format!("several services have a rule `{wanted}`: {}", names.join(", ")),
                "name one with --service",
            ))
        }
    }
}

fn persona(name: &str) -> Result<Persona, CliError> {
    Persona::named(name).ok_or_else(|| {
        let names = personas::ALL.iter().map(|persona| persona.name);
        CliError::bad_input(format!("unknown persona `{name}`"), or_known(name, names))
    })
}

/// Reads `name=value`, each value as JSON if it is some.
fn given(texts: &[String]) -> Result<Map<String, Value>, CliError> {
    let mut given = Map::new();
    for text in texts {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            CliError::bad_input(
                format!("`{text}` is not an attribute of a target"),
                "write NAME=VALUE, as in project_id=abc",
            )
        })?;
        let json = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.into()));
        given.insert(name.to_owned(), json);
    }
    Ok(given)
}

/// Shows each rule with what it decides for all personas.
fn table(policy: &Policy, rules: &[String], explained: &[Explained]) -> String {
    let mut out = String::new();
    for rule in rules {
        let check = policy.rule(rule).map(|id| policy.info(id).check.as_str()).unwrap_or_default();
        let _ = writeln!(out, "{rule}: {}", if check.is_empty() { "@" } else { check });
        for one in explained.iter().filter(|one| one.explanation.rule == *rule) {
            let decision = one.explanation.decision;
            let note = match decision {
                Decision::Fails => format!(": {}", one.explanation.note),
                _ => String::new(),
            };
            let _ = writeln!(out, "  {:22} {}{note}", one.persona, decision.text());
        }
    }
    out
}
