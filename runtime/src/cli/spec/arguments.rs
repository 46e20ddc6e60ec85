//! What can be typed after `squall spec`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum SpecCommand {
    /// List the operations of the services.
    List(ListArguments),
    /// Print the schema of an operation's body or query as JSON Schema 2020-12.
    Show(ShowArguments),
    /// Check OpenAPI documents, and make clients of them.
    #[cfg(feature = "spec")]
    Check(CheckArguments),
    /// Hold the samples of a service's documentation against its spec.
    #[command(hide = true)]
    Samples(SamplesArguments),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArguments {
    /// The service, as in `compute`; all where it is left out.
    pub(super) service: Option<String>,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArguments {
    /// The operation's id, and the version: `compute.servers.show@2.90`. The
    /// last version that has the operation where it is left out.
    #[arg(value_name = "OPERATION[@VERSION]")]
    pub(super) operation: String,
    /// The body of the response (the default).
    #[arg(long, group = "part")]
    pub(super) response: bool,
    /// The body of the request.
    #[arg(long, group = "part")]
    pub(super) request: bool,
    /// The query, as an object of its parameters.
    #[arg(long, group = "part")]
    pub(super) query: bool,
    /// The status of the response [default: its first success with a body].
    #[arg(long, value_name = "N", conflicts_with_all = ["request", "query"])]
    pub(super) status: Option<u16>,
}

#[cfg(feature = "spec")]
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArguments {
    /// The documents: OpenAPI 3.0 or 3.1, YAML or JSON.
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Write the client of the document as a crate into this directory; of
    /// several documents, one crate each below it, named like its file.
    #[arg(long, value_name = "DIR")]
    pub(super) emit: Option<PathBuf>,
    /// The `runtime` directory of a checkout of Squall, for the crate to depend
    /// on; without, it depends on a released version.
    #[arg(long, value_name = "PATH", requires = "emit")]
    pub(super) runtime: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SamplesArguments {
    /// The samples, as `codegen/harvest/samples.py` lists them.
    #[arg(value_name = "LIST")]
    pub(super) list: PathBuf,
    /// The samples known not to match, one path a line, reasons behind `#`; any
    /// other outcome fails.
    #[arg(long, value_name = "FILE")]
    pub(super) known_misses: Option<PathBuf>,
}
