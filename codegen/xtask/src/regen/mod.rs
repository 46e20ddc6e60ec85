//! `cargo xtask regen`: write what follows from the specs.
//!
//! Of each service: the surface lock `generated/api/<folder>.txt` and the
//! reference page; of all: the pages' index and their entries in the book's
//! summary. A service whose spec is broken is reported and the others go on.

mod book;
mod changes;
mod file;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, thread};

use miette::{IntoDiagnostic as _, WrapErr as _};
use squall_codegen::build::SpecFiles;
use squall_codegen::diagnostic::Diagnostic;
use squall_codegen::emit;
use squall_codegen::model::Service;
use squall_model::Severity;

use file::Pen;

/// Write the surface locks and the reference pages from the specs.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when anything committed is stale.
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = root();
    let mut pen = Pen::new(&root, arguments.check);
    let mut pages = Vec::new();
    let mut broken = Vec::new();
    for made in generate_all(&root)? {
        tell(&made.diagnostics);
        let Some(service) = made.service else {
            broken.push(made.folder);
            continue;
        };
        let lock = format!("generated/api/{}.txt", made.folder);
        let before = pen.current(&lock);
        changes::print(&service.name, &before, &made.lock);
        pen.write(&lock, &made.lock)?;
        pen.write(&format!("docs/src/reference/{}.md", made.folder), &made.page)?;
        pages.push(book::Entry::new(&made.folder, &service));
    }
    if broken.is_empty() {
        pen.remove_others("generated/api", ".txt", pages.iter().map(|page| page.folder.as_str()))?;
        pen.write("docs/src/reference/index.md", &book::index(&pages))?;
        let summary = pen.current("docs/src/SUMMARY.md");
        pen.write("docs/src/SUMMARY.md", &book::summary(&summary, &pages))?;
    } else {
        eprintln!("error: nothing was written for {}: mend what is told above", broken.join(", "));
    }
    let stale = pen.finish();
    Ok(if broken.is_empty() && !stale { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The root of the checkout that this command was built from.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What came of one service's folder.
struct Made {
    folder: String,
    service: Option<Service>,
    diagnostics: Vec<Diagnostic>,
    lock: String,
    page: String,
}

/// Generates every service, all at once.
fn generate_all(root: &Path) -> miette::Result<Vec<Made>> {
    let specs = root.join("api-specs");
    let entries = fs::read_dir(&specs)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to read {}", specs.display()))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("openapi.yaml").is_file())
        .collect();
    folders.sort();
    let made = thread::scope(|scope| {
        let running: Vec<_> =
            folders.iter().map(|folder| scope.spawn(|| generate(folder, root))).collect();
        running.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    made.into_iter()
        .map(|made| made.map_err(|_| miette::miette!("a generator's thread panicked: a bug"))?)
        .collect()
}

fn generate(folder: &Path, root: &Path) -> miette::Result<Made> {
    let files = SpecFiles::read(folder).map_err(|message| miette::miette!("{message}"))?;
    let mut outcome = files.generate();
    for diagnostic in &mut outcome.diagnostics {
        let file = Path::new(&diagnostic.file);
        diagnostic.file = file.strip_prefix(root).unwrap_or(file).display().to_string();
    }
    let (lock, page) = match &outcome.service {
        Some(service) => (emit::lock::emit(service), emit::docs::emit(service)),
        None => Default::default(),
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (service, diagnostics) = (outcome.service, outcome.diagnostics);
    Ok(Made { folder: name, service, diagnostics, lock, page })
}

fn tell(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        eprintln!("{diagnostic}\n");
    }
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 1 {
        eprintln!("{errors} errors in {}\n", diagnostics.first().map_or("", |d| &d.file));
    }
}
