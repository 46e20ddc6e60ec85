//! Suites of the compute service.

mod boot;
mod flavors;
mod keypairs;
mod server_actions;
mod servers;
mod versions;

pub(crate) use boot::{boot, public_image};

/// The compute service.
#[squall::suite(id = "suites.compute", kind = "api", needs(compute), identities(member))]
pub(crate) struct Compute;
