//! The rules of security groups.

use serde_json::{Value, json};

use super::resource::{Kind, bodies, complete, made, owner, visible};
use super::{State, find, protocols, quotas};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.security_group_rules.list", list),
    ("network.security_group_rules.create", create),
    ("network.security_group_rules.create_bulk", create),
    ("network.security_group_rules.show", show),
    ("network.security_group_rules.delete", delete),
];

pub(crate) const KIND: Kind = Kind {
    singular: "security_group_rule",
    plural: "security_group_rules",
    missing: "SecurityGroupRuleNotFound",
    label: "Security group rule",
};

/// What makes two rules the same.
const IDENTITY: [&str; 9] = [
    "security_group_id",
    "direction",
    "ethertype",
    "protocol",
    "port_range_min",
    "port_range_max",
    "remote_ip_prefix",
    "remote_group_id",
    "remote_address_group_id",
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    KIND.many(
        world.network.security_group_rules.values().filter(|r| visible(r, context)),
        &world.network,
        context,
    )
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let (bodies, several) = bodies(&KIND, context)?;
    quotas::room(&world.network, &KIND, &bodies, context)?;
    let mut all = Vec::new();
    for body in bodies {
        find::security_group(&world.network, required(body, "security_group_id")?, context)?;
        protocols::check(body)?;
        let remote = text(body, "remote_group_id");
        if !remote.is_empty() {
            find::security_group(&world.network, remote, context)?;
        }
        let rule = described(body);
        let same = |other: &Document| {
            IDENTITY.iter().all(|key| {
                other.get(*key).unwrap_or(&Value::Null) == rule.get(*key).unwrap_or(&Value::Null)
            })
        };
        if let Some(other) = world.network.security_group_rules.values().find(|r| same(r)) {
            return Err(Fault::conflict(format!(
                "Security group rule already exists. Rule id is {}.",
                text(other, "id")
            ))
            .word("SecurityGroupRuleExists"));
        }
        let project = owner(body, context)?;
        all.push(store(world, body, &project));
    }
    made(&KIND, &all, several, &world.network, context)
}

/// Makes a rule that has been checked.
pub(crate) fn store(world: &mut World, body: &Document, project: &str) -> Document {
    let id = world.ids.uuid();
    let mut rule = described(body);
    complete(world, &mut rule, &id, project);
    rule.remove("tags");
    world.network.security_group_rules.insert(id, rule.clone());
    rule
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(KIND.one(200, find(&world.network, context)?, &world.network, context))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.network, context)?;
    world.network.security_group_rules.remove(context.id());
    Ok(Reply::empty(204))
}

/// Walks the rules of one group.
pub(crate) fn rules_of<'a>(state: &'a State, group: &'a str) -> impl Iterator<Item = &'a Document> {
    state.security_group_rules.values().filter(move |r| text(r, "security_group_id") == group)
}

fn described(body: &Document) -> Document {
    let mut rule = document(json!({
        "description": "", "ethertype": "IPv4", "protocol": null, "port_range_min": null,
        "port_range_max": null, "remote_ip_prefix": null, "remote_group_id": null,
        "remote_address_group_id": null, "normalized_cidr": null,
        "belongs_to_default_sg": false,
    }));
    merge(&mut rule, body);
    let prefix = super::address::Prefix::parse(text(&rule, "remote_ip_prefix"));
    rule.insert("normalized_cidr".to_owned(), json!(prefix.map(|prefix| prefix.to_string())));
    protocols::convert(&mut rule);
    rule
}

pub(crate) fn find<'a>(state: &'a State, context: &RequestContext) -> Result<&'a Document, Fault> {
    let id = context.id();
    state
        .security_group_rules
        .get(id)
        .filter(|r| visible(r, context))
        .ok_or_else(|| KIND.missing(id))
}
