//! Placement: who provides what, how much of it is used, and by whom.

pub(crate) mod aggregates;
pub(crate) mod allocations;
pub(crate) mod bootstrap;
pub(crate) mod candidates;
pub(crate) mod classes;
pub(crate) mod inventories;
pub(crate) mod policy;
pub(crate) mod providers;
pub(crate) mod traits;
pub(crate) mod usages;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value};
use squall_model::Microversion;

use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Reply, ReplyBody};
use crate::request::RequestContext;
use crate::table::Table;
use crate::world::object_storage::stamp::http_date;

/// The first version whose answers say when they were made, so that they can be cached
/// (`want_version.matches((1, 15))` in `placement.handlers`).
const CACHED: Microversion = Microversion::new(1, 15);

/// The first version whose errors have a code (`placement.util.json_error_formatter`).
const CODED: Microversion = Microversion::new(1, 23);

/// Adds the headers of caches to an answer that shows something, and takes the code from an error
/// at the versions before there were codes.
pub(crate) fn dressed(mut reply: Reply, version: Option<Microversion>) -> Reply {
    if let ReplyBody::Json(body) = &mut reply.body
        && reply.status >= 400
        && version < Some(CODED)
    {
        let errors = body.get_mut("errors").and_then(Value::as_array_mut);
        for error in errors.into_iter().flatten().filter_map(Value::as_object_mut) {
            error.remove("code");
        }
    }
    let shows = reply.status < 300 && matches!(reply.body, ReplyBody::Json(_));
    if shows && version >= Some(CACHED) { cached(reply) } else { reply }
}

/// Adds the headers of caches to an answer without a body, at the versions that have them.
fn cached_since(reply: Reply, context: &RequestContext) -> Reply {
    if context.version >= Some(CACHED) { cached(reply) } else { reply }
}

fn cached(reply: Reply) -> Reply {
    let modified = http_date(Timestamp::now());
    reply.header("cache-control", "no-cache").header("last-modified", modified)
}

/// Looks for the provider that a request is about, as most handlers do before they read the
/// body (placement 16.0.0, `placement.handlers`); that of traits reads first.
pub(crate) fn before_body(state: &State, context: &RequestContext) -> Result<(), Fault> {
    let operation = context.operation;
    let about_one = operation.path.starts_with("/resource_providers/{");
    if about_one && operation.resource() != "resource_provider_traits" {
        state.provider(context.id())?;
    }
    Ok(())
}

/// What placement can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] = &[
    aggregates::BEHAVIOURS,
    allocations::BEHAVIOURS,
    candidates::BEHAVIOURS,
    classes::BEHAVIOURS,
    inventories::BEHAVIOURS,
    providers::BEHAVIOURS,
    traits::BEHAVIOURS,
    usages::BEHAVIOURS,
];

/// What placement knows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    pub(crate) providers: Table<Provider>,
    pub(crate) consumers: BTreeMap<String, Consumer>,
    /// The names of the classes and traits that a deployment added.
    pub(crate) classes: BTreeSet<String>,
    pub(crate) traits: BTreeSet<String>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            providers: Table::default(),
            consumers: BTreeMap::new(),
            classes: classes::STANDARD.iter().map(ToString::to_string).collect(),
            traits: traits::STANDARD.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A resource provider.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Provider {
    pub(crate) uuid: String,
    pub(crate) name: String,
    pub(crate) parent: Option<String>,
    pub(crate) generation: u64,
    pub(crate) aggregates: BTreeSet<String>,
    pub(crate) traits: BTreeSet<String>,
    /// What it has, by resource class, as it is shown.
    pub(crate) inventories: BTreeMap<String, Map<String, Value>>,
}

/// Amounts by resource class.
pub(crate) type Amounts = BTreeMap<String, u64>;

/// Who uses resources.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Consumer {
    pub(crate) project: String,
    pub(crate) user: String,
    /// Its type, as `INSTANCE`.
    pub(crate) kind: String,
    pub(crate) generation: u64,
    /// What it uses, by provider.
    pub(crate) allocations: BTreeMap<String, Amounts>,
}

impl State {
    pub(crate) fn provider(&self, uuid: &str) -> Result<&Provider, Fault> {
        self.providers.get(uuid).ok_or_else(|| no_provider(uuid))
    }

    pub(crate) fn provider_mut(&mut self, uuid: &str) -> Result<&mut Provider, Fault> {
        self.providers.get_mut(uuid).ok_or_else(|| no_provider(uuid))
    }

    /// Returns the provider if a request knows its latest generation.
    pub(crate) fn at_generation(
        &mut self,
        uuid: &str,
        body: &Value,
    ) -> Result<&mut Provider, Fault> {
        let provider = self.provider_mut(uuid)?;
        match body.get("resource_provider_generation").and_then(Value::as_u64) {
            Some(generation) if generation != provider.generation => {
                Err(Fault::conflict("resource provider generation conflict")
                    .word("placement.concurrent_update"))
            }
            _ => Ok(provider),
        }
    }

    /// Returns how much of each class of a provider is used.
    pub(crate) fn used(&self, provider: &str) -> Amounts {
        let mut sum = Amounts::new();
        for amounts in self.consumers.values().filter_map(|c| c.allocations.get(provider)) {
            for (class, amount) in amounts {
                *sum.entry(class.clone()).or_default() += amount;
            }
        }
        sum
    }
}

impl Provider {
    /// Returns how much of a class can be used in all.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "capacities are whole and far below 2^52"
    )]
    pub(crate) fn capacity(&self, class: &str) -> u64 {
        let Some(inventory) = self.inventories.get(class) else { return 0 };
        let number = |key: &str| inventory.get(key).and_then(Value::as_f64).unwrap_or_default();
        ((number("total") - number("reserved")).max(0.0) * number("allocation_ratio")) as u64
    }
}

fn no_provider(uuid: &str) -> Fault {
    Fault::not_found(format!("No resource provider with uuid {uuid} found"))
}
