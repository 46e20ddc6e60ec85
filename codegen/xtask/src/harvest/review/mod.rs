//! `cargo xtask harvest SERVICE --from DIR`: what a patch under review does to an API.
//!
//! The tree is copied, installed into an environment of its own beside the packages that the
//! release pins, and harvested like a release. The result is compared with the committed spec.
//! Everything happens under `target/harvest/from/SERVICE`; no committed file is written.

mod compare;
mod render;
mod schemas;
pub(super) mod tree;
mod users;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use squall_codegen::build::SpecFiles;
use squall_codegen::model::Service;

use super::environment::Uv;
use super::introspect::{self, Release};
use super::merge::{self, Edition};
use super::past;
use super::progress::{Line, Progress};
use super::record;
use super::sources::{Source, Sources};
use crate::specs;

use tree::Tree;
use users::Users;

/// The beginning of a line with which an introspector says that what it knows by hand does not
/// fit (`codegen/harvest/edition.py`).
const UNFIT: &str = "does not fit: ";

/// Harvests the tree in `folder`, compares it, and prints the review.
pub(super) fn run(
    root: &Path,
    sources: &Sources,
    asked: &[String],
    folder: &Path,
    fresh: bool,
) -> miette::Result<ExitCode> {
    let (tree, source) = Tree::open(folder, sources, asked)?;
    let before = specs::service(root, &source.service)?;
    let progress = Progress::new([source.service.as_str()].into_iter());
    let uv = progress.of("uv", || Uv::find(&root.join("target/harvest"), &sources.uv))?;
    let line = progress.start(&source.service);
    let harvest = Harvest { root, sources, source, tree: &tree, uv: &uv, fresh };
    let outcome = harvest.service(&line);
    line.finish(outcome.is_ok());
    let (after, unfit) = outcome?;
    let mut review = compare::compare(&before, &after);
    review.after = format!("{} ({})", review.after, folder.display());
    print!("{}", render::text(&source.service, &review, &Users::read(root)?, &unfit));
    Ok(ExitCode::SUCCESS)
}

struct Harvest<'a> {
    root: &'a Path,
    sources: &'a Sources,
    source: &'a Source,
    tree: &'a Tree,
    uv: &'a Uv,
    fresh: bool,
}

impl Harvest<'_> {
    /// Returns the service of the tree, and what the introspector knew and is no longer so.
    fn service(&self, line: &Line) -> miette::Result<(Service, Vec<String>)> {
        let Self { root, source, tree, .. } = self;
        let service = &source.service;
        let work = root.join("target/harvest/from").join(service);
        let committed = root.join("api-specs").join(service);
        line.step("copy");
        let copy = work.join("tree");
        tree.copy(&copy)?;
        line.step("environment");
        let python =
            self.uv.environment_of(self.sources, source, tree, &copy, &work, self.fresh)?;
        let scratch = root.join("target/samples");
        let mut witnesses = record::witnesses(source, self.sources, &committed, &scratch)?;
        if let (Some(witnesses), Some(reference)) = (&mut witnesses, tree.reference()) {
            witnesses.reference = reference;
        }
        line.step("introspect");
        let surface = root.join(format!("generated/api/{service}.txt"));
        let scripts = root.join("codegen/harvest");
        let release = Release::Tree { current_surface: &surface };
        introspect::run(&scripts, &python, source, witnesses.as_ref(), &work, release)?;
        line.step("compare");
        let spec = work.join("spec").join(service);
        introspect::keep_tables(&work, &spec)?;
        past::keep_hand_written(&committed, &spec)?;
        merge::run(service, &work.join("facts.json"), &spec, Edition::Past)
            .wrap_err_with(|| format!("the facts of {} do not make a spec", tree.root.display()))?;
        Ok((generated(&spec)?, unfit(&work)?))
    }
}

/// Returns the service that a spec describes.
fn generated(spec: &Path) -> miette::Result<Service> {
    let files = SpecFiles::read(spec).map_err(|message| miette!("{message}"))?;
    let outcome = files.generate();
    outcome.service.ok_or_else(|| {
        let shown: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
        miette!("the spec that was harvested is invalid:\n{}", shown.join("\n"))
    })
}

/// Reads what the introspector said no longer fits.
fn unfit(work: &Path) -> miette::Result<Vec<String>> {
    let log = work.join("introspect.log");
    let text = fs::read_to_string(&log)
        .into_diagnostic()
        .wrap_err_with(|| format!("failed to read {}", log.display()))?;
    Ok(text.lines().filter_map(|line| line.strip_prefix(UNFIT)).map(str::to_owned).collect())
}
