//! The error of a test: a failure with its source location and causes, or a request
//! to be skipped.

use std::error::Error;
use std::fmt;
use std::panic::Location;

use serde::{Deserialize, Serialize};

use crate::{Answered, UnexpectedAnswer};

/// The result of a test.
pub type Result<T = (), E = Failure> = std::result::Result<T, E>;

/// Why a test did not pass.
///
/// Any error converts into one through `?`, which also records the line of the `?`.
/// That conversion is why this type does not implement [`Error`] itself.
///
/// ```
/// # use squall_records as squall;
/// fn parse(text: &str) -> squall::Result<u16> {
///     Ok(text.parse()?)
/// }
/// let failure = parse("x").unwrap_err();
/// assert_eq!(failure.message(), "invalid digit found in string");
/// assert!(failure.location().is_some());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Failure(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Inner {
    message: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    skip: bool,
    #[serde(rename = "place", default, skip_serializing_if = "Option::is_none")]
    location: Option<SourceLocation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<UnexpectedAnswer>,
}

/// A position in a source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLocation {
    /// The file, as the path given to the compiler.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl Failure {
    /// Creates a failure located at the caller's line.
    #[track_caller]
    pub fn new(message: impl Into<String>) -> Self {
        Self::make(message.into(), false)
    }

    /// Returns a failure that skips the test; reports show the reason.
    #[track_caller]
    pub fn skip(reason: impl Into<String>) -> Self {
        Self::make(reason.into(), true)
    }

    /// Describes what was being done; the previous message becomes the first cause.
    #[must_use]
    pub fn context(mut self, doing: impl fmt::Display) -> Self {
        let was = std::mem::replace(&mut self.0.message, doing.to_string());
        self.0.causes.insert(0, was);
        self
    }

    /// Sets the id of the request that the failure comes from.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    /// Sets the answer that was not expected.
    #[must_use]
    pub fn with_answer(mut self, answer: UnexpectedAnswer) -> Self {
        self.0.answer = Some(answer);
        self
    }

    /// Adds a cause, below all others.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.0.causes.push(cause.into());
        self
    }

    /// Sets the source location, or removes it.
    #[must_use]
    pub fn with_location(mut self, location: Option<SourceLocation>) -> Self {
        self.0.location = location;
        self
    }

    /// Whether it skips the test.
    pub fn is_skip(&self) -> bool {
        self.0.skip
    }

    /// Returns what went wrong, or the reason for skipping.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the source location, where it is known.
    pub fn location(&self) -> Option<&SourceLocation> {
        self.0.location.as_ref()
    }

    /// Returns the underlying errors, the nearest first.
    pub fn causes(&self) -> &[String] {
        &self.0.causes
    }

    /// Returns the id of the request that it comes from.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the answer of a service that it comes from.
    pub fn answer(&self) -> Option<&UnexpectedAnswer> {
        self.0.answer.as_ref()
    }

    #[track_caller]
    fn make(message: String, skip: bool) -> Self {
        let location = Some(SourceLocation::from(Location::caller()));
        Self(Box::new(Inner {
            message,
            skip,
            location,
            causes: Vec::new(),
            request_id: None,
            answer: None,
        }))
    }
}

impl<E: Error + 'static> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        let mut failure = Self::make(error.to_string(), false);
        let mut below = error.source();
        while let Some(cause) = below {
            // A wrapper that only passes its cause on has the same text.
            let cause_text = cause.to_string();
            if failure.0.causes.last().unwrap_or(&failure.0.message) != &cause_text {
                failure.0.causes.push(cause_text);
            }
            below = cause.source();
        }
        if let Some(error) = of_client(&error) {
            failure.0.request_id = error.request_id().map(str::to_owned);
            failure.0.answer = error.operation().map(|operation| UnexpectedAnswer {
                operation: operation.to_owned(),
                answered: Answered::of(error.status()),
                ..UnexpectedAnswer::default()
            });
        }
        failure
    }
}

/// Returns the client's error behind an error, if there is one.
fn of_client<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a crate::client::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(call) = error.downcast_ref::<crate::client::Error>() {
            return Some(call);
        }
        next = error.source();
    }
    None
}

impl From<&Location<'_>> for SourceLocation {
    fn from(at: &Location<'_>) -> Self {
        Self { file: at.file().to_owned(), line: at.line(), column: at.column() }
    }
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        self.0.causes.iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Fails the test unless the condition holds.
///
/// ```
/// # use squall_records as squall;
/// fn check(n: u8) -> squall::Result {
///     squall::ensure!(n < 10, "{n} is too many");
///     Ok(())
/// }
/// assert_eq!(check(11).unwrap_err().message(), "11 is too many");
/// ```
#[macro_export]
macro_rules! ensure {
    ($condition:expr $(,)?) => {
        $crate::ensure!($condition, "`{}` does not hold", ::std::stringify!($condition))
    };
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return ::std::result::Result::Err($crate::Failure::new(::std::format!($($message)+)));
        }
    };
}

/// Fails the test unless both sides are equal; the message shows both.
///
/// ```
/// # use squall_records as squall;
/// fn check(status: &str) -> squall::Result {
///     squall::ensure_eq!(status, "ACTIVE", "after the reboot");
///     Ok(())
/// }
/// let message = check("ERROR").unwrap_err().message().to_owned();
/// assert_eq!(message, "after the reboot: `status` is \"ERROR\", expected \"ACTIVE\"");
/// ```
#[macro_export]
macro_rules! ensure_eq {
    ($left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) => $crate::ensure!(
                {
                    #[allow(unused_imports, reason = "one of them compares")]
                    use $crate::equality::{AsJson as _, ByEq as _};
                    (&$crate::equality::Pair(left, right)).same()
                },
                "`{}` is {left:?}, expected {right:?}",
                ::std::stringify!($left)
            ),
        }
    };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => $crate::ensure!(
                {
                    #[allow(unused_imports, reason = "one of them compares")]
                    use $crate::equality::{AsJson as _, ByEq as _};
                    (&$crate::equality::Pair(left, right)).same()
                },
                "{}: `{}` is {left:?}, expected {right:?}",
                ::std::format_args!($($message)+),
                ::std::stringify!($left)
            ),
        }
    };
}
