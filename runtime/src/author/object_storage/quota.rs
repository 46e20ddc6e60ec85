//! Quotas: how much a container or an account may hold.

use super::{StoreAccount, StoreContainer};
use crate::client::{Call, decode};

/// How much a container may hold; a limit that is not set does not apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    /// The most bytes.
    pub bytes: Option<u64>,
    /// The most objects.
    pub count: Option<u64>,
}

impl StoreContainer {
    /// Sets how much the container may hold; an upload beyond it is refused with 413.
    ///
    /// `POST /{container}` with `X-Container-Meta-Quota-…`. What replaces an object counts
    /// in full, and a limit that is not given is removed.
    ///
    /// ```no_run
    /// use squall::object_storage::Quota;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let quota = Quota { bytes: Some(1024), ..Quota::default() };
    /// ctx.store().container("pictures").set_quota(quota).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_quota(&self, quota: Quota) -> Call<()> {
        let text = |bound: Option<u64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
        self.client
            .containers()
            .update(&self.name)
            .header("x-container-meta-quota-bytes", text(quota.bytes))
            .header("x-container-meta-quota-count", text(quota.count))
    }
}

impl StoreAccount {
    /// Sets how many bytes the account may hold; none removes the limit.
    ///
    /// `POST /` with `X-Account-Meta-Quota-Bytes`. Only a reseller administrator may, and
    /// is not bound by it; anyone else is refused with 403.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().account().set_quota(Some(1024)).expect_error(403).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_quota(&self, bytes: Option<u64>) -> Call<()> {
        let update = self.client.accounts().update().decoded_by(decode::nothing);
        match bytes {
            Some(bytes) => update.header("x-account-meta-quota-bytes", bytes),
            None => update.header("x-remove-account-meta-quota-bytes", "true"),
        }
    }
}
