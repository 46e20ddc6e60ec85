//! Fetches a service's source package, which has what the wheel lacks: the API reference with
//! its samples.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use sha2::{Digest as _, Sha256};

use crate::harvest::sources::Package;

/// Returns the folder of the unpacked source package. Fetches it into `scratch` if necessary.
pub(crate) fn unpacked(package: &Package, scratch: &Path) -> miette::Result<PathBuf> {
    fs::create_dir_all(scratch)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to create {}", scratch.display()))?;
    unpack(&fetch(package, scratch)?, package, scratch)
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

/// Returns the SHA-256 of a file in hexadecimal digits; `None` if it cannot be read.
pub(crate) fn digest(file: &Path) -> Option<String> {
    let bytes = fs::read(file).ok()?;
    Some(hex::encode(Sha256::digest(bytes)))
}

fn unpack(archive: &Path, package: &Package, scratch: &Path) -> miette::Result<PathBuf> {
    let help = "check that tar and gzip are installed";
    succeed(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(scratch), help)?;
    Ok(scratch.join(format!("{}-{}", package.name.replace('-', "_"), package.version)))
}

/// Runs a program and fails if it fails. Its output is shown.
pub(crate) fn succeed(command: &mut Command, help: &str) -> miette::Result<()> {
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
