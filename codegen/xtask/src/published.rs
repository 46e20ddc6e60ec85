//! `cargo xtask published`: checks the generator against published documents.
//!
//! The crate `openstack_types` contains OpenAPI 3.1 documents of ten services. Cargo fetches
//! it like any dependency; nothing of it is committed. Each document is read, and the
//! generated clients are compiled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use miette::{IntoDiagnostic as _, WrapErr as _};
use squall_model::Severity;

use crate::specs::root;

/// Check the generator against published OpenAPI documents.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only read the documents, do not compile clients.
    #[arg(long)]
    no_compile: bool,
}

const PACKAGE: &str = "openstack_types";
const VERSION: &str = "0.22.8";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = root();
    let scratch = root.join("target/published");
    let documents = documents(&scratch)?;
    let crates = scratch.join("crates");
    // An earlier run may have left crates of other documents.
    let _ = fs::remove_dir_all(&crates);
    let mut dependencies = String::new();
    let mut refused = 0;
    for (name, path) in &documents {
        let report = squall_codegen::check(&[path]);
        for document in report.documents {
            let count = |s| document.diagnostics.iter().filter(|d| d.severity == s).count();
            let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
            let Some(service) = document.service else {
                println!("{name:<50} refused: {errors} errors");
                document.diagnostics.iter().for_each(|diagnostic| eprintln!("{diagnostic}\n"));
                refused += 1;
                continue;
            };
            let operations = service.operations.len();
            println!("{name:<50} {operations:>4} operations, {warnings:>3} warnings");
            let folder = crates.join(name);
            squall_codegen::emit_crate(&service, &folder, Some(&root.join("runtime")))
                .into_diagnostic()?;
            let dependency = format!("{name} = {{ path = {:?} }}\n", folder.display().to_string());
            dependencies.push_str(&dependency);
        }
    }
    if refused > 0 {
        eprintln!("error: {refused} of {} documents were refused", documents.len());
        return Ok(ExitCode::FAILURE);
    }
    if !arguments.no_compile {
        compile(&root, &scratch, &dependencies)?;
        println!("the clients of all {} documents compile", documents.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// Fetches the crate. Returns its documents with names, without duplicates.
fn documents(scratch: &Path) -> miette::Result<Vec<(String, PathBuf)>> {
    let project = scratch.join("fetch");
    let dependency =
        format!("{PACKAGE} = {{ version = \"={VERSION}\", default-features = false }}");
    write_project(&project, "fetch", &dependency)?;
    let output = cargo(&project)
        .args(["metadata", "--format-version", "1"])
        .output()
        .into_diagnostic()
        .wrap_err("failed to start cargo")?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(miette::miette!(
            help = "check that the package registry is reachable",
            "failed to fetch {PACKAGE} {VERSION}: {stderr}"
        ));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).into_diagnostic()?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == PACKAGE)
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or_else(|| miette::miette!("`cargo metadata` has no path for {PACKAGE}"))?;
    let mut files = Vec::new();
    collect(&Path::new(manifest).with_file_name("data"), &mut files)?;
    files.sort();
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for file in files {
        let text = fs::read(&file).into_diagnostic()?;
        if seen.insert(text) {
            let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().replace('.', "-");
            out.push((format!("{}-{stem}", folder.to_string_lossy()), file));
        }
    }
    Ok(out)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> miette::Result<()> {
    let entries = fs::read_dir(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to read {}", folder.display()))?;
    for entry in entries {
        let path = entry.into_diagnostic()?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    Ok(())
}

/// Compiles the crates as dependencies of one project, in one Cargo run.
fn compile(root: &Path, scratch: &Path, dependencies: &str) -> miette::Result<()> {
    let project = scratch.join("all");
    write_project(&project, "all", dependencies)?;
    // With the same versions, most dependencies are already built.
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).into_diagnostic()?;
    let status = cargo(&project)
        .args(["check", "--quiet"])
        .env("CARGO_TARGET_DIR", root.join("target"))
        .status()
        .into_diagnostic()
        .wrap_err("failed to start cargo")?;
    if status.success() {
        Ok(())
    } else {
        Err(miette::miette!(
            help = "the code is in target/published/crates",
            "the generated clients do not compile"
        ))
    }
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    command
}

fn write_project(folder: &Path, name: &str, dependencies: &str) -> miette::Result<()> {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n[dependencies]\n{dependencies}\n"
    );
    let failed = || format!("failed to write into {}", folder.display());
    fs::create_dir_all(folder.join("src")).into_diagnostic().wrap_err_with(failed)?;
    fs::write(folder.join("src/lib.rs"), "").into_diagnostic().wrap_err_with(failed)?;
    fs::write(folder.join("Cargo.toml"), manifest).into_diagnostic().wrap_err_with(failed)
}
