//! The arguments of `squall spec`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum SpecCommand {
    /// List the operations of the services.
    List(ListArguments),
    /// Print the schema of an operation's body or query as JSON Schema 2020-12.
    Show(ShowArguments),
    /// Check OpenAPI documents, and generate clients from them.
    #[cfg(feature = "spec")]
    Check(CheckArguments),
    /// Print what the APIs gained, lost and changed between two releases.
    ///
    /// The surfaces of the releases are in a checkout: that of the current release in
    /// generated/api, those of earlier ones in api-specs/releases.
    #[cfg(feature = "spec")]
    Diff(DiffArguments),
    /// Validate the samples of a service's documentation against its spec.
    #[command(hide = true)]
    Samples(SamplesArguments),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArguments {
    /// The service, as in `compute` [default: all].
    pub(super) service: Option<String>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArguments {
    /// The operation's id and version, as in `compute.servers.show@2.90` [default
    /// version: the last one that has the operation].
    #[arg(value_name = "OPERATION[@VERSION]")]
    pub(super) operation: String,
    /// Show the response body (the default).
    #[arg(long, group = "part")]
    pub(super) response: bool,
    /// Show the request body.
    #[arg(long, group = "part")]
    pub(super) request: bool,
    /// Show the query, as an object of its parameters.
    #[arg(long, group = "part")]
    pub(super) query: bool,
    /// The status of the response [default: the first success with a body].
    #[arg(long, value_name = "N", conflicts_with_all = ["request", "query"])]
    pub(super) status: Option<u16>,
}

#[cfg(feature = "spec")]
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArguments {
    /// The documents: OpenAPI 3.0 or 3.1, YAML or JSON.
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Write a client crate for the document to this directory; several documents
    /// each get a crate below it, named after the file.
    #[arg(long, value_name = "DIR")]
    pub(super) emit: Option<PathBuf>,
    /// The `runtime` directory of a Squall checkout that the crate depends on
    /// [default: a released version].
    #[arg(long, value_name = "PATH", requires = "emit")]
    pub(super) runtime: Option<PathBuf>,
}

#[cfg(feature = "spec")]
#[derive(Debug, Args)]
pub(in crate::cli) struct DiffArguments {
    /// The earlier release, as in `2026.1`.
    #[arg(value_name = "RELEASE")]
    pub(super) before: String,
    /// The later release, as in `2026.2`.
    #[arg(value_name = "RELEASE")]
    pub(super) after: String,
    /// The services to compare, as in `compute` [default: all].
    #[arg(value_name = "SERVICE")]
    pub(super) services: Vec<String>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: DiffFormat,
}

/// The output format of `squall spec diff`.
#[cfg(feature = "spec")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(in crate::cli) enum DiffFormat {
    /// Text for a terminal.
    #[default]
    Text,
    /// A page for a code review.
    Markdown,
    /// One JSON object per service and line.
    Json,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SamplesArguments {
    /// The samples, as `codegen/harvest/samples.py` lists them.
    #[arg(value_name = "LIST")]
    pub(super) list: PathBuf,
    /// The samples known not to match, one path per line, followed by `#` and the
    /// reason; any other mismatch is a failure.
    #[arg(long, value_name = "FILE")]
    pub(super) known_misses: Option<PathBuf>,
}
