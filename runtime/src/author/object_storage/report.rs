//! The report of a bulk request.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

/// The report of a bulk request.
///
/// The service answers 200 before it starts; the report has the real status.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct BulkReport {
    /// The real status, as in `400 Bad Request`.
    #[serde(rename = "Response Status")]
    pub status: String,
    /// The service's message.
    #[serde(rename = "Response Body")]
    pub body: String,
    /// How many objects and containers were deleted; none where the request deletes nothing.
    #[serde(rename = "Number Deleted")]
    pub deleted: Option<u64>,
    /// How many did not exist; none where the request deletes nothing.
    #[serde(rename = "Number Not Found")]
    pub not_found: Option<u64>,
    /// How many objects were created from an archive; none where there was no archive.
    #[serde(rename = "Number Files Created")]
    pub created: Option<u64>,
    /// The path of each failure, percent-encoded, and its status.
    #[serde(rename = "Errors")]
    pub errors: Vec<(String, String)>,
}

impl BulkReport {
    /// Returns the real status as a number.
    ///
    /// ```no_run
    /// # fn doc(report: &squall::object_storage::BulkReport) {
    /// assert_eq!(report.code(), Some(201));
    /// # }
    /// ```
    pub fn code(&self) -> Option<u16> {
        self.status.split(' ').next()?.parse().ok()
    }

    /// Whether everything succeeded.
    ///
    /// ```no_run
    /// # fn doc(report: &squall::object_storage::BulkReport) {
    /// assert!(report.is_success(), "{report}");
    /// # }
    /// ```
    pub fn is_success(&self) -> bool {
        self.code().is_some_and(|code| (200..300).contains(&code)) && self.errors.is_empty()
    }

    /// Returns the status of a path, if it failed.
    ///
    /// ```no_run
    /// # fn doc(report: &squall::object_storage::BulkReport) {
    /// assert_eq!(report.error_of("pictures"), Some("409 Conflict"));
    /// # }
    /// ```
    pub fn error_of(&self, path: &str) -> Option<&str> {
        let plain = |path: &str| path.trim_start_matches('/').to_owned();
        let found = self.errors.iter().find(|(at, _)| plain(at) == plain(path));
        found.map(|(_, status)| status.as_str())
    }
}

impl fmt::Display for BulkReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.body.is_empty() {
            write!(f, ": {}", self.body)?;
        }
        for (path, status) in &self.errors {
            write!(f, "; {path}: {status}")?;
        }
        Ok(())
    }
}
