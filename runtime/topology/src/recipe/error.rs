//! The errors of configuring a cloud.

use std::path::PathBuf;

use miette::Diagnostic;
use squall_model::program;
use thiserror::Error;

use crate::component::Service;

/// A cloud that cannot be configured.
#[derive(Debug, Error, Diagnostic)]
pub enum RecipeError {
    /// A release of a service is not installed.
    #[error("{service} of release `{release}` is not installed")]
    #[diagnostic(help("`{} cloud up` installs it", program::name()))]
    NotInstalled {
        /// The service.
        service: Service,
        /// The release.
        release: String,
    },
    /// The topology lacks a service that another needs.
    #[error("the topology has no {service}")]
    #[diagnostic(help("add it to the topology's `services`"))]
    NoService {
        /// The service.
        service: Service,
    },
    /// The topology sets options in a file that the service does not have.
    #[error("the topology configures `{file}` of {service}, which has no such file")]
    #[diagnostic(help("its files are {known}"))]
    UnknownFile {
        /// The service.
        service: Service,
        /// The file.
        file: String,
        /// The files it has.
        known: String,
    },
    /// A file of a package cannot be read.
    #[error("{}: {why}", file.display())]
    #[diagnostic(help(
        "the release's folder is damaged: remove it and run `{} cloud up`, which installs it again",
        program::name()
    ))]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        why: std::io::Error,
    },
}
