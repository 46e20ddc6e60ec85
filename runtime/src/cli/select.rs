//! From what is asked for to tests.

use std::io::{self, Write as _};

use miette::Diagnostic;

use super::arguments::SelectArguments;
use super::complaint::{Complaint, render};
use super::{earlier, id_list};
use crate::filter::Filter;
use crate::registry::{Manifest, Registry, Test, check, discover};

/// Gives the tests that are asked for, in the order of their ids: those that any of
/// the filters selects, less what further options leave out.
///
/// - Tests that stand in the source and are not registered are an error, and so
///   are ids used twice: what is not seen cannot be selected.
/// - Selecting nothing is an error.
/// - A question that fits no test is only warned of where others do.
pub(super) fn select(
    asked: &SelectArguments,
    manifests: &[Manifest],
) -> Result<Vec<Test>, Complaint> {
    let mut tests = filtered(&asked.filters, all(manifests)?)?;
    let known = tests.len();
    if let Some(run) = &asked.rerun_failed {
        let failed = earlier::not_passed(run)?;
        tests.retain(|test| failed.contains(test.id()));
        if tests.is_empty() {
            return Err(Complaint::bad_input(
                format!("none of the {known} tests failed in run {run}"),
                "`squall report` shows what became of each",
            ));
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

/// Gives all tests, in the order of their ids.
pub(super) fn all(manifests: &[Manifest]) -> Result<Vec<Test>, Complaint> {
    let registry = sound(discover(), manifests)?;
    if registry.tests.is_empty() {
        return Err(Complaint::bad_input(
            "this program has no tests",
            "name the crates that hold some, as in `squall::main!(acme_tests)`",
        ));
    }
    Ok(registry.tests)
}

fn filtered(filters: &[String], mut tests: Vec<Test>) -> Result<Vec<Test>, Complaint> {
    let filters = read(filters)?;
    if filters.is_empty() {
        return Ok(tests);
    }
    let vain: Vec<_> = filters.iter().flat_map(|filter| filter.in_vain(&tests)).collect();
    let known = tests.len();
    tests.retain(|test| filters.iter().any(|filter| filter.selects(test)));
    if tests.is_empty() {
        return Err(if vain.is_empty() {
            Complaint::bad_input(
                format!("no test is selected, of {known}"),
                "`squall list` shows all tests",
            )
        } else {
            Complaint::several(vain.into_iter().map(|error| Box::new(error) as _).collect())
        });
    }
    for warning in vain {
        // Whoever read standard error may have gone; it was only a warning.
        let _ = write!(io::stderr(), "{}", render(&warning));
    }
    Ok(tests)
}

fn read(filters: &[String]) -> Result<Vec<Filter>, Complaint> {
    let mut wrong: Vec<Box<dyn Diagnostic + Send + Sync>> = Vec::new();
    let mut right = Vec::with_capacity(filters.len());
    for filter in filters {
        match Filter::parse(filter) {
            Ok(filter) => right.push(filter),
            Err(error) => wrong.push(Box::new(error)),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(Complaint::several(wrong)) }
}

fn sound(registry: Registry, manifests: &[Manifest]) -> Result<Registry, Complaint> {
    if let Some(missing) = check(manifests, &registry.tests).first() {
        return Err(Complaint::bad_input(missing, missing.help()));
    }
    if let Some(twice) = registry.duplicates.first() {
        return Err(Complaint::bad_input(
            format!("the id `{}` is used at {}", twice.id, twice.places.join(" and ")),
            "give each test and suite an id of its own",
        ));
    }
    Ok(registry)
}
