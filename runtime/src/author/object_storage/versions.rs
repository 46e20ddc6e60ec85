//! Object versioning: the old versions of objects that were replaced or deleted.

use super::types::Object;
use super::{StoreContainer, StoreObject};
use crate::client::{Bytes, Call, decode};

/// Whether a container keeps versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Objects that are replaced or deleted from now on are kept.
    On,
    /// No further versions are kept; existing ones stay.
    Suspended,
}

impl StoreContainer {
    /// Sets whether versions are kept.
    ///
    /// `POST /{container}` with `X-Versions-Enabled`.
    ///
    /// ```no_run
    /// use squall::object_storage::Keep;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().container("letters").keep_versions(Keep::On).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn keep_versions(&self, keep: Keep) -> Call<()> {
        let enabled = if keep == Keep::On { "true" } else { "false" };
        self.client.containers().update(&self.name).header("x-versions-enabled", enabled)
    }

    /// Lists every version of every object, by name and the newest first.
    ///
    /// `GET /{container}?versions=true`. A deletion is listed as a delete marker, whose
    /// media type is `application/x-deleted;swift_versions_deleted=1`; an object stored before
    /// versions were kept has the id `null`.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// for version in ctx.store().container("letters").versions().send().await?.value {
    ///     println!("{:?} {:?}", version.name, version.version_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn versions(&self) -> Call<Vec<Object>> {
        let list = self.client.objects().list(&self.name);
        // As JSON, an empty list is `[]` and not a 204.
        list.query("format", "json").query("versions", "true").decoded_by(decode::json)
    }
}

impl StoreObject {
    /// Downloads a version.
    ///
    /// `GET /{container}/{object}?version-id=…`; a delete marker is 404.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let letter = ctx.store().object("letters", "mum");
    /// let old = letter.version("1700000000.00000").send().await?.value;
    /// # let _ = old; Ok(())
    /// # }
    /// ```
    pub fn version(&self, id: &str) -> Call<Bytes> {
        self.client.objects().show(&self.container, &self.name).query("version-id", id)
    }

    /// Deletes a version for good.
    ///
    /// `DELETE /{container}/{object}?version-id=…`; deleting the newest one deletes the object.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().object("letters", "mum").delete_version("1700000000.00000").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_version(&self, id: &str) -> Call<()> {
        self.client.objects().delete(&self.container, &self.name).query("version-id", id)
    }

    /// Restores a version as the current object.
    ///
    /// `PUT /{container}/{object}?version-id=…` without a body.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().object("letters", "mum").restore_version("1700000000.00000").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn restore_version(&self, id: &str) -> Call<()> {
        let put = self.client.objects().create(&self.container, &self.name, Bytes::new());
        put.query("version-id", id)
    }
}
