//! The resources that the checkers share: live ones, and one of each kind that was deleted.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{Mutex, OnceCell};

use crate::derived::outcome::without;
use crate::described::delete;
use crate::described::{Instance, Pool};
use crate::{Context, Result};

/// The label of a live resource that requests of others, or by other ways, are sent to.
const LIVE: &str = "reach";

/// The label of a resource that is deleted.
const DELETED: &str = "deleted";

/// The resources that the checkers share.
pub struct Resources {
    pub(super) pool: Pool,
    ctx: Context,
    deleted: Mutex<HashMap<String, Deletion>>,
}

/// A resource that the first who needs it deletes.
type Deletion = Arc<OnceCell<Result<Instance>>>;

impl Resources {
    /// Creates nothing yet; what is created is deleted when this context ends.
    pub fn new(ctx: &Context) -> Self {
        Self { pool: Pool::new(ctx), ctx: ctx.clone(), deleted: Mutex::default() }
    }

    /// Returns a live resource, which no valid request changes.
    pub(super) async fn live(&self, kind: &str) -> Result<Instance> {
        self.pool.labelled(kind, LIVE, None).await.map_err(without)
    }

    /// Returns another live resource of a kind.
    pub(super) async fn another(&self, kind: &str) -> Result<Instance> {
        self.pool.labelled(kind, "another", None).await.map_err(without)
    }

    /// Returns a resource that was deleted, as it was before.
    pub(super) async fn deleted(&self, kind: &str) -> Result<Instance> {
        let cell = Arc::clone(self.deleted.lock().await.entry(kind.to_owned()).or_default());
        let deleted = cell.get_or_init(|| async {
            let target = self.pool.labelled(kind, DELETED, None).await?;
            delete(&self.ctx, &self.pool, &target).await.map_err(|failure| {
                failure.context(format!("the {kind} `{}` cannot be deleted", target.id()))
            })?;
            Ok(target)
        });
        deleted.await.clone().map_err(without)
    }
}
