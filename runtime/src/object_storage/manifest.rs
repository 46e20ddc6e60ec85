//! The manifest of a static large object: what it is put together from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a static large object is to be put together from, in order.
///
/// ```
/// use squall::object_storage::Manifest;
///
/// let manifest = Manifest::new()
///     .segment("segments", "1")
///     .checked("segments", "2", "900150983cd24fb0d6963f7d28e17f72", 3)
///     .part("segments", "3", "0-9");
/// assert_eq!(manifest.len(), 3);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Manifest(Vec<Row>);

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct Row {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<String>,
}

impl Manifest {
    /// Starts one without segments, which the service refuses.
    ///
    /// ```
    /// assert!(squall::object_storage::Manifest::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a segment, whatever it holds.
    ///
    /// ```
    /// let manifest = squall::object_storage::Manifest::new().segment("segments", "1");
    /// # let _ = manifest;
    /// ```
    #[must_use]
    pub fn segment(self, container: &str, object: &str) -> Self {
        self.with(container, object, Row::default())
    }

    /// Adds a segment that has to have this etag and this size in bytes.
    ///
    /// ```
    /// let etag = "900150983cd24fb0d6963f7d28e17f72";
    /// let manifest = squall::object_storage::Manifest::new().checked("segments", "1", etag, 3);
    /// # let _ = manifest;
    /// ```
    #[must_use]
    pub fn checked(self, container: &str, object: &str, etag: &str, size: u64) -> Self {
        let row = Row { etag: Some(etag.to_owned()), size_bytes: Some(size), ..Row::default() };
        self.with(container, object, row)
    }

    /// Adds a part of a segment: bytes `first-last`, `first-` or `-count`.
    ///
    /// ```
    /// let manifest = squall::object_storage::Manifest::new().part("segments", "1", "2-4");
    /// # let _ = manifest;
    /// ```
    #[must_use]
    pub fn part(self, container: &str, object: &str, range: &str) -> Self {
        let row = Row { range: Some(range.to_owned()), ..Row::default() };
        self.with(container, object, row)
    }

    /// Gives the number of segments.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::Manifest::new().segment("c", "o").len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there are no segments.
    ///
    /// ```
    /// assert!(!squall::object_storage::Manifest::new().segment("c", "o").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes it as it is sent.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn with(mut self, container: &str, object: &str, row: Row) -> Self {
        self.0.push(Row { path: format!("/{container}/{object}"), ..row });
        self
    }
}

/// A segment as the service keeps it in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct StoredSegment {
    /// `/container/object`.
    pub name: String,
    /// The size of the whole segment in bytes.
    pub bytes: u64,
    /// The segment's etag.
    pub hash: String,
    /// The segment's media type.
    pub content_type: String,
    /// When it was stored.
    pub last_modified: String,
    /// The part that counts, as `first-last`; none for the whole.
    pub range: Option<String>,
    /// Whether it is a static large object itself.
    pub sub_slo: Option<bool>,
}
