// Written by `cargo xtask regen` from the folders of `api-specs`.
//! The OpenStack volume API: a client, its types, and its operations as data.
//!
//! All of it is made from `api-specs/volume` when this crate is built.

#![allow(
    clippy::doc_markdown,
    clippy::unreadable_literal,
    reason = "generated: the docs name upstream's words, and the blob's places are no quantities"
)]

mod client {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

pub use client::*;

/// The service's operations as data.
pub mod table {
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}

/// What the service's resources are, and how its operations are called.
pub mod description {
    include!(concat!(env!("OUT_DIR"), "/description.rs"));
}

/// The service's default policy rules.
pub mod policies {
    include!(concat!(env!("OUT_DIR"), "/policies.rs"));
}

/// What the operations take and answer.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}
