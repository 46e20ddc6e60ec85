//! The folder of all clouds of this machine and of the files they share.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::error::{SiteError, SiteErrorKind};
use super::{Ports, Site};

/// Squall's data folder on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// Returns `$SQUALL_HOME`, or `squall` in the user's data folder.
    pub fn find() -> Result<Self, SiteError> {
        if let Some(path) = std::env::var_os("SQUALL_HOME").filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            // Daemons run in other folders, so paths have to be absolute.
            return std::path::absolute(&path)
                .map(Self)
                .map_err(|error| SiteError::file("", &path, error));
        }
        let base = etcetera::choose_base_strategy()
            .map_err(|_| SiteError::new("", SiteErrorKind::NoHome))?;
        Ok(Self(base.data_dir().join("squall")))
    }

    /// Uses this folder.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the folder of the clouds.
    pub fn clouds(&self) -> PathBuf {
        self.0.join("clouds")
    }

    /// Returns the folder of database dumps.
    pub fn dumps(&self) -> PathBuf {
        self.0.join("dumps")
    }

    /// Returns the folder of a cloud.
    ///
    /// # Errors
    /// The name is not valid.
    pub fn cloud(&self, name: &str) -> Result<PathBuf, SiteError> {
        let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts || !name.chars().all(fit) || name.len() > 40 {
            return Err(SiteError::new(name, SiteErrorKind::BadName));
        }
        Ok(self.clouds().join(name))
    }

    /// Returns the names of the clouds, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.clouds()).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter(|entry| entry.path().join("cloud.json").is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// Returns the ports of all clouds, running or not.
    pub(super) fn blocks(&self) -> Result<Vec<Ports>, SiteError> {
        let sites = self.names().into_iter().map(|name| Site::open(self, &name));
        Ok(sites.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().map(|s| s.ports).collect())
    }
}
