//! The one way in which a file gets written: or else it is found stale.

use std::fs;
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic as _, WrapErr as _};

/// Writes files, or only looks whether they would change.
pub(super) struct Pen {
    root: PathBuf,
    check: bool,
    stale: Vec<String>,
    written: Vec<String>,
}

impl Pen {
    pub(super) fn new(root: &Path, check: bool) -> Self {
        Self { root: root.to_owned(), check, stale: Vec::new(), written: Vec::new() }
    }

    /// Gives what a file holds; nothing where there is none.
    pub(super) fn current(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(name)).unwrap_or_default()
    }

    /// Makes sure that a file has this content.
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

    /// Makes sure that a folder has no files with this ending but the named ones.
    pub(super) fn remove_others<'a>(
        &mut self,
        folder: &str,
        ending: &str,
        kept: impl Iterator<Item = &'a str>,
    ) -> miette::Result<()> {
        let kept: Vec<String> = kept.map(|name| format!("{name}{ending}")).collect();
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten();
        let mut others: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(ending) && !kept.contains(name))
            .collect();
        others.sort();
        for name in others {
            let name = format!("{folder}/{name}");
            if self.check {
                self.stale.push(name);
                continue;
            }
            fs::remove_file(self.root.join(&name))
                .into_diagnostic()
                .wrap_err_with(|| format!("failed to remove {name}"))?;
            self.written.push(name);
        }
        Ok(())
    }

    /// Says what was done or is to be done; tells whether anything is stale.
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
    fn checking_writes_nothing_and_finds_what_is_stale() {
        let folder = tempfile::tempdir().unwrap();
        let mut pen = Pen::new(folder.path(), true);
        pen.write("a/b.txt", "new").unwrap();
        assert!(pen.finish() && !folder.path().join("a").exists());
        let mut pen = Pen::new(folder.path(), false);
        pen.write("a/b.txt", "new").unwrap();
        assert!(!pen.finish());
        let mut pen = Pen::new(folder.path(), true);
        pen.write("a/b.txt", "new").unwrap();
        pen.remove_others("a", ".txt", ["c"].into_iter()).unwrap();
        assert_eq!(pen.stale, ["a/b.txt"]);
    }
}
