//! Reads YAML documents without losing their text or their lines.
//!
//! A YAML reader usually decides what a scalar is: `2.90` becomes the number 2.9 and
//! the project `0001` becomes 1. Here a document is a tree of [`Node`]s that keep each
//! scalar as it was written, and where. What a scalar means is for the caller to say:
//!
//! - [`Node::text`] is for what is text in a file of its kind, such as a name, a
//!   password or a microversion;
//! - [`Node::value`] applies YAML 1.2's core schema, for JSON documents such as
//!   OpenAPI;
//! - [`from_str`] and [`from_node`] fill a type of serde's, whose `String` fields get
//!   the text and whose numbers are read as numbers.
//!
//! ```
//! use squall_yaml::{Options, read};
//!
//! let document = read("microversion: 2.90\nid: 0001", &Options::default())?;
//! assert_eq!(document.get("microversion").and_then(|node| node.text()), Some("2.90"));
//! assert_eq!(document.get("id").map(|node| node.position.line), Some(2));
//! # Ok::<(), squall_yaml::Error>(())
//! ```
//!
//! Documents of others are not trusted: what aliases may copy, how deep a document
//! nests and how long it is are limited ([`Options`]). Nothing of a document's text is
//! in an error of [`read`], so that it can be shown although the file holds secrets.

mod build;
mod de;
mod error;
mod node;
mod scalar;

pub use build::{DuplicateKeys, Options, read};
pub use de::{from_node, from_str};
pub use error::Error;
pub use node::{Entry, Kind, Located, Node, Position, Style};
