//! A topology as people write it: YAML, read into types, with every mistake reported at
//! its line. [`resolve`](crate::resolve) turns it into a plan.

mod backing;
mod error;
mod group;
mod mistake;
mod read;
mod schema;
mod services;
mod shape;
mod source;
mod text;

#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

pub use backing::{BackingDocument, FrontDocument, FrontKind, NodeDocument};
pub use error::{DocumentError, DocumentErrorKind};
pub use group::{Group, Groups};
pub use mistake::{Mistake, Mistakes};
pub use schema::schema;
pub(crate) use services::Entry;
pub use services::{
    CinderProcesses, GlanceProcesses, KeystoneProcesses, Needs, NeutronProcesses, NovaProcesses,
    PlacementProcesses, ServiceDocument, Services, SwiftProcesses,
};
pub(crate) use source::Source;
pub use text::Text;

/// A topology: what runs where, from which release, behind which load balancer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Topology")]
pub struct Document {
    /// Its name: lower-case letters, digits and hyphens.
    pub topology: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub description: Option<String>,
    /// The default release of all services, as in `2026.2`; the newest known by default.
    #[serde(default)]
    #[schemars(with = "Option<text::Release>")]
    pub release: Option<Text>,
    /// The machines, or what stands for them; one called `control` by default. Processes
    /// that name no node run on the first.
    #[serde(default, deserialize_with = "nodes")]
    #[schemars(with = "IndexMap<String, Option<NodeDocument>>")]
    pub nodes: IndexMap<String, NodeDocument>,
    /// The database server.
    #[serde(default)]
    pub database: Option<BackingDocument>,
    /// The message broker.
    #[serde(default)]
    pub broker: Option<BackingDocument>,
    /// The cache.
    #[serde(default)]
    pub cache: Option<BackingDocument>,
    /// The load balancer in front of the APIs; none by default.
    #[serde(default)]
    pub front: Option<FrontDocument>,
    /// The services.
    pub services: Services,
    /// The text that it was read from.
    #[serde(skip)]
    pub(crate) source: Source,
}

impl Document {
    /// Reads a document; `name` is what mistakes call its file.
    ///
    /// # Errors
    /// Every mistake of its shape, with its location.
    pub fn read(name: &str, text: &str) -> Result<Self, Mistakes> {
        read::read(name, text)
    }
}

/// Loads a topology: a shipped one by its name, or a file.
///
/// # Errors
/// There is no such topology, the file cannot be read, or its shape is wrong.
pub fn topology(name_or_path: &str) -> Result<Document, DocumentError> {
    read::topology(name_or_path)
}

/// A node without fields has every default.
fn nodes<'de, D>(deserializer: D) -> Result<IndexMap<String, NodeDocument>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let said = Option::<IndexMap<String, Option<NodeDocument>>>::deserialize(deserializer)?;
    let or_default =
        |(name, node): (String, Option<NodeDocument>)| (name, node.unwrap_or_default());
    Ok(said.unwrap_or_default().into_iter().map(or_default).collect())
}
