//! Merges the facts of a service into its spec files.
//!
//! The result has one merged schema for each operation and direction, from which the schema
//! for any version is exactly upstream's. Whatever upstream does not say is marked unknown.

use std::collections::BTreeMap;
use std::path::Path;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use serde_json::Value;

mod align;
mod bodies;
mod cells;
mod components;
mod document;
mod exceptions;
mod facts;
mod fixups;
mod forms;
mod history;
mod kept;
mod left_out;
mod messages;
mod naming;
mod overrides;
mod path;
mod phrases;
mod policies;
mod report;
mod services;
mod summaries;
mod summary;
mod undecided;
mod unite;
mod words;
mod yaml;

#[cfg(test)]
mod tests;

pub(crate) use report::MergeReport;

/// Which release the facts are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edition {
    /// The release that the specs describe: everything by hand has to fit it.
    Current,
    /// An earlier one, to which some of what is written by hand does not apply.
    Past,
}

use crate::specs;
use bodies::Spelled;
use facts::{Facts, Operation};
use kept::Kept;

/// Merges a service's facts. Writes `openapi.yaml`, `policies.yaml`, `history.yaml` if the
/// service has microversions, and `undecided.yaml` if its answers were described from several
/// sources, to `spec_dir`.
pub(crate) fn run(
    service_dir: &str,
    facts: &Path,
    spec_dir: &Path,
    edition: Edition,
) -> miette::Result<MergeReport> {
    let service = services::by_dir(service_dir)
        .ok_or_else(|| miette!("unknown service folder `{service_dir}`"))?;
    let facts = Facts::load(facts)?;
    if facts.service != service.name {
        return Err(miette!("the facts are for `{}`, not `{}`", facts.service, service.name));
    }
    let overrides = overrides::Overrides::load(&spec_dir.join("overrides.yaml"))?;
    let mut report = MergeReport { service: service_dir.to_owned(), ..MergeReport::default() };

    let strays = overrides.strays();
    let (kept, left_out) = keep(&facts, &strays, edition, &mut report)?;
    let mut spec = document::document(&facts, service, &kept, &left_out)?;
    report.overrides = overrides.apply(&mut spec, edition)?;

    let ids: BTreeMap<*const Operation, String> =
        kept.iter().map(|one| (std::ptr::from_ref(one.op), one.name.id.clone())).collect();
    let index = policies::Index::new(&facts);
    let (rules, unexplained) = policies::document(&facts, &index, &ids, &strays);
    if !unexplained.is_empty() && edition == Edition::Current {
        return Err(miette!(
            help = "list each with its reason under `policies-without-operation` in overrides.yaml",
            "documented policy entries do not match any operation:\n  {}",
            unexplained.join("\n  ")
        ));
    }
    report.rules = facts.policies.len();

    let mut files = vec![("openapi.yaml", spec.clone())];
    if !facts.policies.is_empty() {
        files.push(("policies.yaml", rules));
    }
    if let Some((undecided, count)) = undecided::document(&facts, &kept) {
        report.undecided = count;
        files.push(("undecided.yaml", undecided));
    }
    if facts.min.is_some() {
        let boundaries = history::boundaries(&spec);
        let before = specs::document(&spec_dir.join("history.yaml"))?;
        let (history, missing) = history::document(&facts, &boundaries, before.as_ref());
        report.boundaries = boundaries.len();
        report.without_summary = missing;
        files.push(("history.yaml", history));
    }
    for (name, document) in files {
        if write(&spec_dir.join(name), &document)? {
            report.changed.push(name.to_owned());
        }
    }
    Ok(report)
}

/// Merges the operations of the spec, sorted by id.
fn keep<'a>(
    facts: &'a Facts,
    strays: &policies::Strays,
    edition: Edition,
    report: &mut MergeReport,
) -> miette::Result<(Vec<Kept<'a>>, Vec<left_out::LeftOut>)> {
    let (mut operations, mut left_out) = (Vec::new(), Vec::new());
    for op in &facts.operations {
        match left_out::left_out(op) {
            Some(out) => {
                *report.left_out.entry(out.rule).or_insert(0) += 1;
                left_out.push(out);
            }
            None => operations.push(op),
        }
    }
    left_out.sort_by(|a, b| (&a.path, &a.method, &a.action).cmp(&(&b.path, &b.method, &b.action)));
    let names = naming::names(facts, &operations)?;
    if edition == Edition::Current {
        naming::unused(&facts.service, &operations, &names)?;
    }
    let index = policies::Index::new(facts);
    let mut kept = Vec::new();
    for (op, name) in operations.into_iter().zip(names) {
        let versions = cells::of_operation(op, facts.range())?;
        let bodies = bodies::bodies(facts, op, versions)?;
        let guards = policies::guards(op, &name.id, &facts.policies, &index, strays);
        for (count, body) in report.entries.iter_mut().zip([&op.request, &op.query, &op.response]) {
            *count += body.entries.len();
        }
        report.unknown_responses +=
            usize::from(bodies.responses.iter().all(|(.., body)| *body == Spelled::Unknown));
        if guards.is_empty() && !op.unenforced {
            report.unknown_policies.push(name.id.clone());
        }
        kept.push(Kept { op, name, versions, bodies, guards });
    }
    kept.sort_by(|a, b| a.name.id.cmp(&b.name.id));
    report.unknown_policies.sort();
    report.operations = kept.len();
    Ok((kept, left_out))
}

/// Writes a document. Returns whether the file changed.
fn write(path: &Path, document: &Value) -> miette::Result<bool> {
    let text = yaml::write(document);
    if std::fs::read_to_string(path).is_ok_and(|before| before == text) {
        return Ok(false);
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).into_diagnostic()?;
    }
    std::fs::write(path, text)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to write {}", path.display()))?;
    Ok(true)
}
