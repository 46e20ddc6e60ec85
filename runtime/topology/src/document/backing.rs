//! The nodes, backing services and load balancer of a topology.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::text::{Scalar, Text};
use crate::component::Service;

/// A machine, or what stands for one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NodeDocument {
    /// The driver that reaches it; `local`, this machine, by default.
    pub driver: Option<String>,
}

/// A database, a broker or a cache.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BackingDocument {
    /// The node it runs on; the first node by default.
    pub node: Option<String>,
    /// Options that override ours: option → value.
    #[schemars(with = "BTreeMap<String, Scalar>")]
    pub config: BTreeMap<String, Text>,
}

/// A load balancer in front of the API processes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FrontDocument {
    /// The program.
    pub kind: FrontKind,
    /// The node it runs on; the first node by default.
    pub node: Option<String>,
    /// The services behind it; every service of the topology by default.
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
