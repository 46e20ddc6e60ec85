//! Selects tests by the arguments.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use miette::Diagnostic;

use super::earlier::{self, NotPassed};
use super::error::{CliError, render};
use super::id_list;
use crate::derived;
#[cfg(feature = "embedded")]
use crate::embedded;
use crate::filter::Filter;
use crate::journal::SelectionScope;
use crate::kinds;
use crate::plan::Shard;
use crate::program;
use crate::registry::{Manifest, Registry, Test, check, discover, faults};

/// The selection of tests.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SelectArguments {
    /// Which tests to select [default: all but those derived from the specs].
    #[arg(value_name = "FILTER")]
    pub(super) filters: Vec<String>,
    /// Only tests that did not pass in the last run, or in the one named.
    #[arg(
        long,
        value_name = "RUN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "last"
    )]
    pub(super) rerun_failed: Option<String>,
    /// Only tests whose ids are listed in a file, one per line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) tests_from: Option<PathBuf>,
    /// Only shard K of N, as in `2/3`; every test is in exactly one shard.
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
    /// Balance the shards by the durations of this run; use the same run for every shard.
    #[arg(long, value_name = "RUN", requires = "shard")]
    pub(super) balance_by: Option<String>,
}

impl SelectArguments {
    /// Returns which tests of the program are selected.
    pub(super) fn scope(&self) -> SelectionScope {
        if self.rerun_failed.is_some() || self.tests_from.is_some() || self.shard.is_some() {
            SelectionScope::Part
        } else if self.filters.is_empty() {
            SelectionScope::All
        } else {
            SelectionScope::Filter
        }
    }
}

/// Returns the selected tests, in the order of their ids: those that any of the filters
/// selects, narrowed by the other options.
///
/// - Faulty registrations are an error: tests in the source that are not registered, ids used
///   twice, unknown services and personas.
/// - An empty selection is an error.
/// - A predicate that matches no test is a warning when the filters still select some.
pub(super) fn select(
    asked: &SelectArguments,
    manifests: &[Manifest],
) -> Result<Vec<Test>, CliError> {
    let mut tests = filtered(&asked.filters, all(manifests)?)?;
    if asked.filters.is_empty() && asked.rerun_failed.is_none() && asked.tests_from.is_none() {
        leave_out_derived(&mut tests);
    }
    if let Some(run) = &asked.rerun_failed {
        let failed = earlier::not_passed(run)?;
        tests.retain(|test| failed.tests.contains(test.id()));
        if tests.is_empty() {
            let NotPassed { run, selected, tests: failed } = failed;
            let what = match failed.len() {
                0 => format!("none of the {selected} tests of run {run} failed"),
                failed => format!(
                    "the filters select none of the {failed} tests that failed in run {run}"
                ),
            };
            let help = format!("`{} report {run}` shows every verdict", program::name());
            return Err(CliError::bad_input(what, help));
        }
    }
    if let Some(file) = &asked.tests_from {
        tests = id_list::select(file, &tests)?;
    }
    if let Some(shard) = asked.shard {
        let durations = asked.balance_by.as_deref().map(earlier::durations).transpose()?;
        tests = shard.of(tests, |test| test.id(), &durations.unwrap_or_default());
    }
    Ok(tests)
}

/// Whether a test is derived from the specs.
fn is_derived(test: &Test) -> bool {
    derived::KINDS.contains(&test.kind)
}

/// Returns how many tests a run without a filter selects.
pub(super) fn by_default(tests: &[Test]) -> usize {
    match tests.iter().filter(|test| !is_derived(test)).count() {
        0 => tests.len(),
        written => written,
    }
}

/// Leaves out the tests that are derived from the specs, unless there are no others: there are
/// thousands, and they are asked for by name.
pub(super) fn leave_out_derived(tests: &mut Vec<Test>) {
    if !tests.iter().all(is_derived) {
        tests.retain(|test| !is_derived(test));
    }
}

/// Returns all tests, in the order of their ids.
pub(super) fn all(manifests: &[Manifest]) -> Result<Vec<Test>, CliError> {
    let registry = sound(discover(), manifests)?;
    if registry.tests.is_empty() {
        return Err(CliError::bad_input(
            "this program has no tests",
            "name the crates that contain tests, as in `squall::main!(acme_tests)`",
        ));
    }
    Ok(registry.tests)
}

fn filtered(filters: &[String], mut tests: Vec<Test>) -> Result<Vec<Test>, CliError> {
    let filters = read(filters)?;
    if filters.is_empty() {
        return Ok(tests);
    }
    let unmatched: Vec<_> = filters.iter().flat_map(|filter| filter.unmatched(&tests)).collect();
    let known = tests.len();
    let selects = |filter: &Filter, test: &Test| {
        (!is_derived(test) || filter.names_kind(test.kind)) && filter.selects(test)
    };
    tests.retain(|test| filters.iter().any(|filter| selects(filter, test)));
    if tests.is_empty() {
        return Err(if unmatched.is_empty() {
            CliError::bad_input(
                format!("the filters select none of the {known} tests"),
                format!("`{} list` shows all tests", program::name()),
            )
        } else {
            CliError::several(unmatched.into_iter().map(|error| Box::new(error) as _).collect())
        });
    }
    for warning in unmatched {
        // Standard error may be closed; it is only a warning.
        let _ = write!(io::stderr(), "{}", render(&warning));
    }
    Ok(tests)
}

fn read(filters: &[String]) -> Result<Vec<Filter>, CliError> {
    let mut wrong: Vec<Box<dyn Diagnostic + Send + Sync>> = Vec::new();
    let mut right = Vec::with_capacity(filters.len());
    for filter in filters {
        match Filter::parse(filter) {
            Ok(filter) => right.push(filter),
            Err(error) => wrong.push(Box::new(error)),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(CliError::several(wrong)) }
}

fn sound(registry: Registry, manifests: &[Manifest]) -> Result<Registry, CliError> {
    let complete = registry.without_cases.is_empty();
    if complete && let Some(missing) = check(manifests, &registry.tests).first() {
        return Err(CliError::bad_input(missing, missing.help()));
    }
    let mut wrong: Vec<Box<dyn Diagnostic + Send + Sync>> = Vec::new();
    for fault in faults(&registry) {
        wrong.push(CliError::diagnostic(&fault, fault.help.clone()));
    }
    for fault in kinds::faults() {
        wrong.push(CliError::diagnostic(&fault, fault.help.clone()));
    }
    #[cfg(feature = "embedded")]
    for fault in embedded::faults() {
        wrong.push(CliError::diagnostic(&fault, fault.help.clone()));
    }
    if wrong.is_empty() { Ok(registry) } else { Err(CliError::several(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faulty_kinds_are_an_error_before_anything_runs() {
        // The toys of the tests of cleanup have no specs, as a plugin's may have wrong ones.
        let error = sound(Registry::default(), &[]).unwrap_err();
        assert!(format!("{error:?}").contains("the kind `toys.widget` is faulty"), "{error:?}");
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn a_service_that_the_embedded_cloud_cannot_serve_is_an_error_before_anything_runs() {
        let error = format!("{:?}", sound(Registry::default(), &[]).unwrap_err());
        let fault = "the embedded cloud cannot serve `toys`: it has no description";
        assert!(error.contains(fault), "{error}");
        assert!(error.contains("`with_description`"), "{error}");
    }
}
