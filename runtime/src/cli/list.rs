//! `squall list`: the tests of this program.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::arguments::ListArguments;
use super::error::CliError;
use super::output::{Output, json_lines};
use super::select::select;
use crate::exit::Exit;
use crate::registry::{Manifest, Test};

/// Lists the tests that filters select.
pub(super) fn list(arguments: &ListArguments, manifests: &[Manifest]) -> Result<Exit, CliError> {
    let tests = select(&arguments.select, manifests)?;
    write(&tests, arguments.format, BufWriter::new(io::stdout().lock()))?;
    Ok(Exit::Ok)
}

/// Writes tests.
pub(super) fn write(tests: &[Test], format: Output, mut out: impl Write) -> io::Result<()> {
    match format {
        Output::Text => table(tests, &mut out)?,
        Output::Json => json_lines(tests.iter().map(Listed::of), &mut out)?,
    }
    out.flush()
}

fn table(tests: &[Test], out: &mut impl Write) -> io::Result<()> {
    let width = tests.iter().map(|test| test.id().len()).max().unwrap_or_default();
    for test in tests {
        write!(out, "{:width$}  {:11}  {}", test.id(), test.kind, test.descriptor.summary)?;
        test.tags.iter().try_for_each(|tag| write!(out, " #{tag}"))?;
        writeln!(out)?;
    }
    Ok(())
}

/// A test as one line of JSON.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    package: &'a str,
    suite: Option<&'a str>,
    kind: &'a str,
    tags: &'a [&'a str],
    needs: Vec<Need<'a>>,
    features: &'a [&'a str],
    identities: Vec<&'a str>,
    timeout_seconds: u64,
    claims: Vec<String>,
    summary: &'a str,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Need<'a> {
    service: &'a str,
    versions: squall_model::VersionRange,
}

impl<'a> Listed<'a> {
    fn of(test: &'a Test) -> Self {
        let need =
            |need: &crate::registry::Need| Need { service: need.service, versions: need.versions };
        Self {
            id: test.id(),
            name: &test.name,
            package: test.descriptor.package,
            suite: test.suite,
            kind: test.kind,
            tags: &test.tags,
            needs: test.needs.iter().map(need).collect(),
            features: &test.features,
            identities: test.identities.iter().map(|request| request.persona).collect(),
            timeout_seconds: test.timeout.as_secs(),
            claims: test.claims.iter().map(ToString::to_string).collect(),
            summary: test.descriptor.summary,
            file: test.descriptor.file,
            line: test.descriptor.line,
        }
    }
}
