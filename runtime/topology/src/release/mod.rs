//! Releases as data, and the virtual environments that hold them.
//!
//! A release says which packages make the environment of each service. What they
//! depend on is locked beside it, each package with its digests, so that the same
//! release is the same bytes on every machine and at any time.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::component::Service;

mod error;
mod install;
mod locks;
mod program;
mod python;
#[cfg(test)]
mod tests;
mod uv;

pub use error::{ReleaseError, ReleaseErrorKind};
pub use install::install;
pub use python::Python;
pub use uv::Uv;

/// What has an environment of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Bundle {
    /// A service.
    Service(Service),
    /// `python-openstackclient`.
    Client,
}

/// A release of OpenStack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Release {
    /// Its name: `2026.2`.
    #[serde(rename = "release")]
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The oldest Python that it runs on: `3.11`.
    pub python: String,
    /// The day after which nothing that was published is seen.
    pub as_of: String,
    /// What makes each environment.
    pub bundles: BTreeMap<Bundle, Vec<Requirement>>,
}

/// A package that an environment is made from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Requirement {
    /// The package, and its version where it is what the environment is for.
    pub package: String,
    /// The day that holds for it, where it is another than the release's.
    #[serde(default)]
    pub as_of: Option<String>,
    /// What it is there for.
    #[serde(default)]
    pub why: Option<String>,
}

impl Release {
    /// Gives the releases that there are, the newest first.
    pub fn names() -> Vec<&'static str> {
        locks::RELEASES.iter().map(|(name, _)| *name).collect()
    }

    /// Gives the release of a name.
    pub fn named(name: &str) -> Result<Self, ReleaseError> {
        let text = locks::RELEASES.iter().find(|(known, _)| *known == name);
        let (_, text) = text.ok_or_else(|| ReleaseError::unknown(name, &Self::names()))?;
        serde_saphyr::from_str(text).map_err(|error| ReleaseError::unreadable(name, &error))
    }

    /// Gives the last day that anything of it was published on.
    pub fn last_day(&self) -> &str {
        let days = self.bundles.values().flatten().filter_map(|r| r.as_of.as_deref());
        days.chain([self.as_of.as_str()]).max().unwrap_or(&self.as_of)
    }

    /// Gives what a bundle is made of: every package with its version and digests.
    pub fn lock(&self, bundle: Bundle) -> Result<&'static str, ReleaseError> {
        locks::find(&self.name, &bundle.to_string())
            .ok_or_else(|| ReleaseError::unlocked(&self.name, bundle))
    }
}

impl Bundle {
    /// Gives the folder below `home` that a bundle of a release goes to. A changed
    /// lock is another folder, so that what runs keeps what it was started from.
    fn place(self, release: &Release, home: &Path) -> Result<PathBuf, ReleaseError> {
        let digest = Sha256::digest(release.lock(self)?.as_bytes());
        let digest = format!("{digest:x}").chars().take(12).collect::<String>();
        Ok(home.join("releases").join(&release.name).join(self.to_string()).join(digest))
    }
}

impl From<Service> for Bundle {
    fn from(service: Service) -> Self {
        Self::Service(service)
    }
}

impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(service) => service.fmt(f),
            Self::Client => f.write_str("client"),
        }
    }
}

impl TryFrom<String> for Bundle {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let mut all = Service::ALL.into_iter().map(Self::Service).chain([Self::Client]);
        all.find(|bundle| bundle.to_string() == name)
            .ok_or_else(|| format!("no service is called `{name}`, and it is not `client`"))
    }
}

/// Where the installed bundles are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environments {
    places: BTreeMap<(Bundle, String), PathBuf>,
}

impl Environments {
    /// Finds those that are installed of what is wanted; installs nothing.
    pub fn installed(wanted: &[(Bundle, String)], home: &Path) -> Result<Self, ReleaseError> {
        let mut places = BTreeMap::new();
        for (bundle, name) in wanted {
            let place = bundle.place(&Release::named(name)?, home)?;
            if install::is_whole(&place) {
                places.insert((*bundle, name.clone()), place);
            }
        }
        Ok(Self { places })
    }

    /// Gives the folder of a bundle's virtual environment.
    pub fn path(&self, bundle: impl Into<Bundle>, release: &str) -> Option<&Path> {
        self.places.get(&(bundle.into(), release.to_owned())).map(PathBuf::as_path)
    }

    /// Gives what a bundle of these is made of, as its release has it locked.
    pub fn lock(&self, bundle: impl Into<Bundle>, release: &str) -> Option<&'static str> {
        let bundle = bundle.into();
        self.path(bundle, release)?;
        locks::find(release, &bundle.to_string())
    }
}
