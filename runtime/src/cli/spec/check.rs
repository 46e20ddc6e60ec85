//! `squall spec check`: checks OpenAPI documents, and generates clients from them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use squall_codegen::{CheckedDocument, emit, emit_crate};
use squall_model::Severity;

use super::arguments::CheckArguments;
use super::remark::Remark;
use crate::cli::error::{CliError, render};
use crate::exit::Exit;

/// Checks documents: diagnostics go to standard error, a summary line per document to
/// standard output.
///
/// Clients are only written when every document is usable.
pub(super) fn check(arguments: &CheckArguments) -> Result<Exit, CliError> {
    let runtime = arguments.runtime.as_deref();
    runtime.map_or(Ok(()), holds_client)?;
    let targets = match &arguments.emit {
        Some(folder) => targets(folder, &arguments.files)?,
        None => Vec::new(),
    };
    let report = squall_codegen::check(&arguments.files);
    for document in &report.documents {
        remark(document)?;
    }
    let mut out = io::stdout().lock();
    for document in &report.documents {
        writeln!(out, "{}", summary(document))?;
    }
    if report.has_errors() {
        return Ok(Exit::BadInput);
    }
    for (document, folder) in report.documents.iter().zip(&targets) {
        if let Some(service) = &document.service {
            ours_or_empty(folder, &service.name)?;
            emit_crate(service, folder, runtime)?;
            writeln!(out, "{}: written", folder.display())?;
        }
    }
    Ok(Exit::Ok)
}

fn remark(document: &CheckedDocument) -> io::Result<()> {
    let text = fs::read_to_string(&document.file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let mut err = io::stderr().lock();
    for diagnostic in &document.diagnostics {
        let line = diagnostic.line.and_then(|line| lines.get(line.checked_sub(1)?)).copied();
        write!(err, "{}", render(&Remark::new(diagnostic, line)))?;
    }
    Ok(())
}

fn summary(document: &CheckedDocument) -> String {
    let count =
        |severity| document.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let found = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    match &document.service {
        Some(service) => {
            let operations = counted(service.operations.len(), "operation");
            format!("{}: {operations}, {found}", document.file)
        }
        None => format!("{}: not usable, {found}", document.file),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Returns the directory of each file's crate, in the order of the files.
fn targets(folder: &Path, files: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    if files.len() == 1 {
        return Ok(vec![folder.to_owned()]);
    }
    let mut seen = BTreeSet::new();
    let target = |file: &PathBuf| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().replace('.', "-");
        if seen.insert(name.clone()) {
            return Ok(folder.join(name));
        }
        Err(CliError::bad_input(
            format!("two documents would be written to {}", folder.join(name).display()),
            "their files have the same name: generate them one at a time, into different directories",
        ))
    };
    files.iter().map(target).collect()
}

/// Refuses to overwrite a crate that Squall did not generate.
fn ours_or_empty(folder: &Path, service: &str) -> Result<(), CliError> {
    if !folder.join("Cargo.toml").exists() {
        return Ok(());
    }
    let marked = |text: String| text.starts_with(&emit::header(service));
    if fs::read_to_string(folder.join("src/lib.rs")).is_ok_and(marked) {
        return Ok(());
    }
    Err(CliError::bad_input(
        format!(
            "{} contains a crate that is not a generated client of {service}",
            folder.display()
        ),
        "name an empty or new directory",
    ))
}

fn holds_client(runtime: &Path) -> Result<(), CliError> {
    if runtime.join("client/Cargo.toml").is_file() {
        return Ok(());
    }
    Err(CliError::bad_input(
        format!("{} does not contain client/Cargo.toml", runtime.display()),
        "`--runtime` takes the directory `runtime` of a Squall checkout",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_several_documents_has_a_folder_of_its_own() {
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let named = targets(Path::new("out"), &files(&["a/v2.96.yaml", "b.json"])).unwrap();
        assert_eq!(named, files(&["out/v2-96", "out/b"]));
        assert!(targets(Path::new("out"), &files(&["a/x.yaml", "b/x.yaml"])).is_err());
    }

    #[test]
    fn what_we_did_not_write_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        assert!(ours_or_empty(folder.path(), "dns").is_ok());
        fs::write(folder.path().join("Cargo.toml"), "[package]").unwrap();
        assert!(ours_or_empty(folder.path(), "dns").is_err());
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), emit::header("dns")).unwrap();
        assert!(ours_or_empty(folder.path(), "dns").is_ok());
    }
}
