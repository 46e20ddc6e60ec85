//! Mistakes in what a method sends, and when.

include!("../../stand_in/squall.rs");

struct Secret;

#[squall::service_client(service_type = "key-manager", microversions("1.0"..="1.9"))]
trait KeyManager {
    fn sends_nothing(&self) -> Secret;

    #[get]
    fn without_path(&self) -> Secret;

    #[get("/secrets")]
    #[post("/secrets")]
    fn twice(&self) -> Secret;

    #[get("secrets")]
    fn relative(&self) -> Secret;

    #[get("/secrets?limit=1")]
    fn with_query(&self) -> Secret;

    #[get("/secrets/{secret_id}", sence = "1.1", until = 1.4)]
    fn misspelt(&self, secret_id: &str) -> Secret;

    #[get("/a", since = "1.10")]
    fn later_than_the_service(&self) -> Secret;

    #[get("/b", since = "1.5", until = "1.4")]
    fn reversed(&self) -> Secret;

    #[get("/c", success(200, 404), errors(200))]
    fn statuses(&self) -> Secret;

    #[get("/d", id = "key_manager.secrets.show", envelope = "")]
    fn whole_id(&self) -> Secret;

    #[put("/e/{id}")]
    fn replace(&self, id: &str) -> Secret;

    #[patch("/e/{id}")]
    fn same_id(&self, id: &str) -> Secret;
}

fn main() {}
