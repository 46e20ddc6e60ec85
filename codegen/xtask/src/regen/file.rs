//! Writes files, or checks that they are up to date.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic as _, WrapErr as _};

/// Writes files, or only checks whether they would change.
pub(super) struct Writer {
    root: PathBuf,
    check: bool,
    stale: Vec<String>,
    written: Vec<String>,
}

impl Writer {
    pub(super) fn new(root: &Path, check: bool) -> Self {
        Self { root: root.to_owned(), check, stale: Vec::new(), written: Vec::new() }
    }

    /// Returns a file's content; empty if it does not exist.
    pub(super) fn current(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(name)).unwrap_or_default()
    }

    /// Ensures that a file has this content.
    pub(super) fn write(&mut self, name: &str, content: &str) -> miette::Result<()> {
        let path = self.root.join(name);
        if fs::read_to_string(&path).is_ok_and(|current| current == content) {
            return Ok(());
        }
        if self.check {
            self.stale.push(name.to_owned());
            return Ok(());
        }
        let failed = || format!("failed to write {name}");
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).into_diagnostic().wrap_err_with(failed)?;
        }
        fs::write(&path, content).into_diagnostic().wrap_err_with(failed)?;
        self.written.push(name.to_owned());
        Ok(())
    }

    /// Ensures that a folder has no files with this ending except for the named ones.
    pub(super) fn remove_others<'a>(
        &mut self,
        folder: &str,
        ending: &str,
        kept: impl Iterator<Item = &'a str>,
    ) -> miette::Result<()> {
        let kept: BTreeSet<String> = kept.map(|name| format!("{name}{ending}")).collect();
        self.remove(folder, |path, name| {
            path.is_file() && name.ends_with(ending) && !kept.contains(name)
        })
    }

    /// Ensures that a folder has no folders except for the named ones.
    pub(super) fn remove_folders(
        &mut self,
        folder: &str,
        kept: &BTreeSet<&str>,
    ) -> miette::Result<()> {
        self.remove(folder, |path, name| path.is_dir() && !kept.contains(name))
    }

    fn remove(
        &mut self,
        folder: &str,
        is_stale: impl Fn(&Path, &str) -> bool,
    ) -> miette::Result<()> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            is_stale(&entry.path(), &name).then_some(name)
        });
        let mut stale: Vec<String> = names.collect();
        stale.sort();
        for name in stale {
            let name = format!("{folder}/{name}");
            if self.check {
                self.stale.push(name);
                continue;
            }
            let path = self.root.join(&name);
            let removed =
                if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.into_diagnostic().wrap_err_with(|| format!("failed to remove {name}"))?;
            self.written.push(name);
        }
        Ok(())
    }

    /// Prints what was written and what is stale. Returns whether anything is stale.
    pub(super) fn finish(self) -> bool {
        for name in &self.written {
            println!("wrote {name}");
        }
        for name in &self.stale {
            eprintln!("error: {name} is stale");
        }
        if self.stale.is_empty() {
            return false;
        }
        eprintln!("  help: run `cargo xtask regen` and commit what it writes");
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_writes_nothing_and_finds_stale_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::new(folder.path(), true);
        writer.write("a/b.txt", "new").unwrap();
        assert!(writer.finish() && !folder.path().join("a").exists());
        let mut writer = Writer::new(folder.path(), false);
        writer.write("a/b.txt", "new").unwrap();
        assert!(!writer.finish());
        let mut writer = Writer::new(folder.path(), true);
        writer.write("a/b.txt", "new").unwrap();
        writer.remove_others("a", ".txt", ["c"].into_iter()).unwrap();
        writer.remove_folders("", &BTreeSet::from(["b"])).unwrap();
        assert_eq!(writer.stale, ["a/b.txt", "/a"]);
    }
}
