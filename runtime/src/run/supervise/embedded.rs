//! The embedded cloud as a child of the supervisor.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;

use super::child::{self, Child, Lines};
use crate::embedded::Access;
use crate::policy_files::ServicePolicyFiles;
use crate::settings::CloudSettings;

/// How long the cloud may take to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Starts the cloud, with the policy files of its settings. Returns how to reach it, and the child process, which must be kept.
pub(super) async fn start(
    program: &Path,
    seed: u64,
    settings: &CloudSettings,
) -> io::Result<(Access, Child)> {
    let seed = seed.to_string();
    let files: Vec<String> =
        ServicePolicyFiles::of(settings).iter().map(ToString::to_string).collect();
    let arguments = ["cloud", "serve", "--port", "0", "--seed", &seed, "--handover"];
    let of_files = files.iter().flat_map(|file| ["--policy-file", file.as_str()]);
    let arguments = arguments.into_iter().chain(of_files);
    let mut child = Child::start(program, arguments)?;
    let mut said = Vec::new();
    let read = async {
        while let Some(lines) = child.lines().await {
            match lines {
                Lines::Out(lines) => {
                    let access = child::each(&lines).find_map(|l| serde_json::from_slice(l).ok());
                    if access.is_some() {
                        return access;
                    }
                }
                Lines::Err(lines) => said.push(String::from_utf8_lossy(&lines).trim().to_owned()),
            }
        }
        None
    };
    match timeout(PATIENCE, read).await {
        Ok(Some(access)) => Ok((access, child)),
        Ok(None) => Err(io::Error::other(format!("it ended at once: {}", said.join(" ")))),
        Err(_) => Err(io::Error::other(format!(
            "it did not report its address within {} s",
            PATIENCE.as_secs()
        ))),
    }
}
