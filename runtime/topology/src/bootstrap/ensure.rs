//! Ensures that a resource exists: finds it by name or creates it.

use serde_json::{Value, json};
use squall_client::Error;

use super::rest::Rest;
use crate::component::Service;

/// A kind of resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// Its service.
    pub service: Service,
    /// The path of its collection.
    pub path: &'static str,
    /// Its collection's key in a list.
    pub collection: &'static str,
    /// Its key in a request and a response; empty where the document has no wrapper.
    pub one: &'static str,
}

impl Kind {
    /// A kind of identity resource.
    pub(super) const fn identity(
        path: &'static str,
        collection: &'static str,
        one: &'static str,
    ) -> Self {
        Self { service: Service::Keystone, path, collection, one }
    }

    /// Lists all resources of the kind.
    pub(super) async fn all(self, rest: &Rest) -> Result<Vec<Value>, Error> {
        let document = rest.get(self.service, self.path).await?;
        let list = document.get(self.collection).and_then(Value::as_array);
        Ok(list.cloned().unwrap_or_default())
    }

    /// Creates a resource.
    pub(super) async fn make(self, rest: &Rest, body: Value) -> Result<Value, Error> {
        let body = if self.one.is_empty() { body } else { json!({ self.one: body }) };
        let made = rest.post(self.service, self.path, body).await?;
        Ok(made.get(self.one).cloned().unwrap_or(made))
    }

    /// Returns the resource with a name, created from `body` where there is none, and
    /// whether it was created.
    pub(super) async fn ensure(
        self,
        rest: &Rest,
        name: &str,
        body: Value,
    ) -> Result<(Value, bool), Error> {
        let all = self.all(rest).await?;
        if let Some(found) = all.into_iter().find(|one| text(one, "name") == name) {
            return Ok((found, false));
        }
        let mut body = body;
        if let Some(fields) = body.as_object_mut() {
            fields.insert("name".to_owned(), json!(name));
        }
        Ok((self.make(rest, body).await?, true))
    }
}

/// Returns the text of a field.
pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
