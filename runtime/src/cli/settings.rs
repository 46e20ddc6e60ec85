//! The settings file of a command, and what is accepted of the cloud.

use std::path::Path;

use super::error::CliError;
use crate::accepted::{self, Accepted};
use crate::clouds;
use crate::registry::Test;
use crate::settings::{CloudSettings, Settings, SettingsError};

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

/// Returns the findings that are accepted of a cloud; all mistakes in their files are reported at
/// once.
pub(super) fn accepted(
    cloud: Option<&str>,
    settings: &CloudSettings,
) -> Result<Accepted, CliError> {
    let file = settings.accepted_findings.as_ref().map(|set| {
        let directory = Path::new(&set.at.file).parent().unwrap_or(Path::new(""));
        directory.join(&set.value)
    });
    let findings = accepted::all(file.as_deref()).map_err(|mistakes| {
        CliError::several(mistakes.into_iter().map(|one| Box::new(one) as _).collect())
    })?;
    let packages = cloud.map(clouds::packages);
    Ok(Accepted::of(&findings, packages.as_ref(), jiff::ZonedDateTime::now().date()))
}

/// Returns the features that tests need.
pub(super) fn features(tests: &[Test]) -> impl Iterator<Item = &'static str> {
    tests.iter().flat_map(|test| test.features.iter().copied())
}
