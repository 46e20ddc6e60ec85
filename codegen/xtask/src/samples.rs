//! `cargo xtask samples`: checks the specs against the services' documented samples.
//!
//! The source packages of nova and keystone contain samples of their responses. The pinned
//! packages are fetched, kept in `target`, and checked by `squall spec samples`. A file beside
//! each spec lists the samples that are known not to match.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use sha2::{Digest as _, Sha256};

use crate::harvest::sources::{Package, Sources};
use crate::specs::root;
use crate::squall;

/// Check the specs against the samples in the services' source packages.
///
/// Needs Python 3 with pip, tar and a package index. Packages are kept in target/samples.
/// Fails if the samples that do not match differ from those listed in
/// api-specs/SERVICE/sample-misses.txt.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The services, by their folder in api-specs.
    #[arg(default_values = ["compute", "identity"])]
    services: Vec<String>,
}

/// Runs the command. All services are checked even if one fails.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = root();
    let sources = Sources::read(&root.join("api-specs/sources.toml"))?;
    let scratch = root.join("target/samples");
    fs::create_dir_all(&scratch)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to create {}", scratch.display()))?;
    let mut outcome = ExitCode::SUCCESS;
    for source in sources.choose(&arguments.services)? {
        let service = source.service.as_str();
        let package = source
            .packages
            .first()
            .ok_or_else(|| miette!("api-specs/sources.toml does not pin a package of {service}"))?;
        let unpacked = unpack(&fetch(package, &scratch)?, package, &scratch)?;
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

/// Returns the source package. Fetches it if necessary.
fn fetch(package: &Package, scratch: &Path) -> miette::Result<PathBuf> {
    let Package { name, version, sdist, .. } = package;
    let archive = scratch.join(format!("{}-{version}.tar.gz", name.replace('-', "_")));
    if digest(&archive).as_ref() == Some(sdist) {
        return Ok(archive);
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest"])
        .arg(scratch)
        .arg(format!("{name}=={version}"));
    succeed(&mut pip, "check that pip is installed and the package index is reachable")?;
    match digest(&archive) {
        Some(found) if found == *sdist => Ok(archive),
        Some(found) => Err(miette!(
            help = "api-specs/sources.toml pins the digest of the source package",
            "{} has the SHA-256 {found}, not {sdist}",
            archive.display()
        )),
        None => Err(miette!("pip did not download {}", archive.display())),
    }
}

fn digest(file: &Path) -> Option<String> {
    let bytes = fs::read(file).ok()?;
    Some(Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

fn unpack(archive: &Path, package: &Package, scratch: &Path) -> miette::Result<PathBuf> {
    let help = "check that tar and gzip are installed";
    succeed(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(scratch), help)?;
    Ok(scratch.join(format!("{}-{}", package.name.replace('-', "_"), package.version)))
}

/// Writes the samples of an unpacked source package to a file.
fn extract(service: &str, root: &Path, unpacked: &Path, list: &Path) -> miette::Result<()> {
    let out = File::create(list)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to write {}", list.display()))?;
    let mut python = Command::new("python3");
    python.arg(root.join("codegen/harvest/samples.py")).arg(service).arg(unpacked).stdout(out);
    succeed(
        &mut python,
        "the package may have moved its API reference: see codegen/harvest/samples.py",
    )
}

/// Runs a program and fails if it fails. Its output is shown.
fn succeed(command: &mut Command, help: &str) -> miette::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(Stdio::null())
        .status()
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to start {program}"))?;
    if status.success() {
        return Ok(());
    }
    let words: Vec<_> = command.get_args().map(std::ffi::OsStr::to_string_lossy).collect();
    Err(miette!(help = help.to_owned(), "`{program} {}` ended with {status}", words.join(" ")))
}
