//! Where a report goes: standard output, or a file that is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use super::colours;
use crate::cli::complaint::Complaint;

/// An open place to write to.
pub(super) enum Destination {
    Standard(BufWriter<io::Stdout>),
    File(Partial),
}

/// A file under another name, which is gone again unless it is finished.
pub(super) struct Partial {
    file: BufWriter<File>,
    written: PathBuf,
    path: PathBuf,
}

impl Destination {
    /// Opens a file, or standard output.
    ///
    /// A file is written beside its name first, so that a report that cannot be made
    /// leaves an older one alone. What is no plain file is written to as it is.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Complaint> {
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

    /// Tells whether to write colours.
    pub(super) fn colours(&self) -> bool {
        matches!(self, Self::Standard(out) if colours(out.get_ref()))
    }

    /// Refuses to write bytes that are no text to a terminal.
    pub(super) fn refuse_terminal(&self, what: &str) -> Result<(), Complaint> {
        match self {
            Self::Standard(out) if out.get_ref().is_terminal() => Err(Complaint::bad_input(
                format!("{what} is no text, and standard output is a terminal"),
                "name a file with `--output FILE`, or pipe it into the tool that reads it",
            )),
            _ => Ok(()),
        }
    }

    /// Writes what is held back, and gives a file its name; `what` reads before
    /// "is in FILE".
    pub(super) fn close(mut self, what: &str) -> Result<(), Complaint> {
        if let Self::File(file) = &mut self {
            file.file.flush().map_err(|error| unwritable(&file.path, &error))?;
            if file.written != file.path {
                fs::rename(&file.written, &file.path)
                    .map_err(|error| unwritable(&file.path, &error))?;
            }
            writeln!(io::stderr(), "{what} is in {}", file.path.display())?;
        }
        Ok(self.flush()?)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.written != self.path {
            // Where it has its name by now, nothing is here to be removed.
            let _ = fs::remove_file(&self.written);
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Complaint {
    Complaint::bad_input(
        format!("failed to write {}: {error}", path.display()),
        "name a file in a folder that is there and can be written to",
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
