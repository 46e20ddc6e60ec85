//! The core of every Squall client: sessions, calls, microversion negotiation,
//! validation of responses, and errors that name the request.
//!
//! A [`Session`] is one identity in one cloud. A [`ServiceClient`] is a session
//! with one service. A [`Call`] is one request as a value, which generated methods
//! and plugins build and [`Call::send`] sends.
//!
//! Generated crates contain no logic, and this crate contains nothing specific to
//! a service: it reads what it needs from [`squall_model::Operation`].

pub mod auth;
pub mod body;
pub mod by_id;
pub mod call;
pub mod catalog;
pub mod clean;
pub mod clock;
pub mod codec;
pub mod config;
pub mod decode;
mod deliver;
pub mod discovery;
pub mod endpoint;
pub mod error;
pub mod exchange;
pub mod headers;
pub mod negotiate;
pub mod observer;
mod operation;
pub mod page;
pub mod redact;
mod refusal;
pub mod response;
pub mod retry;
pub mod script;
pub mod service;
pub mod session;
pub mod transport;
pub mod validate;

pub use body::{Body, Content};
pub use call::{Call, OperationRef};
pub use codec::{Decode, Encode};
pub use decode::Decoder;
pub use error::{Error, ErrorKind, ErrorResponse};
pub use exchange::Exchange;
pub use negotiate::VersionChoice;
pub use observer::{AnswerInfo, CallInfo, Observer};
pub use page::Pages;
pub use refusal::Refusal;
pub use response::Response;
pub use service::{ServiceClient, ServiceDescription};
pub use session::Session;
pub use transport::{Transport, TransportError};
pub use validate::Validation;

pub use bytes::Bytes;
/// Any JSON value, for data that no spec describes.
pub use serde_json::Value as Json;
pub use squall_model as model;

/// Names that this crate's macros expand to; not part of the stable API.
#[doc(hidden)]
pub mod __private {
    pub use serde;
    pub use serde_json::Value;
}
