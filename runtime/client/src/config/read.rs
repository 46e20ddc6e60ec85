//! A cloud's keys, read into what they mean.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::CloudConfig;
use super::error::{ConfigError, ConfigErrorKind};
use super::near::near;
use super::tree::{Kind, Node, merged};
use crate::auth::{Credential, Domain, Project, Scope, User};
use crate::catalog::Interface;
use crate::transport::Tls;

/// Reads a cloud whose profile is merged in.
pub(super) fn cloud(
    name: &str,
    place: &Node,
    mut keys: BTreeMap<String, Node>,
    wanted_region: Option<&str>,
) -> Result<CloudConfig, ConfigError> {
    let region = region(&mut keys, wanted_region)?;
    let auth = match keys.get("auth") {
        Some(auth) => auth.map("auth")?,
        None => BTreeMap::new(),
    };
    let keys = Keys { cloud: name, place, plain: keys, auth };
    let auth_url = keys.required("auth_url")?;
    if !auth_url.starts_with("http://") && !auth_url.starts_with("https://") {
        let node = keys.auth.get("auth_url").or_else(|| keys.plain.get("auth_url"));
        return Err(node.unwrap_or(place).wrong(
            "auth_url",
            "an http or https URL",
            "another text",
        ));
    }
    let mut cloud = CloudConfig::new(name, &auth_url, keys.credential()?);
    cloud.region = region;
    if let Some(interface) = keys.first_of(&["interface", "endpoint_type"])? {
        cloud.interface = Interface::from_name(&interface).ok_or_else(|| {
            let node = keys.plain.get("interface").unwrap_or(place);
            node.wrong("interface", "`public`, `internal` or `admin`", "another text")
        })?;
    }
    cloud.tls = Tls {
        verify: keys.switch("verify")?.or(keys.switch("insecure")?.map(|v| !v)).unwrap_or(true),
        ca: keys.plain("cacert")?.map(PathBuf::from),
        certificate: keys.plain("cert")?.map(PathBuf::from),
        key: keys.plain("key")?.map(PathBuf::from),
    };
    if let Some(seconds) = keys.plain("api_timeout")? {
        let parsed = seconds.parse().ok().and_then(|s| Duration::try_from_secs_f64(s).ok());
        cloud.timeout =
            Some(parsed.ok_or_else(|| {
                place.wrong("api_timeout", "a number of seconds", "another text")
            })?);
    }
    for (key, node) in &keys.plain {
        let service = |ending: &str| key.strip_suffix(ending).map(|s| s.replace('-', "_"));
        if let Some(service) = service("_endpoint_override") {
            cloud.endpoint_overrides.insert(service, node.text(key)?.to_owned());
        } else if let Some(service) = service("_default_microversion") {
            let version = node.text(key)?.parse().map_err(|_| {
                node.wrong(key, "a microversion in quotes, as in \"2.90\"", "another text")
            })?;
            cloud.microversions.insert(service, version);
        }
    }
    Ok(cloud)
}

/// Chooses the region, and lays what it has of its own over the cloud's keys.
fn region(
    keys: &mut BTreeMap<String, Node>,
    wanted: Option<&str>,
) -> Result<Option<String>, ConfigError> {
    let named = match keys.get("region_name") {
        Some(node) => Some(node.text("region_name")?.to_owned()),
        None => None,
    };
    let named = wanted.map(str::to_owned).or(named);
    let Some(node) = keys.get("regions").cloned() else { return Ok(named) };
    let Kind::List(list) = &node.kind else {
        return Err(node.wrong("regions", "a list", node.kind.name()));
    };
    let mut regions = Vec::new();
    for entry in list {
        let (name, values) = match &entry.kind {
            Kind::Text(name) => (name.clone(), None),
            Kind::Map(map) => {
                let name = map.get("name").ok_or_else(|| {
                    entry.wrong("regions", "a list of names, or of mappings with a `name`", "not")
                })?;
                (name.text("name")?.to_owned(), map.get("values").cloned())
            }
            other => return Err(entry.wrong("regions", "a list of names", other.name())),
        };
        regions.push((name, values));
    }
    let found = match &named {
        Some(named) => regions.iter().find(|(name, _)| name == named),
        None => regions.first(),
    };
    match (found, named) {
        (Some((name, values)), _) => {
            for (key, value) in values.iter().flat_map(|v| v.map("values")).flatten() {
                let value = match keys.remove(&key) {
                    Some(under) => merged(under, value),
                    None => value,
                };
                keys.insert(key, value);
            }
            Ok(Some(name.clone()))
        }
        (None, None) => Ok(None),
        (None, Some(name)) => Err(ConfigError {
            file: node.path(),
            line: Some(node.line),
            kind: ConfigErrorKind::UnknownRegion {
                name,
                known: regions.into_iter().map(|(name, _)| name).collect(),
            },
        }),
    }
}

/// The keys of a cloud, and of its `auth`.
struct Keys<'a> {
    cloud: &'a str,
    place: &'a Node,
    plain: BTreeMap<String, Node>,
    auth: BTreeMap<String, Node>,
}

impl Keys<'_> {
    /// Gives a key of the cloud.
    fn plain(&self, key: &str) -> Result<Option<String>, ConfigError> {
        match self.plain.get(key).filter(|node| !matches!(node.kind, Kind::Null)) {
            Some(node) => Ok(Some(node.text(key)?.to_owned())),
            None => Ok(None),
        }
    }

    /// Gives a key of `auth`; it may stand beside `auth` too, as the variables'
    /// do, and with hyphens.
    fn auth(&self, key: &str) -> Result<Option<String>, ConfigError> {
        let hyphened = key.replace('_', "-");
        let found = [&self.auth, &self.plain]
            .into_iter()
            .find_map(|keys| keys.get(key).or_else(|| keys.get(&hyphened)))
            .filter(|node| !matches!(&node.kind, Kind::Null));
        match found {
            Some(node) => Ok(Some(node.text(key)?.to_owned()).filter(|text| !text.is_empty())),
            None => Ok(None),
        }
    }

    fn first_of(&self, names: &[&str]) -> Result<Option<String>, ConfigError> {
        for name in names {
            if let Some(value) = self.auth(name)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    fn required(&self, key: &str) -> Result<String, ConfigError> {
        self.auth(key)?.ok_or_else(|| {
            let known: Vec<&str> = self.auth.keys().map(String::as_str).collect();
            ConfigError {
                file: self.place.path(),
                line: (self.place.line > 0).then_some(self.place.line),
                kind: ConfigErrorKind::Missing {
                    cloud: self.cloud.to_owned(),
                    key: key.to_owned(),
                    instead: near(key, known).first().map(|word| (*word).to_owned()),
                },
            }
        })
    }

    fn switch(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        let Some(node) = self.plain.get(key) else { return Ok(None) };
        match &node.kind {
            Kind::Null => Ok(None),
            Kind::Text(text) => match text.to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Ok(Some(true)),
                "false" | "no" | "off" | "0" | "" => Ok(Some(false)),
                _ => Err(node.wrong(key, "`true` or `false`", "another text")),
            },
            other => Err(node.wrong(key, "`true` or `false`", other.name())),
        }
    }

    fn credential(&self) -> Result<Credential, ConfigError> {
        let chosen = self.first_of(&["auth_type", "auth_plugin"])?;
        let kind = match chosen.as_deref() {
            Some("token" | "v3token") => "token",
            Some("v3applicationcredential" | "application_credential") => "application",
            None if self.auth("application_credential_secret")?.is_some() => "application",
            None if self.auth("token")?.is_some() => "token",
            None | Some("password" | "v3password") => "password",
            Some(other) => {
                let node = self.plain.get("auth_type").unwrap_or(self.place);
                return Err(ConfigError {
                    file: node.path(),
                    line: (node.line > 0).then_some(node.line),
                    kind: ConfigErrorKind::UnsupportedAuth { auth_type: other.to_owned() },
                });
            }
        };
        match kind {
            "token" => Ok(Credential::Token {
                token: self.required("token")?.into(),
                scope: self.scope()?,
            }),
            "application" => {
                let secret = self.required("application_credential_secret")?.into();
                match self.auth("application_credential_name")? {
                    Some(name) if self.auth("application_credential_id")?.is_none() => {
                        Ok(Credential::NamedApplicationCredential {
                            name,
                            user: self.user()?,
                            secret,
                        })
                    }
                    _ => Ok(Credential::ApplicationCredential {
                        id: self.required("application_credential_id")?,
                        secret,
                    }),
                }
            }
            _ => Ok(Credential::Password {
                user: self.user()?,
                password: self.required("password")?.into(),
                scope: self.scope()?,
            }),
        }
    }

    fn user(&self) -> Result<User, ConfigError> {
        if let Some(id) = self.auth("user_id")? {
            return Ok(User::Id(id));
        }
        let name = match self.first_of(&["username", "user_name"])? {
            Some(name) => name,
            None => self.required("username")?,
        };
        Ok(User::Name { name, domain: self.domain("user_domain")? })
    }

    fn scope(&self) -> Result<Scope, ConfigError> {
        if let Some(id) = self.auth("trust_id")? {
            return Ok(Scope::Trust(id));
        }
        if self.auth("system_scope")?.is_some() {
            return Ok(Scope::System);
        }
        if let Some(id) = self.first_of(&["project_id", "tenant_id"])? {
            return Ok(Scope::Project(Project::Id(id)));
        }
        if let Some(name) = self.first_of(&["project_name", "tenant_name"])? {
            let domain = self.domain("project_domain")?;
            return Ok(Scope::Project(Project::Name { name, domain }));
        }
        if let Some(id) = self.auth("domain_id")? {
            return Ok(Scope::Domain(Domain::Id(id)));
        }
        Ok(match self.auth("domain_name")? {
            Some(name) => Scope::Domain(Domain::Name(name)),
            None => Scope::Unscoped,
        })
    }

    /// Gives the domain of a user or project: its own, one that is named for
    /// both, or the one called `default`.
    fn domain(&self, of: &str) -> Result<Domain, ConfigError> {
        for prefix in [of, "domain"] {
            if let Some(id) = self.auth(&format!("{prefix}_id"))? {
                return Ok(Domain::Id(id));
            }
            if let Some(name) = self.auth(&format!("{prefix}_name"))? {
                return Ok(Domain::Name(name));
            }
        }
        Ok(self.auth("default_domain")?.map_or_else(Domain::default, Domain::Id))
    }
}
