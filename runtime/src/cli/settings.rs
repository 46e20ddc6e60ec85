//! The settings file of a command.

use std::path::Path;

use super::error::CliError;
use crate::registry::Test;
use crate::settings::{Settings, SettingsError};

/// Reads the settings; all mistakes are reported at once.
pub(super) fn read(file: Option<&Path>, tests: &[Test]) -> Result<Settings, CliError> {
    let asked: Vec<&str> = features(tests).collect();
    Settings::load(file, &asked).map_err(|error| match error {
        SettingsError::Mistakes(mistakes) => {
            CliError::several(mistakes.into_iter().map(|one| Box::new(one) as _).collect())
        }
        error @ SettingsError::Unreadable { .. } => {
            CliError::bad_input(error, "name a readable file")
        }
    })
}

/// Returns the features that tests need.
pub(super) fn features(tests: &[Test]) -> impl Iterator<Item = &'static str> {
    tests.iter().flat_map(|test| test.features.iter().copied())
}
