//! Tests of the key ring, a service of ours: its client, what its resources are, what the
//! embedded cloud has to know of it, and the tests.

squall::manifest!();

pub mod client;
mod contract;
mod embedded;
mod suite;

use squall::embedded::EmbeddedService;
use squall::services::Service;

use crate::client::KeyRing;

squall::services::register!(
    Service::new(KeyRing::spec)
        .with_description_file("resources.yaml", include_str!("resources.yaml"))
        .in_the_embedded_cloud(EmbeddedService::new().with_handlers(embedded::HANDLERS))
);
