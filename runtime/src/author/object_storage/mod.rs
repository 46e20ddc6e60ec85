//! Object storage: what swift's middlewares add to the generated client.
//!
//! The generated [`ObjectStorage`] has every operation. What travels in headers, in the
//! query and in bodies of its own (large objects, temporary URLs, access lists, versions,
//! bulk requests, web sites, quotas, expiry) is here, by account, container and object:
//! a [`Store`], which [`Context::store`](crate::Context::store) returns.
//!
//! ```no_run
//! use squall::object_storage::{Acl, Grant};
//! use squall::{Context, kinds};
//!
//! # async fn doc(ctx: &Context) -> squall::Result {
//! let containers = ctx.object_storage().containers();
//! let made = ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
//! // Everything in the container is removed with it, versions and delete markers included.
//! ctx.object_storage().objects().create(&made.name, "index.html", "hello").send().await?;
//! let everyone: Acl = [Grant::referrer("*"), Grant::Listings].into_iter().collect();
//! ctx.store().container(&made.name).set_read_acl(&everyone).send().await?;
//! # Ok(())
//! # }
//! ```

mod acl;
mod bulk;
mod capabilities;
mod copy;
mod expiry;
mod large;
mod manifest;
mod metadata;
mod operations;
mod quota;
mod report;
mod signed;
mod site;
mod store;
mod tar;
mod temp_url;
mod versions;

pub use acl::{Acl, AclError, Acls, Grant, sent_as};
pub use bulk::{BulkError, Format};
pub use capabilities::Capabilities;
pub use copy::CopyHow;
pub use expiry::Expiry;
pub use manifest::{SegmentManifest, StoredSegment};
pub use metadata::{Metadata, Of};
pub(crate) use operations::beside_the_specs;
pub use quota::Quota;
pub use report::BulkReport;
pub use signed::Signed;
pub use site::Site;
pub use store::{Store, StoreAccount, StoreContainer, StoreObject};
pub use tar::Tar;
pub use temp_url::{Digest, TempUrl};
pub use versions::Keep;

pub use squall_services::clients::object_storage::*;
