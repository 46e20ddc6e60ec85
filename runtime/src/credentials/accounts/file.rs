//! `accounts.yaml`: what stands in it.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::client::auth::{Credential, Domain, Project, Scope as AuthScope, User};
use crate::clouds;
use crate::credentials::{Persona, Scope};

/// An account, as it stands in the file.
///
/// The form is Tempest's, a list of users with `username`, `password` and what their
/// roles hold in; and besides, an entry may be a cloud of clouds.yaml (`cloud`), an
/// application credential, or a token:
///
/// ```yaml
/// - username: alice
///   password: secret
///   project_name: one          # or tenant_name; domain_name or `system: all` instead
///   user_domain_name: Default  # or domain_name, for both; `Default` without
///   roles: [member]            # what it is lent as; `member` without
/// - cloud: site-reader
///   roles: [reader]
/// - application_credential_id: 1f
///   application_credential_secret: secret
///   roles: [member]
/// ```
#[derive(Debug, Clone)]
pub struct Account {
    /// How it proves itself.
    pub credential: Credential,
    /// What its roles hold in.
    pub scope: Scope,
    /// Its roles.
    pub roles: Vec<String>,
    /// The line it stands at, from 1.
    pub line: u64,
}

/// What is wrong with a file of accounts, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {what}; {help}", path.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct AccountsError {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: Option<u64>,
    /// What is wrong; never a value that may be secret.
    pub what: String,
    /// What to do.
    pub help: &'static str,
}

/// The roles that imply those after them.
const IMPLYING: [&str; 4] = ["admin", "manager", "member", "reader"];

impl Account {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn read(path: &Path) -> Result<Vec<Self>, AccountsError> {
        let error =
            |line, what: String, help| AccountsError { path: path.to_owned(), line, what, help };
        let text = std::fs::read_to_string(path).map_err(|source| {
            error(None, format!("cannot be read: {source}"), "name a file of accounts")
        })?;
        let entries: Vec<Spanned<Entry>> = serde_saphyr::from_str(&text).map_err(|source| {
            let line = source.location().map(|location| location.line());
            // What follows the first line cites the file, which holds secrets.
            let what = source.to_string().lines().next().unwrap_or_default().to_owned();
            error(line, what, "it is a list of accounts, in the form of Tempest's accounts.yaml")
        })?;
        if entries.is_empty() {
            return Err(error(
                None,
                "there is no account in it".into(),
                "write one a test at a time",
            ));
        }
        let account = |entry: Spanned<Entry>| {
            let line = entry.referenced.line();
            entry.value.account(line).map_err(|(what, help)| error(Some(line), what, help))
        };
        entries.into_iter().map(account).collect()
    }

    /// Tells whether it can be lent as a persona.
    ///
    /// Roles that imply others count as the strongest of them: who has `admin` and
    /// `member` is an admin, and no member that a test could expect to be refused.
    pub fn fits(&self, persona: &Persona) -> bool {
        let has = |role: &str| self.roles.iter().any(|own| own.eq_ignore_ascii_case(role));
        let strongest = IMPLYING.into_iter().find(|role| has(role));
        let wanted = IMPLYING.into_iter().find(|role| persona.roles.iter().any(|own| own == role));
        self.scope == persona.scope
            && persona.roles.iter().all(|role| has(role))
            && (wanted.is_none() || strongest == wanted)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    username: Option<String>,
    password: Option<SecretString>,
    #[serde(alias = "tenant_name")]
    project_name: Option<String>,
    domain_name: Option<String>,
    user_domain_name: Option<String>,
    project_domain_name: Option<String>,
    system: Option<String>,
    cloud: Option<String>,
    application_credential_id: Option<String>,
    application_credential_secret: Option<SecretString>,
    token: Option<SecretString>,
    #[serde(default)]
    roles: Vec<String>,
    /// Tempest's words for what an account may do; `admin` is a role here.
    #[serde(default)]
    types: Vec<String>,
    /// Networks that Tempest lets a test use; ours find or make their own.
    #[serde(default, rename = "resources")]
    _resources: serde::de::IgnoredAny,
}

/// What is wrong, and what to do.
type Mistake = (String, &'static str);

impl Entry {
    fn account(mut self, line: u64) -> Result<Account, Mistake> {
        let mut roles = std::mem::take(&mut self.roles);
        roles.extend(std::mem::take(&mut self.types));
        if roles.is_empty() {
            roles.push("member".to_owned());
        }
        let credential = self.credential()?;
        let scope = match credential.scope() {
            // An application credential holds in a project.
            None | Some(AuthScope::Project(_) | AuthScope::Trust(_)) => Scope::Project,
            Some(AuthScope::Domain(_)) => Scope::Domain,
            Some(AuthScope::System) => Scope::System,
            Some(AuthScope::Unscoped) => {
                return Err((
                    "the account holds in nothing".into(),
                    "give it a `project_name`, a `domain_name` alone, or `system: all`",
                ));
            }
        };
        Ok(Account { credential, scope, roles, line })
    }

    fn credential(self) -> Result<Credential, Mistake> {
        let ways = [
            self.username.is_some(),
            self.cloud.is_some(),
            self.application_credential_id.is_some(),
            self.token.is_some(),
        ];
        if ways.into_iter().filter(|way| *way).count() != 1 {
            return Err((
                "an account has one way to prove itself".into(),
                "give it a `username`, a `cloud`, an `application_credential_id` or a `token`",
            ));
        }
        let scope = self.scope();
        if let Some(cloud) = &self.cloud {
            return match clouds::find(cloud) {
                Ok(config) => Ok(config.credential),
                Err(error) => Err((error.to_string(), "name a cloud of clouds.yaml")),
            };
        }
        if let Some(id) = self.application_credential_id {
            let secret = self.application_credential_secret.ok_or((
                "`application_credential_secret` is missing".to_owned(),
                "write it beside the id",
            ))?;
            return Ok(Credential::ApplicationCredential { id, secret });
        }
        if let Some(token) = self.token {
            return Ok(Credential::Token { token, scope });
        }
        let password = self
            .password
            .ok_or(("`password` is missing".to_owned(), "write it beside the `username`"))?;
        let domain = domain(self.user_domain_name.or(self.domain_name));
        let name = self.username.unwrap_or_default();
        Ok(Credential::Password { user: User::Name { name, domain }, password, scope })
    }

    fn scope(&self) -> AuthScope {
        let own = || self.project_domain_name.clone().or_else(|| self.domain_name.clone());
        match (&self.project_name, &self.domain_name, &self.system) {
            (Some(name), ..) => {
                AuthScope::Project(Project::Name { name: name.clone(), domain: domain(own()) })
            }
            (None, _, Some(_)) => AuthScope::System,
            (None, Some(name), None) => AuthScope::Domain(Domain::Name(name.clone())),
            (None, None, None) => AuthScope::Unscoped,
        }
    }
}

fn domain(name: Option<String>) -> Domain {
    name.map_or_else(Domain::default, Domain::Name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Account>, AccountsError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("accounts.yaml");
        std::fs::write(&path, text).unwrap();
        Account::read(&path)
    }

    fn fits(account: &Account, persona: &str) -> bool {
        account.fits(&persona.parse().unwrap())
    }

    /// The example of Tempest's own documentation, `etc/accounts.yaml.sample`.
    #[test]
    fn tempests_form_is_read() {
        let accounts = read(
            "- username: 'user_1'\n  tenant_name: 'test_tenant_1'\n  password: 'p'\n\
             - username: 'user_2'\n  project_name: 'two'\n  password: 'p'\n  roles:\n  - 'member'\n  - 'creator'\n\
             - username: 'swift_admin'\n  project_name: 'admin'\n  password: 'p'\n  types:\n  - 'admin'\n\
             - username: 'sys'\n  system: all\n  password: 'p'\n  roles: [reader]\n\
             - username: 'dom'\n  domain_name: d\n  password: 'p'\n  roles: [admin, member]\n  resources: {network: n}\n",
        )
        .unwrap();
        assert!(fits(&accounts[0], "member") && !fits(&accounts[0], "reader"));
        assert!(fits(&accounts[1], "member") && fits(&accounts[1], "creator"));
        assert!(fits(&accounts[2], "admin") && !fits(&accounts[2], "member"));
        assert!(fits(&accounts[3], "system_reader") && !fits(&accounts[3], "reader"));
        assert!(fits(&accounts[4], "domain_admin") && !fits(&accounts[4], "domain_member"));
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_without_the_secret() {
        for (text, line, part) in [
            ("- username: a\n  project_name: p\n", 1, "`password` is missing"),
            ("- token: hush\n- username: a\n  password: hush\n", 1, "holds in nothing"),
            ("- username: a\n  cloud: b\n", 1, "one way to prove itself"),
            ("- username: a\n  pasword: hush\n", 2, "pasword"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, Some(line), "{error}");
            assert!(error.to_string().contains(part), "{error}");
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }
}
