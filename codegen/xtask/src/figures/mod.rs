//! `cargo xtask figures`: measures the size and the build cost of generated code.
//!
//! Sizes are those of the generator's output. Costs are those of each crate's own rustc in
//! debug, measured while it runs; Linux only.

mod watch;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs};

use miette::{IntoDiagnostic as _, WrapErr as _};
use squall_codegen::emit;

use crate::specs::{self, root};
use watch::Watched;

/// Measure the generated code: lines, bytes, build time and memory.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Measure sizes only, do not build.
    #[arg(long)]
    no_build: bool,
    /// First build the whole workspace from scratch, and report the time.
    #[arg(long, conflicts_with = "no_build")]
    cold: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = root();
    let target = root.join("target/figures");
    if arguments.cold {
        cold(&root, &target)?;
    }
    println!(
        "| crate | operations | lines an operation | blob bytes | CPU s | CPU s an operation | peak MiB |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut all = Row::default();
    for folder in specs::folders(&root)? {
        let mut row = count(&root, &folder)?;
        if !arguments.no_build {
            row.built = build(&root, &target, &folder)?;
        }
        row.print(&format!("squall-{folder}"));
        all.add(&row);
    }
    all.print("all");
    Ok(ExitCode::SUCCESS)
}

/// The figures of one crate, or of all.
#[derive(Debug, Default)]
struct Row {
    operations: usize,
    lines: usize,
    blob: usize,
    built: Watched,
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.lines += other.lines;
        self.blob += other.blob;
        self.built.cpu_seconds += other.built.cpu_seconds;
        self.built.peak_mib = self.built.peak_mib.max(other.built.peak_mib);
    }

    #[expect(clippy::cast_precision_loss, reason = "these are small numbers")]
    fn print(&self, name: &str) {
        let operations = self.operations.max(1) as f64;
        println!(
            "| {name} | {} | {:.1} | {} | {:.2} | {:.4} | {} |",
            self.operations,
            self.lines as f64 / operations,
            self.blob,
            self.built.cpu_seconds,
            self.built.cpu_seconds / operations,
            self.built.peak_mib,
        );
    }
}

fn count(root: &Path, folder: &str) -> miette::Result<Row> {
    let service = specs::service(root, folder)?;
    let mut row = Row { operations: service.operations.len(), ..Row::default() };
    for file in emit::code(&service) {
        if file.name == emit::blob::FILE {
            row.blob = file.content.len();
        } else {
            row.lines += file.content.split(|byte| *byte == b'\n').count() - 1;
        }
    }
    Ok(row)
}

/// Builds the crate's dependencies, and then measures the build of the crate itself.
fn build(root: &Path, target: &Path, folder: &str) -> miette::Result<Watched> {
    let package = format!("squall-{folder}");
    let cargo = |mark: &str| {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .current_dir(root)
            .env("CARGO_TARGET_DIR", target)
            .args(["rustc", "--quiet", "--lib", "--package", &package, "--"])
            .args(["--cfg", &format!("squall_figures=\"{mark}\"")]);
        command
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let failed = || format!("failed to build {package}");
    let status = cargo("dependencies").status().into_diagnostic().wrap_err_with(failed)?;
    if !status.success() {
        return Err(miette::miette!("failed to build {package}: see above"));
    }
    // A different argument makes Cargo run rustc again, for this crate only.
    let child = cargo(&now.to_string()).spawn().into_diagnostic().wrap_err_with(failed)?;
    watch::rustc(child, &package.replace('-', "_")).into_diagnostic().wrap_err_with(failed)
}

fn cold(root: &Path, target: &Path) -> miette::Result<()> {
    if target.exists() {
        fs::remove_dir_all(target).into_diagnostic()?;
    }
    let began = Instant::now();
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .args(["build", "--quiet", "--workspace"])
        .status()
        .into_diagnostic()?;
    if !status.success() {
        return Err(miette::miette!("failed to build the workspace: see above"));
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    println!("cold build: {:.0} s on {threads} cores\n", began.elapsed().as_secs_f64());
    Ok(())
}
