//! Security groups; every project has one called `default`.

use serde_json::{Value, json};

use super::resource::{bodies, change, complete, made, owner, visible};
use super::security_group_rules::{self, rules_of};
use super::{State, find, quotas};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.security_groups.list", list),
    ("network.security_groups.create", create),
    ("network.security_groups.create_bulk", create),
    ("network.security_groups.show", show),
    ("network.security_groups.update", update),
    ("network.security_groups.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    if !context.project().is_empty() {
        default_of(world, context.project());
    }
    let state = &world.network;
    let shown: Vec<Document> = state
        .security_groups
        .values()
        .filter(|group| visible(group, context))
        .map(|group| with_rules(state, group))
        .collect();
    find::SECURITY_GROUP.many(shown.iter(), state, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let (bodies, several) = bodies(&find::SECURITY_GROUP, context)?;
    quotas::room(&world.network, &find::SECURITY_GROUP, &bodies, context)?;
    let mut all = Vec::new();
    for body in bodies {
        let project = owner(body, context)?;
        default_of(world, &project);
        if is_default(body) {
            return Err(Fault::conflict("Default security group already exists.")
                .word("SecurityGroupDefaultAlreadyExists"));
        }
        let id = store(world, body, &project);
        let state = &world.network;
        all.extend(state.security_groups.get(&id).map(|group| with_rules(state, group)));
    }
    made(&find::SECURITY_GROUP, &all, several, &world.network, context)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.network;
    let group = find::security_group(state, context.id(), context)?;
    Ok(find::SECURITY_GROUP.one(200, &with_rules(state, group), &world.network, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = find::SECURITY_GROUP.attributes(context)?;
    let group = find::security_group(&world.network, context.id(), context)?;
    if is_default(body) {
        return Err(Fault::conflict("Default security group already exists.")
            .word("SecurityGroupDefaultAlreadyExists"));
    }
    if text(group, "name") == "default" && body.contains_key("name") {
        return Err(Fault::conflict("Updating default security group not allowed.")
            .word("SecurityGroupCannotUpdateDefault"));
    }
    let now = world.stamp(Stamp::Seconds);
    if let Some(group) = world.network.security_groups.get_mut(context.id()) {
        change(group, body, &["id", "tenant_id", "project_id", "security_group_rules"], &now)?;
    }
    show(world, context)
}

/// Whether a body asks for the name that only the group of each project's beginning has.
fn is_default(body: &Document) -> bool {
    text(body, "name").eq_ignore_ascii_case("default")
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let group = find::security_group(&world.network, id, context)?;
    if text(group, "name") == "default" && !context.is_admin() {
        return Err(Fault::conflict("Insufficient rights for removing default security group.")
            .word("SecurityGroupCannotRemoveDefault"));
    }
    let uses = |port: &Document| {
        port.get("security_groups")
            .and_then(Value::as_array)
            .is_some_and(|groups| groups.iter().any(|group| group == id))
    };
    if world.network.ports.values().any(uses) {
        return Err(
            Fault::conflict(format!("Security Group {id} in use.")).word("SecurityGroupInUse")
        );
    }
    world.network.security_groups.remove(id);
    // Rules that name it as their remote group go with it.
    world.network.security_group_rules.remove_where(|rule| {
        text(rule, "security_group_id") == id || text(rule, "remote_group_id") == id
    });
    Ok(Reply::empty(204))
}

/// Returns the id of a project's default group, which is made when first needed.
pub(crate) fn default_of(world: &mut World, project: &str) -> String {
    let found = world
        .network
        .security_groups
        .values()
        .find(|g| text(g, "project_id") == project && text(g, "name") == "default")
        .map(|group| text(group, "id").to_owned());
    if let Some(id) = found {
        return id;
    }
    let body = document(json!({ "name": "default", "description": "Default security group" }));
    let id = store(world, &body, project);
    for family in ["IPv4", "IPv6"] {
        security_group_rules::store(
            world,
            &document(json!({
                "security_group_id": id, "direction": "ingress", "ethertype": family,
                "description": null,
                "remote_group_id": id,
            })),
            project,
        );
    }
    id
}

/// Makes a group that lets everything out.
fn store(world: &mut World, body: &Document, project: &str) -> String {
    let id = world.ids.uuid();
    let mut group = document(json!({
        "name": "", "description": "", "stateful": true, "shared": false,
    }));
    merge(&mut group, body);
    complete(world, &mut group, &id, project);
    world.network.security_groups.insert(id.clone(), group);
    for family in ["IPv4", "IPv6"] {
        security_group_rules::store(
            world,
            &document(json!({
                "security_group_id": id, "direction": "egress", "ethertype": family,
                "description": null,
            })),
            project,
        );
    }
    id
}

fn with_rules(state: &State, group: &Document) -> Document {
    // Inside a group a rule has two more keys, which its attribute map hides elsewhere:
    // neutron 29.0.0, `neutron.db.securitygroups_db._make_security_group_rule_dict`.
    let rules = rules_of(state, text(group, "id")).zip(1..).map(|(rule, number)| {
        let mut rule = rule.clone();
        rule.insert("standard_attr_id".to_owned(), json!(number));
        rule.insert("tags".to_owned(), json!([]));
        rule
    });
    let rules: Vec<Document> = rules.collect();
    let mut out = group.clone();
    out.insert("security_group_rules".to_owned(), json!(rules));
    out
}
