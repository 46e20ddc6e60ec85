//! The `clouds.yaml` entry that leads to a served cloud.

use std::net::SocketAddr;

use secrecy::ExposeSecret as _;

use crate::cloud::AdminCredentials;

/// Writes a file with one cloud in it.
///
/// Strings are written as JSON strings, which YAML reads as they are.
pub(crate) fn write(name: &str, addr: SocketAddr, admin: &AdminCredentials) -> String {
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

/// Gives the URL to authenticate at.
pub(crate) fn auth_url(addr: SocketAddr) -> String {
    format!("http://{addr}/identity/v3")
}
