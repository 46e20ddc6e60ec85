//! Operations that the embedded cloud is to pretend, as they are given on the command line.

use std::collections::BTreeSet;

use super::error::CliError;
#[cfg(feature = "embedded")]
use crate::embedded;
use crate::journal::Pretended;
#[cfg(feature = "embedded")]
use crate::program;
use crate::registry::Test;

/// Checks that the embedded cloud has these operations.
pub(super) fn check(operations: &[String]) -> Result<(), CliError> {
    if operations.is_empty() { Ok(()) } else { embedded_has(operations) }
}

/// Returns that each of the tests pretends all of these operations.
pub(super) fn in_all(tests: &[Test], operations: &[String]) -> Pretended {
    let operations: BTreeSet<String> = operations.iter().cloned().collect();
    if operations.is_empty() {
        return Pretended::new();
    }
    tests.iter().map(|test| (test.id().to_owned(), operations.clone())).collect()
}

#[cfg(feature = "embedded")]
fn embedded_has(operations: &[String]) -> Result<(), CliError> {
    let cloud = embedded::cloud(squall_cloud::Options::default())?;
    on(&cloud, operations)
}

/// Makes an embedded cloud pretend these operations, and no others.
#[cfg(feature = "embedded")]
pub(super) fn on(cloud: &squall_cloud::Cloud, operations: &[String]) -> Result<(), CliError> {
    cloud.pretend(operations.iter().map(String::as_str)).map_err(|error| {
        let help =
            format!("`{} spec list SERVICE` lists the operations of a service", program::name());
        CliError::bad_input(error, help)
    })
}

#[cfg(not(feature = "embedded"))]
fn embedded_has(_: &[String]) -> Result<(), CliError> {
    Err(CliError::bad_input(
        "this program was built without the embedded cloud, which alone can pretend",
        "build it with the feature `embedded` of the crate `squall`",
    ))
}
