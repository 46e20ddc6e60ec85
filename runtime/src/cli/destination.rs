//! Where a report goes: standard output, or a file that is written completely or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use crate::cli::error::CliError;
use crate::cli::output::colours;

/// An open destination.
pub(super) enum Destination {
    Standard(BufWriter<io::Stdout>),
    File(Partial),
}

/// A file under a temporary name, which is removed unless it is finished.
pub(super) struct Partial {
    file: BufWriter<File>,
    written: PathBuf,
    path: PathBuf,
}

impl Destination {
    /// Opens a file, or standard output.
    ///
    /// A regular file is written under a temporary name first, so that a report that fails
    /// leaves an older one intact. Anything else, such as a FIFO, is written to directly.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, CliError> {
        let Some(path) = path else {
            return Ok(Self::Standard(BufWriter::new(io::stdout())));
        };
        let mut written = path.as_os_str().to_owned();
        if !path.exists() || path.is_file() {
            written.push(".partial");
        }
        let (written, path) = (PathBuf::from(written), path.to_owned());
        let file = File::create(&written).map_err(|error| unwritable(&path, &error))?;
        Ok(Self::File(Partial { file: BufWriter::new(file), written, path }))
    }

    /// Whether to write colors.
    pub(super) fn colours(&self) -> bool {
        matches!(self, Self::Standard(out) if colours(out.get_ref()))
    }

    /// Refuses to write a binary format to a terminal.
    pub(super) fn refuse_terminal(&self, what: &str) -> Result<(), CliError> {
        match self {
            Self::Standard(out) if out.get_ref().is_terminal() => Err(CliError::bad_input(
                format!("{what} is a binary format, and standard output is a terminal"),
                "write it to a file with `--output FILE`, or pipe it into a program that reads it",
            )),
            _ => Ok(()),
        }
    }

    /// Flushes the output and gives the file its final name; `what` was "written to FILE".
    pub(super) fn close(mut self, what: &str) -> Result<(), CliError> {
        if let Self::File(file) = &mut self {
            file.file.flush().map_err(|error| unwritable(&file.path, &error))?;
            if file.written != file.path {
                fs::rename(&file.written, &file.path)
                    .map_err(|error| unwritable(&file.path, &error))?;
            }
            writeln!(io::stderr(), "{what} written to {}", file.path.display())?;
        }
        Ok(self.flush()?)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.written != self.path {
            // After a successful rename nothing is left to remove.
            let _ = fs::remove_file(&self.written);
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> CliError {
    CliError::bad_input(
        format!("failed to write {}: {error}", path.display()),
        "name a file in an existing, writable directory",
    )
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(file) => file.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(file) => file.file.flush(),
        }
    }
}
