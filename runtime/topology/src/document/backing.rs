//! What services stand on and behind, as a topology says it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::text::{Scalar, Text};
use crate::component::Service;

/// A machine, or what stands for one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NodeDocument {
    /// The driver that reaches it; `local`, this machine, where it is left out.
    pub driver: Option<String>,
}

/// A database, a broker or a cache.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BackingDocument {
    /// The node it runs on; the first where it is left out.
    pub node: Option<String>,
    /// Its options over ours: option → value.
    #[schemars(with = "BTreeMap<String, Scalar>")]
    pub config: BTreeMap<String, Text>,
}

/// A load balancer before the API processes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FrontDocument {
    /// Which one.
    pub kind: FrontKind,
    /// The node it runs on; the first where it is left out.
    pub node: Option<String>,
    /// The services it stands before; every one of the topology where it is left
    /// out.
    pub services: Option<Vec<Service>>,
}

/// A load balancer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FrontKind {
    /// HAProxy.
    #[default]
    Haproxy,
}
