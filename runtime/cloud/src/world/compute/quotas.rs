//! Quotas and limits: what a project may have, and what it has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Flavor;
use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.quota_sets.show", show),
    ("compute.quota_sets.update", update),
    ("compute.quota_sets.delete", delete),
    ("compute.quota_sets.show_defaults", defaults),
    ("compute.quota_sets.show_detail", detail),
    ("compute.quota_class_sets.show", show_class),
    ("compute.quota_class_sets.update", update_class),
    ("compute.limits.show", limits),
];

/// A resource, its default, and the last version that shows it.
type Resource = (&'static str, i64, u16);

/// What there is a quota of.
const RESOURCES: [Resource; 14] = [
    ("instances", 100, u16::MAX),
    ("cores", 200, u16::MAX),
    ("ram", 512_000, u16::MAX),
    ("metadata_items", 128, u16::MAX),
    ("key_pairs", 100, u16::MAX),
    ("server_groups", 10, u16::MAX),
    ("server_group_members", 10, u16::MAX),
    ("fixed_ips", -1, 35),
    ("floating_ips", -1, 35),
    ("security_groups", -1, 35),
    ("security_group_rules", -1, 35),
    ("injected_files", 5, 56),
    ("injected_file_content_bytes", 10_240, 56),
    ("injected_file_path_bytes", 255, 56),
];

/// Refuses servers that the project has no room for.
pub(crate) fn room(
    world: &World,
    flavor: &Flavor,
    count: u64,
    context: &RequestContext,
) -> Result<(), Fault> {
    let project = context.project();
    for (resource, each) in [("instances", 1), ("cores", flavor.vcpus), ("ram", flavor.ram)] {
        let limit = limit(world, project, resource);
        let used = used(world, project, resource);
        let wanted = each * count;
        if u64::try_from(limit).is_ok_and(|limit| used + wanted > limit) {
            return Err(Fault::forbidden(format!(
                "Quota exceeded for {resource}: Requested {wanted}, but already used {used} of {limit} {resource}"
            )));
        }
    }
    Ok(())
}

/// Refuses one more of what a project has a number of; `what` as nova's message has it.
pub(crate) fn one_more(
    world: &World,
    project: &str,
    (resource, what): (&str, &str),
    used: u64,
) -> Result<(), Fault> {
    match u64::try_from(limit(world, project, resource)) {
        Ok(limit) if used >= limit => {
            Err(Fault::forbidden(format!("Quota exceeded, too many {what}.")))
        }
        _ => Ok(()),
    }
}

/// Refuses a flavor that is more than the server's own and than the project has room for.
pub(crate) fn growth(world: &World, id: &str, flavor: &Flavor) -> Result<(), Fault> {
    let Some(server) = world.compute.servers.get(id) else { return Ok(()) };
    let project = &server.project;
    for (resource, old, new) in
        [("cores", server.flavor.vcpus, flavor.vcpus), ("ram", server.flavor.ram, flavor.ram)]
    {
        let (limit, used) = (limit(world, project, resource), used(world, project, resource));
        let more = new.saturating_sub(old);
        if more > 0 && u64::try_from(limit).is_ok_and(|limit| used + more > limit) {
            return Err(Fault::forbidden(format!(
                "Quota exceeded for {resource}: Requested {more}, but already used {used} of {limit} {resource}"
            )));
        }
    }
    Ok(())
}

/// Refuses metadata that has more items than a server may have.
pub(crate) fn metadata(
    world: &World,
    items: &BTreeMap<String, String>,
    context: &RequestContext,
) -> Result<(), Fault> {
    let limit = limit(world, context.project(), "metadata_items");
    if usize::try_from(limit).is_ok_and(|limit| items.len() > limit) {
        return Err(Fault::forbidden(format!("Maximum number of metadata items exceeds {limit}")));
    }
    Ok(())
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context.id();
    Ok(set(context, Some(project), |resource| json!(limit(world, project, resource))))
}

fn defaults(_: &mut World, context: &RequestContext) -> Outcome {
    let project = context.id();
    Ok(set(context, Some(project), |resource| json!(default(resource))))
}

fn detail(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context.id();
    Ok(set(context, Some(project), |resource| {
        json!({
            "limit": limit(world, project, resource),
            "in_use": used(world, project, resource),
            "reserved": 0,
        })
    }))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("quota_set")?;
    let project = context.id();
    if context.since(57) && !world.identity.projects.contains(project) {
        return Err(Fault::bad_request(format!("Project ID {project} is not a valid project.")));
    }
    let force = body.get("force").is_some_and(super::flavors::is_true);
    let mut new = world.compute.quotas.get(project).cloned().unwrap_or_default();
    for (resource, _, _) in shown(context) {
        let Some(value) = body.get(resource) else { continue };
        let limit = whole(value);
        let used = used(world, project, resource);
        if !force && u64::try_from(limit).is_ok_and(|limit| limit < used) {
            return Err(Fault::bad_request(format!(
                "Quota limit {limit} for {resource} must be greater than or equal to already used and reserved {used}."
            )));
        }
        new.insert(resource.to_owned(), json!(limit));
    }
    world.compute.quotas.insert(project.to_owned(), new);
    Ok(set(context, None, |resource| json!(limit(world, project, resource))))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    world.compute.quotas.remove(context.id());
    Ok(Reply::empty(202))
}

fn show_class(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(class(world, context, true))
}

fn update_class(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("quota_class_set")?;
    for (key, value) in body {
        let value = json!(whole(value));
        world.compute.quota_class.insert(key.clone(), value);
    }
    Ok(class(world, context, false))
}

/// Shows the class, whose fields are not those of a set: what belongs to the
/// network stays until 2.49, and groups come with 2.50.
fn class(world: &World, context: &RequestContext, with_id: bool) -> Reply {
    let mut out = Document::new();
    for (resource, value, last) in RESOURCES {
        let last = if last == 35 { 49 } else { last };
        let groups = resource.starts_with("server_group");
        if context.minor() > last || groups && !context.since(50) {
            continue;
        }
        let value = world.compute.quota_class.get(resource).cloned().unwrap_or(json!(value));
        out.insert(resource.to_owned(), value);
    }
    if with_id {
        out.insert("id".to_owned(), json!(context.id()));
    }
    Reply::json(200, json!({ "quota_class_set": out }))
}

fn limits(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context.query.get("tenant_id").unwrap_or(context.project());
    let mut out = Document::new();
    let mut put = |key: &str, value: Value, last: u16| {
        if context.minor() <= last {
            out.insert(key.to_owned(), value);
        }
    };
    for (key, resource, last) in [
        ("maxTotalInstances", "instances", u16::MAX),
        ("maxTotalCores", "cores", u16::MAX),
        ("maxTotalRAMSize", "ram", u16::MAX),
        ("maxTotalKeypairs", "key_pairs", u16::MAX),
        ("maxServerMeta", "metadata_items", u16::MAX),
        ("maxServerGroups", "server_groups", u16::MAX),
        ("maxServerGroupMembers", "server_group_members", u16::MAX),
        ("maxImageMeta", "metadata_items", 38),
        ("maxPersonality", "injected_files", 56),
        ("maxPersonalitySize", "injected_file_content_bytes", 56),
        ("maxSecurityGroups", "security_groups", 35),
        ("maxSecurityGroupRules", "security_group_rules", 35),
        ("maxTotalFloatingIps", "floating_ips", 35),
    ] {
        put(key, json!(limit(world, project, resource)), last);
    }
    for (key, resource, last) in [
        ("totalInstancesUsed", "instances", u16::MAX),
        ("totalCoresUsed", "cores", u16::MAX),
        ("totalRAMUsed", "ram", u16::MAX),
        ("totalServerGroupsUsed", "server_groups", u16::MAX),
        ("totalFloatingIpsUsed", "floating_ips", 35),
        ("totalSecurityGroupsUsed", "security_groups", 35),
    ] {
        put(key, json!(used(world, project, resource)), last);
    }
    Ok(Reply::json(200, json!({ "limits": { "rate": [], "absolute": out } })))
}

fn shown(context: &RequestContext) -> impl Iterator<Item = Resource> {
    let minor = context.minor();
    RESOURCES.into_iter().filter(move |(_, _, last)| minor <= *last)
}

fn set(context: &RequestContext, project: Option<&str>, value: impl Fn(&str) -> Value) -> Reply {
    let mut out: Document =
        shown(context).map(|(resource, _, _)| (resource.to_owned(), value(resource))).collect();
    if let Some(project) = project {
        out.insert("id".to_owned(), json!(project));
    }
    Reply::json(200, json!({ "quota_set": out }))
}

fn default(resource: &str) -> i64 {
    RESOURCES.iter().find(|(name, _, _)| *name == resource).map_or(-1, |(_, value, _)| *value)
}

fn limit(world: &World, project: &str, resource: &str) -> i64 {
    let state = &world.compute;
    let set = state.quotas.get(project).and_then(|quotas| quotas.get(resource)?.as_i64());
    let class = state.quota_class.get(resource).and_then(Value::as_i64);
    set.or(class).unwrap_or_else(|| default(resource))
}

/// Returns how much of what there is a quota of a project has.
pub(crate) fn used(world: &World, project: &str, resource: &str) -> u64 {
    let servers = || world.compute.servers.values().filter(|server| server.project == project);
    match resource {
        "instances" => servers().count() as u64,
        "cores" => servers().map(|server| server.flavor.vcpus).sum(),
        "ram" => servers().map(|server| server.flavor.ram).sum(),
        "server_groups" => {
            let groups = world.compute.groups.values();
            groups.filter(|group| group.project == project).count() as u64
        }
        _ => 0,
    }
}

fn whole(value: &Value) -> i64 {
    match value {
        Value::String(text) => text.parse().unwrap_or(-1),
        value => value.as_i64().unwrap_or(-1),
    }
}
