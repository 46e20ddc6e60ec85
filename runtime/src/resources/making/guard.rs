//! The guard: a request that creates something is refused unless it is in the ledger.
//!
//! A request creates something if a kind names its operation in `made_by`, or if it is a
//! POST or a PUT whose operation is named `create` (or `create_…`). Exceptions:
//!
//! - Some of the latter leave nothing behind ([`kinds::exempt`]). Where a description says so,
//!   that holds for the request of the description.
//! - What is created below a resource of this run (a member of an image, a rule of a
//!   policy) is deleted with it, unless a kind says otherwise; so is a part, as its
//!   description says, and what its description says to leave nothing, whose body names a
//!   resource of this run. An object, which has a
//!   kind, counts as such too if it is in a container of this run.

use serde_json::Value;
use squall_model::Method;

use super::marks::Mark;
use crate::client::Refusal;
use crate::kinds::{self, Id};

/// The parts of a request that the guard checks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passing<'a> {
    /// The operation's id.
    pub(crate) operation: &'a str,
    /// The method.
    pub(crate) method: Method,
    /// The URL.
    pub(crate) url: &'a str,
    /// The body, if it is JSON.
    pub(crate) body: Option<&'a Value>,
    /// Whether it is sent as its description has it.
    pub(crate) as_described: bool,
}

/// Checks a request; the refusal says what is missing and how to send it instead.
pub(crate) fn pass(
    request: Passing<'_>,
    mark: Option<&Mark>,
    is_ours: impl Fn(&str) -> bool,
) -> Result<(), Refusal> {
    let Passing { operation, method, url, body, as_described } = request;
    let kind = kinds::making(operation);
    let verb = operation.rsplit('.').next().unwrap_or_default();
    let looks_making = matches!(method, Method::Post | Method::Put)
        && (verb == "create" || verb.starts_with("create_"));
    if kind.is_none() && (!looks_making || kinds::exempt(operation, as_described).is_some()) {
        return Ok(());
    }
    match (mark, kind) {
        (Some(mark), _) if !mark.kind.made_by.contains(&operation) => Err(Refusal::new(format!(
            "refused: `{operation}` does not create a {}; {} does",
            mark.kind.name,
            mark.kind.made_by.join(" or ")
        ))),
        (Some(mark), _) if !carries(mark, url, body) => Err(Refusal::new(format!(
            "refused: the request does not contain the name `{}`, by which cleanup finds the {}",
            mark.name, mark.kind.name
        ))
        .with_help("pass the closure's argument on as the name, or as the field that the kind is found by")),
        (Some(_), _) => Ok(()),
        (None, Some(kind)) if kind.within_ours && url.split(['/', '?']).any(&is_ours) => Ok(()),
        (None, Some(kind)) => Err(Refusal::new(format!(
            "refused: `{operation}` creates a {} outside `ctx.create`",
            kind.name
        ))
        .with_help(format!(
            "send it through `ctx.create` (or `ctx.change`, `ctx.expect_refusal`) with the kind \
             `{}`",
            kind.name
        ))),
        (None, None) if url.split(['/', '?']).any(&is_ours) => Ok(()),
        (None, None) if kinds::goes_with_another(operation) && body.is_some_and(|body| any_string(body, &is_ours)) => Ok(()),
        (None, None) => Err(Refusal::new(format!(
            "refused: `{operation}` creates something that no kind describes, so that cleanup could \
             not find it"
        ))
        .with_help(
            "declare a `squall::kinds::Kind` that is `made_by` this operation, register it with its \
             service by `squall::services::register!`, and send the request through `ctx.create`",
        )),
    }
}

/// Whether any text inside a value, beside the keys, is one that `is` accepts.
fn any_string(value: &Value, is: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is(text),
        Value::Array(list) => list.iter().any(|value| any_string(value, is)),
        Value::Object(map) => map.values().any(|value| any_string(value, is)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether the URL or a string of the body contains the name.
fn carries(mark: &Mark, url: &str, body: Option<&Value>) -> bool {
    let coordinates = mark.kind.id == Id::Coordinates;
    coordinates
        || url.contains(&mark.name)
        || body.is_some_and(|body| any_string(body, &|text| text.contains(&mark.name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::{
        compute::{FLAVOR, SERVER},
        identity::ROLE_ASSIGNMENT,
    };

    fn post<'a>(operation: &'a str, url: &'a str, body: Option<&'a Value>) -> Passing<'a> {
        Passing { operation, method: Method::Post, url, body, as_described: false }
    }

    fn mark(kind: &'static kinds::Kind) -> Mark {
        Mark { kind, name: "squall-1-x-2".to_owned() }
    }

    fn ours(id: &str) -> bool {
        id == "flavor-of-ours"
    }

    const SERVERS: &str = "compute.servers.create";

    #[test]
    fn a_creating_request_needs_a_mark_of_its_kind_and_the_name() {
        let (named, nameless) =
            (json!({"server": {"name": "squall-1-x-2"}}), json!({"server": {"name": "mine"}}));
        let named = post(SERVERS, "/servers", Some(&named));
        let nameless = post(SERVERS, "/servers", Some(&nameless));
        assert_eq!(pass(named, Some(&mark(&SERVER)), ours), Ok(()));
        for (request, mark, says) in [
            (named, None, "`ctx.create`"),
            (named, Some(mark(&FLAVOR)), "does not create a compute.flavor"),
            (nameless, Some(mark(&SERVER)), "does not contain the name `squall-1-x-2`"),
        ] {
            let refusal = pass(request, mark.as_ref(), ours).unwrap_err().to_string();
            assert!(refusal.contains(says), "{refusal}");
        }
    }

    #[test]
    fn a_change_is_marked_but_has_no_name() {
        let url = "/projects/p/users/u/roles/r";
        let operation = ROLE_ASSIGNMENT.made_by[0];
        let put = Passing { operation, method: Method::Put, url, body: None, as_described: false };
        assert_eq!(pass(put, Some(&mark(&ROLE_ASSIGNMENT)), ours), Ok(()));
        assert!(pass(put, None, ours).is_err());
    }

    #[test]
    fn what_no_kind_describes_is_refused_unless_it_goes_with_a_thing_of_ours() {
        let specs = "compute.flavor_extra_specs.create";
        let theirs = post(specs, "/flavors/1/os-extra_specs", None);
        let refusal = pass(theirs, None, ours).unwrap_err().to_string();
        assert!(refusal.contains("squall::services::register!"), "{refusal}");
        let url = "/flavors/flavor-of-ours/os-extra_specs";
        assert_eq!(pass(post(specs, url, None), None, ours), Ok(()));
    }

    #[test]
    fn an_object_needs_no_mark_in_a_container_of_ours_alone() {
        let put = |url| Passing {
            operation: "object_storage.objects.create",
            method: Method::Put,
            url,
            body: None,
            as_described: false,
        };
        assert_eq!(pass(put("/v1/AUTH_a/flavor-of-ours/index.html"), None, ours), Ok(()));
        assert!(pass(put("/v1/AUTH_a/theirs/index.html"), None, ours).is_err());
    }

    #[test]
    fn what_goes_with_a_resource_passes_with_one_of_this_run_only() {
        let rules = "compute.security_group_rules.create";
        let rule = |group: &str| json!({"security_group_rule": {"parent_group_id": group}});
        let (ours_too, theirs) = (rule("flavor-of-ours"), rule("theirs"));
        let url = "/os-security-group-rules";
        assert_eq!(pass(post(rules, url, Some(&ours_too)), None, ours), Ok(()));
        assert!(pass(post(rules, url, Some(&theirs)), None, ours).is_err());
        for (operation, path) in [
            ("compute.server_remote_consoles.create", "remote-consoles"),
            ("compute.aggregate_images.create", "images"),
        ] {
            let (ours_too, theirs) = (format!("/x/flavor-of-ours/{path}"), format!("/x/1/{path}"));
            assert_eq!(pass(post(operation, &ours_too, None), None, ours), Ok(()));
            assert!(pass(post(operation, &theirs, None), None, ours).is_err());
        }
    }

    #[test]
    fn a_description_vouches_for_its_own_request_and_no_other() {
        let operation = "placement.allocations.create";
        let own = Passing { as_described: true, ..post(operation, "/allocations", None) };
        assert_eq!(pass(own, None, ours), Ok(()));
        assert!(pass(post(operation, "/allocations", None), None, ours).is_err());
    }

    #[test]
    fn what_only_looks_like_creating_passes() {
        for operation in [
            "identity.auth_tokens.create",
            "identity.ec2tokens.create",
            "identity.s3tokens.create",
            "identity.oauth2_token.create",
            "identity.oauth1_access_token.create",
            "identity.oauth1_request_token.create",
            "identity.auth_saml2.create",
            "identity.auth_saml2_ecp.create",
            "compute.servers.reboot",
        ] {
            assert_eq!(pass(post(operation, "/", None), None, ours), Ok(()));
        }
    }
}
