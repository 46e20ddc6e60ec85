//! `squall policy diff`: who gains and who loses which operation between two policies.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::stdout;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use squall_policy::situation::Whose;
use squall_policy::{Change, Policy, Reach, diff as compare, sample};

use super::source::{self, File, Known};
use crate::cli::error::CliError;
use crate::cli::output::{Output, json_lines, print_text};
use crate::cli::runs::base;
use crate::drift::gather;
use crate::exit::Exit;
use crate::model::PolicyRule;
use crate::services;

const EXAMPLES: &str = "\
Examples:
  {program} policy diff defaults /etc/nova/policy.yaml
  {program} policy diff old/policy.yaml new/policy.yaml --service network
  {program} policy diff 2026.1 2026.2
  {program} policy diff sample.yaml defaults --all

Each side is `defaults`, the rules of this release; a release, in a checkout of Squall; a policy file, a folder with `policy.yaml` and \
`policy.d`, or `-` for standard input, which change the defaults; or a sample file that \
oslopolicy-sample-generator wrote for another release, whose commented rules are the defaults. \
`policy.yaml` without rules that are not commented out is such a sample.

Exit codes: 0 compared; 2 invalid input.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct DiffArguments {
    /// The policy before.
    before: String,
    /// The policy after.
    after: String,
    /// The service; without, it is the one that most of the files' rules are of, and all for
    /// releases.
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// Let the deprecated defaults hold as well: `enforce_new_defaults = false`.
    #[arg(long)]
    old_defaults: bool,
    /// Show all rules that changed: also parts of others, and those that decide as before.
    #[arg(long)]
    all: bool,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Output,
}

/// A change, and the operations that check the rule.
#[derive(Serialize)]
struct Changed {
    service: &'static str,
    operations: Vec<&'static str>,
    #[serde(flatten)]
    change: Change,
}

/// A side of the comparison.
enum Side {
    /// The rules of this release.
    Defaults,
    /// Those of another one, in the folder of its facts.
    Release(PathBuf),
    /// Files that change the defaults.
    Files(Vec<File>),
    /// The defaults of another release, from a sample file.
    Sample(Vec<PolicyRule>),
}

/// Compares two policies.
pub(super) fn diff(arguments: &DiffArguments) -> Result<Exit, CliError> {
    let (before, after) = (Side::read(&arguments.before)?, Side::read(&arguments.after)?);
    let mut texts = Vec::new();
    for known in services_of(arguments, &before, &after)? {
        let name = known.0.name;
        let old = before.build(known, arguments.old_defaults)?;
        let new = after.build(known, arguments.old_defaults)?;
        let all: Vec<Changed> = compare(&old, &new)
            .into_iter()
            .map(|change| Changed {
                service: name,
                operations: operations(name, &change.rule),
                change,
            })
            .collect();
        let count = all.len();
        let changed: Vec<Changed> =
            all.into_iter().filter(|one| arguments.all || one.is_felt()).collect();
        match arguments.format {
            Output::Json => json_lines(&changed, &mut stdout().lock())?,
            Output::Text => texts.push(text(name, &changed, count - changed.len())),
        }
    }
    print_text(&texts.join("\n"))?;
    Ok(Exit::Ok)
}

/// Returns the service that is meant; for two releases, all that have rules.
fn services_of(
    arguments: &DiffArguments,
    before: &Side,
    after: &Side,
) -> Result<Vec<Known>, CliError> {
    if let Some(name) = &arguments.service {
        return Ok(vec![source::named(name)?]);
    }
    let mut names = before.names()?;
    names.extend(after.names()?);
    if names.is_empty() {
        let all = services::policy_rules();
        return Ok(all.into_iter().filter(|(_, rules)| !rules.is_empty()).collect());
    }
    Ok(vec![source::guess(&names)?])
}

impl Side {
    fn read(name: &str) -> Result<Self, CliError> {
        if name == "defaults" {
            return Ok(Self::Defaults);
        }
        if let Some(release) = Self::release(name)? {
            return Ok(release);
        }
        let files = source::files(Path::new(name))?;
        // What is wrong with a file is reported when the policy is built.
        let is_empty = files.iter().all(|(_, text)| {
            text.lines().all(|line| line.trim().is_empty() || line.starts_with('#'))
        });
        let commented: Vec<PolicyRule> =
            files.iter().flat_map(|(_, text)| sample::read(text)).collect();
        Ok(if is_empty && !commented.is_empty() {
            Self::Sample(commented)
        } else {
            Self::Files(files)
        })
    }

    /// Finds a release in a checkout: its folder, or that it is this one.
    fn release(name: &str) -> Result<Option<Self>, CliError> {
        let base = base()?;
        let Some(root) = gather::checkout(&base) else { return Ok(None) };
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        let folder = root.join("api-specs/releases").join(name);
        if is_name && folder.is_dir() {
            return Ok(Some(Self::Release(folder)));
        }
        let sources = fs::read_to_string(root.join("api-specs/sources.toml")).unwrap_or_default();
        let this = format!("release = \"{name}\"");
        Ok(sources.lines().any(|line| line == this).then_some(Self::Defaults))
    }

    fn build(&self, (spec, rules): Known, old_defaults: bool) -> Result<Policy, CliError> {
        let of = |rules: &[PolicyRule]| {
            let builder = Policy::builder(spec.name).defaults(rules);
            source::build(builder.new_defaults_only(!old_defaults))
        };
        match self {
            Self::Defaults => of(rules),
            Self::Files(files) => {
                source::build(source::builder((spec, rules), files, old_defaults))
            }
            Self::Sample(sample) => of(sample),
            Self::Release(folder) => {
                let file = folder.join(format!("{}.policy.yaml", spec.name.replace('_', "-")));
                let text = fs::read_to_string(&file).map_err(|error| {
                    CliError::bad_input(
                        format!("cannot read {}: {error}", file.display()),
                        "`cargo xtask harvest --release RELEASE` writes the rules of a release",
                    )
                })?;
                of(&sample::read(&text))
            }
        }
    }

    /// Returns the names of the rules that this side has itself.
    fn names(&self) -> Result<BTreeSet<String>, CliError> {
        match self {
            Self::Defaults | Self::Release(_) => Ok(BTreeSet::new()),
            Self::Files(files) => source::names(files),
            Self::Sample(sample) => Ok(sample.iter().map(|rule| rule.name.to_string()).collect()),
        }
    }
}

fn operations(service: &str, rule: &str) -> Vec<&'static str> {
    let spec = services::all().iter().find(|spec| spec.name == service);
    let of = spec.into_iter().flat_map(|spec| spec.operations.iter());
    of.filter(|operation| operation.policies.iter().any(|policy| policy.rule == *rule))
        .map(|operation| operation.id.as_ref())
        .collect()
}

impl Changed {
    /// Whether a caller can notice: the rule is no mere part of others, and decides otherwise.
    fn is_felt(&self) -> bool {
        let moved = !self.change.gains.is_empty() || !self.change.loses.is_empty();
        let came_or_went = self.change.before.is_none() || self.change.after.is_none();
        (moved || came_or_went) && (!self.operations.is_empty() || !self.change.is_part)
    }
}

fn text(service: &str, changed: &[Changed], left_out: usize) -> String {
    let mut out = match changed.len() {
        0 => format!("{service}: no persona gains or loses anything\n"),
        count => format!("{service}: {count} rules changed\n"),
    };
    for one in changed {
        let change = &one.change;
        let state = match (&change.before, &change.after) {
            (None, _) => " (new)",
            (_, None) => " (gone)",
            _ => "",
        };
        let _ = writeln!(out, "\n{}{state}", change.rule);
        if !one.operations.is_empty() {
            let _ = writeln!(out, "  checked by {}", one.operations.join(", "));
        }
        for (word, check) in [("before", &change.before), ("after", &change.after)] {
            if let Some(check) = check {
                let check = if check.is_empty() { "@" } else { check };
                let _ = writeln!(out, "  {word:7} {check}");
            }
        }
        for (word, list) in [("gains", &change.gains), ("loses", &change.loses)] {
            if !list.is_empty() {
                let _ = writeln!(out, "  {word:7} {}", reaches(list));
            }
        }
    }
    if left_out > 0 {
        let _ = writeln!(out, "\n{left_out} more changed, which no persona notices: --all");
    }
    out
}

fn reaches(list: &[Reach]) -> String {
    let one = |reach: &Reach| {
        if reach.whose.len() == Whose::ALL.len() {
            return reach.persona.to_owned();
        }
        let whose: Vec<&str> = reach.whose.iter().map(|whose| whose.name()).collect();
        format!("{} ({})", reach.persona, whose.join(", "))
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}
