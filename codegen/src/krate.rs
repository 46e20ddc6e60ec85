//! Checks any OpenAPI document, and writes its client as a crate that compiles.

use std::fs;
use std::path::{Path, PathBuf};

use squall_model::Severity;

use crate::diagnostic::Diagnostic;
use crate::generate::{self, Source};
use crate::model::Service;
use crate::{emit, name};

/// The diagnostics of several documents.
#[derive(Debug, Default)]
pub struct CheckReport {
    /// One entry for each document, in the order given.
    pub documents: Vec<CheckedDocument>,
}

impl CheckReport {
    /// Whether any document has an error.
    pub fn has_errors(&self) -> bool {
        self.documents.iter().any(|document| document.service.is_none())
    }
}

/// One document and its diagnostics.
#[derive(Debug)]
pub struct CheckedDocument {
    /// The file, as the caller named it.
    pub file: String,
    /// The service it describes; `None` when a diagnostic is an error.
    pub service: Option<Service>,
    /// All diagnostics, sorted by position.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks documents of any service.
///
/// A file that cannot be read is reported as a diagnostic.
pub fn check<P: AsRef<Path>>(files: &[P]) -> CheckReport {
    CheckReport { documents: files.iter().map(|file| check_one(file.as_ref())).collect() }
}

fn check_one(path: &Path) -> CheckedDocument {
    let file = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => {
            let outcome = generate::service(Source { file: &file, text: &text }, None);
            let (service, diagnostics) = (outcome.service, outcome.diagnostics);
            CheckedDocument { file, service, diagnostics }
        }
        Err(error) => {
            let diagnostic = Diagnostic {
                file: file.clone(),
                line: None,
                pointer: String::new(),
                severity: Severity::Error,
                message: format!("failed to read the file: {error}"),
                help: "pass a file that holds an OpenAPI document in YAML or JSON".to_owned(),
            };
            CheckedDocument { file, service: None, diagnostics: vec![diagnostic] }
        }
    }
}

/// A crate could not be written.
#[derive(Debug, thiserror::Error)]
#[error("failed to write {}", path.display())]
pub struct EmitError {
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

/// Writes a service's client as a crate into `folder`, which names the package.
///
/// The crate depends on `squall-client`: by path where `runtime` names the
/// `runtime` folder of a checkout of Squall, and by version otherwise.
///
/// # Errors
/// A file could not be written.
pub fn emit_crate(
    service: &Service,
    folder: &Path,
    runtime: Option<&Path>,
) -> Result<(), EmitError> {
    let source = folder.join("src");
    let failed = |path: &Path, source| EmitError { path: path.to_owned(), source };
    fs::create_dir_all(&source).map_err(|error| failed(&source, error))?;
    let write = |path: PathBuf, content: &[u8]| {
        fs::write(&path, content).map_err(|error| failed(&path, error))
    };
    write(folder.join("Cargo.toml"), manifest(service, folder, runtime).as_bytes())?;
    write(source.join("lib.rs"), library(service).as_bytes())?;
    for file in emit::code(service) {
        write(source.join(file.name), &file.content)?;
    }
    Ok(())
}

fn manifest(service: &Service, folder: &Path, runtime: Option<&Path>) -> String {
    let package = package(service, folder);
    let client = match runtime {
        Some(runtime) => {
            let runtime = fs::canonicalize(runtime).unwrap_or_else(|_| runtime.to_owned());
            format!("{{ path = {:?} }}", runtime.join("client").display().to_string())
        }
        None => format!("{:?}", env!("CARGO_PKG_VERSION")),
    };
    format!(
        "[package]\nname = \"{package}\"\ndescription = {:?}\nversion = \"0.1.0\"\n\
         edition = \"2024\"\npublish = false\n\n[dependencies]\nsquall-client = {client}\n\n\
         # Keeps the crate out of any workspace around it.\n[workspace]\n",
        format!("{}: client, types, operations and schemas.", service.title),
    )
}

/// Returns the folder's name if it is a valid package name, or else one made from the
/// service's.
fn package(service: &Service, folder: &Path) -> String {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let own = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let fits = |name: &String| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    own.filter(fits).unwrap_or_else(|| format!("{}-client", name::words(&service.name).join("-")))
}

fn library(service: &Service) -> String {
    let header = emit::header(&service.name);
    let title = service.title.trim_end_matches('.');
    format!(
        "{header}\n//! {title}: a client, its types, and its operations as data.\n\n\
         mod client;\npub mod table;\npub mod types;\n\npub use client::*;\n"
    )
}
