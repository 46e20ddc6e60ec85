//! One sample, held against the schema of its operation.

use squall_model::{Finding, Microversion, Operation};

use super::Sample;
use super::operation::candidates;
use crate::cli::complaint::Complaint;
use crate::cli::spec::show::success;
use crate::client::exchange::Checked;
use crate::client::validate::Validators;
use crate::client::{Body, OperationRef};
use crate::services;

/// What came of a sample.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// It matches.
    Matches,
    /// It does not.
    Misses(Miss),
    /// There is nothing to hold it against.
    Unjudged(Why),
}

/// What a sample was held against in vain.
#[derive(Debug, PartialEq)]
pub(super) struct Miss {
    pub(super) operation: &'static str,
    pub(super) version: Option<Microversion>,
    pub(super) findings: Vec<Finding>,
}

/// Why a sample is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    NoJson,
    NoOperation,
    NotAtVersion,
    NoSchema,
}

impl Why {
    /// Says it of some samples.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::NoJson => "not JSON",
            Self::NoOperation => "of no operation in the spec",
            Self::NotAtVersion => "at a version that lacks the operation",
            Self::NoSchema => "without a schema",
        }
    }
}

/// Judges a sample by the best of the operations it may be of.
///
/// # Errors
/// A service that nobody knows, a schema that cannot be compiled.
pub(super) fn judge(sample: &Sample, validators: &Validators) -> Result<Verdict, Complaint> {
    let service = services::named(&sample.service).ok_or_else(|| {
        let what = format!("{} is of the service `{}`", sample.file, sample.service);
        Complaint::bad_input(what, "`squall spec list` shows the services there are")
    })?;
    if sample.broken.is_some() {
        return Ok(Verdict::Unjudged(Why::NoJson));
    }
    let version = sample.version.or(service.versions.min);
    let body = Body::from(sample.body.clone());
    let mut best = Verdict::Unjudged(Why::NoOperation);
    for operation in candidates(service, sample) {
        let verdict = hold(operation, version, &body, validators)?;
        let better = match (&best, &verdict) {
            (_, Verdict::Matches) => return Ok(verdict),
            (Verdict::Unjudged(_), Verdict::Misses(_)) => true,
            (Verdict::Unjudged(known), Verdict::Unjudged(why)) => known < why,
            _ => false,
        };
        if better {
            best = verdict;
        }
    }
    Ok(best)
}

fn hold(
    operation: &'static Operation,
    version: Option<Microversion>,
    body: &Body,
    validators: &Validators,
) -> Result<Verdict, Complaint> {
    if !operation.versions.contains(version) {
        return Ok(Verdict::Unjudged(Why::NotAtVersion));
    }
    let reference = OperationRef::from(operation);
    let schemas = validators.schemas(&reference)?;
    let Some(status) = success(operation, &schemas, version) else {
        return Ok(Verdict::Unjudged(Why::NoSchema));
    };
    let outcome = validators.response(&reference, status, version, body)?;
    Ok(match outcome.checked {
        Checked::Matches => Verdict::Matches,
        Checked::Violates => Verdict::Misses(Miss {
            operation: &operation.id,
            version,
            findings: outcome.violations,
        }),
        _ => Verdict::Unjudged(Why::NoSchema),
    })
}
