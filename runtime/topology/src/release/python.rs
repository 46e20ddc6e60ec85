//! Finds a complete Python on this machine that is new enough.

use std::path::{Path, PathBuf};

use super::error::{ReleaseError, ReleaseErrorKind};
use super::program;

/// Prints a Python's version, the program behind a shim or an active environment, and
/// the modules it lacks that Debian packages separately.
const QUESTION: &str = "
import sys
try:
    import ensurepip, venv
    whole = 'whole'
except ImportError as error:
    whole = error.name
program = getattr(sys, '_base_executable', None) or sys.executable
print('%d.%d' % sys.version_info[:2], whole, program)
";

/// A Python on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    /// The program itself.
    pub program: PathBuf,
    /// Its version: `3.11`.
    pub version: String,
}

impl Python {
    /// Finds a Python not older than `oldest`: `python3` if it is, otherwise the newest
    /// versioned program.
    pub async fn find(oldest: &str) -> Result<Self, ReleaseError> {
        let named = (minor(oldest)..=19).rev().map(|minor| format!("python3.{minor}"));
        let mut tried = Vec::new();
        for name in std::iter::once("python3".to_owned()).chain(named) {
            let mut command = program::command(Path::new(&name));
            let Ok(output) = command.args(["-c", QUESTION]).output().await else { continue };
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            // A shim for a version that is not selected prints nothing.
            let Some((python, lacks)) = understood(said.trim()) else { continue };
            if minor(&python.version) < minor(oldest) {
                tried.push(format!("`{name}` of {}", python.version));
            } else if let Some(lacks) = lacks {
                tried.push(format!("`{name}` of {} without `{lacks}`", python.version));
            } else {
                return Ok(python);
            }
        }
        let kind = ReleaseErrorKind::NoPython { oldest: oldest.to_owned(), tried };
        let help = "on Debian: `sudo apt-get install python3 python3-venv`; elsewhere install one \
                    so that `python3` or `python3.N` is found in the PATH"
            .to_owned();
        Err(ReleaseError { what: "OpenStack's services".to_owned(), kind, help })
    }
}

fn understood(said: &str) -> Option<(Python, Option<String>)> {
    let mut words = said.splitn(3, ' ');
    let (version, whole, program) = (words.next()?, words.next()?, words.next()?);
    let python = Python { program: program.into(), version: version.to_owned() };
    Some((python, (whole != "whole").then(|| whole.to_owned())))
}

fn minor(version: &str) -> u32 {
    version.strip_prefix("3.").and_then(|minor| minor.parse().ok()).unwrap_or(0)
}
