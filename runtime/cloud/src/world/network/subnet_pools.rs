//! Subnet pools, from which subnets may take their prefix.

use serde_json::{Value, json};

use super::address::Prefix;
use super::resource::{Kind, bodies, change, complete, made, owner, visible};
use super::{State, quotas};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, flag, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.subnet_pools.list", list),
    ("network.subnet_pools.create", create),
    ("network.subnet_pools.create_bulk", create),
    ("network.subnet_pools.show", show),
    ("network.subnet_pools.update", update),
    ("network.subnet_pools.delete", delete),
];

pub(crate) const KIND: Kind = Kind {
    singular: "subnetpool",
    plural: "subnetpools",
    missing: "SubnetPoolNotFound",
    label: "Subnet pool",
};

/// What neutron keeps as numbers.
const LENGTHS: [&str; 3] = ["min_prefixlen", "max_prefixlen", "default_prefixlen"];

/// Makes numbers of the lengths that a request wrote as texts.
fn count(pool: &mut Document) {
    for key in LENGTHS {
        let number = pool.get(key).and_then(Value::as_str).and_then(|t| t.parse::<u32>().ok());
        if let Some(number) = number {
            pool.insert(key.to_owned(), json!(number));
        }
    }
}

/// Returns a pool as neutron tells of it, save after an update: with its lengths as texts.
fn answered(pool: &Document) -> Document {
    let mut pool = pool.clone();
    for key in LENGTHS {
        if let Some(length) = pool.get_mut(key) {
            *length = json!(length.to_string());
        }
    }
    pool
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let usable = |pool: &&Document| visible(pool, context) || flag(pool, "shared");
    let pools: Vec<Document> =
        world.network.subnet_pools.values().filter(usable).map(answered).collect();
    KIND.many(pools.iter(), &world.network, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let (bodies, several) = bodies(&KIND, context)?;
    quotas::room(&world.network, &KIND, &bodies, context)?;
    let pools = bodies.into_iter().map(|body| store(world, body, context));
    let all = pools.collect::<Result<Vec<_>, _>>()?;
    made(&KIND, &all, several, &world.network, context)
}

/// Makes a pool; returns it as it is answered.
fn store(world: &mut World, body: &Document, context: &RequestContext) -> Result<Document, Fault> {
    required(body, "name")?;
    let prefixes = prefixes(body);
    let Some(first) = prefixes.first() else {
        return Err(Fault::bad_request("Invalid input for operation: no prefixes were given.")
            .word("InvalidInput"));
    };
    let (version, shortest, longest) = if first.is_v4() { (4, 8, 32) } else { (6, 64, 128) };
    let id = world.ids.uuid();
    let mut pool = document(json!({
        "description": "", "shared": false, "is_default": false, "default_quota": null,
        "address_scope_id": null, "min_prefixlen": shortest, "max_prefixlen": longest,
        "default_prefixlen": shortest,
    }));
    merge(&mut pool, body);
    count(&mut pool);
    if !body.contains_key("default_prefixlen") {
        let shortest = pool.get("min_prefixlen").cloned().unwrap_or_default();
        pool.insert("default_prefixlen".to_owned(), shortest);
    }
    pool.insert("ip_version".to_owned(), json!(version));
    let shown: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
    pool.insert("prefixes".to_owned(), json!(shown));
    let project = owner(body, context)?;
    complete(world, &mut pool, &id, &project);
    let answer = answered(&pool);
    world.network.subnet_pools.insert(id, pool);
    Ok(answer)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(KIND.one(200, &answered(find(&world.network, context)?), &world.network, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    find(&world.network, context)?;
    let now = world.stamp(Stamp::Seconds);
    if let Some(pool) = world.network.subnet_pools.get_mut(context.id()) {
        change(pool, body, &["id", "ip_version", "shared", "tenant_id", "project_id"], &now)?;
        count(pool);
    }
    Ok(KIND.one(200, find(&world.network, context)?, &world.network, context))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    find(&world.network, context)?;
    if world.network.subnets.values().any(|subnet| text(subnet, "subnetpool_id") == id) {
        return Err(Fault::bad_request(
            "Unable to delete subnet pool: Subnet pool has existing allocations.",
        )
        .word("SubnetPoolDeleteError"));
    }
    world.network.subnet_pools.remove(id);
    Ok(Reply::empty(204))
}

/// Returns the next prefix of a pool that no subnet overlaps.
pub(crate) fn next_prefix(state: &State, pool: &str, body: &Document) -> Result<Prefix, Fault> {
    let found = state.subnet_pools.get(pool).ok_or_else(|| KIND.missing(pool))?;
    let length = |d: &Document, key: &str| d.get(key).and_then(Value::as_u64);
    let bits = length(body, "prefixlen").or(length(found, "default_prefixlen")).unwrap_or(26);
    if let Some(least) = length(found, "min_prefixlen").filter(|least| bits < *least) {
        return Err(Fault::bad_request(format!(
            "Unable to allocate subnet with prefix length {bits}, minimum allowed prefix is {least}."
        ))
        .word("MinPrefixSubnetAllocationError"));
    }
    let taken: Vec<Prefix> =
        state.subnets.values().filter_map(|s| Prefix::parse(text(s, "cidr"))).collect();
    for whole in prefixes(found) {
        let width = if whole.is_v4() { 32 } else { 128 };
        let step =
            1_u128.checked_shl(u32::try_from(width - bits.min(width)).unwrap_or(0)).unwrap_or(1);
        let mut offset = 0;
        while whole.contains(whole.nth(offset)) && offset < step * 4096 {
            let prefix = Prefix::parse(&format!("{}/{bits}", whole.nth(offset)));
            match prefix {
                Some(prefix) if !taken.iter().any(|other| other.overlaps(prefix)) => {
                    return Ok(prefix);
                }
                _ => offset += step,
            }
        }
    }
    Err(Fault::new(
        503,
        "Failed to allocate subnet: Insufficient prefix space to allocate subnet size.",
    )
    .word("SubnetAllocationError"))
}

fn prefixes(pool: &Document) -> Vec<Prefix> {
    let list = pool.get("prefixes").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|text| Prefix::parse(text.as_str()?)).collect()
}

pub(crate) fn find<'a>(state: &'a State, context: &RequestContext) -> Result<&'a Document, Fault> {
    let id = context.id();
    let usable = |pool: &&Document| visible(pool, context) || flag(pool, "shared");
    state.subnet_pools.get(id).filter(usable).ok_or_else(|| KIND.missing(id))
}
