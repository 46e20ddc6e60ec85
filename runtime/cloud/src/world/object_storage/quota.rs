//! Quotas: how much a container and an account may hold.
//!
//! What replaces something counts in full, as in `container_quotas` and `account_quotas`.

use http::HeaderMap;

use super::{State, access};
use crate::fault::Fault;
use crate::request::RequestContext;
use crate::world::object_storage::metadata::Metadata;
use crate::world::object_storage::place::Place;

const BYTES: &str = "x-container-meta-quota-bytes";
const COUNT: &str = "x-container-meta-quota-count";
const ACCOUNT_BYTES: &str = "x-account-quota-bytes";
const ACCOUNT_COUNT: &str = "x-account-quota-count";
/// The older name of [`ACCOUNT_BYTES`].
const OLD_ACCOUNT_BYTES: &str = "x-account-meta-quota-bytes";

/// Refuses quotas of a container that are no numbers.
pub(crate) fn check_container(headers: &HeaderMap) -> Result<(), Fault> {
    for (name, what) in [(BYTES, "bytes"), (COUNT, "count")] {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if value.bytes().any(|byte| !byte.is_ascii_digit()) {
            return Err(Fault::bad_request(format!("Invalid {what} quota.")));
        }
    }
    Ok(())
}

/// Refuses a quota of an account to whom it is to bind, and one that is no number.
pub(crate) fn check_account(context: &RequestContext) -> Result<(), Fault> {
    let headers = of_account(&context.headers);
    let names = [ACCOUNT_BYTES, ACCOUNT_COUNT].into_iter();
    let removed = |name: &str| headers.contains_key(name.replacen("x-", "x-remove-", 1));
    let set = names.clone().filter_map(|name| headers.get(name)?.to_str().ok());
    if (set.clone().next().is_some() || names.clone().any(removed)) && !access::is_reseller(context)
    {
        return Err(access::denied(context));
    }
    let digits = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    if set.clone().all(digits) { Ok(()) } else { Err(Fault::bad_request("Invalid account quota.")) }
}

/// Returns an account's headers, the older name of a quota also as the newer, as
/// `AccountQuotaMiddleware.handle_account` does.
pub(crate) fn of_account(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for (old, new) in [
        (OLD_ACCOUNT_BYTES, ACCOUNT_BYTES),
        ("x-remove-account-meta-quota-bytes", "x-remove-account-quota-bytes"),
    ] {
        if let Some(value) = headers.get(old).filter(|_| !headers.contains_key(new)).cloned() {
            headers.insert(new, value);
        }
    }
    headers
}

/// Refuses an object that is too much.
pub(crate) fn check_upload(
    state: &State,
    place: &Place,
    length: usize,
    context: &RequestContext,
) -> Result<(), Fault> {
    let exceeded = || Fault::new(413, "Upload exceeds quota.");
    let Some(container) = state.container_at(&place.account, &place.container) else {
        return Ok(());
    };
    let over = |quota: Option<usize>, used: usize, more: usize| {
        quota.is_some_and(|quota| used.saturating_add(more) > quota)
    };
    if over(quota(&container.metadata, BYTES), container.bytes(), length)
        || over(quota(&container.metadata, COUNT), container.objects.len(), 1)
    {
        return Err(exceeded());
    }
    let account = state.account_at(&place.account);
    let of_account = account.filter(|_| !access::is_reseller(context));
    let bound = of_account.is_some_and(|account| {
        let objects = account.containers.values().map(|c| c.objects.len()).sum();
        over(quota(&account.metadata, ACCOUNT_BYTES), account.bytes(), length)
            || over(quota(&account.metadata, ACCOUNT_COUNT), objects, 1)
    });
    if bound { Err(exceeded()) } else { Ok(()) }
}

fn quota(metadata: &Metadata, name: &str) -> Option<usize> {
    metadata.get(name)?.parse().ok()
}
