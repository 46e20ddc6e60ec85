//! Suites of the compute service.

mod flavors;
mod keypairs;
mod limits;
mod names;
mod server_actions;
mod server_labels;
mod server_moves;
mod servers;
mod shared_server;
mod states;
mod versions;

/// The compute service.
#[squall::suite(id = "suites.compute", kind = "api", needs(compute), identities(member))]
pub(crate) struct Compute;
