//! The embedded cloud as a child of the supervisor.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::child::{Child, Line};
use super::protocol::Target;

/// How long the cloud may take to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The name that runs against it carry.
pub(super) const NAME: &str = "embedded";

/// The one line that `squall cloud serve --handover` writes.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Handover {
    /// A `clouds.yaml` with the cloud's administrator.
    pub clouds_yaml: String,
    /// The name it has there.
    pub name: String,
}

impl std::fmt::Debug for Handover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handover").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Starts the cloud; gives how it is reached, and the child to keep.
pub(super) async fn start(program: &Path, seed: u64) -> io::Result<(Target, Child)> {
    let seed = seed.to_string();
    let arguments = ["cloud", "serve", "--port", "0", "--seed", &seed, "--handover"];
    let mut child = Child::start(program, arguments)?;
    let mut said = Vec::new();
    let read = async {
        while let Some(line) = child.line().await {
            match line {
                Line::Out(bytes) => {
                    if let Ok(handover) = serde_json::from_slice::<Handover>(&bytes) {
                        return Some(handover);
                    }
                }
                Line::Err(text) => said.push(text),
            }
        }
        None
    };
    match timeout(PATIENCE, read).await {
        Ok(Some(Handover { clouds_yaml, name })) => {
            Ok((Target { name, clouds_yaml: Some(clouds_yaml) }, child))
        }
        Ok(None) => Err(io::Error::other(format!("it ended at once: {}", said.join(" ")))),
        Err(_) => Err(io::Error::other(format!("it said nothing for {} s", PATIENCE.as_secs()))),
    }
}
