//! Compares the registered tests with those in the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use super::{Run, Test};

/// The tests that `squall::manifest!` or `squall::main!` found in a package.
#[derive(Debug, Clone, Copy)]
pub struct Manifest {
    /// The package's name.
    pub package: &'static str,
    /// The files in its `src/` that contain tests.
    pub files: &'static [ManifestFile],
}

/// A file that contains tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManifestFile {
    /// Its path below the package, with `/` as separator.
    pub path: &'static str,
    /// How many tests it always registers.
    pub tests: usize,
    /// How many more it registers depending on a `#[cfg]`.
    pub conditional: usize,
}

/// Tests in the source that were not registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The package.
    pub package: &'static str,
    /// How many tests its source contains.
    pub expected: usize,
    /// How many were registered.
    pub registered: usize,
    /// The files with missing tests: path, expected, registered.
    pub files: Vec<(&'static str, usize, usize)>,
}

/// Returns the packages that miss tests of their source.
pub fn check(manifests: &[Manifest], tests: &[Test]) -> Vec<Missing> {
    manifests.iter().filter_map(|manifest| check_one(manifest, tests)).collect()
}

fn check_one(manifest: &Manifest, tests: &[Test]) -> Option<Missing> {
    // The cases of a test have its line; it stands once in the source.
    let mut lines: BTreeSet<(&'static str, u32)> = BTreeSet::new();
    let mut registered: BTreeMap<&'static str, usize> = BTreeMap::new();
    for Test { descriptor: test, .. } in tests {
        let is_new = !matches!(test.run, Run::Case(_)) || lines.insert((test.file, test.line));
        if test.package == manifest.package && is_new {
            *registered.entry(test.file).or_default() += 1;
        }
    }
    let of = |path| {
        let same = registered.iter().filter(|(compiled, _)| is_same(compiled, path));
        same.map(|(_, count)| count).sum::<usize>()
    };
    let files: Vec<(&'static str, usize, usize)> = manifest
        .files
        .iter()
        .filter_map(|file| {
            let registered = of(file.path);
            // Tests that a macro generates are not counted, so there may be more.
            (registered < file.tests).then_some((file.path, file.tests, registered))
        })
        .collect();
    (!files.is_empty()).then(|| Missing {
        package: manifest.package,
        expected: manifest.files.iter().map(|file| file.tests).sum(),
        registered: registered.values().sum(),
        files,
    })
}

/// Whether a path from the compiler (below the workspace, or absolute) is the file at `path`
/// below its package.
fn is_same(compiled: &str, path: &str) -> bool {
    Path::new(compiled).ends_with(path)
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { package, expected, registered, .. } = self;
        write!(f, "`{package}` contains {expected} tests, but {registered} are registered")
    }
}

impl std::error::Error for Missing {}

impl Missing {
    /// Returns what to add so that the tests are registered.
    pub fn help(&self) -> String {
        if self.registered == 0 {
            let krate = self.package.replace('-', "_");
            return format!(
                "nothing refers to the crate, so the linker dropped it: add `use {krate} as _;` \
                 next to `squall::main!`, or write `squall::main!({krate})`"
            );
        }
        let files: Vec<String> = self.files.iter().map(help_for).collect();
        files.join("; ")
    }
}

fn help_for((path, expected, registered): &(&'static str, usize, usize)) -> String {
    if *registered > 0 {
        return format!(
            "{path} contains {expected} tests, but {registered} are registered: rebuild, and \
             check for tests inside functions or macros"
        );
    }
    let stem = path.trim_end_matches("/mod.rs").trim_end_matches(".rs");
    let module = stem.rsplit('/').next().unwrap_or(stem);
    format!("{path} is not compiled: add `mod {module};` to the module above it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{Registry, TestDescriptor};

    macro_rules! registered {
        ($($id:literal in $file:literal),*) => {{
            static TESTS: &[TestDescriptor] = &[$(TestDescriptor {
                package: "acme-tests",
                file: $file,
                ..TestDescriptor::new($id, |_| Box::pin(async { Ok(()) }))
            }),*];
            Registry::new(TESTS.iter(), [].into_iter()).tests
        }};
    }

    const MANIFEST: Manifest = Manifest {
        package: "acme-tests",
        files: &[
            ManifestFile { path: "src/boot.rs", tests: 1, conditional: 0 },
            ManifestFile { path: "src/list/mod.rs", tests: 2, conditional: 1 },
        ],
    };

    #[test]
    fn help_for_a_crate_that_was_not_linked_names_it() {
        let missing = check(&[MANIFEST], &[]);
        assert_eq!(missing[0].to_string(), "`acme-tests` contains 3 tests, but 0 are registered");
        assert!(missing[0].help().contains("use acme_tests as _;"));
    }

    #[test]
    fn help_for_a_file_without_a_mod_line_names_it() {
        let missing = check(&[MANIFEST], &registered!("a.boot" in "acme/src/boot.rs"));
        assert_eq!(missing[0].files, [("src/list/mod.rs", 2, 0)]);
        assert!(missing[0].help().contains("add `mod list;`"), "{}", missing[0].help());
    }

    #[test]
    fn conditional_tests_and_tests_from_macros_are_accepted() {
        let tests = registered!(
            "a.boot" in "acme/src/boot.rs",
            "a.list" in "acme/src/list/mod.rs",
            "a.page" in "acme/src/list/mod.rs",
            "a.boot_2_1" in "acme/src/boot.rs"
        );
        assert_eq!(check(&[MANIFEST], &tests), []);
    }
}
