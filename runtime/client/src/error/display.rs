//! `Display` of errors.

use std::fmt;

use squall_model::Finding;

use super::{Error, ErrorKind, RequestInfo};
use crate::{clean, redact};

/// The number of violations listed before the rest is only counted.
const LISTED: usize = 20;

/// Without secrets and control characters: much of it is what a service said.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.request() {
            Some(request) => format!("{request}: {}", self.kind()),
            None => self.kind().to_string(),
        };
        f.write_str(&clean::text(&redact::text(&text)))
    }
}

impl fmt::Display for RequestInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {}", self.operation, self.method, self.url)?;
        if let Some(status) = self.status {
            write!(f, ", status {status}")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, ", request {id}")?;
        }
        if self.attempts > 1 {
            write!(f, ", {} attempts", self.attempts)?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Auth(error) => error.fmt(f),
            Self::Catalog(error) => error.fmt(f),
            Self::Version(error) => error.fmt(f),
            Self::Request(message) | Self::Schema(message) | Self::Paging(message) => {
                f.write_str(message)
            }
            Self::Refused(refusal) => write!(f, "not sent: {refusal}"),
            Self::Wire(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Status(response) => response.fmt(f),
            Self::UnexpectedStatus { expected, response } => {
                write!(f, "expected the service to refuse with {expected}, but {response}")
            }
            Self::UnexpectedSuccess { expected } => {
                write!(f, "expected the service to refuse with {expected}, but the call succeeded")
            }
            Self::WrongRefusal(response) => {
                let status = response.status;
                write!(f, "the service refused with {status} as expected, but ")?;
                let violations = Violations(&response.violations);
                write!(f, "the answer has {violations}")
            }
            Self::Violations(findings) => Violations(findings).fmt(f),
            Self::Decode(error) => write!(f, "cannot decode the response: {error}"),
        }
    }
}

/// Violations as a message lists them.
pub(super) struct Violations<'a>(pub(super) &'a [Finding]);

impl fmt::Display for Violations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} violation{many} of the spec", self.0.len())?;
        for finding in self.0.iter().take(LISTED) {
            // What is wrong with the whole body is at its root; a header is nowhere in it.
            let is_of_body =
                finding.code.ends_with("-match") && !finding.code.starts_with("header");
            match finding.pointer.as_str() {
                "" if !is_of_body => write!(f, "\n  {}", finding.message)?,
                "" => write!(f, "\n  /: {}", finding.message)?,
                pointer => write!(f, "\n  {pointer}: {}", finding.message)?,
            }
        }
        if self.0.len() > LISTED {
            write!(f, "\n  and {} more", self.0.len() - LISTED)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            // `Display` contains the whole text of these, so that a chain of
            // causes continues with their own source and repeats nothing.
            ErrorKind::Config(error) => error.source(),
            ErrorKind::Auth(error) => error.source(),
            _ => None,
        }
    }
}
