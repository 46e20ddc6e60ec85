//! The policy files that an embedded cloud enforces.

use super::error::CliError;
#[cfg(feature = "embedded")]
use crate::policy_files::ServicePolicyFiles;
use crate::settings::CloudSettings;

/// Creates an embedded cloud that enforces policy files.
#[cfg(feature = "embedded")]
pub(super) fn cloud(
    options: squall_cloud::Options,
    files: &[ServicePolicyFiles],
) -> Result<squall_cloud::Cloud, CliError> {
    let mut read = Vec::new();
    for of_service in files {
        let texts = of_service.read().map_err(|error| {
            CliError::bad_input(error, "name a file, or a folder with policy files")
        })?;
        read.extend(texts.into_iter().map(|(name, text)| squall_cloud::PolicyFile {
            service: of_service.service().to_owned(),
            name,
            text,
        }));
    }
    crate::embedded::cloud_with_policies(options, read).map_err(|error| match error {
        squall_cloud::CloudError::Policy(error) => {
            CliError::bad_input(error, "correct the policy files of the embedded cloud")
        }
        other @ squall_cloud::CloudError::Services(_) => other.into(),
    })
}

/// Refuses policy files in the settings of an embedded cloud that it cannot enforce.
#[cfg(feature = "embedded")]
pub(super) fn check(settings: &CloudSettings) -> Result<(), CliError> {
    let files = ServicePolicyFiles::of(settings);
    if files.is_empty() {
        return Ok(());
    }
    cloud(squall_cloud::Options::default(), &files).map(|_| ())
}

#[cfg(not(feature = "embedded"))]
pub(super) fn check(_: &CloudSettings) -> Result<(), CliError> {
    Ok(())
}
