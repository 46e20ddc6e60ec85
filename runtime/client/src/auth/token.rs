//! A token and what the identity service says about it.

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

use crate::catalog::Catalog;

/// Something with an id and a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// A token, who it speaks for, and where that one may go.
#[derive(Debug, Clone)]
pub struct Token {
    secret: SecretString,
    /// Whom it speaks for.
    pub user: Named,
    /// The project that it is scoped to.
    pub project: Option<Named>,
    /// The domain that it is scoped to.
    pub domain: Option<Named>,
    /// Whether it is scoped to the whole deployment.
    pub system: bool,
    /// The names of the roles that come with it.
    pub roles: Vec<String>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// Where the services are.
    pub catalog: Catalog,
}

impl Token {
    /// Reads the header and the `token` of the body.
    pub(super) fn read(header: Option<&str>, token: &Value) -> Result<Self, String> {
        let secret = header.ok_or("the response has no header `X-Subject-Token`")?;
        if !token.is_object() {
            return Err("the response has no `token`".to_owned());
        }
        let named = |value: &Value| {
            let text =
                |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Named { id: text("id"), name: text("name") }
        };
        let user = token.get("user").map(named).filter(|user| !user.id.is_empty());
        let expires = token.get("expires_at").and_then(Value::as_str);
        Ok(Self {
            secret: secret.into(),
            user: user.ok_or("the token has no user")?,
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

    /// Gives the token itself, which proves the identity to whoever has it.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }
}
