//! `squall prove`: whether tests notice that what they do has no effect.
//!
//! Every run has an embedded cloud of its own. The first is kept like any other run; the others
//! are removed once they are read, since each can be repeated with `run --pretend`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use super::arguments::{AgreementFormat, Conduct, ProveArguments, RunArguments};
use super::destination::Destination;
use super::error::CliError;
use super::output::{colours, columns};
use super::report::entries;
use super::run;
use super::runs;
use super::select::{all, select};
use crate::client::clean;
use crate::exit::Exit;
use crate::journal::Entry;
use crate::plan::rounds;
use crate::registry::{Manifest, Test};
use crate::report::{Live, Proof, Reporter, Unnoticed};
use crate::supervise::{Plan, RunOutcome};

/// The suites whose tests compare answers with the specs: an answer is all that they look at.
const OF_ANSWERS: &str = "contract";

/// How long a test may take at least when an operation is pretended: it may wait for what will
/// never be.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many times the duration of its first run a test may take then.
const PATIENT: u32 = 5;

/// Tests, each with the operation that it pretends.
type Round = Vec<(Test, String)>;

/// Runs the tests as they are, and again with each of their operations pretended.
pub(super) fn prove(arguments: &ProveArguments, manifests: &[Manifest]) -> Result<Exit, CliError> {
    let accepted = accepted(arguments.accept.as_deref())?;
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u32(..).into());
    let tests = chosen(arguments, seed, manifests)?;
    let plan = run::prepare(&run_arguments(arguments, seed), tests, &all(manifests)?)?;
    runs::prune()?;
    let err = io::stderr();
    writeln!(&err, "prove: first the tests as they are")?;
    let mut live = Live::new(columns(&err), colours(&err), false);
    let first = run::start(plan.clone(), &mut live)?;
    if ended(&first) {
        return Ok(first.exit);
    }
    let mut proof = Proof::begin(&entries(&first.run_dir)?, seed);
    let whole = pretend(&mut proof, &plan)?;
    proof.end(&accepted);
    write(&proof, arguments)?;
    if !whole {
        return Ok(Exit::Interrupted);
    }
    Ok(if proof.holds() { Exit::Ok } else { Exit::Failed })
}

/// Runs the rounds. Returns whether all of them came to their end.
fn pretend(proof: &mut Proof, plan: &Plan) -> Result<bool, CliError> {
    let known: BTreeMap<&str, &Test> = plan.tests.iter().map(|test| (test.id(), test)).collect();
    let wanted = proof.untried().filter_map(|(test, operation)| {
        let known = *known.get(test.test.as_str())?;
        Some((patient(known, test.duration_ms), operation.to_owned()))
    });
    let rounds = rounds(wanted);
    let (total, mut done) = (rounds.iter().map(Vec::len).sum::<usize>(), 0);
    for together in together(rounds, plan.jobs) {
        done += together.iter().map(Vec::len).sum::<usize>();
        let plans = together.into_iter().map(|round| of_round(plan, round)).collect();
        let outcomes = run::start_together(plans, || Box::new(Silent))?;
        if outcomes.iter().any(ended) {
            return Ok(false);
        }
        for outcome in outcomes {
            proof.add(&entries(&outcome.run_dir)?);
            fs::remove_dir_all(&outcome.run_dir)?;
        }
        let noticed = proof.noticed();
        writeln!(io::stderr(), "{done} of {total} operations pretended, {noticed} noticed")?;
    }
    Ok(true)
}

/// Groups rounds that run at the same time: no more tests than one run has at a time.
fn together(rounds: Vec<Round>, jobs: usize) -> Vec<Vec<Round>> {
    let mut groups: Vec<Vec<Round>> = Vec::new();
    for round in rounds {
        match groups.last_mut() {
            Some(group) if group.iter().map(Vec::len).sum::<usize>() + round.len() <= jobs => {
                group.push(round);
            }
            _ => groups.push(vec![round]),
        }
    }
    groups
}

/// Returns the plan of a round.
fn of_round(plan: &Plan, round: Round) -> Plan {
    let one = |(test, operation): &(Test, String)| {
        (test.id().to_owned(), BTreeSet::from([operation.clone()]))
    };
    let pretended = round.iter().map(one).collect();
    let tests = round.into_iter().map(|(test, _)| test).collect();
    Plan { tests, pretended, ..plan.clone() }
}

/// Returns a test that may wait for a while, but not as long as on a slow cloud.
fn patient(test: &Test, took_ms: u64) -> Test {
    let patience = (Duration::from_millis(took_ms) * PATIENT).max(PATIENCE);
    Test { timeout: patience.min(test.timeout), ..test.clone() }
}

/// Whether a run ended without a verdict for each of its tests.
fn ended(outcome: &RunOutcome) -> bool {
    matches!(outcome.exit, Exit::Interrupted | Exit::Internal)
        || outcome.counts.verdicts() == outcome.counts.not_run
}

/// Says nothing of a run: that tests fail is what it is for.
struct Silent;

impl Reporter for Silent {
    fn see(&mut self, _: &Entry) {}
}

/// Returns the tests to try: of those selected, as many as asked for, in the order of their ids.
fn chosen(
    arguments: &ProveArguments,
    seed: u64,
    manifests: &[Manifest],
) -> Result<Vec<Test>, CliError> {
    let mut tests = select(&arguments.select, manifests)?;
    let select = &arguments.select;
    let by_default =
        select.filters.is_empty() && select.tests_from.is_none() && select.rerun_failed.is_none();
    if by_default && tests.iter().any(|test| test.kind != OF_ANSWERS) {
        tests.retain(|test| test.kind != OF_ANSWERS);
    }
    if let Some(sample) = arguments.sample {
        fastrand::Rng::with_seed(seed).shuffle(&mut tests);
        tests.truncate(sample);
        tests.sort_by_key(Test::id);
    }
    Ok(tests)
}

fn accepted(file: Option<&Path>) -> Result<Vec<Unnoticed>, CliError> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let text = fs::read_to_string(file).map_err(|error| {
        let what = format!("cannot read {}: {error}", file.display());
        CliError::bad_input(what, "`--accept` names a file with one line for each exception")
    })?;
    Unnoticed::read(&text).map_err(|error| {
        let help = "write a test's id, an operation's id and the reason, separated by spaces";
        CliError::bad_input(format!("{}: {error}", file.display()), help)
    })
}

fn run_arguments(arguments: &ProveArguments, seed: u64) -> RunArguments {
    let conduct = Conduct {
        settings: arguments.settings.clone(),
        jobs: arguments.jobs,
        seed: Some(seed),
        timeout_scale: 1.0,
        retries: 0,
        at_most: Vec::new(),
        show_output: false,
    };
    RunArguments::of_one(arguments.select.clone(), None, conduct)
}

fn write(proof: &Proof, arguments: &ProveArguments) -> Result<(), CliError> {
    let mut out = Destination::open(arguments.output.as_deref())?;
    let text = match arguments.format {
        AgreementFormat::Terminal => {
            let colours = out.colours();
            clean::printed(&proof.terminal(arguments.all, colours), colours).into_owned()
        }
        AgreementFormat::Json => proof.json()?,
    };
    out.write_all(text.as_bytes())?;
    out.close("proof")
}
