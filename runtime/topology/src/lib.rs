//! What runs where, from which release, behind what: a cloud's topology, and the
//! drivers that prepare, start, stop and watch its processes.
//!
//! A [`document`](Plan) is data that people write; [`Plan`] is what it comes to;
//! a [`Driver`](driver::Driver) carries a plan out on a node. Bringing a real
//! cloud up, upgrading it and breaking it all stand on these three.

pub mod backing;
pub mod bootstrap;
pub mod bring_up;
pub mod clouds_yaml;
pub mod component;
pub mod debian;
pub mod document;
pub mod driver;
pub mod graph;
pub mod health;
mod hex;
pub mod plan;
pub mod progress;
pub mod recipe;
pub mod release;
pub mod resolve;
pub mod shipped;
pub mod site;
pub mod standins;
pub mod take_down;

pub use document::{Document, DocumentError, topology};
pub use plan::Plan;
pub use resolve::ResolveError;
