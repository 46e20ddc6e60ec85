//! One mistake is one message: the client and its methods are there to be used.

include!("../../stand_in/squall.rs");

struct Secret;

#[squall::service_client(service_type = "key-manager")]
trait KeyManager {
    #[get("/secrets/{secret_id}")]
    fn show(&self, secret: &str) -> Secret;
}

fn main() {
    let keys = KeyManager::of(&client::Session);
    keys.show("42").send();
    KeyManager::new(keys.client().clone());
    let _ = KeyManager::spec();
}
