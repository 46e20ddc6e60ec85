//! The store, and the account, a container or an object in it: the types that have the
//! methods of this module.

use super::ObjectStorage;
use crate::actor::Actor;

impl Actor {
    /// Returns the features of object storage beside its operations: large objects,
    /// temporary URLs, access lists, versions, bulk requests and web sites.
    pub fn store(&self) -> Store {
        Store::new(self.object_storage())
    }
}

/// Object storage as one identity sees it.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) client: ObjectStorage,
}

/// An identity's own account.
#[derive(Debug, Clone)]
pub struct StoreAccount {
    pub(super) client: ObjectStorage,
}

/// A container of the account, whether it exists or not.
#[derive(Debug, Clone)]
pub struct StoreContainer {
    pub(super) client: ObjectStorage,
    pub(super) name: String,
}

/// An object of the account, whether it exists or not.
#[derive(Debug, Clone)]
pub struct StoreObject {
    pub(super) client: ObjectStorage,
    pub(super) container: String,
    pub(super) name: String,
}

impl Store {
    /// Creates a store from the generated client.
    ///
    /// ```no_run
    /// # fn doc(ctx: &squall::Context) {
    /// let store = squall::object_storage::Store::new(ctx.admin().object_storage());
    /// # let _ = store;
    /// # }
    /// ```
    pub fn new(client: &ObjectStorage) -> Self {
        Self { client: client.clone() }
    }

    /// Returns the identity's own account.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().account().metadata().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn account(&self) -> StoreAccount {
        StoreAccount { client: self.client.clone() }
    }

    /// Returns a container by its name.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().container("pictures").acls().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn container(&self, name: &str) -> StoreContainer {
        StoreContainer { client: self.client.clone(), name: name.to_owned() }
    }

    /// Returns an object by its container and name.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().object("pictures", "cat.jpg").metadata().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn object(&self, container: &str, name: &str) -> StoreObject {
        self.container(container).object(name)
    }
}

impl StoreContainer {
    /// Returns an object in the container by its name.
    ///
    /// ```no_run
    /// # fn doc(ctx: &squall::Context) {
    /// let cat = ctx.store().container("pictures").object("cat.jpg");
    /// # let _ = cat;
    /// # }
    /// ```
    pub fn object(&self, name: &str) -> StoreObject {
        StoreObject {
            client: self.client.clone(),
            container: self.name.clone(),
            name: name.to_owned(),
        }
    }
}
