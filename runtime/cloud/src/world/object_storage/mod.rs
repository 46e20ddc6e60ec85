//! Object storage: accounts, their containers, and the objects in them.

mod access;
pub(crate) mod account;
mod acl;
pub(crate) mod bulk;
pub(crate) mod container;
mod content;
pub(crate) mod download;
mod expiry;
mod extract;
mod form_post;
pub(crate) mod gate;
pub(crate) mod info;
pub(crate) mod listing;
pub(crate) mod metadata;
pub(crate) mod object;
mod place;
mod quota;
mod report;
mod site;
mod site_listing;
mod slo;
pub(crate) mod stamp;
mod stored;
mod temp_url;
mod versions;
mod xml;

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;

use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Reply, ReplyBody};
use crate::request::RequestContext;
use crate::world::object_storage::metadata::Metadata;
use crate::world::object_storage::place::Place;
use crate::world::object_storage::slo::Segment;
use crate::world::object_storage::versions::Version;

/// What object storage can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] = &[
    account::BEHAVIOURS,
    container::BEHAVIOURS,
    info::BEHAVIOURS,
    object::BEHAVIOURS,
    download::BEHAVIOURS,
];

/// What object storage knows: accounts by project, made when they are first used.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    accounts: BTreeMap<String, Account>,
    /// The last version's id, in units of 10 microseconds: no two are the same.
    last_version: i64,
}

/// A project's storage.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Account {
    /// When it was first used.
    pub(crate) created: Timestamp,
    pub(crate) metadata: Metadata,
    pub(crate) containers: BTreeMap<String, Container>,
}

/// A container, in the order of whose names objects are listed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Container {
    pub(crate) created: Timestamp,
    pub(crate) metadata: Metadata,
    pub(crate) objects: BTreeMap<String, Object>,
    /// When it or its metadata was last written.
    pub(crate) modified: Timestamp,
    /// Whether what is replaced is kept; nothing where it never was.
    pub(crate) versioned: Option<bool>,
    /// What was kept, the newest last.
    pub(crate) versions: Vec<Version>,
}

/// An object and its bytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Object {
    pub(crate) data: Bytes,
    pub(crate) etag: String,
    pub(crate) content_type: String,
    pub(crate) metadata: Metadata,
    pub(crate) modified: Timestamp,
    /// What it is put together from, where it is a manifest.
    pub(crate) large: Option<Large>,
    /// The version that it is, in a container that keeps them.
    pub(crate) version: Option<String>,
    pub(crate) delete_at: Option<i64>,
}

/// What a large object is put together from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Large {
    /// These segments, as the manifest names them.
    Static { segments: Vec<Segment>, etag: String, length: usize },
    /// Whatever has this prefix in this container.
    Dynamic { container: String, prefix: String },
}

impl State {
    /// Opens the account that a request's path names, unless it is there.
    pub(crate) fn open_account(&mut self, context: &RequestContext, now: Timestamp) {
        let new = || Account { created: now, ..Account::default() };
        self.accounts.entry(place::account(context).to_owned()).or_insert_with(new);
    }

    /// Returns the account that a request's path names.
    pub(crate) fn account(&mut self, context: &RequestContext) -> &mut Account {
        self.accounts.entry(place::account(context).to_owned()).or_default()
    }

    /// Returns the container that a request's path names.
    pub(crate) fn container(&mut self, context: &RequestContext) -> Result<&mut Container, Fault> {
        self.account(context).containers.get_mut(context.parameter(0)).ok_or_else(not_found)
    }

    /// Returns the object that a request's path names, unless it has expired.
    pub(crate) fn object(
        &mut self,
        context: &RequestContext,
        now: Timestamp,
    ) -> Result<&mut Object, Fault> {
        let container = self.container(context)?;
        let found = container.objects.get_mut(context.parameter(1));
        found.filter(|object| !object.is_expired(now)).ok_or_else(not_found)
    }

    /// Returns the container at a place.
    pub(crate) fn container_at(&self, account: &str, container: &str) -> Option<&Container> {
        self.accounts.get(account)?.containers.get(container)
    }

    /// Returns the container at a place, to be changed.
    pub(crate) fn container_at_mut(
        &mut self,
        account: &str,
        container: &str,
    ) -> Result<&mut Container, Fault> {
        let account = self.accounts.get_mut(account).ok_or_else(not_found)?;
        account.containers.get_mut(container).ok_or_else(not_found)
    }

    /// Returns the account of a name, where it was ever used.
    pub(crate) fn account_at(&self, account: &str) -> Option<&Account> {
        self.accounts.get(account)
    }

    /// Returns the object at a place, unless it has expired.
    pub(crate) fn object_at(&self, place: &Place, now: Timestamp) -> Option<&Object> {
        let container = self.container_at(&place.account, &place.container)?;
        container.objects.get(&place.object).filter(|object| !object.is_expired(now))
    }
}

impl Account {
    /// Returns the sum of its containers' sizes in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.containers.values().map(Container::bytes).sum()
    }
}

impl Container {
    /// Returns the sum of its objects' sizes in bytes, those of all versions included.
    pub(crate) fn bytes(&self) -> usize {
        let plain = self.objects.values().filter(|object| object.version.is_none());
        let kept = self.versions.iter().filter_map(|version| version.object.as_ref());
        plain.chain(kept).map(|object| object.data.len()).sum()
    }
}

impl Object {
    fn is_expired(&self, now: Timestamp) -> bool {
        self.delete_at.is_some_and(|at| at <= now.as_second())
    }
}

/// The name of the storage policy of a swift in which none is configured
/// (`swift.common.storage_policy`).
pub(crate) const POLICY: &str = "Policy-0";

/// Whether a path is one of the store's, which are at the root of the cloud: signatures
/// of temporary URLs and forms cover the path, and clients compute them from `/v1/` on.
pub(crate) fn is_the_stores(path: &str) -> bool {
    path.starts_with("/v1/") || matches!(path, "/info" | "/healthcheck" | "/crossdomain.xml")
}

/// Adds what each of swift's answers has: one without a body of its own says that it is
/// HTML (`swift.common.swob.Response`).
pub(crate) fn dressed(reply: Reply) -> Reply {
    let typed = reply.headers.iter().any(|(name, _)| name == "content-type");
    match reply.body {
        ReplyBody::Empty if !typed => reply.header("content-type", "text/html; charset=UTF-8"),
        _ => reply,
    }
}

/// Says that there is no such container or object.
pub(crate) fn not_found() -> Fault {
    Fault::not_found("The resource could not be found.")
}
