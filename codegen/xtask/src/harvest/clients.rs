//! Harvests which operations the clients that people use have a method or a command for, and which
//! the API reference of the service documents.
//!
//! A script for each client writes the requests that its methods send. A request names an
//! operation by its method, its path and, for an action, the first key of its body. Another script
//! writes what the reference in a service's source package documents, in the same form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use squall_codegen::model::{Operation, Service};

use super::environment::Uv;
use super::introspect::cleaned;
use super::progress::Progress;
use super::sources::{Source, Sources};
use super::step::Step;
use crate::{sdist, specs};

/// Where the result is kept, beside the code that reads it.
pub(super) const TABLE: &str = "runtime/report/src/drift/clients.tsv";

/// The column of the API references.
pub(super) const REFERENCE: &str = "api-ref";

/// Harvests all clients of `api-specs/clients.toml`, and the API references.
pub(super) fn run(root: &Path, fresh: bool) -> miette::Result<ExitCode> {
    let sources = Sources::read(&root.join("api-specs/clients.toml"))?;
    let mut clients = sources.choose(&[])?;
    // A tester reads of Tempest first.
    clients.reverse();
    let names = clients.iter().map(|client| client.service.as_str());
    let progress = Progress::new(names);
    let uv = progress.of("uv", || Uv::find(&root.join("target/harvest"), &sources.uv))?;
    let operations = operations(root)?;
    let mut found: Vec<(String, BTreeSet<&str>)> = Vec::new();
    for client in clients {
        let line = progress.start(&client.service);
        line.step("requests");
        let outcome = requests(root, &sources, client, &uv, fresh);
        line.finish(outcome.is_ok());
        let package =
            client.packages.first().ok_or_else(|| miette!("{} has no package", client.service))?;
        let ids = outcome?.lines().filter_map(|line| operation(line, &operations)).collect();
        found.push((format!("{} {}", package.name, package.version), ids));
    }
    let line = progress.start(REFERENCE);
    line.step("operations");
    let outcome = documented(root);
    line.finish(outcome.is_ok());
    let (release, lines) = outcome?;
    let ids = lines.lines().filter_map(|line| operation(line, &operations)).collect();
    found.push((format!("{REFERENCE} {release}"), ids));
    let path = root.join(TABLE);
    fs::write(&path, table(&found))
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to write {}", path.display()))?;
    for (package, ids) in &found {
        println!("{package}: {} operations", ids.len());
    }
    println!("wrote {TABLE}");
    Ok(ExitCode::SUCCESS)
}

/// Runs a client's script; returns the requests that it found.
fn requests(
    root: &Path,
    sources: &Sources,
    client: &Source,
    uv: &Uv,
    fresh: bool,
) -> miette::Result<String> {
    let work = root.join("target/harvest/clients").join(&client.service);
    let python = uv.environment(sources, client, &work, fresh)?;
    let step = Step::start(&client.service, "requests", &work)?;
    let mut command = Command::new(python);
    let script = root.join(format!("codegen/harvest/client_{}.py", client.service));
    command.arg(script).arg("--out").arg(&work);
    cleaned(&mut command, &work);
    step.run(&mut command)?;
    let path = work.join("requests.tsv");
    Ok(fs::read_to_string(&path).map_err(|error| step.file(&path, &error))?)
}

/// Returns the release, and what the API references in the source packages document.
fn documented(root: &Path) -> miette::Result<(String, String)> {
    let sources = Sources::read(&root.join("api-specs/sources.toml"))?;
    let scratch = root.join("target/samples");
    let mut lines = String::new();
    for source in sources.choose(&[])? {
        let Some(package) = source.reference() else { continue };
        let unpacked = sdist::unpacked(package, &scratch)?;
        let script = root.join("codegen/harvest/api_reference.py");
        let mut python = Command::new("python3");
        python.arg(script).arg(source.service.replace('-', "_")).arg(&unpacked);
        let output = python.output().into_diagnostic().wrap_err("failed to start python3")?;
        if !output.status.success() {
            return Err(miette!(
                help = "the package may have moved its API reference",
                "the reference of {} {} was not read:\n{}",
                package.name,
                package.version,
                String::from_utf8_lossy(&output.stderr)
            ));
        }
        lines.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    Ok((sources.release, lines))
}

/// The operations of all services, by service.
type Operations = BTreeMap<String, Vec<Operation>>;

fn operations(root: &Path) -> miette::Result<Operations> {
    let one = |folder: &String| {
        let Service { name, operations, .. } = specs::service(root, folder)?;
        Ok((name, operations))
    };
    specs::folders(root)?.iter().map(one).collect()
}

/// Returns the id of the operation that a line of requests names.
fn operation<'a>(line: &str, operations: &'a Operations) -> Option<&'a str> {
    let mut columns = line.split('\t');
    let (service, method, path, action) =
        (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let own = operations.get(service)?;
    let path = below_version(path);
    let with = |method: &str| -> Vec<&'a Operation> {
        own.iter().filter(|op| op.method.as_str() == method && matches(&op.path, path)).collect()
    };
    let mut fitting = with(method);
    // Keystone answers HEAD wherever it answers GET.
    if fitting.is_empty() && method == "HEAD" {
        fitting = with("GET");
    }
    let acting = fitting.iter().find(|op| op.action.as_deref() == Some(action));
    let plain = fitting.iter().filter(|op| op.action.is_none());
    // `/servers/detail` is no server.
    let nearest = plain.min_by_key(|op| op.path.matches('{').count());
    acting.or(nearest).map(|op| op.id.as_str())
}

/// Removes the version from the beginning of a path.
fn below_version(path: &str) -> &str {
    let versions = ["/v2.1/", "/v2.0/", "/v2/", "/v3/"];
    let rest = versions.iter().find_map(|version| path.strip_prefix(version));
    rest.map_or(path, |rest| &path[path.len() - rest.len() - 1..])
}

/// Whether a path fits a template, part by part.
fn matches<'a>(template: &'a str, path: &'a str) -> bool {
    let parts = |path: &'a str| path.trim_end_matches('/').split('/');
    let (mut template, mut path) = (parts(template), parts(path));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given || part.starts_with('{') => {}
            _ => return false,
        }
    }
}

/// Writes the table: a line for each operation that any client has.
fn table(found: &[(String, BTreeSet<&str>)]) -> String {
    let mut out =
        "# Who knows an operation: clients, and the API reference. Written by `cargo xtask harvest --clients`.\n"
            .to_owned();
    for (package, _) in found {
        let _ = writeln!(out, "# package {package}");
    }
    let all: BTreeSet<&str> = found.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    for id in all {
        let marks = found.iter().map(|(_, ids)| if ids.contains(id) { 'x' } else { '-' });
        let _ = writeln!(out, "{id}\t{}", marks.collect::<String>());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_a_template_part_by_part() {
        assert!(matches("/servers/{id}/action", "/servers/ID/action"));
        assert!(!matches("/servers/{id}", "/servers/ID/action"));
        assert!(!matches("/servers/{id}", "/flavors/ID"));
        assert_eq!(below_version("/v2.0/networks"), "/networks");
        assert_eq!(below_version("/volumes"), "/volumes");
    }
}
