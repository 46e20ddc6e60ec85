//! What is wrong with a configuration.

use std::fmt;
use std::path::{Path, PathBuf};

/// Something in the configuration that is wrong or missing, where, and what to
/// do. It never shows a value that may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The file.
    pub file: Option<PathBuf>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// What.
    pub kind: ConfigErrorKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields' names say it")]
pub enum ConfigErrorKind {
    /// No configuration at all.
    Nothing { searched: Vec<PathBuf> },
    /// A file cannot be read.
    Unreadable(String),
    /// A file is no YAML.
    Syntax(String),
    /// There is no such cloud.
    UnknownCloud { name: String, near: Vec<String>, known: Vec<String> },
    /// There are several, and nothing says which.
    Ambiguous { known: Vec<String> },
    /// A file has a cloud by the name of the one in the environment.
    NameTaken { name: String },
    /// There is no such profile.
    UnknownProfile { name: String, known: Vec<String> },
    /// There is no such region.
    UnknownRegion { name: String, known: Vec<String> },
    /// Something is not there.
    Missing { cloud: String, key: String, instead: Option<String> },
    /// Something has a value of the wrong kind.
    WrongValue { key: String, expected: String, found: String },
    /// A way to authenticate that nobody here knows.
    UnsupportedAuth { auth_type: String },
}

impl ConfigError {
    pub(super) fn new(kind: ConfigErrorKind) -> Self {
        Self { file: None, line: None, kind }
    }

    pub(super) fn in_file(file: &Path, line: Option<u32>, kind: ConfigErrorKind) -> Self {
        Self { file: Some(file.to_owned()), line, kind }
    }

    /// Gives what to do about it, in one line.
    pub fn help(&self) -> String {
        match &self.kind {
            ConfigErrorKind::Nothing { .. } => {
                "write a clouds.yaml into one of these folders, or set OS_AUTH_URL and its \
                 companions"
                    .to_owned()
            }
            ConfigErrorKind::Unreadable(_) => "see that the file is there and yours".to_owned(),
            ConfigErrorKind::Syntax(_) => "mend the YAML at this line".to_owned(),
            ConfigErrorKind::UnknownCloud { near, .. } => match near.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name one of these".to_owned(),
            },
            ConfigErrorKind::Ambiguous { .. } => {
                "name one, on the command line or in OS_CLOUD".to_owned()
            }
            ConfigErrorKind::NameTaken { .. } => {
                "rename the cloud in the file, or set OS_CLOUD_NAME to another name".to_owned()
            }
            ConfigErrorKind::UnknownProfile { .. } => {
                "describe it under `public-clouds` in a clouds-public.yaml, or write its keys \
                 into the cloud itself"
                    .to_owned()
            }
            ConfigErrorKind::UnknownRegion { .. } => {
                "name one of these in `region_name`".to_owned()
            }
            ConfigErrorKind::Missing { key, instead, .. } => match instead {
                Some(instead) => format!("did you mean `{key}` where it says `{instead}`?"),
                None => format!("add `{key}` below `auth`"),
            },
            ConfigErrorKind::WrongValue { key, expected, .. } => {
                format!("give `{key}` {expected}")
            }
            ConfigErrorKind::UnsupportedAuth { .. } => {
                "use `password`, `token` or `v3applicationcredential`".to_owned()
            }
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}", file.display())?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}; {}", self.kind, self.help())
    }
}

impl fmt::Display for ConfigErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing { searched } => {
                write!(f, "no cloud is configured: searched {}", paths(searched))
            }
            Self::Unreadable(why) => write!(f, "it cannot be read: {why}"),
            Self::Syntax(why) => write!(f, "it is no YAML: {why}"),
            Self::UnknownCloud { name, known, .. } => {
                write!(f, "no cloud is called `{name}`: there is {}", words(known))
            }
            Self::Ambiguous { known } => {
                write!(f, "nothing says which cloud to use: there is {}", words(known))
            }
            Self::NameTaken { name } => write!(
                f,
                "a cloud is called `{name}`, which is the name of the one that OS_* variables \
                 describe"
            ),
            Self::UnknownProfile { name, known } => {
                write!(f, "no profile is called `{name}`: there is {}", words(known))
            }
            Self::UnknownRegion { name, known } => {
                write!(f, "the cloud has no region `{name}`: there is {}", words(known))
            }
            Self::Missing { cloud, key, .. } => write!(f, "cloud `{cloud}` has no `{key}`"),
            Self::WrongValue { key, expected, found } => {
                write!(f, "`{key}` has to be {expected} and is {found}")
            }
            Self::UnsupportedAuth { auth_type } => {
                write!(f, "nobody here knows the `auth_type` called `{auth_type}`")
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
