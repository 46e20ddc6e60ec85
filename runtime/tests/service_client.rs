//! A client that a trait became: what it sends, and what it makes of answers.

use squall::client::Error;
use squall::client::script::Script;
use squall::model::Microversion;
use squall::schemars::JsonSchema;
use squall::serde::{Deserialize, Serialize};
use squall::serde_json::{Value, json};

/// Keeps secrets.
#[squall::service_client(
    service_type = "key-manager",
    version_path = "/v1",
    microversions("1.0"..="1.1")
)]
pub trait KeyManager {
    /// Lists secrets.
    #[get("/secrets", envelope = "secrets")]
    fn list(
        &self,
        #[query] limit: Option<u32>,
        #[query("sort-key")] sort_key: Option<&str>,
        #[query] acl_only: bool,
    ) -> Vec<Secret>;

    /// Stores a secret.
    #[post("/secrets", errors(400), envelope = "secret")]
    fn store(&self, #[body] secret: &NewSecret) -> Secret;

    /// Shows a secret's consumers.
    #[get("/secrets/{secret_id}/consumers", since = "1.1", errors(404))]
    fn consumers(&self, secret_id: impl std::fmt::Display) -> Value;

    /// Deletes a secret.
    #[delete("/secrets/{secret_id}", errors(404))]
    fn delete(&self, secret_id: &str);
}

/// A secret.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(crate = "squall::serde")]
#[schemars(crate = "squall::schemars")]
pub struct Secret {
    name: String,
    bits: Option<u32>,
}

/// A secret to be stored.
#[derive(Serialize, JsonSchema)]
#[serde(crate = "squall::serde")]
#[schemars(crate = "squall::schemars")]
pub struct NewSecret {
    name: String,
}

const SECRETS: &str = "/v1/secrets";

/// A cloud whose key manager has microversions up to this one.
fn cloud(max: &str) -> Script {
    let version = json!({"id": "v1", "status": "CURRENT", "min_version": "1.0", "version": max});
    Script::new().signed_in(&[("key-manager", "http://cloud.test")]).answer(
        "GET",
        "/v1/",
        200,
        json!({ "version": version }),
    )
}

/// Adds an answer at version 1.1.
fn answer(script: Script, method: &str, path: &str, status: u16, body: Value) -> Script {
    let version = ("openstack-api-version", "key-manager 1.1");
    script.answer_with(method, path, status, &[version], body)
}

#[tokio::test]
async fn a_call_says_what_the_trait_says() -> Result<(), Error> {
    let secret = json!({"name": "a", "bits": 256});
    let script = cloud("1.1");
    let script = answer(script, "POST", SECRETS, 201, json!({ "secret": secret }));
    let query = "/v1/secrets?limit=2&acl_only=true";
    let script = answer(script, "GET", query, 200, json!({ "secrets": [secret] }));
    let script = answer(script, "DELETE", "/v1/secrets/a%2Fb", 204, Value::Null);
    let keys = KeyManager::of(&script.session());
    let stored = keys.store(&NewSecret { name: "a".to_owned() }).send().await?;
    assert_eq!(stored.value, Secret { name: "a".to_owned(), bits: Some(256) });
    assert_eq!(stored.version, Some(Microversion::new(1, 1)));
    assert_eq!(keys.list(Some(2), None, true).send().await?.value, [stored.value]);
    keys.delete("a/b").send().await?;
    let asked = script.asked();
    assert_eq!(
        asked[asked.len() - 3..],
        [format!("POST {SECRETS}"), format!("GET {query}"), "DELETE /v1/secrets/a%2Fb".to_owned()]
    );
    Ok(())
}

#[tokio::test]
async fn an_answer_that_its_type_does_not_describe_is_told_whole() {
    let wrong = json!({"secret": {"bits": "many"}});
    let script = answer(cloud("1.1"), "POST", SECRETS, 201, wrong);
    let keys = KeyManager::of(&script.session());
    let error = keys.store(&NewSecret { name: "a".to_owned() }).send().await.unwrap_err();
    let found = error.violations();
    let mut places: Vec<&str> = found.iter().map(|finding| finding.pointer.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/secret", "/secret/bits"], "{error}");
    assert!(found.iter().all(|finding| finding.place == "key_manager.secrets.create"));
}

#[tokio::test]
async fn a_status_that_the_trait_does_not_say_is_a_violation() {
    let script = answer(cloud("1.1"), "DELETE", "/v1/secrets/a", 202, Value::Null);
    let error = KeyManager::of(&script.session()).delete("a").send().await.unwrap_err();
    assert!(error.to_string().contains("202"), "{error}");
}

#[tokio::test]
async fn a_method_is_not_called_where_the_cloud_is_too_old() {
    let script = cloud("1.0");
    let error = KeyManager::of(&script.session()).consumers(42).send().await.unwrap_err();
    assert!(error.to_string().contains("1.1"), "{error}");
    assert!(!script.asked().iter().any(|asked| asked.contains("consumers")));
}

#[test]
fn the_spec_has_every_operation_sorted_by_id() {
    let spec = KeyManager::spec();
    let ids: Vec<&str> = spec.operations.iter().map(|operation| operation.id.as_ref()).collect();
    assert_eq!(
        ids,
        [
            "key_manager.secret_consumers.list",
            "key_manager.secrets.create",
            "key_manager.secrets.delete",
            "key_manager.secrets.list",
        ]
    );
    let known: Vec<bool> =
        spec.operations.iter().map(|operation| operation.response_known).collect();
    assert_eq!(known, [false, true, true, true], "`Value` describes nothing");
    assert_eq!(spec.operations[1].summary, "Stores a secret.");
    assert_eq!(spec.source, concat!("squall ", env!("CARGO_PKG_VERSION")));
}
