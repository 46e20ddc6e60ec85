//! The `clouds.yaml` entry that leads to a served cloud.

use std::net::SocketAddr;

use secrecy::ExposeSecret as _;

use crate::cloud::AdminCredentials;

impl AdminCredentials {
    /// Returns a `clouds.yaml` with one entry of this name for this administrator, of a cloud
    /// that is served at an address. It contains the password in clear text, as such files do.
    pub fn clouds_yaml(&self, name: &str, addr: SocketAddr) -> String {
        write(name, addr, self)
    }
}

/// Writes a file with one cloud in it.
///
/// Strings are written as JSON strings, which YAML reads as they are.
fn write(name: &str, addr: SocketAddr, admin: &AdminCredentials) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let lines = [
        "clouds:".to_owned(),
        format!("  {}:", quoted(name)),
        "    auth_type: password".to_owned(),
        "    auth:".to_owned(),
        format!("      auth_url: {}", quoted(&auth_url(addr))),
        format!("      username: {}", quoted(&admin.username)),
        format!("      password: {}", quoted(admin.password.expose_secret())),
        format!("      project_name: {}", quoted(&admin.project_name)),
        format!("      user_domain_name: {}", quoted(&admin.domain_name)),
        format!("      project_domain_name: {}", quoted(&admin.domain_name)),
        format!("    region_name: {}", quoted(&admin.region_name)),
        "    interface: public".to_owned(),
        "    identity_api_version: \"3\"".to_owned(),
    ];
    lines.join("\n") + "\n"
}

/// Returns the auth URL.
pub(crate) fn auth_url(addr: SocketAddr) -> String {
    format!("http://{addr}/identity/v3")
}
