//! Temporary URLs: who knows a key may let others in, to one thing and for a time.

use std::net::Ipv4Addr;

use hmac::{Hmac, Mac as _};
use ipnet::Ipv4Net;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, utf8_percent_encode};
use sha2::{Sha256, Sha512};
use squall_model::Method;

use super::report::PATH;
use super::{State, access, place};
use crate::fault::Fault;
use crate::outcome::Reply;
use crate::request::RequestContext;

/// What the query of a temporary URL says.
#[derive(Debug)]
pub(crate) struct TempUrl<'a> {
    signature: Option<&'a str>,
    expires: Option<&'a str>,
    prefix: Option<&'a str>,
    range: Option<&'a str>,
}

impl<'a> TempUrl<'a> {
    /// Returns what a request says, where it says anything of the sort.
    pub(crate) fn of(context: &'a RequestContext) -> Option<Self> {
        let query = &context.query;
        let (signature, expires) = (query.get("temp_url_sig"), query.get("temp_url_expires"));
        (signature.is_some() || expires.is_some()).then(|| Self {
            signature,
            expires,
            prefix: query.get("temp_url_prefix"),
            range: query.get("temp_url_ip_range"),
        })
    }

    /// Refuses a request whose URL is not good for it, or not any more.
    pub(crate) fn check(
        &self,
        state: &State,
        context: &RequestContext,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let invalid = || access::unauthorized(context, "Temp URL invalid");
        let (Some(signature), Some(expires)) = (self.signature, self.expires) else {
            return Err(invalid());
        };
        let until = seconds(expires).filter(|until| *until >= now.as_second());
        let until = until.ok_or_else(invalid)?;
        if self.range.is_some_and(|range| !holds_loopback(range)) {
            return Err(invalid());
        }
        let path = self.path(context).ok_or_else(invalid)?;
        let good = methods(context.operation.method).iter().any(|method| {
            let range = self.range.map(|range| format!("ip={range}\n")).unwrap_or_default();
            let message = format!("{range}{method}\n{until}\n{path}");
            keys(state, context).any(|key| matches(signature, key.as_bytes(), message.as_bytes()))
        });
        if !good {
            return Err(invalid());
        }
        let writes = !context.operation.method.is_safe();
        match ["x-object-manifest", "x-symlink-target"]
            .iter()
            .find(|h| context.headers.contains_key(**h))
        {
            Some(header) if writes => Err(Fault::bad_request(format!(
                "The header '{header}' is not allowed in this tempurl"
            ))),
            _ => Ok(()),
        }
    }

    /// Returns the path that was signed.
    fn path(&self, context: &RequestContext) -> Option<String> {
        let account = place::account(context);
        let (container, object) = (context.parameter(0), context.parameter(1));
        if object.is_empty() {
            return None;
        }
        match self.prefix {
            None => Some(format!("/v1/AUTH_{account}/{container}/{object}")),
            Some(prefix) if object.starts_with(prefix) => {
                Some(format!("prefix:/v1/AUTH_{account}/{container}/{prefix}"))
            }
            Some(_) => None,
        }
    }

    /// Says under which name an answer is to be saved, and keeps private metadata back.
    pub(crate) fn dress(&self, mut reply: Reply, context: &RequestContext) -> Reply {
        let private = |name: &str| {
            name.starts_with("x-object-meta-") && !name.starts_with("x-object-meta-public-")
        };
        reply.headers.retain(|(name, _)| !private(name));
        if !context.operation.method.is_safe() || reply.status >= 300 {
            return reply;
        }
        let own = context.parameter(1).trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let given = context.query.get("filename").filter(|name| !name.is_empty());
        let kept = reply.headers.iter().find(|(name, _)| name == "content-disposition");
        let disposition = match (context.query.has("inline"), given, kept) {
            (true, None, _) => "inline".to_owned(),
            (true, Some(name), _) => named("inline", name),
            (false, Some(name), _) => named("attachment", name),
            (false, None, Some((_, kept))) => kept.clone(),
            (false, None, None) => named("attachment", own),
        };
        reply.headers.retain(|(name, _)| name != "content-disposition");
        let until = self.expires.and_then(seconds).and_then(|at| Timestamp::from_second(at).ok());
        let expires = until.map(super::stamp::http_date).unwrap_or_default();
        reply.header("content-disposition", disposition).header("expires", expires)
    }
}

const PATH_AND_SPACE: AsciiSet = PATH.remove(b' ');

fn named(how: &str, name: &str) -> String {
    let plain = utf8_percent_encode(name, &PATH_AND_SPACE);
    let whole = utf8_percent_encode(name, PATH);
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// Reads a time: seconds since 1970, or a date with a `Z`.
fn seconds(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| Some(text.parse::<Timestamp>().ok()?.as_second()))
}

/// Returns the methods whose signature is good for a request: to look is part of the others.
fn methods(method: Method) -> &'static [&'static str] {
    match method {
        Method::Head => &["HEAD", "GET", "PUT", "POST"],
        Method::Get => &["GET"],
        Method::Put => &["PUT"],
        Method::Post => &["POST"],
        Method::Delete => &["DELETE"],
        _ => &[],
    }
}

pub(super) fn keys<'a>(
    state: &'a State,
    context: &RequestContext,
) -> impl Iterator<Item = &'a String> + use<'a> {
    let account = place::account(context);
    let of_account = state.account_at(account).map(|account| &account.metadata);
    let of_container = state.container_at(account, context.parameter(0)).map(|c| &c.metadata);
    let names = |kind: &str| ["", "-2"].map(|end| format!("x-{kind}-meta-temp-url-key{end}"));
    [(of_account, names("account")), (of_container, names("container"))]
        .into_iter()
        .filter_map(|(metadata, names)| Some((metadata?, names)))
        .flat_map(|(metadata, names)| names.into_iter().filter_map(move |name| metadata.get(&name)))
}

/// Whether a signature in hexadecimal is that of a message; its length says by which hash.
pub(super) fn matches(signature: &str, key: &[u8], message: &[u8]) -> bool {
    let Ok(claimed) = hex::decode(signature) else { return false };
    match claimed.len() {
        32 => Hmac::<Sha256>::new_from_slice(key)
            .is_ok_and(|mac| mac.chain_update(message).verify_slice(&claimed).is_ok()),
        64 => Hmac::<Sha512>::new_from_slice(key)
            .is_ok_and(|mac| mac.chain_update(message).verify_slice(&claimed).is_ok()),
        _ => false,
    }
}

/// Whether a range of addresses holds the only one that this cloud is asked from.
fn holds_loopback(range: &str) -> bool {
    let one = range.parse::<Ipv4Addr>().ok().map(Ipv4Net::from);
    let range = range.parse::<Ipv4Net>().ok().or(one);
    range.is_some_and(|range| range.contains(&Ipv4Addr::LOCALHOST))
}

/// Hides the keys from those who do not own the account.
pub(crate) fn hide_keys(reply: Reply, context: &RequestContext) -> Reply {
    if access::is_owner(context) {
        return reply;
    }
    let mut reply = reply;
    let owners = |name: &str| {
        name.contains("-meta-temp-url-key")
            || matches!(name, "x-container-read" | "x-container-write")
    };
    reply.headers.retain(|(name, _)| !owners(name));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_the_loopback_or_not() {
        for (range, held) in [
            ("127.0.0.1", true),
            ("127.0.0.0/8", true),
            ("0.0.0.0/0", true),
            ("10.0.0.0/8", false),
            ("127.0.0.1/33", false),
            ("nonsense", false),
        ] {
            assert_eq!(holds_loopback(range), held, "{range}");
        }
    }

    #[test]
    fn a_name_is_given_in_both_forms() {
        assert_eq!(
            named("attachment", "a b"),
            "attachment; filename=\"a b\"; filename*=UTF-8''a%20b"
        );
    }
}
