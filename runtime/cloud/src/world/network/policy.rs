//! Which of neutron's rules a request has to pass, of what, and when.
//!
//! Neutron 29.0.0 asks one rule for an action, and one more for each attribute that a body sets and
//! that has a rule (`neutron.policy._build_match_rule`). What exists is found first; who may not do
//! what it asks, and may not even get it, learns no more than if it were not there
//! (`neutron.pecan_wsgi.hooks.policy_enforcement`). Lists leave out what may not be got, and answers
//! the attributes that may not be seen.

use serde_json::Value as Json;

use super::resource::{Kind, bodies};
use super::target::{ResourceTarget, rule, target};
use super::{
    State, agents, find, floating_ips, networks, ports, routers, security_group_rules,
    subnet_pools, subnets, tags,
};
use crate::document::{Document, text};
use crate::fault::Fault;
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

/// Asks the rules of a request.
pub(crate) fn ask(world: &World, context: &RequestContext) -> Result<(), Fault> {
    let state = &world.network;
    let (resource, verb) = (context.operation.resource(), context.operation.verb());
    if resource == "quotas" {
        return of_quotas(context);
    }
    if resource.ends_with("_tags") {
        let found = tags::tagged(state, context)?;
        return context.ask_gates(&target(state, None, Some(found), context));
    }
    let Some(kind) = kind(resource) else { return Ok(()) };
    match verb {
        "create" | "create_bulk" => of_new(state, kind, context),
        "show" => {
            let found = addressed(state, resource, context)?;
            let seen = context
                .may(&rule("get", kind.singular), &target(state, None, Some(found), context));
            if seen { Ok(()) } else { Err(hidden()) }
        }
        "update" | "delete" => {
            let found = addressed(state, resource, context)?;
            let body = context.json.get(kind.singular).and_then(Json::as_object);
            let wanted = target(state, body, Some(found), context);
            let action = rule(verb, kind.singular);
            let refused = refused(&action, kind, body, true, &wanted, context);
            of_one(refused, kind, &wanted, context)
        }
        // What may not be got is left out of a list. An action on a resource, as
        // `add_router_interface`, has a rule that neutron never asks: `PolicyHook.before` returns,
        // and `MemberActionController` asks nothing.
        _ => Ok(()),
    }
}

/// Refuses a request about one resource, or hides that it exists.
fn of_one(
    refused: Option<Fault>,
    kind: &Kind,
    target: &ResourceTarget<'_>,
    context: &RequestContext,
) -> Result<(), Fault> {
    match refused {
        None => Ok(()),
        Some(refused) if context.may(&rule("get", kind.singular), target) => Err(refused),
        Some(_) => Err(hidden()),
    }
}

/// Asks for each resource that a body would make.
fn of_new(state: &State, kind: &Kind, context: &RequestContext) -> Result<(), Fault> {
    // What is no such body is refused by others.
    let Ok((bodies, _)) = bodies(kind, context) else { return Ok(()) };
    let action = rule("create", kind.singular);
    for body in bodies {
        let wanted = target(state, Some(body), None, context);
        if let Some(refused) = refused(&action, kind, Some(body), false, &wanted, context) {
            // Who owns a network is looked up there, which fails without one.
            let network = text(body, "network_id");
            let missing = !network.is_empty() && !state.networks.contains(network);
            return Err(if missing { networks::KIND.missing(network) } else { refused });
        }
    }
    Ok(())
}

/// Asks the rule of an action and those of the attributes that a body sets.
fn refused(
    action: &str,
    kind: &Kind,
    body: Option<&Document>,
    changes: bool,
    target: &ResourceTarget<'_>,
    context: &RequestContext,
) -> Option<Fault> {
    let mut rules = vec![action];
    for (name, value) in body.into_iter().flatten() {
        let set = changes || !is_default(kind.singular, name, value);
        let Some(of_attribute) = context.attribute_rule(action, name).filter(|_| set) else {
            continue;
        };
        rules.push(of_attribute);
        // Each part of a list has a rule, or is the owner's; those of an object need none.
        let of_part = |part: &str| context.attribute_rule(of_attribute, part);
        let other = value.is_array().then_some("default");
        rules.extend(parts(value).into_iter().filter_map(|part| of_part(part).or(other)));
    }
    let allowed = context.may_all(&rules, target);
    (!allowed).then(|| match rules.as_slice() {
        [rule] => context.refused(rule),
        all => disallowed(&format!("(rule:{})", all.join(" and rule:"))),
    })
}

/// Returns the fault of a check that failed.
pub(crate) fn disallowed(check: &str) -> Fault {
    Fault::forbidden(format!("{check} is disallowed by policy")).word("PolicyNotAuthorized")
}

/// Returns the names of what an attribute's value is made of.
fn parts(value: &Json) -> Vec<&str> {
    let objects = match value {
        Json::Array(list) => list.iter().filter_map(Json::as_object).collect(),
        Json::Object(object) => vec![object],
        _ => Vec::new(),
    };
    let mut names: Vec<&str> =
        objects.into_iter().flat_map(Document::keys).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a new resource would have this value of an attribute anyway, so that no rule is asked:
/// the attributes that have both a rule and a default, in the definitions of neutron-lib 5.0.1.
fn is_default(resource: &str, name: &str, value: &Json) -> bool {
    match (resource, name) {
        ("network", "shared" | "router:external" | "is_default")
        | ("subnetpool", "shared" | "is_default") => *value == Json::Bool(false),
        ("network", "port_security_enabled") => *value == Json::Bool(true),
        ("port", "device_id" | "device_owner") => value == "",
        ("port", "binding:vnic_type") => value == "normal",
        ("port", "hints")
        | ("floatingip", "floating_ip_address")
        | ("subnet", "segment_id")
        | (
            "router",
            "external_gateway_info" | "enable_default_route_bfd" | "enable_default_route_ecmp",
        ) => value.is_null(),
        _ => false,
    }
}

/// Asks for quotas, of which the controllers say more than the rules
/// (`neutron.extensions.quotasv2`, `neutron.extensions.quotasv2_detail`).
fn of_quotas(context: &RequestContext) -> Result<(), Fault> {
    let (id, own) = (context.id(), context.project());
    let of_path = Owner::project(id);
    let admin = || {
        if context.is_admin() {
            return Ok(());
        }
        Err(Fault::forbidden(
            "User does not have admin privileges: Only admin can view or configure quota.",
        )
        .word("AdminRequired"))
    };
    match context.operation.verb() {
        "list" => admin(),
        "show" if context.may("get_quota", &of_path) => Ok(()),
        "show" => Err(hidden()),
        "show_default" if id != own => context.ask("get_quota", &Owner::project(own)),
        "show_details" if id != own => admin(),
        "update" | "delete" => context
            .ask_gates(&of_path)
            .map_err(|refused| if context.may("get_quota", &of_path) { refused } else { hidden() }),
        _ => Ok(()),
    }
}

/// Returns the kind of an operation's resource.
fn kind(resource: &str) -> Option<&'static Kind> {
    Some(match resource {
        "networks" => &networks::KIND,
        "subnets" => &subnets::KIND,
        "ports" => &ports::KIND,
        "routers" => &routers::KIND,
        "floating_ips" => &floating_ips::KIND,
        "security_groups" => &find::SECURITY_GROUP,
        "security_group_rules" => &security_group_rules::KIND,
        "subnet_pools" => &subnet_pools::KIND,
        "agents" => &agents::KIND,
        _ => return None,
    })
}

/// Finds the resource of the path, as its operations do.
fn addressed<'a>(
    state: &'a State,
    resource: &str,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    let id = context.id();
    match resource {
        "networks" => networks::find(state, id, context),
        "subnets" => subnets::find(state, id, context),
        "ports" => ports::find(state, id, context),
        "floating_ips" => floating_ips::find(state, context),
        "security_groups" => find::security_group(state, id, context),
        "security_group_rules" => security_group_rules::find(state, context),
        "subnet_pools" => subnet_pools::find(state, context),
        "agents" => agents::find(state, id),
        _ => routers::find(state, id, context),
    }
}

/// Returns the fault of what exists and is not to be known.
fn hidden() -> Fault {
    Fault::not_found("The resource could not be found.").word("HTTPNotFound")
}
