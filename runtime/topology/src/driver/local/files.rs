//! Files and folders of this machine, written atomically.

use std::fs::{self, Permissions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::Access;
use tempfile::NamedTempFile;

use crate::driver::{DriverError, File};

/// How many bytes at a log's end are read.
const WINDOW: u64 = 256 * 1024;

/// Creates folders and checks that they are writable.
pub(super) fn prepare(folders: &[PathBuf]) -> Result<(), DriverError> {
    for folder in folders {
        fs::create_dir_all(folder).map_err(|error| DriverError::file(folder, error))?;
        rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)
            .map_err(|error| DriverError::file(folder, error.into()))?;
    }
    Ok(())
}

/// Writes files and returns the paths of those that changed.
pub(super) fn configure(files: &[File]) -> Result<Vec<PathBuf>, DriverError> {
    let mut changed = Vec::new();
    for file in files {
        if !is_in_place(file) {
            replace(&file.path, &file.content, file.mode)?;
            changed.push(file.path.clone());
        }
    }
    Ok(changed)
}

/// Writes a file beside the one it replaces, then renames it, so that a reader, also
/// after a crash, finds either the old file or the new one.
pub(super) fn replace(path: &Path, content: &[u8], mode: u32) -> Result<(), DriverError> {
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(content)?;
        file.as_file().set_permissions(Permissions::from_mode(mode))?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| DriverError::file(path, error))
}

/// Opens a log for appending.
pub(super) fn append(log: &Path) -> Result<fs::File, DriverError> {
    let open = || -> io::Result<fs::File> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::File::options().create(true).append(true).open(log)
    };
    open().map_err(|error| DriverError::file(log, error))
}

/// Returns the last lines of a log, or no lines where there is no log.
pub(super) fn tail(log: &Path, lines: usize) -> Result<Vec<String>, DriverError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(log)?;
        let from = file.metadata()?.len().saturating_sub(WINDOW);
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(WINDOW).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = match read() {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(DriverError::file(log, error)),
    };
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    Ok(all[all.len().saturating_sub(lines)..].iter().map(|line| (*line).to_owned()).collect())
}

fn is_in_place(file: &File) -> bool {
    let is_mode = |found: fs::Metadata| found.permissions().mode() & 0o7777 == file.mode;
    fs::metadata(&file.path).is_ok_and(is_mode)
        && fs::read(&file.path).is_ok_and(|found| found == file.content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: PathBuf, content: &str, mode: u32) -> File {
        File { path, content: content.into(), mode }
    }

    #[test]
    fn a_file_that_is_as_it_should_be_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/conf");
        let first = file(path.clone(), "one", 0o640);
        assert_eq!(configure(std::slice::from_ref(&first)).unwrap(), std::slice::from_ref(&path));
        assert!(configure(&[first]).unwrap().is_empty());
        assert_eq!(
            configure(&[file(path.clone(), "two", 0o640)]).unwrap(),
            std::slice::from_ref(&path)
        );
        assert_eq!(
            configure(&[file(path.clone(), "two", 0o600)]).unwrap(),
            std::slice::from_ref(&path)
        );
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_log_gives_its_last_lines_however_long_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        assert!(tail(&log, 3).unwrap().is_empty());
        let lines: Vec<String> = (0..100_000).map(|n| format!("line {n}")).collect();
        fs::write(&log, lines.join("\n")).unwrap();
        assert_eq!(tail(&log, 2).unwrap(), ["line 99998", "line 99999"]);
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("file");
        fs::write(&taken, "").unwrap();
        let below = taken.join("below");
        let error = prepare(std::slice::from_ref(&below)).unwrap_err();
        assert_eq!(error.what, below.display().to_string());
    }
}
