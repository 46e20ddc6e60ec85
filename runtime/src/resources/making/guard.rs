//! The guard: a request that creates something is refused unless it is in the ledger.
//!
//! A request creates something if a kind names its operation in `made_by`, or if it is a
//! POST or a PUT whose operation is named `create` (or `create_…`). Exceptions:
//!
//! - Some of the latter leave nothing behind ([`kinds::exempt`]). Where a description says so,
//!   that holds for the request of the description.
//! - A described request with one value changed, which is sent to see whether it is refused, may
//!   lack the name, since that may be what is changed. Where it is not refused the ledger has
//!   the id.
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
    /// The path parameters. An endpoint may have the id of a project of this run, too.
    pub(crate) path: &'a [(&'static str, String)],
    /// The body, if it is JSON.
    pub(crate) body: Option<&'a Value>,
    /// Whether it is sent as its description has it.
    pub(crate) as_described: bool,
    /// Whether it is that of a description with one value changed, which is sent to see whether
    /// it is refused.
    pub(crate) altered: bool,
}

/// Checks a request; the refusal says what is missing and how to send it instead.
pub(crate) fn pass(
    request: Passing<'_>,
    mark: Option<&Mark>,
    is_ours: impl Fn(&str) -> bool,
) -> Result<(), Refusal> {
    let Passing { operation, method, url, path, body, as_described, altered } = request;
    let kind = kinds::making(operation);
    let verb = operation.rsplit('.').next().unwrap_or_default();
    let looks_making = matches!(method, Method::Post | Method::Put)
        && (verb == "create" || verb.starts_with("create_"));
    if kind.is_none() && (!looks_making || kinds::exempt(operation, as_described).is_some()) {
        return Ok(());
    }
    let below_ours = || path.iter().any(|(_, value)| is_ours(value));
    match (mark, kind) {
        (Some(mark), _) if !mark.kind.made_by.contains(&operation) => Err(Refusal::new(format!(
            "refused: `{operation}` does not create a {}; {} does",
            mark.kind.name,
            mark.kind.made_by.join(" or ")
        ))),
        // The value that is changed may be the name.
        (Some(mark), _) if !altered && !carries(mark, url, body) => Err(Refusal::new(format!(
            "refused: the request does not contain the name `{}`, by which cleanup finds the {}",
            mark.name, mark.kind.name
        ))
        .with_help("pass the closure's argument on as the name, or as the field that the kind is found by")),
        (Some(_), _) => Ok(()),
        (None, Some(kind)) if kind.within_ours && below_ours() => Ok(()),
        (None, Some(kind)) => Err(Refusal::new(format!(
            "refused: `{operation}` creates a {} outside `ctx.create`",
            kind.name
        ))
        .with_help(format!(
            "send it through `ctx.create` (or `ctx.change`, `ctx.expect_refusal`) with the kind \
             `{}`",
            kind.name
        ))),
        (None, None) if below_ours() => Ok(()),
        (None, None)
            if kinds::goes_with_another(operation)
                && (altered || body.is_some_and(|body| any_string(body, &is_ours))) =>
        {
            Ok(())
        }
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
pub(super) fn any_string(value: &Value, is: &impl Fn(&str) -> bool) -> bool {
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
        Passing {
            operation,
            method: Method::Post,
            url,
            path: &[],
            body,
            as_described: false,
            altered: false,
        }
    }

    /// A creating request below a resource, without a body.
    fn below<'a>(operation: &'a str, path: &'a [(&'static str, String)]) -> Passing<'a> {
        Passing { path, ..post(operation, "/", None) }
    }

    fn path(id: &str) -> Vec<(&'static str, String)> {
        vec![("id", id.to_owned())]
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
    fn a_request_with_one_value_changed_may_lack_the_name_but_not_the_mark() {
        let broken = json!({"server": {"name": null}});
        let broken = Passing { altered: true, ..post(SERVERS, "/servers", Some(&broken)) };
        assert_eq!(pass(broken, Some(&mark(&SERVER)), ours), Ok(()));
        assert!(pass(broken, None, ours).is_err());
    }

    #[test]
    fn a_change_is_marked_but_has_no_name() {
        let url = "/projects/p/users/u/roles/r";
        let operation = ROLE_ASSIGNMENT.made_by[0];
        let put = Passing { method: Method::Put, ..post(operation, url, None) };
        assert_eq!(pass(put, Some(&mark(&ROLE_ASSIGNMENT)), ours), Ok(()));
        assert!(pass(put, None, ours).is_err());
    }

    #[test]
    fn what_no_kind_describes_is_refused_unless_it_goes_with_a_thing_of_ours() {
        let specs = "compute.flavor_extra_specs.create";
        let refusal = pass(below(specs, &path("1")), None, ours).unwrap_err().to_string();
        assert!(refusal.contains("squall::services::register!"), "{refusal}");
        assert_eq!(pass(below(specs, &path("flavor-of-ours")), None, ours), Ok(()));
    }

    #[test]
    fn an_endpoint_with_a_project_of_ours_is_no_resource_that_is_created_below() {
        let url = "http://cloud/v3/flavor-of-ours/types/1/extra_specs";
        let theirs = path("1");
        let request = Passing { url, ..below("volume.volume_type_extra_specs.create", &theirs) };
        assert!(pass(request, None, ours).is_err());
    }

    #[test]
    fn an_object_needs_no_mark_in_a_container_of_ours_alone() {
        let put = |container: &str| {
            let path = path(container);
            let request = below("object_storage.objects.create", &path);
            pass(Passing { method: Method::Put, ..request }, None, ours)
        };
        assert_eq!(put("flavor-of-ours"), Ok(()));
        assert!(put("theirs").is_err());
    }

    #[test]
    fn what_goes_with_a_resource_passes_with_one_of_this_run_only() {
        let rules = "compute.security_group_rules.create";
        let rule = |group: &str| json!({"security_group_rule": {"parent_group_id": group}});
        let (ours_too, theirs) = (rule("flavor-of-ours"), rule("theirs"));
        let url = "/os-security-group-rules";
        assert_eq!(pass(post(rules, url, Some(&ours_too)), None, ours), Ok(()));
        assert!(pass(post(rules, url, Some(&theirs)), None, ours).is_err());
        for operation in
            ["compute.server_remote_consoles.create", "compute.aggregate_images.create"]
        {
            assert_eq!(pass(below(operation, &path("flavor-of-ours")), None, ours), Ok(()));
            assert!(pass(below(operation, &path("1")), None, ours).is_err());
        }
    }

    #[test]
    fn what_acts_on_no_resource_goes_with_none() {
        // A description may vouch for its own request of either; the body of another names
        // something of this run, and what it creates is no part of that.
        let body = json!({"flavor": {"id": "flavor-of-ours"}});
        for operation in ["placement.allocations.create", "image.tasks.create"] {
            let request = post(operation, "/", Some(&body));
            assert!(pass(request, None, ours).is_err(), "{operation}");
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
