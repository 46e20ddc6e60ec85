//! The result of a behaviour: a reply, or a fault.

use crate::fault::Fault;
pub(crate) use crate::reply::{Reply, ReplyBody};

/// The result of a behaviour.
pub(crate) type Outcome = Result<Reply, Fault>;
