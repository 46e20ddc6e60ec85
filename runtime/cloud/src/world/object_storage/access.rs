//! Who may do what: swift's `keystoneauth`, with the operators `admin` and `member`.
//!
//! An administrator may use every account as well as the role `ResellerAdmin`, as in the
//! rest of this cloud.

use squall_model::Method;

use super::acl::Acl;
use super::{Container, State, place};
use crate::fault::Fault;
use crate::request::RequestContext;
use crate::world::identity::token::Access;

/// What is to be done in a container that its owner may let others do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Read an object.
    Read,
    /// List objects, or look at the container.
    List,
    /// Write or delete an object.
    Write,
}

/// Whether the caller is the account's owner, who may do everything.
pub(crate) fn is_owner(context: &RequestContext) -> bool {
    let Some(access) = &context.access else { return false };
    let operator = access.roles.iter().any(|(_, name)| name == "admin" || name == "member");
    is_reseller(context) || (operator && access.project() == Some(place::account(context)))
}

/// Whether the caller may use every account, and set its quota.
pub(crate) fn is_reseller(context: &RequestContext) -> bool {
    context.access.as_ref().is_some_and(|access| {
        let named = |name: &str| name.eq_ignore_ascii_case("ResellerAdmin");
        access.is_admin() || access.roles.iter().any(|(_, name)| named(name))
    })
}

/// Refuses what neither ownership nor the container's lists allow.
pub(crate) fn check(state: &State, context: &RequestContext) -> Result<(), Fault> {
    if is_owner(context) {
        return Ok(());
    }
    let account = place::account(context);
    let container = state.container_at(account, context.parameter(0));
    let deed = deed(context);
    let allowed = match (container, deed) {
        (Some(container), Some(deed)) => allows(container, deed, context),
        _ => false,
    };
    if allowed { Ok(()) } else { Err(denied(context)) }
}

/// Refuses a deed in a container that a header names.
pub(crate) fn check_at(
    state: &State,
    container: &str,
    deed: Deed,
    context: &RequestContext,
) -> Result<(), Fault> {
    let found = state.container_at(place::account(context), container);
    let allowed = found.is_some_and(|container| allows(container, deed, context));
    if allowed || is_owner(context) { Ok(()) } else { Err(denied(context)) }
}

/// Whether a container's lists allow a deed.
pub(crate) fn allows(container: &Container, deed: Deed, context: &RequestContext) -> bool {
    let header = if deed == Deed::Write { "x-container-write" } else { "x-container-read" };
    let acl = Acl::parse(container.metadata.get(header).map_or("", String::as_str));
    let by_page = deed != Deed::Write
        && acl.allows_referrer(context.header("referer").unwrap_or_default())
        && (deed == Deed::Read || acl.allows_listings());
    by_page || context.access.as_ref().is_some_and(|access| allows_user(&acl, access))
}

fn allows_user(acl: &Acl<'_>, access: &Access) -> bool {
    let roles: Vec<&str> = access.roles.iter().map(|(_, name)| name.as_str()).collect();
    acl.allows_user(access.project().unwrap_or_default(), &access.user_id, &roles)
}

/// Returns what a request does that lists decide on; nothing for what is its owner's alone.
fn deed(context: &RequestContext) -> Option<Deed> {
    let object = !context.parameter(1).is_empty();
    match context.operation.method {
        Method::Get | Method::Head | Method::Copy if object => Some(Deed::Read),
        Method::Get | Method::Head if !context.parameter(0).is_empty() => Some(Deed::List),
        Method::Put | Method::Post | Method::Delete if object => Some(Deed::Write),
        _ => None,
    }
}

/// Returns the refusal that swift itself sends, not keystonemiddleware: it names the account
/// (`swob.Response.www_authenticate`).
pub(crate) fn unauthorized(context: &RequestContext, message: &str) -> Fault {
    let realm = format!("Swift realm=\"AUTH_{}\"", place::account(context));
    Fault::new(401, message).header("www-authenticate", realm)
}

/// Says no: to someone known that it is not theirs, to anyone else to come with a token.
pub(crate) fn denied(context: &RequestContext) -> Fault {
    if context.access.is_some() {
        return Fault::forbidden("Access was denied to this resource.");
    }
    let base = &context.base;
    Fault::new(401, "This server could not verify that you are authorized to access the document you requested.")
        .header("www-authenticate", format!("Keystone uri=\"{base}/identity\""))
}
