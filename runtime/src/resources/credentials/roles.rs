//! The roles of a cloud, by name.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio::sync::OnceCell;

use super::SetupError;
use super::api;
use crate::client::Session;

/// The roles of the cloud, requested once.
#[derive(Debug, Default)]
pub(crate) struct Roles(OnceCell<BTreeMap<String, String>>);

impl Roles {
    /// Returns a role's id.
    pub(super) async fn id(&self, admin: &Session, name: &str) -> Result<String, SetupError> {
        let roles = self.all(admin).await?;
        roles.get(name).cloned().ok_or_else(|| SetupError::NoRole {
            role: name.to_owned(),
            has: roles.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
        })
    }

    /// Returns all of them; only an admin may list roles.
    pub(crate) async fn all(
        &self,
        admin: &Session,
    ) -> Result<&BTreeMap<String, String>, SetupError> {
        self.0.get_or_try_init(|| list(admin)).await
    }
}

async fn list(admin: &Session) -> Result<BTreeMap<String, String>, SetupError> {
    let response = api::call(admin, "identity.roles.list")?.send().await?;
    let text = |role: &Value, key: &str| role.get(key).and_then(Value::as_str).map(str::to_owned);
    let roles = response.value.get("roles").and_then(Value::as_array);
    // A domain's own role may have the same name as a global one, and is another role.
    let global =
        roles.into_iter().flatten().filter(|role| role.get("domain_id").is_none_or(Value::is_null));
    Ok(global.filter_map(|role| Some((text(role, "name")?, text(role, "id")?))).collect())
}
