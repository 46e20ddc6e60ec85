//! Server-side copies: the bytes do not go over the wire.

use super::StoreObject;
use super::bulk::encoded;
use crate::client::{Bytes, Call};

/// What is copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CopyHow {
    /// The bytes and the metadata.
    #[default]
    Whole,
    /// The bytes alone, with new metadata.
    FreshMetadata,
    /// The manifest of a large object instead of its content.
    Manifest,
}

impl StoreObject {
    /// Copies the object to another container or name in the account.
    ///
    /// `COPY /{container}/{object}` with `Destination`.
    ///
    /// ```no_run
    /// use squall::object_storage::CopyHow;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let cat = ctx.store().object("pictures", "cat.jpg");
    /// cat.copy_to("backup", "cat.jpg", CopyHow::Whole).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn copy_to(&self, container: &str, name: &str, how: CopyHow) -> Call<()> {
        let call = self.client.objects().copy(&self.container, &self.name);
        said(call.header("destination", encoded(&format!("{container}/{name}"))), how)
    }

    /// Creates the object as a copy of another object of the account.
    ///
    /// `PUT /{container}/{object}` with `X-Copy-From`.
    ///
    /// ```no_run
    /// use squall::object_storage::CopyHow;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let copy = ctx.store().object("backup", "cat.jpg");
    /// copy.copy_from("pictures", "cat.jpg", CopyHow::FreshMetadata).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn copy_from(&self, container: &str, name: &str, how: CopyHow) -> Call<()> {
        let call = self.client.objects().create(&self.container, &self.name, Bytes::new());
        said(call.header("x-copy-from", encoded(&format!("{container}/{name}"))), how)
    }
}

fn said(call: Call<()>, how: CopyHow) -> Call<()> {
    match how {
        CopyHow::Whole => call,
        CopyHow::FreshMetadata => call.header("x-fresh-metadata", "true"),
        CopyHow::Manifest => call.query("multipart-manifest", "get"),
    }
}
