//! Settings for a cloud, in `squall.toml`.
//!
//! ```toml
//! [cloud.staging]
//! image = "cirros-0.6"
//! flavor = "m1.tiny"
//! external-network = "public"
//! unknown-keys = "warn"
//! accepted-findings = "staging-findings.yaml"
//!
//! [cloud.embedded.policy-files]
//! compute = "nova-policy.yaml"
//!
//! [cloud.staging.features]
//! network.extension.trunk = false
//! compute.console_log = true
//!
//! [cloud.staging.services]
//! volume = false
//! ```
//!
//! They are for what a probe cannot find out or should not decide. A setting overrides
//! what was probed, and is reported with its line. How a cloud is reached, and with
//! which credential, is in `clouds.yaml`.

mod mistake;
mod read;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::features::Line;

pub use mistake::Mistake;
pub(crate) use mistake::Text;

/// The file that is read if none is named and it exists.
pub const FILE: &str = "squall.toml";

/// The settings of every cloud in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    clouds: BTreeMap<String, CloudSettings>,
}

/// The settings for one cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct CloudSettings {
    /// The image that servers boot from, by name or id.
    pub image: Option<ByHand<String>>,
    /// The flavor that servers have, by name or id.
    pub flavor: Option<ByHand<String>>,
    /// The network that leads out, by name or id.
    pub external_network: Option<ByHand<String>>,
    /// Whether keys in answers that no spec has are warnings instead of errors.
    pub warn_of_unknown_keys: Option<ByHand<bool>>,
    /// The file of findings that are accepted of this cloud, from the directory of the settings.
    pub accepted_findings: Option<ByHand<String>>,
    /// The policy files of services, by our names or their types: a file, or a folder of them, from
    /// the directory of the settings. The embedded cloud enforces them.
    pub policy_files: BTreeMap<String, ByHand<String>>,
    /// Services to treat as present or missing, by our names or their types.
    pub services: BTreeMap<String, ByHand<bool>>,
    /// Features to treat as present or missing.
    pub features: BTreeMap<String, ByHand<bool>>,
}

/// A value that was set by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand<T> {
    /// The value.
    pub value: T,
    /// Its file and line.
    pub at: Line,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// Every mistake in the file, in the order of the lines.
    #[error("{} mistakes in the settings", .0.len())]
    Mistakes(Vec<Mistake>),
}

impl Settings {
    /// Reads a file, or `squall.toml` of the working directory if it exists. `asked` are
    /// the features that tests ask for, which may be set besides the known ones.
    ///
    /// # Errors
    /// A named file cannot be read, or there are mistakes in it.
    pub fn load(file: Option<&Path>, asked: &[&str]) -> Result<Self, SettingsError> {
        let path = file.unwrap_or(Path::new(FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&path.display().to_string(), &text, asked),
            Err(source) if file.is_none() && source.kind() == io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(source) => Err(SettingsError::Unreadable { file: path.to_owned(), source }),
        }
    }

    /// Reads a text; `name` is its file name in messages.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read(name: &str, text: &str, asked: &[&str]) -> Result<Self, SettingsError> {
        let clouds = read::read(name, text, asked).map_err(SettingsError::Mistakes)?;
        Ok(Self { clouds })
    }

    /// Returns the settings for a cloud; none if the file does not name it.
    pub fn of(&self, cloud: &str) -> CloudSettings {
        self.clouds.get(cloud).cloned().unwrap_or_default()
    }
}
