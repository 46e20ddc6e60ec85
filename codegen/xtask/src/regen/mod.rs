//! `cargo xtask regen`: writes the files that are generated from the specs.
//!
//! For each service these are its crate `generated/<folder>`, the surface lock
//! `generated/api/<folder>.txt` and the reference page; for all together the crate that gathers
//! the clients, the index of the pages and their entries in the book's summary. An invalid spec
//! is reported and does not stop the other services.

mod book;
mod changes;
mod crates;
mod file;

use std::path::Path;
use std::process::ExitCode;
use std::thread;

use squall_codegen::diagnostic::Diagnostic;
use squall_codegen::emit;
use squall_codegen::model::Service;
use squall_model::Severity;

use crate::specs::{self, root};
use file::Writer;

/// Write the crates, surface locks and reference pages of the services in `api-specs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if a committed file is stale.
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = root();
    let mut writer = Writer::new(&root, arguments.check);
    let mut pages = Vec::new();
    let mut clients = Vec::new();
    let mut broken = Vec::new();
    for generated in generate_all(&root)? {
        print(&generated.diagnostics);
        let Some(service) = generated.service else {
            broken.push(generated.folder);
            continue;
        };
        let lock = format!("generated/api/{}.txt", generated.folder);
        let before = writer.current(&lock);
        changes::print(&service.name, &before, &generated.lock);
        writer.write(&lock, &generated.lock)?;
        writer.write(&format!("docs/src/reference/{}.md", generated.folder), &generated.page)?;
        pages.push(book::Entry::new(&generated.folder, &service));
        let client = crates::Client::new(&generated.folder, &service);
        for (name, content) in crates::client(&client) {
            writer.write(&name, &content)?;
        }
        clients.push(client);
    }
    if broken.is_empty() {
        writer.remove_others(
            "generated/api",
            ".txt",
            pages.iter().map(|page| page.folder.as_str()),
        )?;
        let pages_kept = pages.iter().map(|page| page.folder.as_str()).chain(["index", "changes"]);
        writer.remove_others("docs/src/reference", ".md", pages_kept)?;
        writer.remove_folders("generated", &crates::folders(&clients))?;
        for (name, content) in crates::gathered(&clients) {
            writer.write(&name, &content)?;
        }
        writer.write("docs/src/reference/index.md", &book::index(&pages))?;
        writer.write("docs/src/reference/changes.md", &book::changes(&root, &pages)?)?;
        let summary = writer.current("docs/src/SUMMARY.md");
        writer.write("docs/src/SUMMARY.md", &book::summary(&summary, &pages))?;
    } else {
        eprintln!("error: nothing was written for {}: correct the errors above", broken.join(", "));
    }
    let stale = writer.finish();
    Ok(if broken.is_empty() && !stale { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The result for one service's folder.
struct Generated {
    folder: String,
    service: Option<Service>,
    diagnostics: Vec<Diagnostic>,
    lock: String,
    page: String,
}

/// Generates all services in parallel.
fn generate_all(root: &Path) -> miette::Result<Vec<Generated>> {
    let folders = specs::folders(root)?;
    let made = thread::scope(|scope| {
        let running: Vec<_> =
            folders.iter().map(|folder| scope.spawn(|| generate(folder, root))).collect();
        running.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    made.into_iter()
        .map(|made| {
            made.map_err(|_| miette::miette!("a generator thread panicked: this is a bug"))?
        })
        .collect()
}

fn generate(folder: &str, root: &Path) -> miette::Result<Generated> {
    let files = specs::read(root, folder)?;
    let mut outcome = files.generate();
    for diagnostic in &mut outcome.diagnostics {
        let file = Path::new(&diagnostic.file);
        diagnostic.file = file.strip_prefix(root).unwrap_or(file).display().to_string();
    }
    let (lock, page) = match &outcome.service {
        Some(service) => (emit::lock::emit(service), emit::docs::emit(service)),
        None => Default::default(),
    };
    let (service, diagnostics) = (outcome.service, outcome.diagnostics);
    Ok(Generated { folder: folder.to_owned(), service, diagnostics, lock, page })
}

fn print(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        eprintln!("{diagnostic}\n");
    }
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 1 {
        eprintln!("{errors} errors in {}\n", diagnostics.first().map_or("", |d| &d.file));
    }
}
