//! The releases whose surfaces a checkout has.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The surfaces of the current release and of earlier ones.
#[derive(Debug, Clone)]
pub struct Releases {
    root: PathBuf,
    current: String,
    earlier: Vec<String>,
}

/// A surface could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// A file could not be read.
    #[error("failed to read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file of sources does not name the release.
    #[error("{} has no line `release = \"…\"`", path.display())]
    Unnamed {
        /// The file.
        path: PathBuf,
    },
    /// There is no surface of this release.
    #[error("there is no surface of the release `{name}`")]
    Unknown {
        /// The release that was asked for.
        name: String,
        /// Those there are, in order.
        known: Vec<String>,
    },
}

impl Releases {
    /// Looks at the checkout in `root`.
    ///
    /// # Errors
    /// The checkout has no `api-specs/sources.toml`, or it does not name its release.
    pub fn open(root: &Path) -> Result<Self, ReleaseError> {
        let path = root.join("api-specs/sources.toml");
        let text = read(&path)?;
        let current = text
            .lines()
            .find_map(|line| line.strip_prefix("release = \"")?.strip_suffix('"'))
            .ok_or(ReleaseError::Unnamed { path })?
            .to_owned();
        let entries = fs::read_dir(root.join("api-specs/releases")).into_iter().flatten();
        let mut earlier: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_dir())
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect();
        earlier.sort();
        Ok(Self { root: root.to_owned(), current, earlier })
    }

    /// Returns the name of the release that the specs describe.
    pub fn current(&self) -> &str {
        &self.current
    }

    /// Returns the name of the release before, if its surface is there.
    pub fn previous(&self) -> Option<&str> {
        self.earlier.last().map(String::as_str)
    }

    /// Returns the surface lock of a service, by its folder; empty if the release does not have
    /// the service.
    ///
    /// # Errors
    /// The release is not known, or its lock cannot be read.
    pub fn lock(&self, release: &str, folder: &str) -> Result<String, ReleaseError> {
        let file = format!("{folder}.txt");
        let path = if release == self.current {
            self.root.join("generated/api").join(file)
        } else if self.earlier.iter().any(|name| name == release) {
            self.root.join("api-specs/releases").join(release).join(file)
        } else {
            let mut known = self.earlier.clone();
            known.push(self.current.clone());
            return Err(ReleaseError::Unknown { name: release.to_owned(), known });
        };
        if path.exists() { read(&path) } else { Ok(String::new()) }
    }
}

fn read(path: &Path) -> Result<String, ReleaseError> {
    fs::read_to_string(path).map_err(|source| ReleaseError::File { path: path.to_owned(), source })
}
