//! Why a cloud cannot be configured.

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::component::Service;

/// A cloud that cannot be configured.
#[derive(Debug, Error, Diagnostic)]
pub enum RecipeError {
    /// A service is not installed at a release.
    #[error("{service} of release `{release}` is not installed")]
    #[diagnostic(help("run `squall cloud up`, which installs it"))]
    NotInstalled {
        /// The service.
        service: Service,
        /// The release.
        release: String,
    },
    /// The topology has no such service, and another needs it.
    #[error("the topology has no {service}")]
    #[diagnostic(help("add it to the topology's `services`"))]
    NoService {
        /// The service.
        service: Service,
    },
    /// The topology sets options of a file that the service does not have.
    #[error("the topology configures `{file}` of {service}, which has no such file")]
    #[diagnostic(help("its files are {known}"))]
    UnknownFile {
        /// The service.
        service: Service,
        /// The file.
        file: String,
        /// The files that there are.
        known: String,
    },
    /// A file that came with a package cannot be read.
    #[error("{}: {why}", file.display())]
    #[diagnostic(help(
        "the release's folder is damaged: remove it, and `squall cloud up` makes it again"
    ))]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        why: std::io::Error,
    },
}
