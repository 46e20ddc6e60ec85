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
    /// The user's home directory, for which `~` stands in paths.
    pub home: Option<PathBuf>,
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
        // A variable that is not Unicode cannot name a cloud.
        let variables = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables, folders, home: etcetera::home_dir().ok() }
    }

    /// Takes variables and folders that are given; `HOME` is the home directory.
    pub fn of<const N: usize>(variables: [(&str, &str); N], folders: Vec<PathBuf>) -> Self {
        let variables =
            variables.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let variables: BTreeMap<String, String> = variables;
        let home = variables.get("HOME").map(PathBuf::from);
        Self { variables, folders, home }
    }

    /// Returns a variable; one that is set to an empty text counts as not set.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns the paths where a file may be, the one that a variable names first.
    pub(super) fn candidates(&self, variable: &str, stem: &str) -> Vec<PathBuf> {
        let named = self.variable(variable).map(PathBuf::from);
        let found = self.folders.iter().flat_map(|folder| {
            ["yaml", "yml", "json"].map(|ending| folder.join(format!("{stem}.{ending}")))
        });
        named.into_iter().chain(found).collect()
    }
}
