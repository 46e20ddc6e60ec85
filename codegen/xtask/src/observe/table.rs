//! `api-specs/SERVICE/observed.tsv`: the responses that a real cloud has confirmed.
//!
//! One line for an operation, an interval of its response schema and a status, with the package
//! that answered. It is committed, so that coverage is known without a cloud.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use squall_codegen::model::{Operation, Service};
use squall_model::operation::intervals;
use squall_model::{Microversion, VersionRange};

/// The file's name.
const FILE: &str = "observed.tsv";

const HEAD: &str = "# Responses that a real cloud has confirmed; written by `cargo xtask observe DIR --write`.\n\
                    # operation\tsince\tstatus\tpackage\n";

/// Stands for what is not known, and for a service without microversions.
const NONE: &str = "-";

/// An operation, the first version of an interval of its response schema, and a status.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) operation: String,
    pub(crate) since: Option<Microversion>,
    pub(crate) status: u16,
}

impl Cell {
    /// Returns the cell of an operation's answer at a version.
    pub(crate) fn of(
        service: &Service,
        operation: &Operation,
        version: Option<Microversion>,
        status: u16,
    ) -> Option<Self> {
        let interval = cells(operation).into_iter().find(|interval| interval.contains(version))?;
        let since = interval.min.or(service.versions.min);
        Some(Self { operation: operation.id.clone(), since, status })
    }
}

/// Returns the intervals within which an operation's response does not change.
pub(crate) fn cells(operation: &Operation) -> Vec<VersionRange> {
    intervals(operation.versions, &operation.response_boundaries())
}

/// Confirmed responses, each with the package that answered.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Table(BTreeMap<Cell, String>);

impl Table {
    /// Reads a service's table; it is empty if there is no file.
    pub(crate) fn read(root: &Path, folder: &str) -> miette::Result<Self> {
        let file = root.join("api-specs").join(folder).join(FILE);
        match fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text).map_err(|why| miette!("{}: {why}", file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error)
                .into_diagnostic()
                .wrap_err_with(|| format!("failed to read {}", file.display())),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut table = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            if line.starts_with('#') {
                continue;
            }
            let wrong =
                || format!("line {number} is not an operation, a version, a status and a package");
            let [operation, since, status, package] = line.split('\t').collect::<Vec<_>>()[..]
            else {
                return Err(wrong());
            };
            let since = match since {
                NONE => None,
                since => Some(since.parse().map_err(|_| wrong())?),
            };
            let status = status.parse().map_err(|_| wrong())?;
            table.add(Cell { operation: operation.to_owned(), since, status }, Some(package));
        }
        Ok(table)
    }

    fn text(&self) -> String {
        let mut out = HEAD.to_owned();
        for (Cell { operation, since, status }, package) in &self.0 {
            let since = since.map_or_else(|| NONE.to_owned(), |since| since.to_string());
            let _ = writeln!(out, "{operation}\t{since}\t{status}\t{package}");
        }
        out
    }

    /// Adds a confirmed response. Of two packages the newer is kept.
    pub(crate) fn add(&mut self, cell: Cell, package: Option<&str>) {
        let package = package.unwrap_or(NONE);
        let kept = self.0.entry(cell).or_insert_with(|| package.to_owned());
        if age(package) > age(kept) {
            package.clone_into(kept);
        }
    }

    /// Returns the confirmed responses.
    pub(crate) fn confirmed(&self) -> impl Iterator<Item = &Cell> {
        self.0.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds these responses to a service's table. What the spec no longer has is removed.
    pub(super) fn merge_into(
        &self,
        root: &Path,
        folder: &str,
        service: &Service,
    ) -> miette::Result<()> {
        let mut merged = Self::read(root, folder)?;
        for (cell, package) in &self.0 {
            merged.add(cell.clone(), Some(package));
        }
        merged.0.retain(|cell, _| is_of(service, cell));
        let file = root.join("api-specs").join(folder).join(FILE);
        fs::write(&file, merged.text())
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to write {}", file.display()))
    }
}

/// Whether a spec has a cell.
pub(crate) fn is_of(service: &Service, cell: &Cell) -> bool {
    let Some(operation) = service.operations.iter().find(|o| o.id == cell.operation) else {
        return false;
    };
    let starts = |range: &VersionRange| range.min.or(service.versions.min) == cell.since;
    let Some(interval) = cells(operation).into_iter().find(starts) else { return false };
    let mut declared = operation.success.iter().chain(&operation.errors);
    declared.any(|one| one.status == cell.status && one.versions.intersect(&interval).is_some())
}

/// Orders packages by their version's numbers; one that is not known is the oldest.
fn age(package: &str) -> (Vec<u64>, &str) {
    let version = package.rsplit(' ').next().unwrap_or_default();
    let numbers = version.split('.').map_while(|part| part.parse().ok());
    (numbers.collect(), package)
}

#[cfg(test)]
mod tests {
    use super::super::proposal::tests::spec;
    use super::*;

    fn cell(since: &str, status: u16) -> Cell {
        Cell { operation: "a.things.show".to_owned(), since: since.parse().ok(), status }
    }

    #[test]
    fn the_table_is_sorted_by_version_and_reads_back() {
        let mut table = Table::default();
        table.add(cell("1.10", 200), Some("a 2.0.0"));
        table.add(cell("1.9", 404), None);
        table.add(cell("1.9", 200), Some("a 10.0.0"));
        let text = table.text();
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "a.things.show\t1.9\t200\ta 10.0.0",
                "a.things.show\t1.9\t404\t-",
                "a.things.show\t1.10\t200\ta 2.0.0",
            ]
        );
        assert_eq!(Table::parse(&text), Ok(table));
        assert!(Table::parse("a.things.show\t1.9\tOK\t-\n").unwrap_err().contains("line 1"));
    }

    #[test]
    fn merging_keeps_what_is_there_and_the_newest_package_in_any_order() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("api-specs/a");
        fs::create_dir_all(&folder).unwrap();
        let spec = spec();
        let merge = |rows: &[(&str, u16, Option<&str>)]| {
            let mut table = Table::default();
            for (since, status, package) in rows {
                table.add(cell(since, *status), *package);
            }
            table.merge_into(dir.path(), "a", &spec.service).unwrap();
            fs::read_to_string(folder.join(FILE)).unwrap()
        };
        merge(&[("1.1", 200, Some("a 10.0.0")), ("1.7", 200, Some("a 9.0.0"))]);
        let text = merge(&[
            ("1.1", 200, Some("a 9.1.0")),
            ("1.5", 200, None),
            ("1.1", 500, None),
            ("1.1", 410, None),
            ("1.5", 410, None),
        ]);
        // 1.7 begins no interval, and 500 is not declared, nor is 410 before 1.8.
        assert_eq!(
            text,
            format!(
                "{HEAD}a.things.show\t1.1\t200\ta 10.0.0\na.things.show\t1.5\t200\t-\n\
                 a.things.show\t1.5\t410\t-\n"
            )
        );
        assert_eq!(merge(&[]), text);
    }
}
