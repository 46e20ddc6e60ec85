//! The services' spec files in `api-specs/`.

use std::fs;
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use serde_json::Value;
use squall_codegen::build::SpecFiles;
use squall_codegen::model::Service;

/// The root of the checkout that this command was built from.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the names of the folders with a spec, in order.
pub(crate) fn folders(root: &Path) -> miette::Result<Vec<String>> {
    let specs = root.join("api-specs");
    let entries = fs::read_dir(&specs)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to read {}", specs.display()))?;
    let mut folders: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("openapi.yaml").is_file())
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    folders.sort();
    Ok(folders)
}

/// Returns those of the named folders, in order; all if no name is given.
pub(crate) fn chosen(root: &Path, names: &[String]) -> miette::Result<Vec<String>> {
    let known = folders(root)?;
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(miette!(
            help = format!("the services are {}", known.join(", ")),
            "api-specs has no service `{unknown}`"
        ));
    }
    Ok(known.into_iter().filter(|folder| names.is_empty() || names.contains(folder)).collect())
}

/// Reads the spec files of a folder.
pub(crate) fn read(root: &Path, folder: &str) -> miette::Result<SpecFiles> {
    SpecFiles::read(&root.join("api-specs").join(folder)).map_err(|message| miette!("{message}"))
}

/// Reads a valid spec.
pub(crate) fn service(root: &Path, folder: &str) -> miette::Result<Service> {
    read(root, folder)?.generate().service.ok_or_else(|| {
        miette!(
            help = "run `cargo xtask regen --check` to see the errors",
            "the spec of {folder} is invalid"
        )
    })
}

/// Reads a file of a spec as it is written; `None` if there is none.
pub(crate) fn document(file: &Path) -> miette::Result<Option<Value>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(file)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to read {}", file.display()))?;
    squall_yaml::read(&text, &squall_yaml::Options::for_specs())
        .map(|node| Some(node.into_value()))
        .into_diagnostic()
        .wrap_err_with(|| format!("{} is not valid YAML", file.display()))
}
