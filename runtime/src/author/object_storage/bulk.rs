//! Bulk requests: many deletions in one, and archives that are extracted.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::operations::{BULK_DELETE, EXTRACT};
use super::{BulkReport, Store, StoreContainer};
use crate::client::{Bytes, Call, Error};
use crate::typed;

/// Why a bulk request failed, in whole or in part.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// The request as a whole failed.
    #[error(transparent)]
    Call(#[from] Error),
    /// The service answered 200, and its report lists failures.
    #[error("the bulk request was answered with 200 and reports {0}")]
    Failed(BulkReport),
}

impl BulkError {
    /// Returns the report, if the service sent one.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let failed = ctx.store().delete_all(["full-container"]).await.unwrap_err();
    /// assert_eq!(failed.report().and_then(|report| report.code()), Some(400));
    /// # Ok(())
    /// # }
    /// ```
    pub fn report(&self) -> Option<&BulkReport> {
        match self {
            Self::Failed(report) => Some(report),
            Self::Call(_) => None,
        }
    }
}

/// The format of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Not compressed.
    Tar,
    /// Compressed with gzip.
    TarGz,
    /// Compressed with bzip2.
    TarBz2,
}

impl Format {
    /// Returns the format's name in the request.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::Format::TarGz.as_str(), "tar.gz");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
            Self::TarBz2 => "tar.bz2",
        }
    }
}

impl Store {
    /// Deletes objects (`container/object`) and empty containers, in one request.
    ///
    /// `POST /?bulk-delete`. A path that does not exist is counted as not found and is not an error.
    ///
    /// # Errors
    /// The request failed, or the report says that something was not deleted.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let report = ctx.store().delete_all(["pictures/cat.jpg", "pictures"]).await?;
    /// assert_eq!(report.deleted, Some(2));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_all<P: AsRef<str>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<BulkReport, BulkError> {
        judged(self.delete_all_call(paths)).await
    }

    /// Returns the request of [`delete_all`](Self::delete_all) as a call, for tests of what
    /// the service refuses.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().delete_all_call(["a/b"]).without_token().expect_error(401).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_all_call<P: AsRef<str>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Call<BulkReport> {
        let lines: Vec<String> = paths
            .into_iter()
            .map(|path| encoded(&format!("/{}", path.as_ref().trim_start_matches('/'))))
            .collect();
        self.client
            .client()
            .call(&*BULK_DELETE, typed::read)
            .query("bulk-delete", "true")
            .bytes(lines.join("\n"), "text/plain")
    }
}

impl StoreContainer {
    /// Extracts an archive into this container, one object per file, named by its path.
    ///
    /// `PUT /{container}?extract-archive=…`. The objects are removed with the container.
    ///
    /// # Errors
    /// The request failed, or the report says that something was not stored.
    ///
    /// ```no_run
    /// use squall::object_storage::{Format, Tar};
    ///
    /// # async fn doc(ctx: &squall::Context, container: &str) -> squall::Result {
    /// let tar = Tar::new().file("a/cat.txt", "meow")?.finish()?;
    /// let report = ctx.store().container(container).extract(Format::Tar, tar).await?;
    /// assert_eq!(report.created, Some(1));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn extract(
        &self,
        format: Format,
        archive: impl Into<Bytes>,
    ) -> Result<BulkReport, BulkError> {
        judged(self.extract_call(format, archive)).await
    }

    /// Returns the request of [`extract`](Self::extract) as a call, for tests of what the
    /// service refuses.
    ///
    /// ```no_run
    /// use squall::object_storage::Format;
    ///
    /// # async fn doc(ctx: &squall::Context, container: &str) -> squall::Result {
    /// let call = ctx.store().container(container).extract_call(Format::Tar, "no archive");
    /// assert!(!call.send().await?.value.is_success());
    /// # Ok(())
    /// # }
    /// ```
    pub fn extract_call(&self, format: Format, archive: impl Into<Bytes>) -> Call<BulkReport> {
        self.client
            .client()
            .call(&*EXTRACT, typed::read)
            .path("container", &self.name)
            .query("extract-archive", format.as_str())
            .bytes(archive, "application/x-tar")
    }
}

/// Sends the call; a report that lists failures becomes an error.
pub(super) async fn judged(call: Call<BulkReport>) -> Result<BulkReport, BulkError> {
    let report = call.send().await?.value;
    if report.is_success() { Ok(report) } else { Err(BulkError::Failed(report)) }
}

/// What is encoded in a path: everything but RFC 3986's unreserved characters and slashes.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b'/');

/// Percent-encodes a path for a header or a list of paths.
pub(super) fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_slashes_and_nothing_else_that_means_something() {
        assert_eq!(encoded("a b/c%d?e#f~g_h.i-j"), "a%20b/c%25d%3Fe%23f~g_h.i-j");
        assert_eq!(encoded("größe\n"), "gr%C3%B6%C3%9Fe%0A");
    }
}
