//! `squall topology`: lists, checks and shows topologies.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::{ContentArrangement, Table, presets};
use squall_topology::document::{DocumentErrorKind, Mistakes};
use squall_topology::{Document, DocumentError, Plan, document, graph, shipped, topology};

use super::error::CliError;
use super::output::Output;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(super) enum TopologyCommand {
    /// List the topologies that ship with this program.
    List(ListArguments),
    /// Check topology documents; every mistake is reported with its line.
    Check(CheckArguments),
    /// Show the resolved topology: every process, its node and its dependencies.
    Show(ShowArguments),
    /// Draw the resolved topology as SVG.
    Graph(GraphArguments),
    /// Print the JSON Schema of a topology.
    Schema,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Output,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The documents, or the names of shipped topologies.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// The name of a shipped topology, or a file.
    #[arg(value_name = "NAME|FILE", default_value = "all-in-one")]
    topology: String,
    /// Override the topology's release, as in `2026.1`.
    #[arg(long, value_name = "NAME")]
    release: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Output,
}

#[derive(Debug, Args)]
pub(super) struct GraphArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// The file to write the drawing to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs a subcommand.
pub(super) fn run(command: &TopologyCommand) -> Result<Exit, CliError> {
    match command {
        TopologyCommand::List(arguments) => list(arguments),
        TopologyCommand::Check(arguments) => check(arguments),
        TopologyCommand::Show(arguments) => show(arguments),
        TopologyCommand::Graph(arguments) => draw(arguments),
        TopologyCommand::Schema => {
            writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&document::schema())?)?;
            Ok(Exit::Ok)
        }
    }
}

/// Resolves a topology, or returns every mistake in it.
pub(super) fn plan(name_or_path: &str, release: Option<&str>) -> Result<Plan, CliError> {
    read(name_or_path)?.resolve(release).map_err(mistakes)
}

fn read(name_or_path: &str) -> Result<Document, CliError> {
    topology(name_or_path).map_err(|error| match error {
        DocumentError { kind: DocumentErrorKind::Mistakes(found), .. } => mistakes(found),
        other => CliError::several(vec![Box::new(other)]),
    })
}

fn mistakes(found: Mistakes) -> CliError {
    let boxed = |mistake| Box::new(mistake) as Box<dyn miette::Diagnostic + Send + Sync>;
    CliError::several(found.into_iter().map(boxed).collect())
}

fn list(arguments: &ListArguments) -> Result<Exit, CliError> {
    let mut table = plain();
    for name in shipped::names() {
        let description = read(name)?.description.unwrap_or_default();
        match arguments.format {
            Output::Text => {
                table.add_row([name, &description]);
            }
            Output::Json => {
                let line = serde_json::json!({ "name": name, "description": description });
                writeln!(io::stdout(), "{line}")?;
            }
        }
    }
    if arguments.format == Output::Text {
        writeln!(io::stdout(), "{}", trimmed(&table))?;
    }
    Ok(Exit::Ok)
}

/// Checks all documents, even when some are invalid.
fn check(arguments: &CheckArguments) -> Result<Exit, CliError> {
    let mut exit = Exit::Ok;
    for file in &arguments.files {
        match plan(file, None) {
            Ok(plan) => writeln!(
                io::stdout(),
                "{file}: {}, {}, {}",
                counted(plan.nodes.len(), "node"),
                counted(plan.services.len(), "service"),
                counted_with(plan.processes.len(), "process", "processes"),
            )?,
            Err(error) => exit = error.print(),
        }
    }
    Ok(exit)
}

fn show(arguments: &ShowArguments) -> Result<Exit, CliError> {
    let Chosen { topology, release } = &arguments.chosen;
    let plan = plan(topology, release.as_deref())?;
    let text = match arguments.format {
        Output::Text => described(&plan),
        Output::Json => serde_json::to_string_pretty(&plan)?,
    };
    writeln!(io::stdout(), "{text}")?;
    Ok(Exit::Ok)
}

fn draw(arguments: &GraphArguments) -> Result<Exit, CliError> {
    let Chosen { topology, release } = &arguments.chosen;
    let drawing = graph::svg(&plan(topology, release.as_deref())?);
    match &arguments.output {
        None => io::stdout().write_all(drawing.as_bytes())?,
        Some(path) => fs::write(path, drawing).map_err(|error| {
            CliError::bad_input(
                format!("failed to write {}: {error}", path.display()),
                "name a file in an existing, writable directory",
            )
        })?,
    }
    Ok(Exit::Ok)
}

fn described(plan: &Plan) -> String {
    let mut services = plain();
    services.set_header(["service", "release", "to start", "to serve", "to upgrade", "proxied"]);
    for service in &plan.services {
        let names = |needs: &[squall_topology::component::Service]| {
            let names: Vec<&str> = needs.iter().map(|needed| needed.name()).collect();
            if names.is_empty() { "–".to_owned() } else { names.join(" ") }
        };
        services.add_row([
            service.service.name().to_owned(),
            service.release.clone(),
            names(&service.needs_to_start),
            names(&service.needs_to_serve),
            names(&service.needs_to_upgrade),
            if service.fronted { "yes" } else { "no" }.to_owned(),
        ]);
    }
    let mut processes = plain();
    processes.set_header(["process", "node", "release", "workers", "waits for"]);
    for process in &plan.processes {
        let workers = match process.workers {
            0 => "–".to_owned(),
            workers => workers.to_string(),
        };
        processes.add_row([
            process.id.clone(),
            process.node.clone(),
            process.release.clone().unwrap_or_else(|| "Debian's".to_owned()),
            workers,
            process.after.join(" "),
        ]);
    }
    let (name, nodes) = (&plan.topology, counted(plan.nodes.len(), "node"));
    format!("{name}, on {nodes}\n\n{}\n\n{}", trimmed(&services), trimmed(&processes))
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}

fn trimmed(table: &Table) -> String {
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

fn counted(count: usize, what: &str) -> String {
    counted_with(count, what, &format!("{what}s"))
}

fn counted_with(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
