//! `squall cloud env`: shell commands that point OpenStack clients to a cloud.

use std::io::{self, Write as _};

use squall_topology::release::{Bundle, Environments};
use squall_topology::site::Site;

use super::super::error::CliError;
use super::arguments::Named;
use super::site::{home, open};
use crate::exit::Exit;

/// Prints commands for a shell to evaluate: the cloud, and the path of `openstack`.
pub(super) fn env(arguments: &Named) -> Result<Exit, CliError> {
    let site = open(&home()?, arguments)?;
    let mut out = io::stdout().lock();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    writeln!(
        out,
        "export OS_CLIENT_CONFIG_FILE={}\nexport OS_CLOUD={}",
        quoted(&site.clouds_yaml().display().to_string()),
        quoted(&site.name),
    )?;
    if let Some(programs) = client(&site) {
        // At the end, so that the user's own `python3` and `openstack` come first.
        writeln!(out, "export PATH=\"$PATH\":{}", quoted(&programs))?;
    }
    Ok(Exit::Ok)
}

/// Returns the directory of the OpenStack client, if it is installed.
fn client(site: &Site) -> Option<String> {
    let release = &site.plan.services.first()?.release;
    let wanted = [(Bundle::Client, release.clone())];
    let installed = Environments::installed(&wanted, site.home.path()).ok()?;
    Some(installed.path(Bundle::Client, release)?.join("bin").display().to_string())
}
