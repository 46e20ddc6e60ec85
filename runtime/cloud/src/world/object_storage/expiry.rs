//! Objects that go by themselves, at a time or after one.

use jiff::Timestamp;

use crate::fault::Fault;
use crate::request::RequestContext;

/// Reads when an object is to go, in seconds since 1970.
pub(crate) fn read(context: &RequestContext, now: Timestamp) -> Result<Option<i64>, Fault> {
    let number = |name: &str| {
        context
            .header(name)
            .filter(|value| !value.is_empty())
            .map(|value| {
                value.parse::<i64>().map_err(|_| {
                    let name = if name == "x-delete-at" { "X-Delete-At" } else { "X-Delete-After" };
                    Fault::bad_request(format!("Non-integer {name}"))
                })
            })
            .transpose()
    };
    if let Some(after) = number("x-delete-after")? {
        if after <= 0 {
            return Err(Fault::bad_request("X-Delete-After in past"));
        }
        return Ok(Some(now.as_second() + after));
    }
    match number("x-delete-at")? {
        Some(at) if at <= now.as_second() => Err(Fault::bad_request("X-Delete-At in past")),
        at => Ok(at),
    }
}
