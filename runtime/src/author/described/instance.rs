//! A resource that was created from its description.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use squall_model::description::Resource;

use crate::{Failure, Result};

/// The label of a resource that is created for one request alone.
pub(super) const OWN: &str = "own";

/// A resource that was created from its description, or found.
#[derive(Debug, Clone)]
pub struct Instance(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    resource: &'static Resource,
    id: String,
    /// What the service answered last about it.
    object: Mutex<Value>,
    /// The path parameters by which it is addressed, its own among them.
    params: BTreeMap<String, String>,
    /// What it refers to, by label.
    refers: Vec<(String, Instance)>,
}

impl Instance {
    pub(super) fn new(
        resource: &'static Resource,
        id: String,
        object: Value,
        mut params: BTreeMap<String, String>,
        refers: Vec<(String, Self)>,
    ) -> Self {
        let own = resource.kind.id_param;
        if !own.is_empty() {
            params.insert(own.to_owned(), id.clone());
        }
        Self(Arc::new(Inner { resource, id, object: Mutex::new(object), params, refers }))
    }

    /// Returns its id, or its name where that is how it is addressed.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Returns what the service answered last about it.
    pub fn object(&self) -> Value {
        self.0.object.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns its description.
    pub fn resource(&self) -> &'static Resource {
        self.0.resource
    }

    /// Keeps what the service answered about it.
    pub(super) fn is_now(&self, object: Value) {
        *self.0.object.lock().unwrap_or_else(PoisonError::into_inner) = object;
    }

    /// Returns a field.
    pub(super) fn field(&self, pointer: &str) -> Result<Value> {
        let object = self.object();
        if let Some(value) = object.pointer(pointer) {
            return Ok(value.clone());
        }
        if pointer == self.0.resource.id {
            return Ok(Value::String(self.0.id.clone()));
        }
        // Of what it refers to: `/network.network/name`.
        let first = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        if let Some(referred) = self.referred(first) {
            return referred.field(&pointer[first.len() + 1..]);
        }
        // A change has no object, but the parameters of its request.
        if let Some(value) = self.0.params.get(pointer.trim_start_matches('/')) {
            return Ok(Value::String(value.clone()));
        }
        Err(Failure::new(format!(
            "a {} has nothing at `{pointer}`: {object}",
            self.0.resource.kind.name
        )))
    }

    /// Returns the resource of a kind that was created for it alone, or for what it refers to.
    pub(super) fn made_with(&self, kind: &str) -> Option<&Self> {
        let own = self.0.refers.iter().filter(|(label, _)| label == OWN).map(|(_, one)| one);
        let is_it = |one: &&Self| one.resource().kind.name == kind;
        own.clone().find(is_it).or_else(|| own.clone().find_map(|one| one.made_with(kind)))
    }

    /// Returns what it refers to of a kind.
    pub(super) fn referred(&self, kind: &str) -> Option<&Self> {
        let mut refers = self.0.refers.iter().map(|(_, referred)| referred);
        refers.find(|one| one.resource().kind.name == kind)
    }

    /// Returns what it refers to, and what that refers to.
    pub(crate) fn reached(&self) -> Vec<&Self> {
        let refers = self.0.refers.iter();
        refers.flat_map(|(_, one)| std::iter::once(one).chain(one.reached())).collect()
    }

    /// Returns the value of a path parameter: its own, of what it is in, or of what it refers to.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let own = self.0.params.get(name).map(String::as_str);
        own.or_else(|| self.0.refers.iter().find_map(|(_, referred)| referred.param(name)))
    }
}
