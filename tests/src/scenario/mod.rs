//! Scenarios: what people do with a cloud, across its services.

mod floating_ip;
mod many_servers;
mod server_lifecycle;
mod server_network;
mod volume_boot;
mod volume_copies;

/// Scenarios across services.
#[squall::suite(
    id = "suites.scenario",
    kind = "scenario",
    needs(compute, image, network, volume),
    identities(member),
    timeout = 300
)]
pub(crate) struct Scenario;
