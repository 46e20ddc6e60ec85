//! The client of the key ring, and the types that are its schemas.

use squall::schemars::{self, JsonSchema};
use squall::serde::{self, Deserialize, Serialize};
use squall::serde_json::json;

/// Keeps public keys on rings.
#[squall::service_client(
    service_type = "key-ring",
    version_path = "/v1",
    microversions("1.0"..="1.2")
)]
pub trait KeyRing {
    /// Lists rings, a page at a time.
    #[get("/rings", envelope = "rings", paging(marker = "id"))]
    fn list_rings(&self, #[query] name: Option<&str>) -> Vec<Ring>;

    /// Creates a ring.
    #[post("/rings", errors(400), envelope = "ring")]
    fn create_ring(&self, #[body] ring: &NewRing) -> Ring;

    /// Shows a ring.
    #[get("/rings/{ring_id}", errors(404), envelope = "ring")]
    fn show_ring(&self, ring_id: &str) -> Ring;

    /// Changes a ring's description.
    #[put("/rings/{ring_id}", errors(400, 404), envelope = "ring")]
    fn update_ring(&self, ring_id: &str, #[body] ring: &RingChange) -> Ring;

    /// Deletes a ring with its keys.
    #[delete("/rings/{ring_id}", errors(404))]
    fn delete_ring(&self, ring_id: &str);

    /// Lists the keys of a ring.
    #[get("/rings/{ring_id}/keys", errors(404), envelope = "keys")]
    fn list_keys(&self, ring_id: &str) -> Vec<Key>;

    /// Adds a key to a ring.
    #[post("/rings/{ring_id}/keys", errors(400, 404, 409), envelope = "key")]
    fn create_key(&self, ring_id: &str, #[body] key: &NewKey) -> Key;

    /// Shows a key.
    #[get("/rings/{ring_id}/keys/{key_id}", errors(404), envelope = "key")]
    fn show_key(&self, ring_id: &str, key_id: &str) -> Key;

    /// Deletes a key.
    #[delete("/rings/{ring_id}/keys/{key_id}", errors(404))]
    fn delete_key(&self, ring_id: &str, key_id: &str);
}

/// A ring to be created.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct NewRing {
    /// Left out where `ctx.create` puts a unique one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What of a ring can be changed.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct RingChange {
    pub description: String,
}

/// A ring.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct Ring {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub status: String,
    pub project_id: String,
    pub created_at: String,
}

/// A key to be added.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct NewKey {
    /// Left out where `ctx.create` puts a unique one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub public_key: String,
}

/// A key.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
pub struct Key {
    pub id: String,
    pub name: String,
    pub public_key: String,
    pub fingerprint: String,
    #[schemars(extend("x-openstack" = json!({"min-ver": "1.1"})))]
    pub algorithm: Option<String>,
}
