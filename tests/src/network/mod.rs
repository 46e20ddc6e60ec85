//! Suites of the network service.

mod addresses;
mod floating_ips;
mod lists;
mod networks;
mod routers;
mod security;

/// The network service.
#[squall::suite(id = "suites.network", kind = "api", needs(network), identities(member))]
pub(crate) struct Network;
