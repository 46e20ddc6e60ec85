//! Where configuration is looked for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use etcetera::BaseStrategy;

/// The environment variables and the folders that configuration comes from.
///
/// Tests make one of their own; nothing else of this crate reads the process's
/// environment.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Sources {
    /// The environment variables.
    pub variables: BTreeMap<String, String>,
    /// The folders in the order in which they are searched.
    pub folders: Vec<PathBuf>,
}

impl Sources {
    /// Takes the process's environment, and the folders of `openstacksdk`: the
    /// working folder, the user's configuration, the machine's.
    pub fn from_process() -> Self {
        let mut folders = vec![PathBuf::from(".")];
        if let Ok(base) = etcetera::choose_base_strategy() {
            folders.push(base.config_dir().join("openstack"));
        }
        folders.push(PathBuf::from("/etc/openstack"));
        // A variable that is no text cannot name a cloud.
        let variables = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables, folders }
    }

    /// Takes variables and folders that are given.
    pub fn of<const N: usize>(variables: [(&str, &str); N], folders: Vec<PathBuf>) -> Self {
        let variables =
            variables.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Self { variables, folders }
    }

    /// Gives a variable; one that is set to nothing is not there.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Gives the files of a name, the one that a variable names first.
    pub(super) fn candidates(&self, variable: &str, stem: &str) -> Vec<PathBuf> {
        let named = self.variable(variable).map(PathBuf::from);
        let found = self.folders.iter().flat_map(|folder| {
            ["yaml", "yml", "json"].map(|ending| folder.join(format!("{stem}.{ending}")))
        });
        named.into_iter().chain(found).collect()
    }
}
