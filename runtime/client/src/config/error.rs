//! Errors in a configuration.

use std::fmt;
use std::path::{Path, PathBuf};

/// What is wrong or missing in a configuration, where, and what to do. It never shows a
/// value that may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The file.
    pub file: Option<PathBuf>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The error.
    pub kind: ConfigErrorKind,
}

/// The kind of an error in a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields' names say it")]
pub enum ConfigErrorKind {
    /// There is no configuration.
    Nothing { searched: Vec<PathBuf> },
    /// A file cannot be read.
    Unreadable(String),
    /// A file is not YAML.
    Syntax(String),
    /// There is no such cloud.
    UnknownCloud { name: String, near: Vec<String>, known: Vec<String> },
    /// There are several clouds, and no name selects one.
    Ambiguous { known: Vec<String> },
    /// A file has a cloud of the same name as the environment.
    NameTaken { name: String },
    /// There is no such profile.
    UnknownProfile { name: String, known: Vec<String> },
    /// A profile is an address, from which it would have to be fetched.
    RemoteProfile { name: String, address: String },
    /// A profile is of a cloud that no longer exists.
    ShutDown { name: String, message: String },
    /// A value names a key in braces that is not there.
    Template { key: String, name: String },
    /// There is no such region.
    UnknownRegion { name: String, known: Vec<String> },
    /// A key is missing.
    Missing { cloud: String, key: String, instead: Option<String> },
    /// A key that is needed is nothing, or an empty text.
    Empty { key: String },
    /// A key has a value of the wrong kind.
    WrongValue { key: String, expected: String, found: String },
    /// The `auth_type` is not supported.
    UnsupportedAuth { auth_type: String },
}

impl ConfigError {
    pub(super) fn new(kind: ConfigErrorKind) -> Self {
        Self { file: None, line: None, kind }
    }

    pub(super) fn in_file(file: &Path, line: Option<u32>, kind: ConfigErrorKind) -> Self {
        Self { file: Some(file.to_owned()), line, kind }
    }

    /// Returns what is wrong and where, without what to do about it.
    pub fn what(&self) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        match &self.file {
            Some(file) => format!("{}{line}: {}", file.display(), self.kind),
            None => self.kind.to_string(),
        }
    }

    /// Returns what to do about it, in one line.
    pub fn help(&self) -> String {
        match &self.kind {
            ConfigErrorKind::Nothing { .. } => {
                "write a clouds.yaml in one of these folders, or set OS_AUTH_URL and the other \
                 OS_* variables"
                    .to_owned()
            }
            ConfigErrorKind::Unreadable(_) => {
                "check that the file exists and that you may read it".to_owned()
            }
            ConfigErrorKind::Syntax(_) => "fix the YAML at this line".to_owned(),
            ConfigErrorKind::UnknownCloud { near, .. } => match near.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "use one of these".to_owned(),
            },
            ConfigErrorKind::Ambiguous { .. } => "name one, or set OS_CLOUD".to_owned(),
            ConfigErrorKind::NameTaken { .. } => {
                "rename the cloud in the file, or set OS_CLOUD_NAME to another name".to_owned()
            }
            ConfigErrorKind::UnknownProfile { .. } => {
                "describe it under `public-clouds` in a clouds-public.yaml, or write its keys \
                 into the cloud itself"
                    .to_owned()
            }
            ConfigErrorKind::RemoteProfile { address, .. } => format!(
                "save the `profile` of {}/.well-known/openstack/api under `public-clouds` in a \
                 clouds-public.yaml",
                address.trim_end_matches('/')
            ),
            ConfigErrorKind::ShutDown { .. } => {
                "remove `profile`, or describe the cloud under `public-clouds` in a \
                 clouds-public.yaml"
                    .to_owned()
            }
            ConfigErrorKind::Template { .. } => {
                "name a key of the cloud, or write `{{` and `}}` for braces".to_owned()
            }
            ConfigErrorKind::UnknownRegion { .. } => "set `region_name` to one of these".to_owned(),
            ConfigErrorKind::Missing { key, instead, .. } => match instead {
                Some(instead) => format!("did you mean `{key}` instead of `{instead}`?"),
                None => format!("add `{key}` below `auth`"),
            },
            ConfigErrorKind::Empty { .. } => {
                "write a value; one that is `~`, `null` or the like needs quotes".to_owned()
            }
            ConfigErrorKind::WrongValue { key, expected, .. } => {
                format!("set `{key}` to {expected}")
            }
            ConfigErrorKind::UnsupportedAuth { .. } => {
                "use `password`, `token` or `v3applicationcredential`".to_owned()
            }
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what(), self.help())
    }
}

impl fmt::Display for ConfigErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing { searched } => {
                write!(f, "found no clouds.yaml: searched {}", paths(searched))
            }
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::Syntax(why) => write!(f, "invalid YAML: {why}"),
            Self::UnknownCloud { name, known, .. } => {
                write!(f, "unknown cloud `{name}`; known: {}", words(known))
            }
            Self::Ambiguous { known } => {
                write!(f, "no cloud is selected; known: {}", words(known))
            }
            Self::NameTaken { name } => write!(
                f,
                "the cloud `{name}` has the name of the cloud that the OS_* variables describe"
            ),
            Self::UnknownProfile { name, known } => {
                write!(f, "unknown profile `{name}`; known: {}", words(known))
            }
            Self::RemoteProfile { name, address } => write!(
                f,
                "the profile `{name}` is an address ({address}), and profiles are not fetched"
            ),
            Self::ShutDown { name, message } => {
                write!(f, "the cloud of the profile `{name}` no longer exists: {message}")
            }
            Self::Template { key, name } => {
                write!(f, "`{key}` refers to `{name}` in braces, which is not a key of the cloud")
            }
            Self::UnknownRegion { name, known } => {
                write!(f, "the cloud has no region `{name}`; its regions: {}", words(known))
            }
            Self::Missing { cloud, key, .. } => write!(f, "cloud `{cloud}` has no `{key}`"),
            Self::Empty { key } => write!(f, "`{key}` has no value"),
            Self::WrongValue { key, expected, found } => {
                write!(f, "`{key}` must be {expected}, not {found}")
            }
            Self::UnsupportedAuth { auth_type } => {
                write!(f, "unsupported `auth_type` `{auth_type}`")
            }
        }
    }
}

impl std::error::Error for ConfigError {}

fn words(words: &[String]) -> String {
    if words.is_empty() {
        return "none".to_owned();
    }
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn paths(paths: &[PathBuf]) -> String {
    // One name a folder is enough; the other endings are tried too.
    let yaml = paths.iter().filter(|path| path.extension().is_none_or(|e| e == "yaml"));
    yaml.map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
