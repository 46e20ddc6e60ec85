//! Validates one sample against the schema of its operation.

use std::cmp::Reverse;

use squall_model::materialise::Circumstances;
use squall_model::{Finding, Microversion, Operation, ServiceSpec};

use super::Sample;
use super::operation::candidates;
use crate::cli::error::CliError;
use crate::cli::spec::show::success;
use crate::client::exchange::Checked;
use crate::client::validate::Validators;
use crate::client::{Body, OperationRef};
use crate::program;
use crate::services;

/// The result for a sample.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// The sample matches.
    Matches,
    /// The sample matches but for keys that it leaves out and that every answer was seen to have.
    LeavesOut(Miss),
    /// The sample does not match.
    Misses(Miss),
    /// There is no schema to validate it against.
    Unjudged(Why),
}

/// The operation that a sample did not match.
#[derive(Debug, PartialEq)]
pub(super) struct Miss {
    pub(super) operation: &'static str,
    pub(super) version: Option<Microversion>,
    pub(super) findings: Vec<Finding>,
}

/// Why a sample was not validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    NoJson,
    NoOperation,
    NotAtVersion,
    NoSchema,
}

impl Why {
    /// Describes the samples of this kind.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::NoJson => "not JSON",
            Self::NoOperation => "without an operation in the spec",
            Self::NotAtVersion => "at a version that lacks the operation",
            Self::NoSchema => "without a schema",
        }
    }
}

/// Validates a sample against the operations it may belong to; the best result counts.
///
/// # Errors
/// The service is unknown, or a schema cannot be compiled.
pub(super) fn judge(sample: &Sample, validators: &Validators) -> Result<Verdict, CliError> {
    let service = services::named(&sample.service).ok_or_else(|| {
        let what = format!("{} belongs to the unknown service `{}`", sample.file, sample.service);
        CliError::bad_input(what, format!("`{} spec list` shows the services", program::name()))
    })?;
    if sample.broken.is_some() {
        return Ok(Verdict::Unjudged(Why::NoJson));
    }
    let body = Body::from(sample.body.clone());
    let mut best = Verdict::Unjudged(Why::NoOperation);
    for operation in candidates(service, sample) {
        for version in versions(service, operation, sample) {
            let verdict = hold(operation, version, &body, validators)?;
            if verdict == Verdict::Matches {
                return Ok(verdict);
            }
            if rank(&verdict) > rank(&best) {
                best = verdict;
            }
        }
    }
    Ok(best)
}

/// Returns the versions that a sample may be of: the one that it names, or else one of each
/// interval within which the response does not change.
fn versions(
    service: &ServiceSpec,
    operation: &Operation,
    sample: &Sample,
) -> Vec<Option<Microversion>> {
    if sample.version.is_some() {
        return vec![sample.version];
    }
    let intervals = operation.response_intervals().into_iter();
    intervals.map(|interval| interval.min.max(service.versions.min)).collect()
}

/// Orders verdicts by how much they say for a sample.
fn rank(verdict: &Verdict) -> (u8, Option<Why>, Reverse<usize>) {
    match verdict {
        Verdict::Unjudged(why) => (0, Some(*why), Reverse(0)),
        Verdict::Misses(miss) => (1, None, Reverse(miss.findings.len())),
        Verdict::LeavesOut(miss) => (2, None, Reverse(miss.findings.len())),
        Verdict::Matches => (3, None, Reverse(0)),
    }
}

fn hold(
    operation: &'static Operation,
    version: Option<Microversion>,
    body: &Body,
    validators: &Validators,
) -> Result<Verdict, CliError> {
    if !operation.versions.contains(version) {
        return Ok(Verdict::Unjudged(Why::NotAtVersion));
    }
    let reference = OperationRef::from(operation);
    let schemas = validators.schemas(&reference)?;
    let Some(status) = success(operation, &schemas, version) else {
        return Ok(Verdict::Unjudged(Why::NoSchema));
    };
    let outcome = validators.response(&reference, status, version, body)?;
    let miss = |findings| Miss { operation: &operation.id, version, findings };
    Ok(match outcome.checked {
        Checked::Matches => Verdict::Matches,
        Checked::Violates => {
            // What is demanded only because the running service always answers it.
            let lenient =
                Circumstances { version, fields_selected: true, ..Circumstances::default() };
            let kept = validators.response_under(&reference, status, &lenient, body)?;
            match kept.checked {
                Checked::Matches => Verdict::LeavesOut(miss(outcome.violations)),
                _ => Verdict::Misses(miss(kept.violations)),
            }
        }
        _ => Verdict::Unjudged(Why::NoSchema),
    })
}
