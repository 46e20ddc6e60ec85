//! In which order kinds are undone: what stands on others goes before them.
//!
//! A kind's depth is the length of the longest way down along
//! [`Kind::stands_on`](super::Kind::stands_on); the deepest are undone first. Everything
//! stands on the identities, which need not be written: who made a resource has to outlive
//! it, because perhaps no one else may delete it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::catalogue::parts;
use super::{Kind, all};

/// The kinds that make up an identity. Every kind stands on them that they do not stand on
/// themselves.
const IDENTITIES: [&str; 7] = [
    "identity.application_credential",
    "identity.credential",
    "identity.domain_role_assignment",
    "identity.project",
    "identity.role_assignment",
    "identity.system_role_assignment",
    "identity.user",
];

/// Returns the depth of a kind: the resources of the deepest are undone first.
pub(crate) fn depth(kind: &Kind) -> usize {
    static ORDER: LazyLock<Order> =
        LazyLock::new(|| Order::of(&all().chain(parts()).collect::<Vec<_>>()));
    ORDER.depths.get(kind.name).copied().unwrap_or_default()
}

/// The order of some kinds.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) depths: BTreeMap<&'static str, usize>,
    /// Every cycle that was found: kinds, each of which stands on the next, and the last on
    /// the first.
    pub(super) cycles: Vec<Vec<&'static str>>,
}

impl Order {
    pub(super) fn of(kinds: &[&'static Kind]) -> Self {
        let below = below(kinds);
        let mut order = Self::default();
        for kind in kinds {
            order.descend(kind.name, &below, &mut Vec::new());
        }
        order
    }

    /// Returns the depth of a kind that was reached along `way`. Where a cycle closes, the
    /// way ends.
    fn descend(
        &mut self,
        kind: &'static str,
        below: &BTreeMap<&'static str, BTreeSet<&'static str>>,
        way: &mut Vec<&'static str>,
    ) -> usize {
        if let Some(depth) = self.depths.get(kind) {
            return *depth;
        }
        if let Some(at) = way.iter().position(|on_way| *on_way == kind) {
            self.cycles.push(way[at..].to_vec());
            return 0;
        }
        way.push(kind);
        let under = below.get(kind).into_iter().flatten();
        let depths = under.map(|under| self.descend(under, below, way) + 1);
        let depth = depths.collect::<Vec<_>>().into_iter().max().unwrap_or_default();
        way.pop();
        self.depths.insert(kind, depth);
        depth
    }
}

/// Returns what each kind stands on, written or not. Two resources of one kind are undone
/// in the reverse order of their creation, so that a kind may name itself.
fn below(kinds: &[&'static Kind]) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let names: BTreeSet<&str> = kinds.iter().map(|kind| kind.name).collect();
    let mut below: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
    for kind in kinds {
        let known = kind.stands_on.iter().filter(|on| names.contains(**on) && **on != kind.name);
        below.entry(kind.name).or_default().extend(known);
    }
    let identities: Vec<&str> =
        IDENTITIES.into_iter().filter(|identity| names.contains(identity)).collect();
    let mut foundation: BTreeSet<&str> = BTreeSet::new();
    let mut open = identities.clone();
    while let Some(kind) = open.pop() {
        if foundation.insert(kind) {
            open.extend(below.get(kind).into_iter().flatten());
        }
    }
    for (kind, under) in &mut below {
        if !foundation.contains(kind) {
            under.extend(&identities);
        }
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::find;

    fn depth_of(name: &str) -> usize {
        depth(find(name).unwrap_or_else(|| panic!("no kind `{name}`")))
    }

    /// What refuses to go while the first of a pair is there, or what the first needs while
    /// it is deleted.
    const FIRST: &[(&str, &str)] = &[
        // Network keeps a router's interface while a floating IP needs it.
        ("network.floating_ip", "network.router_interface"),
        ("network.floating_ip", "network.network"),
        // What joins two resources.
        ("compute.volume_attachment", "compute.server"),
        ("compute.volume_attachment", "volume.volume"),
        ("network.router_interface", "network.router"),
        ("network.router_interface", "network.subnet"),
        ("placement.allocation", "placement.resource_provider"),
        ("volume.transfer", "volume.volume"),
        // What runs on images, volumes and ports.
        ("compute.server", "image.image"),
        ("compute.server", "volume.volume"),
        ("compute.server", "volume.snapshot"),
        ("compute.server", "network.port"),
        ("compute.server", "network.trunk"),
        ("compute.server", "network.network"),
        ("compute.server", "network.security_group"),
        ("compute.server", "compute.flavor"),
        ("compute.server", "compute.keypair"),
        ("compute.server", "compute.server_group"),
        // A lower quota is refused while more is used.
        ("compute.server", "compute.quota_set"),
        // Compute keeps a host in its aggregate while servers need the zone.
        ("compute.server", "compute.aggregate_host"),
        ("compute.aggregate_host", "compute.aggregate"),
        // Copies keep their volume from going, and are made from one another.
        ("volume.snapshot", "volume.volume"),
        ("volume.backup", "volume.volume"),
        ("volume.backup", "volume.snapshot"),
        ("volume.volume", "image.image"),
        ("volume.volume", "volume.volume_type"),
        ("volume.volume_type", "volume.qos_spec"),
        // A trunk keeps its ports.
        ("network.trunk", "network.port"),
        ("network.port", "network.subnet"),
        ("network.port", "network.security_group"),
        ("network.port", "network.qos_policy"),
        // A gateway is a port of its network.
        ("network.router", "network.network"),
        ("network.router", "network.subnet"),
        ("network.subnet", "network.network"),
        ("network.subnet", "network.subnet_pool"),
        ("network.subnet_pool", "network.address_scope"),
        ("network.network", "network.qos_policy"),
        ("network.security_group_rule", "network.security_group"),
        ("network.security_group_rule", "network.address_group"),
        ("object_storage.object", "object_storage.container"),
        ("placement.resource_provider", "placement.resource_class"),
        ("placement.resource_provider", "placement.trait"),
        // Its owner acts by a role or a credential.
        ("network.network", "identity.role_assignment"),
        ("object_storage.container", "identity.application_credential"),
        ("compute.keypair", "identity.credential"),
        ("compute.flavor", "identity.system_role_assignment"),
        ("identity.policy", "identity.system_role_assignment"),
        ("identity.endpoint", "identity.domain_role_assignment"),
        ("identity.region", "identity.user"),
        // A part of the catalog that points to another.
        ("identity.endpoint", "identity.service"),
        ("identity.endpoint", "identity.region"),
        ("identity.application_credential", "identity.user"),
        ("identity.credential", "identity.user"),
        ("identity.credential", "identity.project"),
        ("identity.role_assignment", "identity.user"),
        ("identity.role_assignment", "identity.role"),
        ("identity.role_assignment", "identity.project"),
        ("identity.domain_role_assignment", "identity.domain"),
        ("identity.system_role_assignment", "identity.user"),
        ("identity.user", "identity.project"),
        ("identity.user", "identity.domain"),
        ("identity.group", "identity.project"),
        ("identity.role", "identity.project"),
        ("identity.project", "identity.domain"),
        ("identity.identity_provider", "identity.domain"),
    ];

    #[test]
    fn what_stands_on_something_is_undone_before_it() {
        let wrong: Vec<_> =
            FIRST.iter().filter(|(first, then)| depth_of(first) <= depth_of(then)).collect();
        assert_eq!(wrong, [&("", ""); 0]);
    }

    #[test]
    fn every_kind_is_undone_before_who_made_it() {
        let user = depth_of("identity.user");
        let beneath = ["identity.domain", "identity.project", "identity.role", "identity.user"];
        for kind in all().filter(|kind| !beneath.contains(&kind.name)) {
            assert!(depth(kind) > user, "{}", kind.name);
        }
    }

    #[test]
    fn a_cycle_is_named_and_every_kind_has_a_depth() {
        static EGG: Kind = Kind::new("farm.egg").standing_on(&["farm.hen", "farm.egg"]);
        static HEN: Kind = Kind::new("farm.hen").standing_on(&["farm.egg"]);
        static NEST: Kind = Kind::new("farm.nest").standing_on(&["farm.hen"]);
        let order = Order::of(&[&EGG, &HEN, &NEST]);
        assert_eq!(order.cycles, [["farm.egg", "farm.hen"]]);
        assert_eq!(order.depths.len(), 3);
        assert!(order.depths["farm.nest"] > order.depths["farm.hen"]);
    }
}
