//! Many things in one request: paths that are deleted, archives that are taken apart.

use super::operations::{BULK_DELETE, EXTRACT};
use super::{Report, Store, StoreContainer};
use crate::client::{Bytes, Call, Error};
use crate::typed;

/// Why a request for many things did not do them all.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// The request as a whole failed.
    #[error(transparent)]
    Call(#[from] Error),
    /// It was answered with 200, and some or all of it failed.
    #[error("the report of a bulk request says {0}")]
    Failed(Report),
}

impl BulkError {
    /// Gives the report, where the service sent one.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let failed = ctx.store().delete_all(["full-container"]).await.unwrap_err();
    /// assert_eq!(failed.report().and_then(|report| report.code()), Some(400));
    /// # Ok(())
    /// # }
    /// ```
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Failed(report) => Some(report),
            Self::Call(_) => None,
        }
    }
}

/// How an archive is packed.
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
    /// Gives the word that the service knows it by.
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
    /// `POST /?bulk-delete`. What is not there counts as not found and is no error.
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
    ) -> Result<Report, BulkError> {
        judged(self.delete_all_call(paths)).await
    }

    /// Gives the request of [`delete_all`](Self::delete_all) as a call, for tests of what
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
    ) -> Call<Report> {
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
    /// Takes an archive apart into objects of this container, by their paths in it.
    ///
    /// `PUT /{container}?extract-archive=…`. The objects go with the container.
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
    ) -> Result<Report, BulkError> {
        judged(self.extract_call(format, archive)).await
    }

    /// Gives the request of [`extract`](Self::extract) as a call, for tests of what the
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
    pub fn extract_call(&self, format: Format, archive: impl Into<Bytes>) -> Call<Report> {
        self.client
            .client()
            .call(&*EXTRACT, typed::read)
            .path("container", &self.name)
            .query("extract-archive", format.as_str())
            .bytes(archive, "application/x-tar")
    }
}

/// Sends, and takes a report of failures for the failure that it is.
pub(super) async fn judged(call: Call<Report>) -> Result<Report, BulkError> {
    let report = call.send().await?.value;
    if report.is_success() { Ok(report) } else { Err(BulkError::Failed(report)) }
}

/// Writes a path as headers and lists carry it, percent-encoded.
pub(super) fn encoded(path: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-~/".contains(byte);
    path.bytes()
        .map(
            |byte| {
                if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}
