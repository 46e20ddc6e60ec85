//! Large objects: concatenated from segments, which a manifest lists (static) or a
//! prefix selects (dynamic).

use super::bulk::{encoded, judged};
use super::operations::{DELETE_SEGMENTS, SHOW_MANIFEST};
use super::{BulkError, BulkReport, SegmentManifest, StoreContainer, StoreObject, StoredSegment};
use crate::client::{Bytes, Call, Error};
use crate::typed;

impl StoreContainer {
    /// Uploads segments as `prefix/000000`, `prefix/000001` and so on, and returns
    /// the manifest that requires each one's etag and size.
    ///
    /// `PUT /{container}/{object}` for each; they go with the container.
    ///
    /// # Errors
    /// An upload failed.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context, container: &str) -> squall::Result {
    /// let store = ctx.store();
    /// let manifest = store.container(container).upload_segments("film", ["one", "two"]).await?;
    /// store.object(container, "film").put_static(&manifest).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload_segments<B: Into<Bytes>>(
        &self,
        prefix: &str,
        parts: impl IntoIterator<Item = B>,
    ) -> Result<SegmentManifest, Error> {
        let mut manifest = SegmentManifest::new();
        for (index, part) in parts.into_iter().enumerate() {
            let (bytes, name) = (part.into(), format!("{prefix}/{index:06}"));
            let size = bytes.len() as u64;
            let stored = self.client.objects().create(&self.name, &name, bytes).send().await?;
            manifest = match stored.header("etag") {
                Some(etag) => manifest.checked(&self.name, &name, etag.trim_matches('"'), size),
                None => manifest.segment(&self.name, &name),
            };
        }
        Ok(manifest)
    }
}

impl StoreObject {
    /// Creates the object as a static large object.
    ///
    /// `PUT /{container}/{object}?multipart-manifest=put`. A segment that is missing, or
    /// has another etag or size than the manifest says, refuses it with 400.
    ///
    /// ```no_run
    /// use squall::object_storage::SegmentManifest;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let manifest = SegmentManifest::new().segment("segments", "1").segment("segments", "2");
    /// ctx.store().object("films", "long").put_static(&manifest).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn put_static(&self, manifest: &SegmentManifest) -> Call<()> {
        self.client
            .objects()
            .create(&self.container, &self.name, manifest.to_json())
            .query("multipart-manifest", "put")
    }

    /// Creates the object as a dynamic large object: the objects with this prefix in a container.
    ///
    /// `PUT /{container}/{object}` with `X-Object-Manifest`.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().object("films", "long").put_dynamic("segments", "long/").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn put_dynamic(&self, container: &str, prefix: &str) -> Call<()> {
        let put = self.client.objects().create(&self.container, &self.name, Bytes::new());
        put.header("x-object-manifest", encoded(&format!("{container}/{prefix}")))
    }

    /// Returns the manifest of a static large object.
    ///
    /// `GET /{container}/{object}?multipart-manifest=get`.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let segments = ctx.store().object("films", "long").manifest().send().await?.value;
    /// println!("{} segments", segments.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn manifest(&self) -> Call<Vec<StoredSegment>> {
        self.client
            .client()
            .call(&*SHOW_MANIFEST, typed::read)
            .path("container", &self.container)
            .path("object", &self.name)
            .query("multipart-manifest", "get")
    }

    /// Deletes a static large object together with its segments.
    ///
    /// `DELETE /{container}/{object}?multipart-manifest=delete`.
    ///
    /// # Errors
    /// The request failed, or the report says that something was not deleted.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let report = ctx.store().object("films", "long").delete_with_segments().await?;
    /// assert_eq!(report.deleted, Some(3));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_with_segments(&self) -> Result<BulkReport, BulkError> {
        let call = self.client.client().call(&*DELETE_SEGMENTS, typed::read);
        let call = call.path("container", &self.container).path("object", &self.name);
        judged(call.query("multipart-manifest", "delete")).await
    }
}
