// What an expansion names of `squall`, so that its mistakes are seen without
// compiling all of it. It is included by each case.

extern crate self as squall;
pub use squall_macros::service_client;

pub mod client {
    use std::marker::PhantomData;

    #[derive(Debug, Clone)]
    pub struct ServiceClient;
    pub struct Session;
    pub struct Call<T>(PhantomData<T>);

    impl Session {
        pub fn service(&self, _: &'static super::model::ServiceSpec) -> ServiceClient {
            ServiceClient
        }
    }

    impl<T> Call<T> {
        pub fn send(self) {}
    }
}

pub mod model {
    pub struct ServiceSpec;
}
