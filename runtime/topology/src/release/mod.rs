//! Releases as data, and the virtual environments that hold them.
//!
//! A release lists the packages of each service's environment. Their dependencies are
//! locked beside it, each package with its digests, so that a release is the same bytes
//! on every machine and at any time.

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

/// A set of packages with its own environment.
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
    /// Its code name.
    pub title: String,
    /// The oldest Python that it runs on: `3.11`.
    pub python: String,
    /// The date of the lock: packages published later are ignored.
    pub as_of: String,
    /// The packages of each bundle.
    pub bundles: BTreeMap<Bundle, Vec<Requirement>>,
}

/// A package of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Requirement {
    /// The package, with its version where the bundle exists for it.
    pub package: String,
    /// Its own date, where it differs from the release's.
    #[serde(default)]
    pub as_of: Option<String>,
    /// The reason why it is listed.
    #[serde(default)]
    pub why: Option<String>,
}

impl Release {
    /// Returns the names of all releases, newest first.
    pub fn names() -> Vec<&'static str> {
        locks::RELEASES.iter().map(|(name, _)| *name).collect()
    }

    /// Returns the release with a name.
    pub fn named(name: &str) -> Result<Self, ReleaseError> {
        let text = locks::RELEASES.iter().find(|(known, _)| *known == name);
        let (_, text) = text.ok_or_else(|| ReleaseError::unknown(name, &Self::names()))?;
        squall_yaml::from_str(text).map_err(|error| ReleaseError::unreadable(name, &error))
    }

    /// Returns the latest date of the release and its packages.
    pub fn last_day(&self) -> &str {
        let days = self.bundles.values().flatten().filter_map(|r| r.as_of.as_deref());
        days.chain([self.as_of.as_str()]).max().unwrap_or(&self.as_of)
    }

    /// Returns the lock of a bundle: every package with its version and digests.
    pub fn lock(&self, bundle: Bundle) -> Result<&'static str, ReleaseError> {
        locks::find(&self.name, &bundle.to_string())
            .ok_or_else(|| ReleaseError::unlocked(&self.name, bundle))
    }
}

impl Bundle {
    /// Returns the folder of a bundle below `home`. A changed lock gets another folder, so
    /// that running processes keep the files they were started from.
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
            .ok_or_else(|| format!("unknown bundle `{name}`: use a service's name or `client`"))
    }
}

/// The folders of the installed bundles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environments {
    places: BTreeMap<(Bundle, String), PathBuf>,
}

impl Environments {
    /// Finds the wanted bundles that are installed, without installing any.
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

    /// Returns the folder of a bundle's virtual environment.
    pub fn path(&self, bundle: impl Into<Bundle>, release: &str) -> Option<&Path> {
        self.places.get(&(bundle.into(), release.to_owned())).map(PathBuf::as_path)
    }

    /// Returns the lock of one of these bundles.
    pub fn lock(&self, bundle: impl Into<Bundle>, release: &str) -> Option<&'static str> {
        let bundle = bundle.into();
        self.path(bundle, release)?;
        locks::find(release, &bundle.to_string())
    }
}
