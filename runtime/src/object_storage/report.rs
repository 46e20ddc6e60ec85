//! The report of a request that does many things at once.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

/// What became of many things.
///
/// The service answers 200 before it knows; how it went stands in the report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Report {
    /// The status that counts, as in `400 Bad Request`.
    #[serde(rename = "Response Status")]
    pub status: String,
    /// What the service says to it.
    #[serde(rename = "Response Body")]
    pub body: String,
    /// How many things were deleted, where any were to be.
    #[serde(rename = "Number Deleted")]
    pub deleted: Option<u64>,
    /// How many were not there, where any were to be deleted.
    #[serde(rename = "Number Not Found")]
    pub not_found: Option<u64>,
    /// How many objects an archive gave, where there was one.
    #[serde(rename = "Number Files Created")]
    pub created: Option<u64>,
    /// The path of each thing that failed, percent-encoded, and its status.
    #[serde(rename = "Errors")]
    pub errors: Vec<(String, String)>,
}

impl Report {
    /// Gives the status that counts as a number.
    ///
    /// ```no_run
    /// # fn doc(report: &squall::object_storage::Report) {
    /// assert_eq!(report.code(), Some(201));
    /// # }
    /// ```
    pub fn code(&self) -> Option<u16> {
        self.status.split(' ').next()?.parse().ok()
    }

    /// Tells whether everything went well.
    ///
    /// ```no_run
    /// # fn doc(report: &squall::object_storage::Report) {
    /// assert!(report.is_success(), "{report}");
    /// # }
    /// ```
    pub fn is_success(&self) -> bool {
        self.code().is_some_and(|code| (200..300).contains(&code)) && self.errors.is_empty()
    }

    /// Gives the status of the thing at a path, where it failed.
    ///
    /// ```no_run
    /// # fn doc(report: &squall::object_storage::Report) {
    /// assert_eq!(report.error_of("pictures"), Some("409 Conflict"));
    /// # }
    /// ```
    pub fn error_of(&self, path: &str) -> Option<&str> {
        let plain = |path: &str| path.trim_start_matches('/').to_owned();
        let found = self.errors.iter().find(|(at, _)| plain(at) == plain(path));
        found.map(|(_, status)| status.as_str())
    }
}

impl fmt::Display for Report {
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
