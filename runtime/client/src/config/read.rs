//! A cloud's keys, read into what they mean.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::error::{ConfigError, ConfigErrorKind};
use super::keys::Keys;
use super::service_config::ServiceConfig;
use super::tree::{Kind, Node, merged};
use super::{CloudConfig, auth_url, known, template};
use crate::catalog::Interface;
use crate::redact;
use crate::transport::Tls;

/// What a cloud is read from, its profile merged in.
pub(super) struct Raw<'a> {
    pub(super) name: &'a str,
    /// Where it stands.
    pub(super) place: &'a Node,
    pub(super) keys: BTreeMap<String, Node>,
    /// The region that the environment chooses.
    pub(super) region: Option<&'a str>,
    /// The user's home directory.
    pub(super) home: Option<&'a PathBuf>,
}

/// Reads a cloud.
pub(super) fn cloud(raw: Raw<'_>) -> Result<CloudConfig, ConfigError> {
    let Raw { name, place, mut keys, region: wanted, home } = raw;
    let mut notes = Vec::new();
    let region = region(&mut keys, wanted, &mut notes)?;
    let auth = match keys.get("auth") {
        Some(auth) => auth.map("auth")?,
        None => BTreeMap::new(),
    };
    notes.extend(known::remarks(&keys, &auth));
    let keys = Keys { cloud: name, place, plain: keys, auth };
    let auth_url = read_auth_url(&keys, &mut notes)?;
    let mut cloud = CloudConfig::new(name, &auth_url, keys.credential()?);
    cloud.region = region;
    for key in ["endpoint_type", "interface"] {
        if let Some(node) = keys.plain_node(key) {
            cloud.interface = interface(key, node)?;
        }
    }
    let path = |key: &str| -> Result<Option<PathBuf>, ConfigError> {
        let text = filled(&keys, key)?;
        Ok(text.map(|text| match (text.strip_prefix("~/"), home) {
            (Some(below), Some(home)) => home.join(below),
            _ => PathBuf::from(text),
        }))
    };
    // `insecure` wins, as in openstacksdk.
    let insecure = keys.switch("insecure")?.unwrap_or(false);
    cloud.tls = Tls {
        verify: !insecure && keys.switch("verify")?.unwrap_or(true),
        ca: path("cacert")?,
        certificate: path("cert")?,
        key: path("key")?,
    };
    if let Some(node) = keys.plain_node("api_timeout") {
        let seconds = node.text("api_timeout")?.parse().ok();
        let parsed = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        cloud.timeout = Some(
            parsed
                .ok_or_else(|| node.wrong("api_timeout", "a number of seconds", "another text"))?,
        );
    }
    for (key, node) in keys.plain.iter().filter(|(_, node)| !node.is_empty()) {
        let spelled = key.replace('-', "_");
        if let Some((service, ending)) = known::of_service(&spelled) {
            let mut own = cloud.services.remove(service).unwrap_or_default();
            of_service(&keys, key, node, (service, ending), &mut own, &mut notes)?;
            *cloud.service_mut(service) = own;
        }
    }
    cloud.services.retain(|_, own| *own != ServiceConfig::default());
    cloud.notes = notes;
    Ok(cloud)
}

/// Reads a key of a single service.
fn of_service(
    keys: &Keys<'_>,
    key: &str,
    node: &Node,
    (service, ending): (&str, &str),
    own: &mut ServiceConfig,
    notes: &mut Vec<String>,
) -> Result<(), ConfigError> {
    let text = || node.text(key).map(str::to_owned);
    match ending {
        "_endpoint_override" => own.endpoint = filled(keys, key)?,
        // The override is the newer name and wins, whichever is read first.
        "_endpoint" if own.endpoint.is_none() => own.endpoint = filled(keys, key)?,
        "_interface" | "_endpoint_type" => own.interface = Some(interface(key, node)?),
        "_region_name" => own.region = Some(text()?),
        "_service_type" => own.service_type = Some(text()?),
        "_service_name" => own.service_name = Some(text()?),
        "_default_microversion" => {
            let version = node.text(key)?.parse();
            own.microversion = Some(
                version
                    .map_err(|_| node.wrong(key, "a microversion as in 2.90", "another text"))?,
            );
        }
        "_api_version" => {
            let profile = squall_model::service::ServiceProfile::of(service);
            let ours = profile.version_path.trim_start_matches("/v").split('.').next();
            let asked = node.text(key)?;
            let major = asked.trim_start_matches('v').split('.').next();
            if ours.is_some_and(|ours| !ours.is_empty()) && major != ours {
                notes.push(format!(
                    "`{key}: {asked}` has no effect: {} is called at version {}",
                    profile.name,
                    profile.version_path.trim_start_matches("/v"),
                ));
            }
        }
        _ => {}
    }
    Ok(())
}

fn read_auth_url(keys: &Keys<'_>, notes: &mut Vec<String>) -> Result<String, ConfigError> {
    let text = keys.required("auth_url")?;
    let node = keys.auth_node("auth_url").unwrap_or(keys.place);
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return Err(node.wrong("auth_url", "an http or https URL", "another text"));
    }
    let filled =
        template::fill(&text, &keys.plain).map_err(|name| node.no_such_key("auth_url", &name))?;
    let (url, gone) = auth_url::cut(&filled);
    if gone.is_some() {
        notes.push(format!(
            "`auth_url` of cloud `{}` is the URL of a request: `{}` is used",
            keys.cloud,
            redact::url(url),
        ));
    }
    Ok(url.to_owned())
}

/// Returns a text of the cloud with the names in braces filled in.
fn filled(keys: &Keys<'_>, key: &str) -> Result<Option<String>, ConfigError> {
    let Some(node) = keys.plain_node(key) else { return Ok(None) };
    let text = template::fill(node.text(key)?, &keys.plain);
    text.map(Some).map_err(|name| node.no_such_key(key, &name))
}

/// Reads an interface; of a list the first counts.
fn interface(key: &str, node: &Node) -> Result<Interface, ConfigError> {
    let node = match &node.kind {
        Kind::List(list) => list.first().unwrap_or(node),
        _ => node,
    };
    let name = node.text(key)?;
    Interface::from_name(name)
        .ok_or_else(|| node.wrong(key, "`public`, `internal` or `admin`", "another text"))
}

/// Chooses the region, and lays what it has of its own over the cloud's keys.
///
/// As in openstacksdk, the first of `regions` is used where none is chosen, and a
/// `region_name` may be a list, or a text with commas, in place of `regions`.
fn region(
    keys: &mut BTreeMap<String, Node>,
    wanted: Option<&str>,
    notes: &mut Vec<String>,
) -> Result<Option<String>, ConfigError> {
    let named = keys.get("region_name").filter(|node| !node.is_empty()).cloned();
    let several = named.as_ref().and_then(several);
    let listed = keys.remove("regions").filter(|node| !node.is_empty());
    let (list, place) = match (listed, several, &named) {
        (Some(node), ..) => match &node.kind {
            Kind::List(list) => (list.clone(), node),
            other => return Err(node.wrong("regions", "a list", other.name())),
        },
        (None, Some(list), Some(node)) => (list, node.clone()),
        _ => {
            let own = named.map(|node| node.text("region_name").map(str::to_owned)).transpose()?;
            let region = wanted.map(str::to_owned).or(own);
            if let Some(region) = &region {
                keys.insert("region_name".to_owned(), Node::variable(region));
            }
            return Ok(region);
        }
    };
    let regions = list.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let own = match &named {
        Some(Node { kind: Kind::Text(name), .. }) if !name.contains(',') => Some(name.clone()),
        _ => None,
    };
    let chosen = wanted.map(str::to_owned).or(own);
    let found = match &chosen {
        Some(name) => regions.iter().find(|(known, _)| known == name),
        None => regions.first(),
    };
    let known = || regions.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    match (found, chosen) {
        (Some((name, values)), chosen) => {
            if chosen.is_none() && regions.len() > 1 {
                notes.push(format!(
                    "region `{name}` is used, the first of {}: set `region_name` for another",
                    known().join(", ")
                ));
            }
            for (key, value) in values.iter().flat_map(|v| v.map("values")).flatten() {
                let value = match keys.remove(&key) {
                    Some(under) => merged(under, value),
                    None => value,
                };
                keys.insert(key, value);
            }
            keys.insert("region_name".to_owned(), Node::variable(name));
            Ok(Some(name.clone()))
        }
        (None, None) => Ok(None),
        (None, Some(name)) => Err(ConfigError {
            file: place.path(),
            line: place.known_line(),
            kind: ConfigErrorKind::UnknownRegion { name, known: known() },
        }),
    }
}

/// Returns the regions that a `region_name` lists.
fn several(node: &Node) -> Option<Vec<Node>> {
    match &node.kind {
        Kind::List(list) => Some(list.clone()),
        Kind::Text(text) if text.contains(',') => Some(
            text.split(',')
                .map(|name| Node { kind: Kind::Text(name.trim().to_owned()), ..node.clone() })
                .collect(),
        ),
        _ => None,
    }
}

/// Reads an entry of `regions`: a name, or a name with keys of its own.
fn entry(node: &Node) -> Result<(String, Option<Node>), ConfigError> {
    match &node.kind {
        Kind::Text(name) => Ok((name.clone(), None)),
        Kind::Map(map) => {
            let name = map.get("name").ok_or_else(|| {
                node.wrong("regions", "a list of names, or of mappings with a `name`", "not")
            })?;
            Ok((name.text("name")?.to_owned(), map.get("values").cloned()))
        }
        other => Err(node.wrong("regions", "a list of names", other.name())),
    }
}
