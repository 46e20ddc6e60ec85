//! Counts the tests in a package's source.
//!
//! Every file below `src/` is read, including those that no `mod` includes: finding these is
//! the purpose of the count. A test that a macro generates is not counted, so more tests may
//! be registered than counted, but never fewer.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use syn::{Attribute, Item, Meta};

/// A file and the number of its tests.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// The full path.
    pub(super) path: PathBuf,
    /// The tests that are always registered.
    pub(super) tests: usize,
    /// The tests that are registered under a `#[cfg]`.
    pub(super) conditional: usize,
}

/// Counts the tests below `source`. Returns the files with tests, sorted by path.
pub(super) fn count(source: &Path) -> Result<Vec<Counted>, (PathBuf, io::Error)> {
    let mut paths = Vec::new();
    if source.is_dir() {
        collect(source, &mut paths).map_err(|error| (source.to_owned(), error))?;
    }
    paths.sort();
    let mut found = Vec::new();
    let mut conditional_stems = BTreeSet::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|error| (path.clone(), error))?;
        // The compiler reports files that do not parse.
        let Ok(file) = syn::parse_file(&text) else { continue };
        let mut walk = Walk { dir: children(&path), tests: 0, conditional: 0, stems: Vec::new() };
        let whole = is_conditional(&file.attrs);
        walk.items(&file.items, whole);
        conditional_stems.extend(walk.stems);
        if walk.tests + walk.conditional > 0 {
            found.push(Counted { path, tests: walk.tests, conditional: walk.conditional });
        }
    }
    for file in &mut found {
        if is_below(&file.path, &conditional_stems) {
            file.conditional += std::mem::take(&mut file.tests);
        }
    }
    Ok(found)
}

fn collect(dir: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Returns the folder in which the compiler looks for a file's `mod x;`.
fn children(file: &Path) -> PathBuf {
    let is_root =
        file.file_name().is_some_and(|n| n == "mod.rs" || n == "lib.rs" || n == "main.rs");
    if is_root {
        file.parent().map(Path::to_owned).unwrap_or_default()
    } else {
        file.with_extension("")
    }
}

/// Whether a file belongs to a module under a `#[cfg]`.
fn is_below(file: &Path, stems: &BTreeSet<PathBuf>) -> bool {
    stems.iter().any(|stem| file.with_extension("") == *stem || file.starts_with(stem))
}

struct Walk {
    dir: PathBuf,
    tests: usize,
    conditional: usize,
    stems: Vec<PathBuf>,
}

impl Walk {
    fn items(&mut self, items: &[Item], conditional: bool) {
        for item in items {
            match item {
                Item::Fn(function) if function.attrs.iter().any(is_test) => {
                    if conditional || is_conditional(&function.attrs) {
                        self.conditional += 1;
                    } else {
                        self.tests += 1;
                    }
                }
                Item::Mod(module) => {
                    let conditional = conditional || is_conditional(&module.attrs);
                    let name = module.ident.to_string();
                    match &module.content {
                        Some((_, inner)) => {
                            self.dir.push(name);
                            self.items(inner, conditional);
                            self.dir.pop();
                        }
                        None if conditional => self.stems.push(self.dir.join(name)),
                        None => {}
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether an attribute is `#[squall::test]`, which is always written with its path.
fn is_test(attribute: &Attribute) -> bool {
    let path: Vec<String> =
        attribute.path().segments.iter().map(|segment| segment.ident.to_string()).collect();
    path.ends_with(&["squall".to_owned(), "test".to_owned()])
}

fn is_conditional(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("cfg")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(files: &[(&str, &str)]) -> Vec<(String, usize, usize)> {
        let dir = std::env::temp_dir().join(format!(
            "squall-count-{}-{}",
            std::process::id(),
            files.len()
        ));
        for (path, text) in files {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = count(&dir).unwrap();
        fs::remove_dir_all(&dir).unwrap();
        let below = |path: &Path| path.strip_prefix(&dir).unwrap().display().to_string();
        found.iter().map(|f| (below(&f.path), f.tests, f.conditional)).collect()
    }

    #[test]
    fn tests_in_files_that_no_mod_includes_are_counted() {
        let found = counted(&[
            ("lib.rs", "mod a;"),
            ("a.rs", "#[squall::test(id = \"a.b\")] async fn b() {} #[test] fn c() {}"),
            ("lost.rs", "mod inner { #[::squall::test(id = \"a.c\")] async fn c() {} }"),
        ]);
        assert_eq!(found, [("a.rs".into(), 1, 0), ("lost.rs".into(), 1, 0)]);
    }

    #[test]
    fn tests_under_a_cfg_are_counted_separately() {
        let found = counted(&[
            ("lib.rs", "#[cfg(feature = \"x\")] mod a;"),
            ("a.rs", "#[squall::test(id = \"a.b\")] async fn b() {}"),
            ("a/b.rs", "#[squall::test(id = \"a.c\")] async fn c() {}"),
            ("c.rs", "#[cfg(unix)] #[squall::test(id = \"a.d\")] async fn d() {}"),
        ]);
        assert_eq!(found, [("a/b.rs".into(), 0, 1), ("a.rs".into(), 0, 1), ("c.rs".into(), 0, 1)]);
    }
}
