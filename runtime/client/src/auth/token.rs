//! A token and its properties.

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::redact;

/// Something with an id and a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// A token with its user, scope, roles and catalog.
#[derive(Debug, Clone)]
pub struct Token {
    secret: SecretString,
    /// The user.
    pub user: Named,
    /// The id of the user's domain, if the service says it.
    pub user_domain: Option<String>,
    /// The project that it is scoped to.
    pub project: Option<Named>,
    /// The domain that it is scoped to.
    pub domain: Option<Named>,
    /// Whether it is scoped to the whole deployment.
    pub system: bool,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// When it expires.
    pub expires: Option<Timestamp>,
    /// The service catalog.
    pub catalog: Catalog,
}

impl Token {
    /// Reads a token from the header and the `token` object of the body.
    pub(super) fn read(header: Option<&str>, token: &Value) -> Result<Self, String> {
        let secret = header.ok_or("the response has no header `X-Subject-Token`")?;
        redact::learn(secret);
        if !token.is_object() {
            return Err("the response has no `token`".to_owned());
        }
        let named = |value: &Value| {
            let text =
                |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Named { id: text("id"), name: text("name") }
        };
        let user = token.get("user").map(named).filter(|user| !user.id.is_empty());
        let user_domain = token.pointer("/user/domain/id").and_then(Value::as_str);
        let expires = token.get("expires_at").and_then(Value::as_str);
        Ok(Self {
            secret: secret.into(),
            user: user.ok_or("the token has no user")?,
            user_domain: user_domain.map(str::to_owned),
            project: token.get("project").map(named),
            domain: token.get("domain").map(named),
            system: token.get("system").is_some(),
            roles: token
                .get("roles")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(|role| named(role).name)
                .collect(),
            expires: expires.and_then(|text| text.parse().ok()),
            catalog: token.get("catalog").map(Catalog::read).unwrap_or_default(),
        })
    }

    /// Returns the token itself, which is a secret.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }
}
