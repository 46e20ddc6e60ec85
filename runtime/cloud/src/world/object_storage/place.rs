//! Where something lies: account, container and name.

use crate::fault::Fault;
use crate::request::RequestContext;

/// An object's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) account: String,
    pub(crate) container: String,
    pub(crate) object: String,
}

impl Place {
    /// Returns the place that a request's path names.
    pub(crate) fn of(context: &RequestContext) -> Self {
        Self {
            account: account(context).to_owned(),
            container: context.parameter(0).to_owned(),
            object: context.parameter(1).to_owned(),
        }
    }

    /// Reads `container/object` as a header carries it, percent-encoded.
    pub(crate) fn in_header(account: &str, path: &str) -> Result<Self, Fault> {
        let decoded = crate::route::decode(path);
        Self::parse(account, &decoded).ok_or_else(|| {
            Fault::new(412, "The header must be of the form <container name>/<object name>.")
        })
    }

    /// Reads `container/object`, with or without a slash before it.
    pub(crate) fn parse(account: &str, path: &str) -> Option<Self> {
        let (container, object) = path.trim_start_matches('/').split_once('/')?;
        let whole = !container.is_empty() && !object.is_empty();
        whole.then(|| Self {
            account: account.to_owned(),
            container: container.to_owned(),
            object: object.to_owned(),
        })
    }
}

/// Returns the account that a request's path names, without its prefix.
pub(crate) fn account(context: &RequestContext) -> &str {
    let rest = context.path.split_once("/AUTH_").map_or("", |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}
