//! What people set by hand of a cloud, in `squall.toml`.
//!
//! ```toml
//! [cloud.staging]
//! image = "cirros-0.6"
//! flavor = "m1.tiny"
//! external-network = "public"
//!
//! [cloud.staging.features]
//! network.extension.trunk = false
//! compute.console_log = true
//!
//! [cloud.staging.services]
//! volume = false
//! ```
//!
//! It is what a probe cannot know or should not decide. Everything said here holds
//! over what was probed, and is told with the line that says it. How a cloud is
//! reached and who may do so stands in `clouds.yaml`.

mod mistake;
mod read;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::features::Line;

pub use mistake::Mistake;
pub(crate) use mistake::Text;

/// The file that is read where none is named and it is there.
pub const FILE: &str = "squall.toml";

/// The settings of every cloud in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    clouds: BTreeMap<String, CloudSettings>,
}

/// What was set of one cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct CloudSettings {
    /// The image that servers boot from, by name or id.
    pub image: Option<ByHand<String>>,
    /// The flavor that servers have, by name or id.
    pub flavor: Option<ByHand<String>>,
    /// The network that leads out, by name or id.
    pub external_network: Option<ByHand<String>>,
    /// Services that are taken as there or as missing, by our names or their types.
    pub services: BTreeMap<String, ByHand<bool>>,
    /// Features that are taken as there or as missing.
    pub features: BTreeMap<String, ByHand<bool>>,
}

/// A value that somebody set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
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
        /// What the file system said.
        source: io::Error,
    },
    /// What it says is wrong; every mistake, in the order of the lines.
    #[error("{} mistakes in the settings", .0.len())]
    Mistakes(Vec<Mistake>),
}

impl Settings {
    /// Reads a file, or `squall.toml` of this directory where it is there; `asked` are
    /// the features that tests ask for, which may be set beside the known ones.
    ///
    /// # Errors
    /// A file that was named cannot be read, or something in it is wrong.
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

    /// Reads a text; `name` is what its lines are told by.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read(name: &str, text: &str, asked: &[&str]) -> Result<Self, SettingsError> {
        let clouds = read::read(name, text, asked).map_err(SettingsError::Mistakes)?;
        Ok(Self { clouds })
    }

    /// Gives what was set of a cloud; nothing where the file does not name it.
    pub fn of(&self, cloud: &str) -> CloudSettings {
        self.clouds.get(cloud).cloned().unwrap_or_default()
    }
}
