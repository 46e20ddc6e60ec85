//! A source tree of a service: what it is called, which version it has, and a copy of it.
//!
//! The tree itself is never written to: building a Python package leaves files beside its
//! sources.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use crate::harvest::sources::{Source, Sources};

/// The variable by which pbr takes a version that is neither in git nor in `PKG-INFO`.
const VARIABLE: &str = "PBR_VERSION";

/// What a tree has that is no source: history, and what tools and builds left.
const NOT_SOURCES: [&str; 10] = [
    ".git",
    ".tox",
    ".venv",
    "venv",
    ".stestr",
    ".eggs",
    ".mypy_cache",
    "build",
    "dist",
    "__pycache__",
];

/// The files that say what is installed besides the sources.
const METADATA: [&str; 4] = ["pyproject.toml", "setup.cfg", "setup.py", "requirements.txt"];

/// A source tree of one of a service's packages.
#[derive(Debug)]
pub(in crate::harvest) struct Tree {
    pub(super) root: PathBuf,
    /// The name of the package, as in `sources.toml`.
    pub(in crate::harvest) package: String,
    pub(in crate::harvest) version: String,
}

impl Tree {
    /// Reads the name and version of the tree in `root`, and finds its service, which must be
    /// the one in `asked` if there is one.
    pub(super) fn open<'a>(
        root: &Path,
        sources: &'a Sources,
        asked: &[String],
    ) -> miette::Result<(Self, &'a Source)> {
        let found = name(root)?;
        let all = sources.choose(&[])?;
        let owner = |source: &&&Source| package(source, &found).is_some();
        let Some(source) = all.iter().find(owner) else {
            let known: Vec<String> = all
                .iter()
                .flat_map(|s| s.packages.iter().map(|p| format!("{} ({})", p.name, s.service)))
                .collect();
            return Err(miette!(
                help = format!("the packages of api-specs/sources.toml are {}", known.join(", ")),
                "{} is the source tree of `{found}`, which is not a package of any service",
                root.display()
            ));
        };
        if asked.iter().any(|asked| *asked != source.service) {
            return Err(miette!(
                help = format!("run `cargo xtask harvest {} --from …`", source.service),
                "{} is the source tree of `{found}`, a package of {}, not of {}",
                root.display(),
                source.service,
                asked.join(", ")
            ));
        }
        let package = package(source, &found).unwrap_or(&found).to_owned();
        let version = version(root, env::var(VARIABLE).ok())?;
        let root = root
            .canonicalize()
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to read {}", root.display()))?;
        Ok((Self { root, package, version }, source))
    }

    /// Copies the sources to `to`, in place of what is there.
    pub(super) fn copy(&self, to: &Path) -> miette::Result<()> {
        let copied = || -> io::Result<()> {
            if to.exists() {
                fs::remove_dir_all(to)?;
            }
            copy_folder(&self.root, to)
        };
        copied()
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to copy {} to {}", self.root.display(), to.display()))
    }

    /// Returns the content of the files that say what has to be installed.
    pub(in crate::harvest) fn metadata(&self) -> BTreeMap<&'static str, String> {
        let text = |name: &&'static str| fs::read_to_string(self.root.join(name)).ok();
        METADATA.iter().filter_map(|name| Some((*name, text(name)?))).collect()
    }

    /// Returns the folder with the API reference, if the tree has one.
    pub(super) fn reference(&self) -> Option<PathBuf> {
        Some(self.root.join("api-ref/source")).filter(|folder| folder.is_dir())
    }

    /// Returns the variables that a build of the tree needs.
    pub(in crate::harvest) fn variables(&self) -> [(&'static str, &str); 1] {
        [(VARIABLE, &self.version)]
    }
}

/// Returns the name that a service's pins have for a package.
fn package<'a>(source: &'a Source, name: &str) -> Option<&'a str> {
    let normal = |name: &str| name.to_lowercase().replace(['_', '.'], "-");
    let mut names = source.packages.iter().map(|package| package.name.as_str());
    names.find(|known| normal(known) == normal(name))
}

/// Returns the name of the package in a source tree.
fn name(root: &Path) -> miette::Result<String> {
    let help = "name the folder of a checkout or of an unpacked source package, \
                the one with `pyproject.toml` or `setup.cfg`";
    if !root.is_dir() {
        return Err(miette!(help = help, "{} is not a folder", root.display()));
    }
    let read = |name: &str| fs::read_to_string(root.join(name)).ok();
    let project = read("pyproject.toml").and_then(|text| {
        let document: toml::Table = toml::from_str(&text).ok()?;
        Some(document.get("project")?.get("name")?.as_str()?.to_owned())
    });
    let setup = || in_section(&read("setup.cfg")?, "metadata", "name");
    project.or_else(setup).ok_or_else(|| {
        miette!(
            help = help,
            "{} is not a source tree: no `pyproject.toml` or `setup.cfg` in it names a package",
            root.display()
        )
    })
}

/// Reads a value of a section of an ini file.
fn in_section(text: &str, section: &str, key: &str) -> Option<String> {
    let heading = format!("[{section}]");
    let lines = text.lines().skip_while(|line| line.trim() != heading).skip(1);
    let mut inside = lines.take_while(|line| !line.starts_with('['));
    inside.find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}

/// Returns the version of a tree: the one that was set, that of an unpacked source package, or
/// one made of the last tag and the commits since.
fn version(root: &Path, set: Option<String>) -> miette::Result<String> {
    if let Some(set) = set.filter(|set| !set.is_empty()) {
        return Ok(set);
    }
    let packed = fs::read_to_string(root.join("PKG-INFO")).unwrap_or_default();
    if let Some(version) = packed.lines().find_map(|line| line.strip_prefix("Version: ")) {
        return Ok(version.trim().to_owned());
    }
    if let Some(version) = root.join(".git").exists().then(|| described(root)).flatten() {
        return Ok(version);
    }
    Err(miette!(
        help = format!(
            "set {VARIABLE} to the release that the tree is based on, as in \
             `{VARIABLE}=34.0.0 cargo xtask harvest …`, or fetch the tags: `git fetch --tags`"
        ),
        "{} does not say which version it is: it has no tag in git and no PKG-INFO",
        root.display()
    ))
}

/// Asks git for the last tag; `34.0.0-5-g1a2b3c` is the fifth commit after 34.0.0.
fn described(root: &Path) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["describe", "--tags", "--long", "--match", "[0-9]*"])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut parts = text.trim().rsplitn(3, '-');
    let (commit, count, tag) = (parts.next()?, parts.next()?, parts.next()?);
    Some(if count == "0" { tag.to_owned() } else { format!("{tag}+{count}.{commit}") })
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_source = name.to_str().is_none_or(|name| !NOT_SOURCES.contains(&name));
        // A link is followed if it leads to a file. One that leads to a folder may lead back.
        let (kind, target) = (entry.file_type()?, to.join(&name));
        if kind.is_dir() && is_source {
            copy_folder(&entry.path(), &target)?;
        } else if entry.path().is_file() {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs/sources.toml");
        Sources::read(&file).unwrap()
    }

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    const PLACEMENT: (&str, &str) = ("setup.cfg", "[metadata]\nname = openstack_placement\n");

    #[test]
    fn a_tree_says_which_service_it_is_of() {
        let folder = tree(&[PLACEMENT, ("PKG-INFO", "Name: x\nVersion: 16.1.0\n")]);
        let sources = sources();
        let (tree, source) = Tree::open(folder.path(), &sources, &[]).unwrap();
        assert_eq!(
            (tree.package.as_str(), tree.version.as_str()),
            ("openstack-placement", "16.1.0")
        );
        assert_eq!(source.service, "placement");
    }

    #[test]
    fn what_cannot_be_harvested_is_refused_and_says_what_to_do() {
        let sources = sources();
        let refused = |files: &[(&str, &str)], asked: &[String]| {
            let folder = tree(files);
            let error = Tree::open(folder.path(), &sources, asked).unwrap_err();
            let help = error.help().unwrap().to_string();
            let shown = format!("{error}; {help}");
            shown.replace(&folder.path().display().to_string(), "DIR")
        };
        let no_tree = refused(&[("README", "")], &[]);
        assert!(no_tree.contains("DIR is not a source tree: no `pyproject.toml`"), "{no_tree}");
        let packed = ("PKG-INFO", "Version: 16.1.0\n");
        let other = refused(&[PLACEMENT, packed], &["compute".to_owned()]);
        assert!(
            other.contains("`openstack_placement`, a package of placement, not of compute; run"),
            "{other}"
        );
        let project = ("pyproject.toml", "[project]\nname = \"heat\"\n");
        let unknown = refused(&[project, packed], &[]);
        assert!(unknown.contains("`heat`, which is not a package of any service"), "{unknown}");
    }

    #[test]
    fn a_tree_without_a_version_needs_one_to_be_set() {
        let folder = tree(&[PLACEMENT]);
        let error = version(folder.path(), None).unwrap_err();
        assert!(error.help().unwrap().to_string().contains("PBR_VERSION=34.0.0"));
        assert_eq!(version(folder.path(), Some("16.1.0".to_owned())).unwrap(), "16.1.0");
    }

    #[test]
    fn builds_and_history_are_not_copied() {
        let folder =
            tree(&[("nova/api.py", "1"), (".git/config", ""), ("build/lib/nova/old.py", "")]);
        let root = folder.path().to_owned();
        let tree = Tree { root, package: "nova".to_owned(), version: "1".to_owned() };
        let target = tempfile::tempdir().unwrap();
        let to = target.path().join("copy");
        tree.copy(&to).unwrap();
        fs::write(to.join("left"), "from the copy before").unwrap();
        tree.copy(&to).unwrap();
        let names: Vec<_> = fs::read_dir(&to).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["nova"]);
    }
}
