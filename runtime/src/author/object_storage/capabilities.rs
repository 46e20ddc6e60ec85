//! What a store supports: its middlewares, and their limits.

use serde_json::Value;

use super::Store;
use crate::client::Error;
use crate::{Failure, Result};

/// What `/info` says about a store.
#[derive(Debug, Clone, PartialEq)]
pub struct Capabilities(Value);

impl Store {
    /// Reads what the store supports.
    ///
    /// `GET /info`.
    ///
    /// # Errors
    /// The request failed.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let can = ctx.store().capabilities().await?;
    /// println!("segments of {:?} bytes or more", can.number("slo", "min_segment_size"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn capabilities(&self) -> Result<Capabilities, Error> {
        let response = self.client.info().show().send().await?;
        Ok(Capabilities(response.body.json().cloned().unwrap_or_default()))
    }

    /// Skips the test unless the store has all of these middlewares.
    ///
    /// # Errors
    /// A failure that skips the test, with the reason; or the request failed.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().needs(&["slo", "tempurl"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn needs(&self, names: &[&str]) -> impl Future<Output = Result<Capabilities>> {
        // The caller's line belongs in the report, and `track_caller` does not reach into a future.
        let missing = names.iter().map(|name| {
            let skip = Failure::skip(format!("the object storage has no `{name}` in its /info"));
            ((*name).to_owned(), skip)
        });
        let missing: Vec<(String, Failure)> = missing.collect();
        async move {
            let can = self.capabilities().await?;
            match missing.into_iter().find(|(name, _)| !can.has(name)) {
                Some((_, skip)) => Err(skip),
                None => Ok(can),
            }
        }
    }
}

impl Capabilities {
    /// Whether the store has a middleware, by its name in `/info`.
    ///
    /// ```no_run
    /// # fn doc(can: &squall::object_storage::Capabilities) {
    /// assert!(can.has("slo"));
    /// # }
    /// ```
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    /// Returns a limit of a middleware.
    ///
    /// ```no_run
    /// # fn doc(can: &squall::object_storage::Capabilities) {
    /// assert_eq!(can.number("slo", "max_manifest_segments"), Some(1000));
    /// # }
    /// ```
    pub fn number(&self, name: &str, limit: &str) -> Option<u64> {
        self.0.get(name)?.get(limit)?.as_u64()
    }

    /// Returns a middleware's list of words.
    ///
    /// ```no_run
    /// # fn doc(can: &squall::object_storage::Capabilities) {
    /// assert!(can.words("tempurl", "allowed_digests").contains(&"sha256"));
    /// # }
    /// ```
    pub fn words(&self, name: &str, list: &str) -> Vec<&str> {
        let words = self.0.get(name).and_then(|of| of.get(list)).and_then(Value::as_array);
        words.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}
