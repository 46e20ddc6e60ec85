//! Writes the list of the requests of all services.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use squall_codegen::build::SpecFiles;
use squall_codegen::emit;

fn main() {
    if let Err(message) = write() {
        eprintln!("{message}");
        process::exit(1);
    }
}

fn write() -> Result<(), String> {
    let variable = |name| env::var(name).map_err(|_| format!("error: `{name}` is not set"));
    let specs = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../api-specs");
    let failed = |error| format!("error: failed to read {}: {error}", specs.display());
    let entries = fs::read_dir(&specs).map_err(failed)?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| folder.join("openapi.yaml").is_file())
        .collect();
    folders.sort();
    let mut code = emit::requests::BEGIN.to_owned();
    for folder in &folders {
        println!("cargo::rerun-if-changed={}", folder.join("openapi.yaml").display());
        let service = SpecFiles::read(folder)?.generate().service.ok_or_else(|| {
            format!("error: {} is invalid: run `cargo xtask regen`", folder.display())
        })?;
        code.push_str(&emit::requests::emit(&service));
    }
    code.push_str(emit::requests::END);
    let out = Path::new(&variable("OUT_DIR")?).join("requests.rs");
    fs::write(&out, code)
        .map_err(|error| format!("error: failed to write {}: {error}", out.display()))
}
