//! The body of a generated crate's `build.rs`: writes its service's code to `OUT_DIR`.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use crate::emit;
use crate::generate::{self, Source};

/// Generates the code of the service whose spec is in `api-specs/<folder>`.
///
/// If the spec is invalid, prints every error with file, line, pointer and help, and
/// exits with status 1.
pub fn run(folder: &str) {
    if let Err(message) = generate(folder) {
        eprintln!("{message}");
        process::exit(1);
    }
}

fn generate(folder: &str) -> Result<(), String> {
    let manifest = variable("CARGO_MANIFEST_DIR")?;
    let out = PathBuf::from(variable("OUT_DIR")?);
    let specs = Path::new(&manifest).join("../../api-specs").join(folder);
    let specs = fs::canonicalize(&specs).map_err(|error| {
        format!("error: no specs in {}: {error}\n  help: {HARVEST}", specs.display())
    })?;
    let files = SpecFiles::read(&specs)?;
    // Cargo treats a file that does not exist as always changed.
    for file in [SPEC, HISTORY, OVERRIDES, RESOURCES, POLICIES]
        .map(|name| specs.join(name))
        .iter()
        .filter(|file| file.exists())
    {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let outcome = files.generate();
    let Some(service) = outcome.service else {
        let messages: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
        return Err(messages.join("\n\n"));
    };
    let description = emit::description::emit(&service.name, &outcome.description);
    let policies = emit::policies::emit(&service.name, &outcome.policy_rules);
    for file in emit::code(&service).into_iter().chain([description, policies]) {
        let path = out.join(file.name);
        fs::write(&path, file.content)
            .map_err(|error| format!("error: failed to write {}: {error}", path.display()))?;
    }
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| {
        format!("error: `{name}` is not set\n  help: call this from a build script that cargo runs")
    })
}

const SPEC: &str = "openapi.yaml";
const HISTORY: &str = "history.yaml";
const OVERRIDES: &str = "overrides.yaml";
const RESOURCES: &str = "resources.yaml";
const POLICIES: &str = "policies.yaml";
const HARVEST: &str = "write them with `cargo xtask harvest`";

/// The spec files of one service, as the generator reads them.
#[derive(Debug, Clone)]
pub struct SpecFiles {
    spec: (String, String),
    overrides: (String, String),
    history: (String, String),
    resources: Option<(String, String)>,
    policies: Option<(String, String)>,
}

impl SpecFiles {
    /// Reads the files of a folder. Only the spec has to be there.
    ///
    /// # Errors
    /// The document cannot be read; the message says what to do.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let spec = folder.join(SPEC);
        let text = fs::read_to_string(&spec).map_err(|error| {
            format!("error: failed to read {}: {error}\n  help: {HARVEST}", spec.display())
        })?;
        let history = folder.join(HISTORY);
        let overrides = folder.join(OVERRIDES);
        let overrides_text = fs::read_to_string(&overrides).unwrap_or_default();
        // Without a file the history is empty, which is an error if there are microversions.
        let history_text = fs::read_to_string(&history).unwrap_or_default();
        let optional = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).ok().map(|text| (path.display().to_string(), text))
        };
        Ok(Self {
            spec: (spec.display().to_string(), text),
            history: (history.display().to_string(), history_text),
            overrides: (overrides.display().to_string(), overrides_text),
            resources: optional(RESOURCES),
            policies: optional(POLICIES),
        })
    }

    /// Generates the service.
    pub fn generate(&self) -> generate::Outcome {
        let spec = Source { file: &self.spec.0, text: &self.spec.1 };
        let history = Source { file: &self.history.0, text: &self.history.1 };
        let mut outcome = generate::service(spec, Some(history));
        let overrides = Source { file: &self.overrides.0, text: &self.overrides.1 };
        generate::check_overrides(overrides, &mut outcome);
        if let Some((file, text)) = &self.resources {
            generate::describe(Source { file, text }, &mut outcome);
        }
        if let Some((file, text)) = &self.policies {
            generate::policy_rules(Source { file, text }, &mut outcome);
        }
        outcome
    }
}
