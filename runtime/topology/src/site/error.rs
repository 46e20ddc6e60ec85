//! Why a cloud on this machine could not be made, read back or acted on.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

/// A cloud that could not be made, read back or acted on.
#[derive(Debug, Error)]
#[error("{}{kind}", Of(cloud))]
pub struct SiteError {
    /// The cloud's name; empty where it is about none.
    pub cloud: String,
    /// What happened.
    pub kind: SiteErrorKind,
}

/// What happened to a cloud.
#[derive(Debug, Error)]
pub enum SiteErrorKind {
    /// The user has no folder for data.
    #[error("no folder for data: neither `SQUALL_HOME` nor `HOME` is set")]
    NoHome,
    /// The name is not fit.
    #[error("the name has to be of up to 40 small letters, digits, `-` and `.`")]
    BadName,
    /// There is none of that name.
    #[error("there is no such cloud; there is {}", Names(.known))]
    Unknown {
        /// The names that there are.
        known: Vec<String>,
    },
    /// It has no such process or service.
    #[error("it has no process or service `{process}`; there is {}", Names(.known))]
    UnknownProcess {
        /// What was asked for.
        process: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// It is made of another topology or release.
    #[error("it is made of {was}, and not of {wanted}")]
    OtherPlan {
        /// What it is made of.
        was: String,
        /// What was asked for.
        wanted: String,
    },
    /// Another process acts on it.
    #[error("{holder} is acting on it")]
    Held {
        /// Who.
        holder: String,
    },
    /// No block of ports is free.
    #[error("no block of a hundred ports is free between 20000 and 32700")]
    NoPorts,
    /// A file could not be read or written.
    #[error("{}: {why}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// A file is not what was written.
    #[error("{} cannot be understood: {why}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
}

impl SiteError {
    /// An error about a cloud.
    pub fn new(cloud: &str, kind: SiteErrorKind) -> Self {
        Self { cloud: cloud.to_owned(), kind }
    }

    /// A file that could not be read or written.
    pub fn file(cloud: &str, file: &Path, why: io::Error) -> Self {
        Self::new(cloud, SiteErrorKind::File { file: file.to_owned(), why })
    }
}

impl Diagnostic for SiteError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let cloud = &self.cloud;
        let text = match &self.kind {
            SiteErrorKind::NoHome => "set `SQUALL_HOME` to a folder".to_owned(),
            SiteErrorKind::BadName => "give it another with `--name`".to_owned(),
            SiteErrorKind::Unknown { .. } => "bring one up with `squall cloud up`".to_owned(),
            SiteErrorKind::UnknownProcess { .. } => {
                format!("see `squall cloud status --name {cloud}`")
            }
            SiteErrorKind::OtherPlan { .. } => format!(
                "remove it with `squall cloud down --wipe --name {cloud}` first, or give the new \
                 one another name with `--name`"
            ),
            SiteErrorKind::Held { .. } => "wait until it is done, or end it with Ctrl-C".to_owned(),
            SiteErrorKind::NoPorts => {
                "remove clouds that are no longer needed: `squall cloud list`".to_owned()
            }
            SiteErrorKind::File { .. } => {
                "look at the folder's owner and the space that is left".to_owned()
            }
            SiteErrorKind::Unreadable { .. } => format!(
                "it was made by another release of squall, or edited; `squall cloud down --wipe \
                 --name {cloud}` removes it"
            ),
        };
        Some(Box::new(text))
    }
}

struct Of<'a>(&'a str);

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "cloud `{}`: ", self.0) }
    }
}

struct Names<'a>(&'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        let names: Vec<String> = self.0.iter().map(|name| format!("`{name}`")).collect();
        f.write_str(&names.join(", "))
    }
}
