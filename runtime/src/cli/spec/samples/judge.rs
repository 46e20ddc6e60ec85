//! Validates one sample against the schema of its operation.

use squall_model::{Finding, Microversion, Operation};

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
