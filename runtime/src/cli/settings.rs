//! The settings that a command was given, or finds beside it.

use std::path::Path;

use super::complaint::Complaint;
use crate::registry::Test;
use crate::settings::{Settings, SettingsError};

/// Reads what was set by hand; what is wrong with it is told, every mistake at once.
pub(super) fn read(file: Option<&Path>, tests: &[Test]) -> Result<Settings, Complaint> {
    let asked: Vec<&str> = features(tests).collect();
    Settings::load(file, &asked).map_err(|error| match error {
        SettingsError::Mistakes(mistakes) => {
            Complaint::several(mistakes.into_iter().map(|one| Box::new(one) as _).collect())
        }
        error @ SettingsError::Unreadable { .. } => {
            Complaint::bad_input(error, "name a file that can be read")
        }
    })
}

/// Gives the features that tests ask for.
pub(super) fn features(tests: &[Test]) -> impl Iterator<Item = &'static str> {
    tests.iter().flat_map(|test| test.features.iter().copied())
}
