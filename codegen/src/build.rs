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
    for file in [SPEC, HISTORY].map(|name| specs.join(name)).iter().filter(|file| file.exists()) {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let outcome = files.generate();
    let Some(service) = outcome.service else {
        let messages: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
        return Err(messages.join("\n\n"));
    };
    for file in emit::code(&service) {
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
const HARVEST: &str = "write them with `cargo xtask harvest`";

/// The spec files of one service, as the generator reads them.
#[derive(Debug, Clone)]
pub struct SpecFiles {
    spec: (String, String),
    history: Option<(String, String)>,
}

impl SpecFiles {
    /// Reads the files of a folder. `history.yaml` is optional.
    ///
    /// # Errors
    /// The document cannot be read; the message says what to do.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let spec = folder.join(SPEC);
        let text = fs::read_to_string(&spec).map_err(|error| {
            format!("error: failed to read {}: {error}\n  help: {HARVEST}", spec.display())
        })?;
        let history = folder.join(HISTORY);
        let history_text = fs::read_to_string(&history).ok();
        Ok(Self {
            spec: (spec.display().to_string(), text),
            history: history_text.map(|text| (history.display().to_string(), text)),
        })
    }

    /// Generates the service.
    pub fn generate(&self) -> generate::Outcome {
        let spec = Source { file: &self.spec.0, text: &self.spec.1 };
        let history = self.history.as_ref().map(|(file, text)| Source { file, text });
        generate::service(spec, history)
    }
}
