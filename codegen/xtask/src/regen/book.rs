//! The reference's index page and its entries in the book's summary.

#![expect(clippy::format_push_string, reason = "text is put together from many small pieces")]

use std::path::Path;

use miette::IntoDiagnostic as _;
use squall_codegen::model::Service;
use squall_codegen::name;
use squall_codegen::surface::{self, Releases};
use squall_model::VersionRange;

/// A service's page.
pub(super) struct Entry {
    pub(super) folder: String,
    title: String,
    service_type: String,
    versions: VersionRange,
    operations: usize,
    source: String,
}

impl Entry {
    pub(super) fn new(folder: &str, service: &Service) -> Self {
        let mut title = name::words(&service.name).join(" ");
        title.get_mut(..1).map(str::make_ascii_uppercase).unwrap_or_default();
        Self {
            folder: folder.to_owned(),
            title,
            service_type: service.service_type.clone(),
            versions: service.versions,
            operations: service.operations.len(),
            source: service.source.clone(),
        }
    }
}

/// Returns the page that lists the services.
pub(super) fn index(pages: &[Entry]) -> String {
    let mut out = "<!-- Written by `cargo xtask regen`: edit the specs, not this page. -->\n\n\
                   # Operations\n\n\
                   | service | type | microversions | operations | from |\n\
                   | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for page in pages {
        let versions = match page.versions {
            VersionRange { min: Some(min), max: Some(max) } => format!("{min} to {max}"),
            _ => "none".to_owned(),
        };
        let Entry { folder, title, service_type, operations, source, .. } = page;
        out.push_str(&format!(
            "| [{title}]({folder}.md) | `{service_type}` | {versions} | {operations} | {source} |\n"
        ));
    }
    let all: usize = pages.iter().map(|page| page.operations).sum();
    out.push_str(&format!("\n{all} operations in total.\n"));
    out
}

/// Returns the page that says what changed since the release before.
///
/// The surface locks have to be written first.
pub(super) fn changes(root: &Path, pages: &[Entry]) -> miette::Result<String> {
    let releases = Releases::open(root).into_diagnostic()?;
    let head = "<!-- Written by `cargo xtask regen`: edit the specs, not this page. -->\n\n";
    let Some(previous) = releases.previous() else {
        return Ok(format!(
            "{head}# What changed\n\nThere is no earlier release to compare with.\n"
        ));
    };
    let current = releases.current();
    let mut found = Vec::new();
    for page in pages {
        let lock = |release: &str| releases.lock(release, &page.folder).into_diagnostic();
        found.extend(surface::changes(&lock(previous)?, &lock(current)?));
    }
    Ok(format!(
        "{head}# What changed from {previous} to {current}\n\n\
         What the services' APIs gained, lost and changed, as `squall spec diff {previous} {current}` \
         prints it.\nWhat is described in another way has other values, or more or fewer of them, \
         at versions that both\nreleases have. Types are those of the generated clients.\n{}",
        surface::markdown(&found)
    ))
}

/// Inserts the pages into the book's summary, below the index.
pub(super) fn summary(current: &str, pages: &[Entry]) -> String {
    let mut out = String::with_capacity(current.len());
    let mut below_index = false;
    for line in current.lines() {
        if below_index && line.starts_with("  - ") {
            continue;
        }
        below_index = line.ends_with("](reference/index.md)");
        out.push_str(line);
        out.push('\n');
        if below_index {
            for page in pages {
                out.push_str(&format!("  - [{}](reference/{}.md)\n", page.title, page.folder));
            }
            out.push_str("  - [What changed](reference/changes.md)\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_unchanged_except_for_the_pages() {
        let page = Entry {
            folder: "compute".to_owned(),
            title: "Compute".to_owned(),
            service_type: "compute".to_owned(),
            versions: VersionRange::ALL,
            operations: 1,
            source: String::new(),
        };
        let before =
            "# A\n- [Operations](reference/index.md)\n  - [Old](reference/old.md)\n- [B](b.md)\n";
        let after = "# A\n- [Operations](reference/index.md)\n  - [Compute](reference/compute.md)\n  - [What changed](reference/changes.md)\n- [B](b.md)\n";
        assert_eq!(summary(before, std::slice::from_ref(&page)), after);
        assert_eq!(summary(after, &[page]), after);
    }
}
