//! What is known about a cloud: which one is meant, what it offers, what settings say.

pub mod accepted;
pub(crate) mod clouds;
pub mod embedded;
pub(crate) mod facts;
pub mod features;
pub(crate) mod policy_files;
pub mod preflight;
pub mod services;
pub mod settings;
pub mod tempest_conf;
