//! Objects that expire.

use super::StoreObject;
use crate::client::Call;

/// When an object expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// At this time, in seconds since 1970; one in the past is refused with 400.
    At(i64),
    /// This many seconds from now.
    After(u64),
}

impl Expiry {
    /// Adds the expiry to a call that stores or updates an object.
    ///
    /// ```no_run
    /// use squall::object_storage::Expiry;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let put = ctx.object_storage().objects().create("letters", "mum", "hello");
    /// Expiry::After(3600).on(put).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on<T>(self, call: Call<T>) -> Call<T> {
        match self {
            Self::At(time) => call.header("x-delete-at", time),
            Self::After(seconds) => call.header("x-delete-after", seconds),
        }
    }
}

impl StoreObject {
    /// Sets when the object expires; its other metadata is removed.
    ///
    /// `POST /{container}/{object}` with `X-Delete-At` or `X-Delete-After`.
    ///
    /// ```no_run
    /// use squall::object_storage::Expiry;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().object("letters", "mum").expire(Expiry::After(3600)).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire(&self, expiry: Expiry) -> Call<()> {
        expiry.on(self.client.objects().update(&self.container, &self.name))
    }
}
