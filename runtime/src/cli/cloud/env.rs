//! `squall cloud env`: a cloud for the clients of a shell.

use std::io::{self, Write as _};

use squall_topology::release::{Bundle, Environments};
use squall_topology::site::Site;

use super::super::complaint::Complaint;
use super::super::exit::Exit;
use super::arguments::Named;
use super::site::{home, open};

/// Prints lines for a shell to evaluate: the cloud, and where `openstack` is.
pub(super) fn env(arguments: &Named) -> Result<Exit, Complaint> {
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
        // Last, so that its `python3` and an `openstack` of the user's own come first.
        writeln!(out, "export PATH=\"$PATH\":{}", quoted(&programs))?;
    }
    Ok(Exit::Ok)
}

/// Gives the folder of OpenStack's own client, where it is installed.
fn client(site: &Site) -> Option<String> {
    let release = &site.plan.services.first()?.release;
    let wanted = [(Bundle::Client, release.clone())];
    let installed = Environments::installed(&wanted, site.home.path()).ok()?;
    Some(installed.path(Bundle::Client, release)?.join("bin").display().to_string())
}
