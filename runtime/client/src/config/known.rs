//! The keys that a cloud may have, for remarks about those it should not.
//!
//! What openstacksdk 4.22.0 lists (`openstack/config/schema.json`), what its loader
//! reads besides, and the options of keystoneauth's identity plugins.

use std::collections::BTreeMap;

use squall_model::suggest::similar;

use super::service_config::is_known;
use super::tree::{Kind, Node};

/// The keys of a cloud besides those of single services.
const PLAIN: &[&str] = &[
    "api_timeout",
    "auth",
    "auth_methods",
    "auth_plugin",
    "auth_type",
    "cacert",
    "cert",
    "cloud",
    "concurrency",
    "disable_vendor_agent",
    "endpoint_type",
    "external_network",
    "floating_ip_source",
    "force_ipv4",
    "image_api_use_tasks",
    "image_format",
    "insecure",
    "interface",
    "internal_network",
    "key",
    "message",
    "metrics",
    "networks",
    "prefer_ipv6",
    "private",
    "profile",
    "rate_limit",
    "region_name",
    "regions",
    "requires_floating_ip",
    "secgroup_source",
    "status",
    "use_direct_get",
    "vendor_hook",
    "verify",
];

/// The endings of the keys of a single service, the longer one of two first.
pub(super) const SERVICE_ENDINGS: &[&str] = &[
    "_api_version",
    "_connect_retries",
    "_connect_retry_delay",
    "_default_microversion",
    "_disabled_reason",
    "_endpoint_override",
    "_endpoint_type",
    "_endpoint",
    "_interface",
    "_max_version",
    "_min_version",
    "_region_name",
    "_retriable_status_codes",
    "_service_name",
    "_service_type",
    "_status_code_retries",
    "_status_code_retry_delay",
];

/// The keys of `auth`, which may stand beside it too.
const AUTH: &[&str] = &[
    "access_token",
    "access_token_endpoint",
    "access_token_type",
    "application_credential_id",
    "application_credential_name",
    "application_credential_secret",
    "auth_methods",
    "auth_token",
    "auth_url",
    "client_id",
    "client_secret",
    "code",
    "default_domain",
    "default_domain_id",
    "default_domain_name",
    "discovery_endpoint",
    "domain_id",
    "domain_name",
    "endpoint",
    "identity_provider",
    "mutual_auth",
    "openid_scope",
    "passcode",
    "password",
    "project_domain_id",
    "project_domain_name",
    "project_id",
    "project_name",
    "protocol",
    "redirect_uri",
    "service_provider_endpoint",
    "service_provider_entity_id",
    "system_scope",
    "tenant_id",
    "tenant_name",
    "token",
    "trust_id",
    "user_domain_id",
    "user_domain_name",
    "user_id",
    "user_name",
    "username",
];

/// Lists the keys that nothing reads, each with the key that it is close to. What
/// environment variables hold is left out: a shell has others beside those of a cloud.
pub(super) fn remarks(
    plain: &BTreeMap<String, Node>,
    auth: &BTreeMap<String, Node>,
) -> Vec<String> {
    let plain =
        plain.iter().filter(|(key, _)| !is_plain(key)).map(|(key, node)| (key, node, false));
    let auth = auth.iter().filter(|(key, _)| !is_auth(key)).map(|(key, node)| (key, node, true));
    let unknown = plain.chain(auth).filter(|(_, node, _)| node.file.is_some());
    unknown
        .map(|(key, node, in_auth)| {
            let (place, known): (_, Vec<&str>) = if in_auth {
                ("`auth`", AUTH.to_vec())
            } else {
                ("a cloud", PLAIN.iter().chain(AUTH).copied().collect())
            };
            let near = match similar(key, known).first() {
                Some(near) => format!("; did you mean `{near}`?"),
                None => String::new(),
            };
            format!("{}: unknown key `{key}` of {place}, which has no effect{near}", node.place())
        })
        .collect()
}

fn is_plain(key: &str) -> bool {
    let key = key.replace('-', "_");
    PLAIN.contains(&key.as_str()) || AUTH.contains(&key.as_str()) || of_service(&key).is_some()
}

fn is_auth(key: &str) -> bool {
    AUTH.contains(&key.replace('-', "_").as_str())
}

/// Splits the key of a single service: its name, and the ending.
///
/// A service that OpenStack does not know may be a plugin's; only `has_…` and what ends
/// like a key of a service is taken for one.
pub(super) fn of_service(key: &str) -> Option<(&str, &'static str)> {
    if let Some(service) = key.strip_prefix("has_") {
        return is_known(service).then_some((service, "has_"));
    }
    SERVICE_ENDINGS
        .iter()
        .find_map(|ending| Some((key.strip_suffix(ending)?, *ending)))
        .filter(|(service, _)| !service.is_empty())
}

impl Node {
    /// The file and line, for a remark.
    fn place(&self) -> String {
        let file = self.path().map(|path| path.display().to_string()).unwrap_or_default();
        match self.known_line() {
            Some(line) => format!("{file}:{line}"),
            None => file,
        }
    }

    /// Whether it is nothing, or a text without any.
    pub(super) fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Null => true,
            Kind::Text(text) => text.is_empty(),
            Kind::List(_) | Kind::Map(_) => false,
        }
    }
}
