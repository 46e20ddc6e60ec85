//! The folder that holds all clouds brought up here, and what they share.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::error::{SiteError, SiteErrorKind};
use super::{Ports, Site};

/// The folder that holds everything of Squall's on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// `$SQUALL_HOME`, else `squall` in the user's folder for data.
    pub fn find() -> Result<Self, SiteError> {
        if let Some(path) = std::env::var_os("SQUALL_HOME").filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            // Daemons run elsewhere, so that their paths have to be whole.
            return std::path::absolute(&path)
                .map(Self)
                .map_err(|error| SiteError::file("", &path, error));
        }
        let base = etcetera::choose_base_strategy()
            .map_err(|_| SiteError::new("", SiteErrorKind::NoHome))?;
        Ok(Self(base.data_dir().join("squall")))
    }

    /// This folder.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where the clouds are.
    pub fn clouds(&self) -> PathBuf {
        self.0.join("clouds")
    }

    /// Where dumps of freshly synchronised databases are.
    pub fn dumps(&self) -> PathBuf {
        self.0.join("dumps")
    }

    /// The folder of a cloud.
    ///
    /// # Errors
    /// The name is not fit for a folder, a host and a database.
    pub fn cloud(&self, name: &str) -> Result<PathBuf, SiteError> {
        let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts || !name.chars().all(fit) || name.len() > 40 {
            return Err(SiteError::new(name, SiteErrorKind::BadName));
        }
        Ok(self.clouds().join(name))
    }

    /// The names of the clouds, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.clouds()).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter(|entry| entry.path().join("cloud.json").is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// The ports of all clouds, running or not.
    pub(super) fn blocks(&self) -> Result<Vec<Ports>, SiteError> {
        let sites = self.names().into_iter().map(|name| Site::open(self, &name));
        Ok(sites.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().map(|s| s.ports).collect())
    }
}
