//! The manifest of a static large object: its segments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The segments of a static large object, in order.
///
/// ```
/// use squall::object_storage::SegmentManifest;
///
/// let manifest = SegmentManifest::new()
///     .segment("segments", "1")
///     .checked("segments", "2", "900150983cd24fb0d6963f7d28e17f72", 3)
///     .part("segments", "3", "0-9");
/// assert_eq!(manifest.len(), 3);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SegmentManifest(Vec<Row>);

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

impl SegmentManifest {
    /// Creates a manifest without segments, which the service refuses.
    ///
    /// ```
    /// assert!(squall::object_storage::SegmentManifest::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a segment without checks.
    ///
    /// ```
    /// let manifest = squall::object_storage::SegmentManifest::new().segment("segments", "1");
    /// # let _ = manifest;
    /// ```
    #[must_use]
    pub fn segment(self, container: &str, object: &str) -> Self {
        self.with(container, object, Row::default())
    }

    /// Adds a segment that must have this etag and this size in bytes.
    ///
    /// ```
    /// let etag = "900150983cd24fb0d6963f7d28e17f72";
    /// let manifest = squall::object_storage::SegmentManifest::new().checked("segments", "1", etag, 3);
    /// # let _ = manifest;
    /// ```
    #[must_use]
    pub fn checked(self, container: &str, object: &str, etag: &str, size: u64) -> Self {
        let row = Row { etag: Some(etag.to_owned()), size_bytes: Some(size), ..Row::default() };
        self.with(container, object, row)
    }

    /// Adds a byte range of a segment: bytes `first-last`, `first-` or `-count`.
    ///
    /// ```
    /// let manifest = squall::object_storage::SegmentManifest::new().part("segments", "1", "2-4");
    /// # let _ = manifest;
    /// ```
    #[must_use]
    pub fn part(self, container: &str, object: &str, range: &str) -> Self {
        let row = Row { range: Some(range.to_owned()), ..Row::default() };
        self.with(container, object, row)
    }

    /// Returns the number of segments.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::SegmentManifest::new().segment("c", "o").len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no segments.
    ///
    /// ```
    /// assert!(!squall::object_storage::SegmentManifest::new().segment("c", "o").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the manifest as it is sent.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn with(mut self, container: &str, object: &str, row: Row) -> Self {
        self.0.push(Row { path: format!("/{container}/{object}"), ..row });
        self
    }
}

/// A segment as the service returns it in a manifest.
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
    /// The byte range that is used, as `first-last`; none for the whole segment.
    pub range: Option<String>,
    /// Whether the segment is a static large object itself.
    pub sub_slo: Option<bool>,
}
