//! Mistakes in what is said of the service.

include!("../../stand_in/squall.rs");

#[squall::service_client(version_path = "v1/", microversion("1.0"..="1.1"), name = "Key.Manager")]
trait Untyped {}

#[squall::service_client(
    service_type = "Key Manager",
    service_type = "key-manager",
    microversions("1.0"..="latest"),
    name
)]
unsafe trait Mistyped<T>: Send {
    const A: u8 = 0;
}

#[squall::service_client(service_type = "key-manager", microversions("1.10"..="1.9"))]
trait Reversed {}

#[squall::service_client(service_type = "key-manager", microversions(1.0..=1.1))]
trait Numbered {}

#[squall::service_client(service_type = "key-manager")]
struct NoTrait;

fn main() {}
