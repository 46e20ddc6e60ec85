//! `cargo xtask harvest`: extracts the facts from released services.
//!
//! There are three steps for each service: create an environment with its pinned packages, run
//! an introspector on them, and merge the facts into the spec files. Services are independent:
//! one that fails does not stop the others.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use miette::{Report, miette};

mod clients;
mod environment;
mod introspect;
mod merge;
mod past;
mod progress;
mod record;
mod review;
pub(crate) mod sources;
mod step;

use environment::Uv;
use introspect::Release;
use merge::{Edition, MergeReport};
use past::Past;
use progress::{Line, Progress};
use sources::{Source, Sources};

/// Harvest the spec files from the released services.
///
/// Installs the packages pinned in api-specs/sources.toml into a virtual environment for each
/// service, runs an introspector on them (codegen/harvest/SERVICE.py, without a database or
/// network), and merges the facts into api-specs/SERVICE/. Needs Python and a package index;
/// `uv` is installed under target/ if it is not on the PATH. The same pins give the same
/// bytes.
///
/// With --release the packages are those of api-specs/releases/RELEASE.toml, and only the
/// surface and the policy rules of the services are kept, in api-specs/releases/RELEASE/: what
/// `squall spec diff` and `squall policy diff` compare. Harvest a release again whenever the harvest learns more.
///
/// With --from, nothing is written: what a source tree changes is shown.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Arguments {
    /// The services to harvest, by folder in api-specs [default: all].
    services: Vec<String>,

    /// How many services to harvest in parallel.
    #[arg(long, short, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..))]
    jobs: u8,

    /// Only merge the facts of the last harvest again; needs no Python.
    #[arg(long)]
    merge_only: bool,

    /// Harvest an earlier release, to compare with.
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,

    /// Show what the source tree in DIR does to the API, and write nothing.
    ///
    /// DIR is a checkout or an unpacked source package of a service. It is copied, installed into
    /// an environment of its own under target/harvest/from with the dependencies of the release,
    /// and compared with the committed spec: what is added, removed and changed, what breaks
    /// clients, which tests and clients use it.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["release", "merge_only", "jobs"])]
    from: Option<PathBuf>,

    /// Harvest who knows an operation: clients that people use, from the packages of
    /// api-specs/clients.toml, and the services' API references, from their source packages.
    #[arg(long, conflicts_with_all = ["services", "release", "merge_only", "from"])]
    clients: bool,

    /// Record what the services answer in their own tests, instead of harvesting.
    ///
    /// Writes api-specs/SERVICE/recording.tsv, whose digest is to be pinned in sources.toml. Takes
    /// minutes. Without SERVICE, all services that are recorded.
    #[arg(long, conflicts_with_all = ["merge_only", "fresh", "release", "clients", "from"])]
    record: bool,

    /// Create the virtual environments again even if the pins have not changed.
    #[arg(long, conflicts_with = "merge_only")]
    fresh: bool,
}

/// Runs the command. Reports to stdout, and fails if a service failed.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = workspace()?;
    if arguments.clients {
        return clients::run(&root, arguments.fresh);
    }
    let sources = sources(&root, arguments.release.as_deref())?;
    if let Some(folder) = &arguments.from {
        return review::run(&root, &sources, &arguments.services, folder, arguments.fresh);
    }
    let chosen = sources.choose(&arguments.services)?;
    let progress = Progress::new(chosen.iter().map(|source| source.service.as_str()));
    let uv = if arguments.merge_only {
        None
    } else {
        Some(progress.of("uv", || Uv::find(&root.join("target/harvest"), &sources.uv))?)
    };
    if let (true, Some(uv)) = (arguments.record, &uv) {
        return record_all(&root, &sources, uv, &chosen, arguments.services.is_empty());
    }
    let recorded = self::sources(&root, None)?;
    let uv = uv.as_ref();
    let harvest = Harvest { root: &root, sources: &sources, uv, recorded: &recorded, arguments };

    let waiting = Mutex::new(chosen.iter());
    let next = || waiting.lock().ok()?.next();
    let outcomes = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..usize::from(arguments.jobs).min(chosen.len()) {
            scope.spawn(|| {
                while let Some(source) = next() {
                    let line = progress.start(&source.service);
                    let outcome = harvest.service(source, &line);
                    line.finish(outcome.is_ok());
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.push((source.service.clone(), outcome));
                    }
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().map_err(|_| miette!("a harvesting thread panicked"))?;
    report(outcomes)
}

/// The settings of the harvest.
struct Harvest<'a> {
    root: &'a Path,
    sources: &'a Sources,
    uv: Option<&'a Uv>,
    /// The current release, whose recordings are the witness of earlier ones too.
    recorded: &'a Sources,
    arguments: &'a Arguments,
}

impl Harvest<'_> {
    fn service(&self, source: &Source, line: &Line) -> miette::Result<MergeReport> {
        let past = self.arguments.release.as_deref().map(|name| Past::new(self.root, name, source));
        let work = match &past {
            Some(past) => past.work.clone(),
            None => self.root.join("target/harvest").join(&source.service),
        };
        let current = self.root.join("api-specs").join(&source.service);
        let spec = past.as_ref().map_or(&current, |past| &past.spec);
        let edition = if past.is_some() { Edition::Past } else { Edition::Current };
        if let Some(uv) = self.uv {
            line.step("environment");
            let python = uv.environment(self.sources, source, &work, self.arguments.fresh)?;
            let scratch = self.root.join("target/samples");
            let witnesses = record::witnesses(source, self.recorded, &current, &scratch)?;
            line.step("introspect");
            let scripts = self.root.join("codegen/harvest");
            let witnesses = witnesses.as_ref();
            let release = past.as_ref().map_or(Release::Current, |past| Release::Past {
                current_surface: &past.current_surface,
            });
            introspect::run(&scripts, &python, source, witnesses, &work, release)?;
            introspect::keep_tables(&work, spec)?;
        }
        line.step("merge");
        let failed = |cause: Report| {
            cause.wrap_err(format!("harvest of {} failed at merge", source.service))
        };
        past.iter()
            .try_for_each(|past| past::keep_hand_written(&current, &past.spec))
            .map_err(failed)?;
        let report = merge::run(&source.service, &work.join("facts.json"), spec, edition);
        let report = report.map_err(failed)?;
        past.iter().try_for_each(Past::keep_surface).map_err(failed)?;
        past.iter()
            .try_for_each(|past| past.keep_policies(&self.sources.release))
            .map_err(failed)?;
        Ok(report)
    }
}

/// Reads the pins of the current release, or of an earlier one.
fn sources(root: &Path, release: Option<&str>) -> miette::Result<Sources> {
    let Some(name) = release else { return Sources::read(&root.join("api-specs/sources.toml")) };
    let known = past::releases(root)?;
    if !known.iter().any(|one| one == name) {
        return Err(miette!(
            help = format!(
                "there are {}; add another as api-specs/releases/{name}.toml",
                known.join(", ")
            ),
            "no pins of the release `{name}`"
        ));
    }
    let sources = Sources::read(&root.join(format!("api-specs/releases/{name}.toml")))?;
    if sources.release != name {
        return Err(miette!(
            help = "a file is named after its release",
            "api-specs/releases/{name}.toml says `release = \"{}\"`",
            sources.release
        ));
    }
    Ok(sources)
}

/// Records services one after the other, and says which digests are new.
fn record_all(
    root: &Path,
    sources: &Sources,
    uv: &Uv,
    chosen: &[&Source],
    all: bool,
) -> miette::Result<ExitCode> {
    for source in chosen.iter().filter(|source| !all || source.recording.is_some()) {
        let work = root.join("target/harvest").join(&source.service);
        let spec = root.join("api-specs").join(&source.service);
        let scripts = root.join("codegen/harvest");
        let scratch = root.join("target/samples");
        let digest = record::run(&scripts, uv, sources, source, &work, &spec, &scratch)?;
        let pinned = source.recording.as_ref().is_some_and(|pinned| pinned.digest == digest);
        let result = if pinned {
            "the same as the pinned one".to_owned()
        } else {
            format!("a new one: pin digest = \"{digest}\" in api-specs/sources.toml")
        };
        println!("{}: the recording is {result}", source.service);
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the result of each service, sorted by name.
fn report(mut outcomes: Vec<(String, miette::Result<MergeReport>)>) -> miette::Result<ExitCode> {
    outcomes.sort_by(|a, b| a.0.cmp(&b.0));
    let mut failed = Vec::new();
    for (service, outcome) in outcomes {
        match outcome {
            Ok(report) => println!("{report}"),
            Err(report) => failed.push((service, report)),
        }
    }
    match failed.len() {
        0 => Ok(ExitCode::SUCCESS),
        1 => Err(failed.remove(0).1),
        count => {
            for (_, report) in &failed {
                eprintln!("{report:?}");
            }
            let names: Vec<String> = failed.into_iter().map(|(service, _)| service).collect();
            Err(miette!("{count} services could not be harvested: {}", names.join(", ")))
        }
    }
}

/// Returns the folder of the workspace.
fn workspace() -> miette::Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.ancestors().nth(2).map(Path::to_path_buf);
    root.filter(|root| root.join("api-specs").is_dir()).ok_or_else(|| -> Report {
        miette!(
            help = "rebuild xtask in the repository: `cargo xtask harvest`",
            "no api-specs/ two folders above {}",
            package.display()
        )
    })
}
