//! The keys of a cloud and of its `auth`, and the credential that they describe.

use std::collections::BTreeMap;

use squall_model::suggest::similar;

use super::error::{ConfigError, ConfigErrorKind};
use super::tree::{Kind, Node};
use crate::auth::{Credential, Domain, Project, Scope, User};

/// The keys of a cloud, and of its `auth`.
///
/// One that is nothing or an empty text is not there.
pub(super) struct Keys<'a> {
    pub(super) cloud: &'a str,
    pub(super) place: &'a Node,
    pub(super) plain: BTreeMap<String, Node>,
    pub(super) auth: BTreeMap<String, Node>,
}

impl Keys<'_> {
    /// Returns a key of the cloud.
    pub(super) fn plain_node(&self, key: &str) -> Option<&Node> {
        either(&self.plain, key)
    }

    /// Returns a key of `auth`. It may stand beside `auth` too, as those of variables
    /// do, and then comes first, as in openstacksdk.
    pub(super) fn auth_node(&self, key: &str) -> Option<&Node> {
        either(&self.plain, key).or_else(|| either(&self.auth, key))
    }

    fn auth(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.auth_node(key).map(|node| node.text(key).map(str::to_owned)).transpose()
    }

    fn first_of(&self, names: &[&str]) -> Result<Option<String>, ConfigError> {
        for name in names {
            if let Some(value) = self.auth(name)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Returns a key of `auth` that has to be there.
    pub(super) fn required(&self, key: &str) -> Result<String, ConfigError> {
        self.auth(key)?.ok_or_else(|| {
            let empty = [&self.plain, &self.auth].into_iter().find_map(|keys| keys.get(key));
            if let Some(node) = empty {
                let kind = ConfigErrorKind::Empty { key: key.to_owned() };
                return ConfigError { file: node.path(), line: node.known_line(), kind };
            }
            let known: Vec<&str> = self.auth.keys().map(String::as_str).collect();
            ConfigError {
                file: self.place.path(),
                line: self.place.known_line(),
                kind: ConfigErrorKind::Missing {
                    cloud: self.cloud.to_owned(),
                    key: key.to_owned(),
                    instead: similar(key, known).first().map(|word| (*word).to_owned()),
                },
            }
        })
    }

    /// Reads a boolean, as YAML 1.1 and environment variables spell one.
    pub(super) fn switch(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        let Some(node) = self.plain_node(key) else { return Ok(None) };
        match node.text(key)?.to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(Some(true)),
            "false" | "no" | "off" | "0" => Ok(Some(false)),
            _ => Err(node.wrong(key, "`true` or `false`", "another text")),
        }
    }

    /// Reads the credential.
    pub(super) fn credential(&self) -> Result<Credential, ConfigError> {
        let chosen = self.first_of(&["auth_type", "auth_plugin"])?;
        let kind = match chosen.as_deref() {
            Some("token" | "v3token") => "token",
            Some("v3applicationcredential" | "application_credential") => "application",
            None if self.auth_node("application_credential_secret").is_some() => "application",
            None if self.token()?.is_some() => "token",
            None | Some("password" | "v3password") => "password",
            Some(other) => {
                let node = self.plain_node("auth_type").unwrap_or(self.place);
                return Err(ConfigError {
                    file: node.path(),
                    line: node.known_line(),
                    kind: ConfigErrorKind::UnsupportedAuth { auth_type: other.to_owned() },
                });
            }
        };
        match kind {
            "token" => Ok(Credential::Token {
                token: match self.token()? {
                    Some(token) => token.into(),
                    None => self.required("token")?.into(),
                },
                scope: self.scope()?,
            }),
            "application" => {
                let secret = self.required("application_credential_secret")?.into();
                match self.auth("application_credential_name")? {
                    Some(name) if self.auth_node("application_credential_id").is_none() => {
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

    fn token(&self) -> Result<Option<String>, ConfigError> {
        self.first_of(&["token", "auth_token"])
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
        if self.auth_node("system_scope").is_some() {
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

    /// Returns the domain of a user or project: its own, one that is named for both,
    /// a default of the configuration, or the one with the id `default`.
    fn domain(&self, of: &str) -> Result<Domain, ConfigError> {
        for prefix in [of, "domain", "default_domain"] {
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

/// Finds a key that is there and holds something.
fn either<'a>(keys: &'a BTreeMap<String, Node>, key: &str) -> Option<&'a Node> {
    keys.get(key).filter(|node| !matches!(node.kind, Kind::Null) && !node.is_empty())
}
