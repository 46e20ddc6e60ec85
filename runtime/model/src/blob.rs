//! Where an operation's schemas stand: in a generated crate's blob, read an
//! operation at a time, or in memory for an operation made at run time.

use std::fmt;
use std::sync::Arc;

use crate::OperationSchemas;

/// The place of an operation's schemas.
#[derive(Clone)]
pub enum SchemaSource {
    /// Nobody described them.
    Nowhere,
    /// The bytes `start..start + len` of a blob, one JSON document.
    Blob {
        /// The whole blob, as a generated crate includes it.
        bytes: &'static [u8],
        /// Where the operation's document starts.
        start: usize,
        /// How long it is.
        len: usize,
    },
    /// In memory.
    Inline(Arc<OperationSchemas>),
}

impl SchemaSource {
    /// Reads the schemas; those of [`SchemaSource::Nowhere`] are all unknown.
    ///
    /// # Errors
    /// A blob that was not written by this version of the generator.
    pub fn read(&self) -> Result<Arc<OperationSchemas>, BlobError> {
        match self {
            Self::Nowhere => Ok(Arc::default()),
            Self::Inline(schemas) => Ok(Arc::clone(schemas)),
            Self::Blob { bytes, start, len } => {
                let document = bytes
                    .get(*start..start + len)
                    .ok_or_else(|| BlobError(format!("{start}+{len} lies past its end")))?;
                serde_json::from_slice(document)
                    .map(Arc::new)
                    .map_err(|source| BlobError(source.to_string()))
            }
        }
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
