//! Mistakes in where arguments go.

include!("../../stand_in/squall.rs");

struct Secret;

#[squall::service_client(service_type = "key-manager")]
trait KeyManager {
    #[get("/secrets/{secret_id}")]
    fn missing(&self) -> Secret;

    #[get("/secrets")]
    fn nowhere(&self, secret_id: &str) -> Secret;

    #[get("/a/{b}/{b}")]
    fn repeated(&self, b: &str) -> Secret;

    #[get("/c")]
    fn same_parameter(&self, #[query] limit: u32, #[query("limit")] most: u32) -> Secret;

    #[get("/d")]
    fn untyped(&self, #[query] limit: impl std::fmt::Display) -> Secret;

    #[get("/e")]
    fn body_of_get(&self, #[body] secret: Secret) -> Secret;

    #[post("/f")]
    fn two_bodies(&self, #[body] one: Secret, #[body("two")] two: Secret) -> Secret;

    #[post("/g")]
    fn two_places(&self, #[body] #[query] secret: Secret) -> Secret;

    #[post("/h")]
    fn elsewhere(&self, #[header] secret: &str, #[query(sort)] (a, b): (u8, u8)) -> Secret;

    #[delete("/i", envelope = "secret")]
    fn empty_envelope(&self);
}

fn main() {}
