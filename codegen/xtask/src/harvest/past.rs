//! Earlier releases: harvested like the current one, of which only the surface and the default
//! policy rules are kept.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use serde::Deserialize;
use squall_codegen::build::SpecFiles;
use squall_codegen::emit;
use squall_codegen::surface::LESS_EVIDENCE;

use super::sources::Source;

/// The services that cannot be asked in their earlier releases, and why.
const LESS_EVIDENCE_FOR: &[(&str, &str)] = &[];

/// Where the files of one service of an earlier release are.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) work: PathBuf,
    /// The spec that is only made to read its surface.
    pub(super) spec: PathBuf,
    surface: PathBuf,
    /// The default policy rules, in the form of `oslopolicy-sample-generator`.
    policies: PathBuf,
    /// The surface of the current release.
    pub(super) current_surface: PathBuf,
}

impl Past {
    pub(super) fn new(root: &Path, release: &str, source: &Source) -> Self {
        let all = root.join("target/harvest/releases").join(release);
        let surface = format!("api-specs/releases/{release}/{}.txt", source.service);
        Self {
            work: all.join(&source.service),
            spec: all.join("specs").join(&source.service),
            surface: root.join(surface),
            policies: root
                .join(format!("api-specs/releases/{release}/{}.policy.yaml", source.service)),
            current_surface: root.join(format!("generated/api/{}.txt", source.service)),
        }
    }

    /// Writes the surface of the spec.
    pub(super) fn keep_surface(&self) -> miette::Result<()> {
        let files = SpecFiles::read(&self.spec).map_err(|message| miette!("{message}"))?;
        let outcome = files.generate();
        let service = outcome.service.ok_or_else(|| {
            let shown: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
            miette!("the spec that was harvested is invalid:\n{}", shown.join("\n"))
        })?;
        let mut lock = emit::lock::emit(&service);
        if let Some((_, why)) = LESS_EVIDENCE_FOR.iter().find(|(name, _)| *name == service.name) {
            lock.insert_str(0, &format!("{LESS_EVIDENCE}{why}\n"));
        }
        let folder = self.surface.parent().unwrap_or(&self.surface);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&self.surface, lock))
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to write {}", self.surface.display()))
    }

    /// Writes the default policy rules; object storage has none.
    pub(super) fn keep_policies(&self, release: &str) -> miette::Result<()> {
        let from = self.spec.join("policies.yaml");
        if !from.is_file() {
            return Ok(());
        }
        let text = fs::read_to_string(&from)
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to read {}", from.display()))?;
        let Rules { rules } = squall_yaml::from_str(&text)
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to read {}", from.display()))?;
        fs::write(&self.policies, sample(&rules, release))
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to write {}", self.policies.display()))
    }
}

/// A rule of `policies.yaml`, without the operations: what `squall policy diff` compares.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Rule {
    name: String,
    check: String,
    #[serde(default)]
    scope_types: Vec<String>,
    deprecated: Option<Before>,
}

#[derive(Deserialize)]
struct Before {
    name: String,
    check: String,
    #[serde(default)]
    since: String,
}

#[derive(Deserialize)]
struct Rules {
    rules: Vec<Rule>,
}

/// Writes the rules as a sample policy file, whose lines are not wrapped.
fn sample(rules: &[Rule], release: &str) -> String {
    let mut out = format!("# Written by `cargo xtask harvest --release {release}`.\n");
    for Rule { name, check, scope_types, deprecated } in rules {
        out.push('\n');
        if !scope_types.is_empty() {
            let _ = writeln!(out, "# Intended scope(s): {}", scope_types.join(", "));
        }
        let _ = writeln!(out, "#\"{name}\": \"{check}\"");
        if let Some(Before { name: old, check: before, since }) = deprecated {
            let _ = writeln!(
                out,
                "# DEPRECATED\n# \"{old}\":\"{before}\" has been deprecated since {since} in favor of \
                 \"{name}\":\"{check}\"."
            );
        }
    }
    out
}

/// Copies what is written by hand for the current release to the spec of another one: most of it
/// holds there too.
pub(super) fn keep_hand_written(current: &Path, spec: &Path) -> miette::Result<()> {
    fs::create_dir_all(spec)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to create {}", spec.display()))?;
    for name in ["overrides.yaml", "history.yaml"] {
        let from = current.join(name);
        if from.is_file() {
            fs::copy(&from, spec.join(name))
                .into_diagnostic()
                .wrap_err_with(|| format!("failed to copy {}", from.display()))?;
        }
    }
    Ok(())
}

/// Returns the names of the releases with pins, in order.
pub(super) fn releases(root: &Path) -> miette::Result<Vec<String>> {
    let folder = root.join("api-specs/releases");
    let entries = fs::read_dir(&folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to read {}", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned())).collect();
    found.sort();
    Ok(found)
}
