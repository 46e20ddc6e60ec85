//! The key ring: its client, the types that are its schemas, and its resource kind.
//!
//! To run against the embedded cloud, compute's keypairs stand in for the service
//! of your own.

use squall::kinds::{Gone, Kind, Step};
use squall::schemars::{self, JsonSchema};
use squall::serde::{self, Deserialize, Serialize};
use squall::serde_json::json;
use squall::services::Service;

/// Keeps the public keys that users log in with.
#[squall::service_client(
    service_type = "compute",
    version_path = "/v2.1",
    microversions("2.1"..="2.90"),
    name = "key_ring"
)]
pub trait KeyRing {
    /// Lists keys, a page at a time.
    #[get("/os-keypairs", since = "2.35", envelope = "keypairs")]
    fn list_keys(&self, #[query] limit: Option<u32>, #[query] marker: Option<&str>) -> Vec<Entry>;

    /// Stores a key, or generates one if none is given.
    #[post("/os-keypairs", success(200, 201), errors(400, 403, 409), envelope = "keypair")]
    fn create_key(&self, #[body] key: &NewKey) -> StoredKey;

    /// Shows a key.
    #[get("/os-keypairs/{key_name}", errors(404), envelope = "keypair")]
    fn show_key(&self, key_name: &str) -> Key;

    /// Deletes a key.
    #[delete("/os-keypairs/{key_name}", success(202, 204), errors(404))]
    fn delete_key(&self, key_name: &str);
}

/// A key, found by its name and deleted at the end of the test that created it.
pub static KEY: Kind = Kind::new("key_ring.key")
    .made_by(&["key_ring.keypairs.create"])
    .named_at(&["/keypair/name"])
    .with_name_as_id("key_name")
    .undone_by(&[Step::of("key_ring.keypairs.delete")])
    .gone_when(Gone::NotFound("key_ring.keypairs.show"))
    .private();
squall::services::register!(Service::new(KeyRing::spec).with_kinds(&[&KEY]));

/// A key to be stored; `ctx.create` gives it a name.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct NewKey {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// The answer to storing one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct StoredKey {
    pub name: String,
    pub fingerprint: String,
    /// Returned once, if the service generated the key.
    pub private_key: Option<String>,
}

/// A key as it is shown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct Key {
    pub name: String,
    pub fingerprint: String,
    pub public_key: String,
    #[serde(rename = "type")]
    #[schemars(extend("x-openstack" = json!({"min-ver": "2.2"})))]
    pub algorithm: Option<Algorithm>,
}

/// A key's algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(crate = "serde", rename_all = "lowercase")]
#[schemars(crate = "schemars")]
pub enum Algorithm {
    Ssh,
    X509,
}

/// An entry of the list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct Entry {
    pub keypair: ListedKey,
}

/// A key in the list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct ListedKey {
    pub name: String,
}
