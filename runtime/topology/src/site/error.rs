//! The errors of creating, reading and locking a cloud on this machine.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use squall_model::program;
use squall_model::suggest::did_you_mean;
use thiserror::Error;

/// A cloud that could not be created, read or locked.
#[derive(Debug, Error)]
#[error("{}{kind}", Of(cloud))]
pub struct SiteError {
    /// The cloud's name; empty where the error is about none.
    pub cloud: String,
    /// What happened.
    pub kind: SiteErrorKind,
}

/// The reasons why a cloud could not be used.
#[derive(Debug, Error)]
pub enum SiteErrorKind {
    /// The user has no data folder.
    #[error("no data folder: neither `SQUALL_HOME` nor `HOME` is set")]
    NoHome,
    /// The name is not valid.
    #[error("a name has up to 40 lower-case letters, digits, `-` and `.`")]
    BadName,
    /// No cloud has that name.
    #[error("{}", Unknown(.known))]
    Unknown {
        /// The known names.
        known: Vec<String>,
    },
    /// The cloud has no such process or service.
    #[error("no process or service is named `{process}`; known: {}", Names(.known))]
    UnknownProcess {
        /// What was asked for.
        process: String,
        /// The known names.
        known: Vec<String>,
    },
    /// The cloud has another topology or release.
    #[error("it was created from {was}, not {wanted}")]
    OtherPlan {
        /// Its own topology and release.
        was: String,
        /// What was asked for.
        wanted: String,
    },
    /// Another process has locked it.
    #[error("locked by {holder}")]
    Held {
        /// The command and process that holds the lock.
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
    /// A file has unexpected content.
    #[error("{} is invalid: {why}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
}

impl SiteError {
    /// Creates an error about a cloud.
    pub fn new(cloud: &str, kind: SiteErrorKind) -> Self {
        Self { cloud: cloud.to_owned(), kind }
    }

    /// Creates the error of a file that could not be read or written.
    pub fn file(cloud: &str, file: &Path, why: io::Error) -> Self {
        Self::new(cloud, SiteErrorKind::File { file: file.to_owned(), why })
    }
}

impl Diagnostic for SiteError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let (cloud, program) = (&self.cloud, program::name());
        let text = match &self.kind {
            SiteErrorKind::NoHome => "set `SQUALL_HOME` to the path of a folder".to_owned(),
            SiteErrorKind::BadName => "choose another name with `--name`".to_owned(),
            SiteErrorKind::Unknown { known } => {
                let near = did_you_mean(cloud, known.iter().map(String::as_str));
                near.unwrap_or_else(|| format!("bring one up with `{program} cloud up`"))
            }
            SiteErrorKind::UnknownProcess { .. } => {
                format!("see `{program} cloud status --name {cloud}`")
            }
            SiteErrorKind::OtherPlan { .. } => format!(
                "remove it with `{program} cloud down --wipe --name {cloud}` first, or give the new \
                 one another name with `--name`"
            ),
            SiteErrorKind::Held { .. } => {
                "wait until that command has ended, or stop it with Ctrl-C".to_owned()
            }
            SiteErrorKind::NoPorts => {
                format!("remove clouds that are no longer needed: `{program} cloud list`")
            }
            SiteErrorKind::File { .. } => "check the folder's owner and the free space".to_owned(),
            SiteErrorKind::Unreadable { .. } => format!(
                "it was made by another release of squall, or edited; `{program} cloud down --wipe \
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

struct Unknown<'a>(&'a [String]);

impl fmt::Display for Unknown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("there is no cloud on this machine"),
            known => write!(f, "there is none of this name; known: {}", Names(known)),
        }
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
