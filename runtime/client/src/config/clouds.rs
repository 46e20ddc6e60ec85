//! Every cloud that is configured, found and merged as `openstacksdk` does it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use squall_model::suggest::similar;

use super::CloudConfig;
use super::error::{ConfigError, ConfigErrorKind};
use super::profiles;
use super::read::{self, Raw};
use super::sources::Sources;
use super::tree::{Kind, Node, merged};

/// Variables that choose a cloud or change how it is read, without describing one.
const STEERING: [&str; 7] = [
    "OS_CLIENT_CONFIG_FILE",
    "OS_CLIENT_SECURE_FILE",
    "OS_CLIENT_VENDOR_FILE",
    "OS_CLOUD",
    "OS_CLOUD_NAME",
    "OS_INTERFACE",
    "OS_REGION_NAME",
];

/// The configured clouds. There is no `Debug`, as they hold secrets.
pub struct Clouds {
    by_name: BTreeMap<String, Node>,
    profiles: BTreeMap<String, Node>,
    files: Vec<PathBuf>,
    searched: Vec<PathBuf>,
    /// The cloud that the environment chooses.
    chosen: Option<String>,
    region: Option<String>,
    home: Option<PathBuf>,
}

impl Clouds {
    /// Finds the configured clouds.
    ///
    /// - `clouds.yaml` (or `.yml`, `.json`): the file that
    ///   `OS_CLIENT_CONFIG_FILE` names, or the first one in the working folder,
    ///   the user's `openstack` folder, `/etc/openstack`. Only one is read.
    /// - `secure.yaml`, found in the same way (`OS_CLIENT_SECURE_FILE`), is laid
    ///   over it key by key.
    /// - `clouds-public.yaml` (`OS_CLIENT_VENDOR_FILE`) has the profiles that a
    ///   cloud names with `profile`; after it come those that openstacksdk carries.
    ///   The cloud's own keys are laid over it, and over its `auth` key by key.
    /// - The `OS_*` variables describe one cloud more, called `envvars` or what
    ///   `OS_CLOUD_NAME` says, unless only such ones are set that choose.
    ///
    /// # Errors
    /// A file that cannot be read, and a cloud in it with the name of the
    /// environment's.
    pub fn find(sources: &Sources) -> Result<Self, ConfigError> {
        let searched = sources.candidates("OS_CLIENT_CONFIG_FILE", "clouds");
        if let Some(named) = sources.variable("OS_CLIENT_CONFIG_FILE") {
            // A file that is named must exist; one that is searched for need not.
            Node::read(Path::new(named))?;
        }
        let file = first(&searched)?;
        let secure = first(&sources.candidates("OS_CLIENT_SECURE_FILE", "secure"))?;
        let public = first(&sources.candidates("OS_CLIENT_VENDOR_FILE", "clouds-public"))?;
        let files =
            [&file, &secure, &public].into_iter().flatten().filter_map(Node::path).collect();
        let mut clouds = match (file, secure) {
            (Some(file), Some(secure)) => section(&merged(file, secure), "clouds")?,
            (Some(only), None) | (None, Some(only)) => section(&only, "clouds")?,
            (None, None) => BTreeMap::new(),
        };
        let profiles = match public {
            Some(public) => section(&public, "public-clouds")?,
            None => BTreeMap::new(),
        };
        let mut chosen = sources.variable("OS_CLOUD").map(str::to_owned);
        if let Some(cloud) = from_variables(sources) {
            let name = sources.variable("OS_CLOUD_NAME").unwrap_or("envvars").to_owned();
            if let Some(taken) = clouds.get(&name) {
                let kind = ConfigErrorKind::NameTaken { name };
                return Err(ConfigError { file: taken.path(), line: Some(taken.line), kind });
            }
            chosen.get_or_insert_with(|| name.clone());
            clouds.insert(name, cloud);
        }
        let region = sources.variable("OS_REGION_NAME").map(str::to_owned);
        let home = sources.home.clone();
        Ok(Self { by_name: clouds, profiles, files, searched, chosen, region, home })
    }

    /// Reads one file and nothing else.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let clouds = section(&Node::read(path)?, "clouds")?;
        let files = vec![path.to_owned()];
        Ok(Self {
            by_name: clouds,
            profiles: BTreeMap::new(),
            searched: files.clone(),
            files,
            chosen: None,
            region: None,
            home: Sources::from_process().home,
        })
    }

    /// Adds the clouds of one more file; those that are there already stay.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn add(&mut self, path: &Path) -> Result<(), ConfigError> {
        let mut more = Self::read(path)?;
        self.files.append(&mut more.files);
        for (name, cloud) in more.by_name {
            self.by_name.entry(name).or_insert(cloud);
        }
        Ok(())
    }

    /// Returns the names of the clouds, sorted.
    pub fn names(&self) -> Vec<&str> {
        self.by_name.keys().map(String::as_str).collect()
    }

    /// Whether none is configured.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Returns a cloud; without a name, the one that the environment chooses or
    /// the only one.
    ///
    /// # Errors
    /// No such cloud, none chosen, or one in which something is missing or wrong.
    pub fn cloud(&self, name: Option<&str>) -> Result<CloudConfig, ConfigError> {
        let name = self.chosen(name)?;
        let node = self.by_name.get(name).ok_or_else(|| self.unknown(name))?;
        let own = node.clone().with_underscores().map(name)?;
        let profile = own.get("profile").or_else(|| own.get("cloud"));
        let (mut keys, remark) = match profile.filter(|node| !node.is_empty()) {
            Some(named) => profiles::find(named, &self.profiles)?,
            None => (BTreeMap::new(), None),
        };
        // A cloud's own choice of region replaces its profile's, as in openstacksdk.
        let has = |key: &str| own.get(key).is_some_and(|node| !node.is_empty());
        if has("regions") {
            keys.remove("region_name");
        } else if has("region_name") {
            keys.remove("regions");
        }
        for (key, value) in own {
            let under = if key == "auth" { keys.remove(&key) } else { None };
            let value = match under {
                Some(under) => merged(under, value),
                None => value,
            };
            keys.insert(key, value);
        }
        let (region, home) = (self.region.as_deref(), self.home.as_ref());
        let mut cloud = read::cloud(Raw { name, place: node, keys, region, home })?;
        cloud.notes.extend(remark);
        cloud.files.clone_from(&self.files);
        Ok(cloud)
    }

    fn chosen<'a>(&'a self, name: Option<&'a str>) -> Result<&'a str, ConfigError> {
        if let Some(name) = name.or(self.chosen.as_deref()) {
            return Ok(name);
        }
        let names = self.names();
        match names[..] {
            [only] => Ok(only),
            [] => Err(self.nothing()),
            _ => Err(ConfigError::new(ConfigErrorKind::Ambiguous {
                known: names.into_iter().map(str::to_owned).collect(),
            })),
        }
    }

    fn unknown(&self, name: &str) -> ConfigError {
        if self.is_empty() {
            return self.nothing();
        }
        let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
        ConfigError {
            file: self.files.first().cloned(),
            line: None,
            kind: ConfigErrorKind::UnknownCloud {
                name: name.to_owned(),
                near: owned(similar(name, self.names())),
                known: owned(self.names()),
            },
        }
    }

    fn nothing(&self) -> ConfigError {
        ConfigError::new(ConfigErrorKind::Nothing { searched: self.searched.clone() })
    }
}

/// Reads the first file that exists.
fn first(candidates: &[PathBuf]) -> Result<Option<Node>, ConfigError> {
    candidates.iter().find(|path| path.is_file()).map(|path| Node::read(path)).transpose()
}

fn section(file: &Node, key: &str) -> Result<BTreeMap<String, Node>, ConfigError> {
    match file.map("the whole file")?.get(key) {
        Some(section) => section.map(key),
        None => Ok(BTreeMap::new()),
    }
}

/// Makes a cloud from the variables: `OS_AUTH_URL` becomes `auth_url`.
fn from_variables(sources: &Sources) -> Option<Node> {
    let steers = |name: &str| {
        STEERING.contains(&name)
            || ["OS_TEST", "OS_STD", "OS_LOG"].iter().any(|start| name.starts_with(start))
    };
    let named: BTreeMap<&str, &str> = sources
        .variables
        .keys()
        .filter(|name| name.starts_with("OS_"))
        .filter_map(|name| Some((name.as_str(), sources.variable(name)?)))
        .collect();
    if named.keys().all(|name| steers(name)) {
        return None;
    }
    let keys = named
        .into_iter()
        .filter(|(name, _)| !steers(name) || matches!(*name, "OS_INTERFACE" | "OS_REGION_NAME"))
        .map(|(name, value)| (name["OS_".len()..].to_lowercase(), Node::variable(value)))
        .collect();
    Some(Node { kind: Kind::Map(keys), file: None, line: 0 })
}
