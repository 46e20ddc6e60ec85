//! Topologies of real OpenStack clouds, and the drivers that run them.
//!
//! A topology says what runs where, from which release and behind which load
//! balancer. People write it as a [`Document`]; resolving one gives a [`Plan`]; a
//! [`Driver`](driver::Driver) prepares, starts, stops and watches the plan's processes
//! on a node.

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
