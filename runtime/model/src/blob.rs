//! Where an operation's schemas are: in a generated crate's blob, from which they are read
//! for one operation at a time, or in memory for an operation created at run time.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::{OperationSchemas, SharedSchemas};

/// The schemas of a service, as a generated crate includes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaBlob {
    /// JSON documents: first what the operations share, then one for each operation.
    pub bytes: &'static [u8],
    /// The length of the first document.
    pub shared: usize,
}

/// Where an operation's schemas are.
#[derive(Clone)]
pub enum SchemaSource {
    /// The operation has no schemas.
    Nowhere,
    /// The bytes `start..start + len` of a blob, one JSON document.
    Blob {
        /// The whole blob.
        blob: SchemaBlob,
        /// The start of the operation's document.
        start: usize,
        /// The length of the document.
        len: usize,
    },
    /// In memory.
    Inline(Arc<OperationSchemas>),
}

impl SchemaSource {
    /// Reads the schemas. Those of [`SchemaSource::Nowhere`] are all unknown.
    ///
    /// # Errors
    /// The blob was not written by this version of the generator.
    pub fn read(&self) -> Result<Arc<OperationSchemas>, BlobError> {
        match self {
            Self::Nowhere => Ok(Arc::default()),
            Self::Inline(schemas) => Ok(Arc::clone(schemas)),
            Self::Blob { blob, start, len } => blob.document(*start, *len),
        }
    }

    /// Returns the blob that the schemas are in, if they are in one.
    pub fn blob(&self) -> Option<SchemaBlob> {
        match self {
            Self::Blob { blob, .. } => Some(*blob),
            Self::Nowhere | Self::Inline(_) => None,
        }
    }
}

impl SchemaBlob {
    /// Reads what the operations share.
    ///
    /// # Errors
    /// The blob was not written by this version of the generator.
    pub fn shared(&self) -> Result<Arc<SharedSchemas>, BlobError> {
        self.document(0, self.shared)
    }

    fn document<T: DeserializeOwned>(&self, start: usize, len: usize) -> Result<Arc<T>, BlobError> {
        let document = self
            .bytes
            .get(start..start + len)
            .ok_or_else(|| BlobError(format!("{start}+{len} is past its end")))?;
        serde_json::from_slice(document)
            .map(Arc::new)
            .map_err(|source| BlobError(source.to_string()))
    }
}

impl fmt::Debug for SchemaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => f.write_str("Nowhere"),
            Self::Blob { start, len, .. } => write!(f, "Blob({start}, {len})"),
            Self::Inline(_) => f.write_str("Inline"),
        }
    }
}

/// A blob that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobError(String);

impl fmt::Display for BlobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the schema blob does not fit its index ({}); run `cargo clean` and build again",
            self.0
        )
    }
}

impl std::error::Error for BlobError {}
