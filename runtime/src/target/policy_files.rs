//! Policy files of a cloud's services: as they are named, and what is in them.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::services;
use super::settings::{ByHand, CloudSettings};
use crate::features::Line;

/// The policy files of one service: a file, or those of a folder, see [`read`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServicePolicyFiles {
    /// The service, by Squall's name.
    service: String,
    path: PathBuf,
}

/// The reasons why policy files cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnreadablePolicyFiles {
    /// The file system refuses.
    #[error("cannot read the policy file {}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// A folder without policy files.
    #[error("no policy file (.yaml, .yml, .json) in the folder {}", .0.display())]
    Empty(PathBuf),
}

impl FromStr for ServicePolicyFiles {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once('=')
            .filter(|(service, path)| !service.is_empty() && !path.is_empty())
            .map(|(service, path)| Self::new(service, path))
            .ok_or_else(|| "expected SERVICE=FILE, for example `compute=policy.yaml`".to_owned())
    }
}

impl fmt::Display for ServicePolicyFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.service, self.path.display())
    }
}

impl ServicePolicyFiles {
    fn new(service: &str, path: impl Into<PathBuf>) -> Self {
        Self { service: services::our_name(service).to_owned(), path: path.into() }
    }

    /// Returns the files that settings name; a relative path starts at the settings' folder.
    pub(crate) fn of(settings: &CloudSettings) -> Vec<Self> {
        let files = settings.policy_files.iter().map(|(service, set)| {
            let folder = Path::new(&set.at.file).parent().unwrap_or(Path::new(""));
            Self::new(service, folder.join(&set.value))
        });
        files.collect()
    }

    /// Adds them to settings, in the place of those that the settings name for the service.
    pub(crate) fn add_to(&self, settings: &mut CloudSettings) -> io::Result<()> {
        let value = std::path::absolute(&self.path)?.display().to_string();
        let at = Line { file: "--policy-file".to_owned(), line: 1 };
        settings.policy_files.insert(self.service.clone(), ByHand { value, at });
        Ok(())
    }

    /// Returns the service.
    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    /// Reads the files, see [`read`].
    pub(crate) fn read(&self) -> Result<Vec<NamedText>, UnreadablePolicyFiles> {
        read(&self.path)
    }
}

/// A file: its name for messages, and its text.
pub(crate) type NamedText = (String, String);

/// Reads a policy file, or those of a folder, each of which comes before the ones that it follows:
///
/// - of a service's folder, such as `/etc/nova`, its `policy.yaml` and then all files of `policy.d`
///   by name, without hidden ones and folders, as oslo.policy reads them
///   (`Enforcer._walk_through_policy_directory`);
/// - of any other folder, the files that are policy files by their extension.
pub(crate) fn read(path: &Path) -> Result<Vec<NamedText>, UnreadablePolicyFiles> {
    if !path.is_dir() {
        return Ok(vec![text(path)?]);
    }
    let main = ["policy.yaml", "policy.yml", "policy.json"].map(|name| path.join(name));
    let mut paths = Vec::new();
    if let Some(main) = main.into_iter().find(|file| file.is_file()) {
        paths.push(main);
        let more = path.join("policy.d");
        if more.is_dir() {
            paths.extend(folder(&more, |_| true)?);
        }
    } else {
        paths = folder(path, is_policy_file)?;
    }
    if paths.is_empty() {
        return Err(UnreadablePolicyFiles::Empty(path.to_owned()));
    }
    paths.iter().map(|path| text(path)).collect()
}

fn text(path: &Path) -> Result<NamedText, UnreadablePolicyFiles> {
    let text = fs::read_to_string(path).map_err(unreadable(path))?;
    Ok((path.display().to_string(), text))
}

/// Returns the files of a folder by name, without hidden ones.
fn folder(
    path: &Path,
    is_wanted: fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, UnreadablePolicyFiles> {
    let entries = fs::read_dir(path).map_err(unreadable(path))?;
    let found = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = found.collect::<Result<_, _>>().map_err(unreadable(path))?;
    let is_hidden = |path: &Path| {
        path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
    };
    paths.retain(|path| path.is_file() && !is_hidden(path) && is_wanted(path));
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> UnreadablePolicyFiles {
    let path = path.to_owned();
    move |source| UnreadablePolicyFiles::File { path, source }
}

fn is_policy_file(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| ["yaml", "yml", "json"].contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_goes_by_any_of_its_names_and_a_folder_by_its_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.yaml", "a.json", "notes.txt"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let named = format!("block-storage={}", folder.path().display());
        let files: ServicePolicyFiles = named.parse().unwrap();
        assert_eq!(files.service(), "volume");
        let texts: Vec<String> = files.read().unwrap().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["a.json", "b.yaml"]);
        let none = ServicePolicyFiles::new("volume", folder.path().join("notes"));
        assert!(none.read().unwrap_err().to_string().contains("cannot read the policy file"));
        fs::create_dir(folder.path().join("notes")).unwrap();
        assert!(none.read().unwrap_err().to_string().contains("no policy file"));
        for wrong in ["compute", "=a", "compute="] {
            assert!(wrong.parse::<ServicePolicyFiles>().is_err(), "{wrong}");
        }
    }
}
