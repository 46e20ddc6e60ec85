//! Reads `accounts.yaml`.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use squall_yaml::{Options, from_node};

use crate::client::auth::{Credential, Domain, Project, Scope, User};
use crate::clouds;
use crate::credentials::{Persona, PersonaScope};

/// An account of the file.
///
/// The form is Tempest's: a list of users with `username`, `password` and the scope of
/// their roles. An entry may also be a cloud of clouds.yaml (`cloud`), an application
/// credential, or a token:
///
/// ```yaml
/// - username: alice
///   password: secret
///   project_name: one          # or project_id, tenant_name, tenant_id;
///                              # domain_name, domain_id or `system: all` instead
///   user_domain_name: Default  # or user_domain_id, and of the project; or domain_name,
///                              # for both; `Default` without
///   roles: [member]            # what it is lent as; `member` without
/// - cloud: site-reader
///   roles: [reader]
/// - application_credential_id: 1f
///   application_credential_secret: secret
///   roles: [member]
/// ```
#[derive(Debug, Clone)]
pub struct Account {
    /// Its credential.
    pub credential: Credential,
    /// The scope of its roles.
    pub scope: PersonaScope,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its line, from 1.
    pub line: u64,
}

/// An error in a file of accounts: what is wrong, where, and what to do.
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
    /// The first mistake, with its line.
    pub fn read(path: &Path) -> Result<Vec<Self>, AccountsError> {
        let error =
            |line, what: String, help| AccountsError { path: path.to_owned(), line, what, help };
        let text = std::fs::read_to_string(path).map_err(|source| {
            error(None, format!("cannot be read: {source}"), "name a file of accounts")
        })?;
        let form = "write a list of accounts, in the form of Tempest's accounts.yaml";
        let wrong =
            |wrong: squall_yaml::Error| error(wrong.line().map(u64::from), wrong.what, form);
        let root = squall_yaml::read(&text, &Options::default()).map_err(wrong)?;
        let entries = match root.list() {
            Some(entries) => entries,
            None if root.is_null() => &[],
            None => {
                let what = format!("the file holds {}", root.name());
                return Err(error(Some(root.position.line.into()), what, form));
            }
        };
        if entries.is_empty() {
            return Err(error(
                None,
                "there is no account in it".into(),
                "write one for each test that runs at a time",
            ));
        }
        let account = |node: &squall_yaml::Node| {
            let line = u64::from(node.position.line);
            let entry: Entry = from_node(node).map_err(wrong)?;
            entry.account(line).map_err(|(what, help)| error(Some(line), what, help))
        };
        entries.iter().map(account).collect()
    }

    /// Whether it can be lent as a persona.
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

/// Every field of Tempest's (`KeystoneV3Credentials.ATTRIBUTES` of tempest 47.0.0, and
/// what its reader of accounts takes off first), and ours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    username: Option<String>,
    user_id: Option<String>,
    password: Option<SecretString>,
    project_name: Option<String>,
    tenant_name: Option<String>,
    project_id: Option<String>,
    tenant_id: Option<String>,
    domain_name: Option<String>,
    domain_id: Option<String>,
    user_domain_name: Option<String>,
    user_domain_id: Option<String>,
    project_domain_name: Option<String>,
    project_domain_id: Option<String>,
    system: Option<String>,
    cloud: Option<String>,
    application_credential_id: Option<String>,
    application_credential_secret: Option<SecretString>,
    token: Option<SecretString>,
    #[serde(default)]
    roles: Vec<String>,
    /// Tempest's words for what an account may do.
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
        roles.extend(std::mem::take(&mut self.types).into_iter().map(role_of_type));
        if roles.is_empty() {
            roles.push("member".to_owned());
        }
        let credential = self.credential()?;
        let scope = match credential.scope() {
            // An application credential holds in a project.
            None | Some(Scope::Project(_) | Scope::Trust(_)) => PersonaScope::Project,
            Some(Scope::Domain(_)) => PersonaScope::Domain,
            Some(Scope::System) => PersonaScope::System,
            Some(Scope::Unscoped) => {
                return Err((
                    "the account has no scope".into(),
                    "give it a `project_name` or `project_id`, a `domain_name` or `domain_id` \
                     without a project, or `system: all`",
                ));
            }
        };
        Ok(Account { credential, scope, roles, line })
    }

    fn credential(mut self) -> Result<Credential, Mistake> {
        let ways = [
            self.username.is_some() || self.user_id.is_some(),
            self.cloud.is_some(),
            self.application_credential_id.is_some(),
            self.token.is_some(),
        ];
        if ways.into_iter().filter(|way| *way).count() != 1 {
            return Err((
                "an account has one way to authenticate".into(),
                "give it a `username` or `user_id`, a `cloud`, an `application_credential_id` or \
                 a `token`",
            ));
        }
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
        let scope = self.scope()?;
        if let Some(token) = self.token {
            return Ok(Credential::Token { token, scope });
        }
        let password = self
            .password
            .take()
            .ok_or(("`password` is missing".to_owned(), "write it beside the user"))?;
        let domain = self.domain(Side::User);
        let user = match (self.user_id, self.username) {
            (Some(id), _) => User::Id(id),
            (None, name) => User::Name { name: name.unwrap_or_default(), domain },
        };
        Ok(Credential::Password { user, password, scope })
    }

    fn scope(&self) -> Result<Scope, Mistake> {
        let same =
            |project: &Option<String>, tenant: &Option<String>, of: &str| match (project, tenant) {
                (Some(project), Some(tenant)) if project != tenant => Err((
                    format!("`project_{of}` and `tenant_{of}` differ"),
                    "both name the project: write one of them",
                )),
                (project, tenant) => Ok(project.clone().or_else(|| tenant.clone())),
            };
        let id = same(&self.project_id, &self.tenant_id, "id")?;
        let name = same(&self.project_name, &self.tenant_name, "name")?;
        Ok(match (id, name) {
            (Some(id), _) => Scope::Project(Project::Id(id)),
            (None, Some(name)) => {
                Scope::Project(Project::Name { name, domain: self.domain(Side::Project) })
            }
            (None, None) if self.system.is_some() => Scope::System,
            (None, None) => match (&self.domain_id, &self.domain_name) {
                (Some(id), _) => Scope::Domain(Domain::Id(id.clone())),
                (None, Some(name)) => Scope::Domain(Domain::Name(name.clone())),
                (None, None) => Scope::Unscoped,
            },
        })
    }

    /// The domain of the user or the project: its own, the other's, or the one that is
    /// named for both, as Tempest fills them in.
    fn domain(&self, side: Side) -> Domain {
        let user = (&self.user_domain_id, &self.user_domain_name);
        let project = (&self.project_domain_id, &self.project_domain_name);
        let both = (&self.domain_id, &self.domain_name);
        let order = match side {
            Side::User => [user, project, both],
            Side::Project => [project, user, both],
        };
        order
            .into_iter()
            .find_map(|(id, name)| {
                id.clone().map(Domain::Id).or_else(|| name.clone().map(Domain::Name))
            })
            .unwrap_or_default()
    }
}

#[derive(Clone, Copy)]
enum Side {
    User,
    Project,
}

/// Returns the role that a type of Tempest's stands for, by Tempest's own defaults
/// (`[identity] admin_role`, `[object-storage] operator_role`, `reseller_admin_role`).
fn role_of_type(kind: String) -> String {
    match kind.as_str() {
        "operator" => "member".to_owned(),
        "reseller_admin" => "ResellerAdmin".to_owned(),
        _ => kind,
    }
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

    /// What the account asks identity for: user, domain, scope.
    fn asked(text: &str) -> (User, Scope) {
        match read(text).unwrap().remove(0).credential {
            Credential::Password { user, scope, .. } => (user, scope),
            other => unreachable!("{other}"),
        }
    }

    /// The fields that Tempest's `KeystoneV3Credentials` takes.
    #[test]
    fn every_field_of_tempests_credentials_counts() {
        let id = |id: &str| Domain::Id(id.to_owned());
        let named = |name: &str| Domain::Name(name.to_owned());
        let user = |domain: Domain| User::Name { name: "u".to_owned(), domain };
        let project =
            |domain: Domain| Scope::Project(Project::Name { name: "p".to_owned(), domain });
        let by_id = Scope::Project(Project::Id("77".to_owned()));
        for (fields, expected_user, expected_scope) in [
            ("tenant_id: 77", user(Domain::default()), by_id.clone()),
            ("project_id: 77, tenant_id: 77", user(Domain::default()), by_id.clone()),
            ("project_name: p, user_domain_id: d1", user(id("d1")), project(id("d1"))),
            ("project_name: p, project_domain_name: D", user(named("D")), project(named("D"))),
            (
                "tenant_name: p, user_domain_id: d1, project_domain_id: d2",
                user(id("d1")),
                project(id("d2")),
            ),
            ("project_name: p, domain_name: D", user(named("D")), project(named("D"))),
            ("domain_id: d1", user(id("d1")), Scope::Domain(id("d1"))),
        ] {
            let text = format!("- {{username: u, password: p, {fields}}}\n");
            assert_eq!(asked(&text), (expected_user, expected_scope), "{fields}");
        }
        let (user, scope) = asked("- {user_id: 0042, password: p, project_id: 77}");
        assert_eq!((user, scope), (User::Id("0042".to_owned()), by_id));
        let error = read("- {username: u, password: p, project_id: a, tenant_id: b}").unwrap_err();
        assert!(error.to_string().contains("`project_id` and `tenant_id` differ"), "{error}");
    }

    #[test]
    fn a_type_is_the_role_that_tempest_takes_for_it() {
        let text = "- {username: u, password: p, project_id: p, types: [admin, operator, \
                    reseller_admin], resources: {network: n}}";
        assert_eq!(read(text).unwrap()[0].roles, ["admin", "member", "ResellerAdmin"]);
    }

    #[test]
    fn names_and_passwords_are_the_text_that_stands_in_the_file() {
        use secrecy::ExposeSecret as _;
        for text in ["123456", "0042", "1.10", "0x1f", "1e400", "yes", "n"] {
            let accounts =
                read(&format!("- username: {text}\n  password: {text}\n  project_name: {text}\n"));
            let Credential::Password { user, password, scope } =
                accounts.unwrap().remove(0).credential
            else {
                unreachable!()
            };
            assert_eq!(user, User::Name { name: text.to_owned(), domain: Domain::default() });
            assert_eq!(password.expose_secret(), text);
            let project = Project::Name { name: text.to_owned(), domain: Domain::default() };
            assert_eq!(scope, Scope::Project(project));
        }
    }

    #[test]
    fn a_mistake_is_reported_with_its_line_and_without_the_secret() {
        for (text, line, part) in [
            ("- username: a\n  project_name: p\n", 1, "`password` is missing"),
            ("- token: hush\n- username: a\n  password: hush\n", 1, "has no scope"),
            ("- username: a\n  cloud: b\n", 1, "one way to authenticate"),
            ("- username: a\n  pasword: hush\n", 2, "pasword"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, Some(line), "{error}");
            assert!(error.to_string().contains(part), "{error}");
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }
}
