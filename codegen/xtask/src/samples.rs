//! `cargo xtask samples`: hold the specs to what the services document.
//!
//! The source packages of nova and keystone carry samples of their responses.
//! They are fetched as they are pinned, kept in `target`, and judged by `squall
//! spec samples`; which of them are known to miss stands beside each spec.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use sha2::{Digest as _, Sha256};

use crate::harvest::sources::{Package, Sources};
use crate::regen::root;
use crate::squall;

/// Hold the specs to the samples in the services' source packages.
///
/// Needs Python 3 with pip, tar and a package index; what was fetched is kept in
/// target/samples. Fails where other samples miss than those that
/// api-specs/SERVICE/sample-misses.txt names.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The services, by their folder in api-specs.
    #[arg(default_values = ["compute", "identity"])]
    services: Vec<String>,
}

/// Runs the command; all services are judged, also where one fails.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = root();
    let sources = Sources::read(&root.join("api-specs/sources.toml"))?;
    let scratch = root.join("target/samples");
    fs::create_dir_all(&scratch)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to make {}", scratch.display()))?;
    let mut outcome = ExitCode::SUCCESS;
    for source in sources.choose(&arguments.services)? {
        let service = source.service.as_str();
        let package = source
            .packages
            .first()
            .ok_or_else(|| miette!("api-specs/sources.toml pins no package of {service}"))?;
        let unpacked = unpack(&fetch(package, &scratch)?, package, &scratch)?;
        let list = scratch.join(format!("{service}.json"));
        extract(service, &root, &unpacked, &list)?;
        println!("{service}, {} {}:", package.name, package.version);
        // As seen from the workspace's folder, so that messages are short.
        let list = format!("target/samples/{service}.json");
        let misses = format!("api-specs/{service}/sample-misses.txt");
        let code = squall::run(["spec", "samples", &list, "--known-misses", &misses])?;
        if code != ExitCode::SUCCESS {
            outcome = code;
        }
    }
    Ok(outcome)
}

/// Gives the source package, fetched unless it is there.
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
    succeed(&mut pip, "is the package index reachable, and pip installed?")?;
    match digest(&archive) {
        Some(found) if found == *sdist => Ok(archive),
        Some(found) => Err(miette!(
            help = "api-specs/sources.toml pins the digest of the source package",
            "{} has the SHA-256 {found}, not {sdist}",
            archive.display()
        )),
        None => Err(miette!("pip did not bring {}", archive.display())),
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
    let help = "is tar installed, with gzip?";
    succeed(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(scratch), help)?;
    Ok(scratch.join(format!("{}-{}", package.name.replace('-', "_"), package.version)))
}

/// Lists the samples of an unpacked source package into a file.
fn extract(service: &str, root: &Path, unpacked: &Path, list: &Path) -> miette::Result<()> {
    let out = File::create(list)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to write {}", list.display()))?;
    let mut python = Command::new("python3");
    python.arg(root.join("codegen/harvest/samples.py")).arg(service).arg(unpacked).stdout(out);
    succeed(&mut python, "the package may have moved its API reference")
}

/// Runs a program to its end; what it says of its trouble is shown as it comes.
fn succeed(command: &mut Command, help: &str) -> miette::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(Stdio::null())
        .status()
        .into_diagnostic()
        .wrap_err_with(|| format!("{program} could not be started"))?;
    if status.success() {
        return Ok(());
    }
    let words: Vec<_> = command.get_args().map(std::ffi::OsStr::to_string_lossy).collect();
    Err(miette!(help = help.to_owned(), "`{program} {}` ended with {status}", words.join(" ")))
}
