//! `cargo xtask samples`: checks the specs against the services' documented samples.
//!
//! The source packages of the services contain samples of their responses. The pinned packages
//! are fetched, kept in `target`, and checked by `squall spec samples`. A file beside each spec
//! lists the samples that are known not to match.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use crate::harvest::sources::Sources;
use crate::specs::root;
use crate::{sdist, squall};

/// Check the specs against the samples in the services' source packages.
///
/// Needs Python 3 with pip, tar and a package index. Packages are kept in target/samples.
/// Fails if the samples that do not match differ from those listed in
/// api-specs/SERVICE/sample-misses.txt.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The services, by their folder in api-specs [default: all].
    services: Vec<String>,
}

/// Runs the command. All services are checked even if one fails.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = root();
    let sources = Sources::read(&root.join("api-specs/sources.toml"))?;
    let scratch = root.join("target/samples");
    let mut outcome = ExitCode::SUCCESS;
    for source in sources.choose(&arguments.services)? {
        let service = source.service.as_str();
        let package = source
            .reference()
            .ok_or_else(|| miette!("api-specs/sources.toml does not pin a package of {service}"))?;
        let unpacked = sdist::unpacked(package, &scratch)?;
        let list = scratch.join(format!("{service}.json"));
        extract(service, &root, &unpacked, &list)?;
        println!("{service}, {} {}:", package.name, package.version);
        // Relative to the workspace, so that messages are short.
        let list = format!("target/samples/{service}.json");
        let misses = format!("api-specs/{service}/sample-misses.txt");
        let code = squall::run(["spec", "samples", &list, "--known-misses", &misses])?;
        if code != ExitCode::SUCCESS {
            outcome = code;
        }
    }
    Ok(outcome)
}

/// Writes the samples of an unpacked source package to a file.
fn extract(service: &str, root: &Path, unpacked: &Path, list: &Path) -> miette::Result<()> {
    let out = File::create(list)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to write {}", list.display()))?;
    let mut python = Command::new("python3");
    python
        .arg(root.join("codegen/harvest/samples.py"))
        .arg(service.replace('-', "_"))
        .arg(unpacked)
        .stdout(out);
    sdist::succeed(
        &mut python,
        "the package may have moved its API reference: see codegen/harvest/samples.py",
    )
}
