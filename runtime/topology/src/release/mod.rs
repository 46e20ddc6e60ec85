//! Releases as data, and the virtual environments that hold them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::component::Service;

mod error;

pub use error::{ReleaseError, ReleaseErrorKind};

/// What has an environment of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bundle {
    /// A service.
    Service(Service),
    /// `python-openstackclient`.
    Client,
}

impl From<Service> for Bundle {
    fn from(service: Service) -> Self {
        Self::Service(service)
    }
}

/// Where the installed bundles are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environments {
    places: BTreeMap<(Bundle, String), PathBuf>,
}

impl Environments {
    /// Gives the folder of a bundle's virtual environment.
    pub fn path(&self, bundle: impl Into<Bundle>, release: &str) -> Option<&Path> {
        self.places.get(&(bundle.into(), release.to_owned())).map(PathBuf::as_path)
    }
}

/// Installs what is wanted and not there yet, under `home`.
pub async fn install(
    wanted: &[(Bundle, String)],
    home: &Path,
) -> Result<Environments, ReleaseError> {
    let places = wanted.iter().map(|(b, r)| ((*b, r.clone()), home.to_owned())).collect();
    Ok(Environments { places })
}
