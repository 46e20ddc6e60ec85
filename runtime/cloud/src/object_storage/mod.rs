//! Object storage: accounts, their containers, and the objects in them.

pub(crate) mod account;
pub(crate) mod container;
pub(crate) mod download;
pub(crate) mod listing;
pub(crate) mod metadata;
pub(crate) mod object;

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;

use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::object_storage::metadata::Metadata;
use crate::request::RequestContext;

/// What object storage can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] =
    &[account::BEHAVIOURS, container::BEHAVIOURS, object::BEHAVIOURS, download::BEHAVIOURS];

/// What object storage knows: accounts by project, made when they are first used.
#[derive(Debug, Default)]
pub(crate) struct State {
    accounts: BTreeMap<String, Account>,
}

/// A project's storage.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) metadata: Metadata,
    pub(crate) containers: BTreeMap<String, Container>,
}

/// A container, in the order of whose names objects are listed.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) metadata: Metadata,
    pub(crate) objects: BTreeMap<String, Object>,
    pub(crate) modified: Timestamp,
}

/// An object and its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) data: Bytes,
    pub(crate) etag: String,
    pub(crate) content_type: String,
    pub(crate) metadata: Metadata,
    pub(crate) modified: Timestamp,
}

impl State {
    /// Gives the account that a request's path names.
    pub(crate) fn account(&mut self, context: &RequestContext) -> &mut Account {
        let rest = context.path.split_once("/AUTH_").map_or("", |(_, rest)| rest);
        let name = rest.split('/').next().unwrap_or_default();
        self.accounts.entry(name.to_owned()).or_default()
    }

    /// Gives the container that a request's path names.
    pub(crate) fn container(&mut self, context: &RequestContext) -> Result<&mut Container, Fault> {
        self.account(context).containers.get_mut(context.parameter(0)).ok_or_else(not_found)
    }

    /// Gives the object that a request's path names.
    pub(crate) fn object(&mut self, context: &RequestContext) -> Result<&mut Object, Fault> {
        let container = self.container(context)?;
        container.objects.get_mut(context.parameter(1)).ok_or_else(not_found)
    }
}

impl Container {
    /// Gives the sum of its objects' sizes in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.objects.values().map(|object| object.data.len()).sum()
    }
}

/// Says that there is no such container or object.
pub(crate) fn not_found() -> Fault {
    Fault::not_found("The resource could not be found.")
}
