//! Mistakes in a method's signature.

include!("../../stand_in/squall.rs");

struct Secret;

#[squall::service_client(service_type = "key-manager")]
trait KeyManager {
    #[get("/a")]
    async fn later(&self) -> Secret;

    #[get("/b")]
    fn without_self() -> Secret;

    #[get("/c")]
    fn exclusive(&mut self) -> Secret;

    #[get("/d/{d}")]
    fn generic<T>(&self, d: T) -> Secret;

    #[get("/e")]
    fn result(&self) -> Result<Secret, String>;

    #[get("/f")]
    fn borrowed(&self) -> &Secret;

    #[head("/g")]
    fn head(&self) -> Secret;

    #[get("/h")]
    fn written(&self) -> Secret {
        Secret
    }

    #[get("/i")]
    #[cfg(unix)]
    fn conditional(&self) -> Secret;

    #[get("/j")]
    fn new(&self) -> Secret;
}

fn main() {}
