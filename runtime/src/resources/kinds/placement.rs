//! The kinds of placement.

use super::{Find, Gone, Kind, Listed, Naming, Step};

/// Every kind of this file.
pub(super) const KINDS: &[&Kind] = &[&ALLOCATION, &RESOURCE_CLASS, &RESOURCE_PROVIDER, &TRAIT];

/// A resource provider.
pub static RESOURCE_PROVIDER: Kind = Kind::new("placement.resource_provider")
    .standing_on(&["placement.resource_class", "placement.trait"])
    .named_at(&["/name"])
    .made_by(&["placement.resource_providers.create"])
    .with_id("resource_provider_id", &["/uuid"])
    .found_by(
        Find::listed("placement.resource_providers.list", "/resource_providers")
            .with_query(&[("name", "{name}")])
            .with_pointers("/name", "/uuid"),
    )
    .undone_by(&[Step::of("placement.resource_providers.delete")])
    .gone_when(Gone::Deleted("placement.resource_providers.show"));

/// A custom resource class; its name is its address.
pub static RESOURCE_CLASS: Kind = Kind::new("placement.resource_class")
    .named_at(&["/name"])
    .named(Naming::Custom)
    .counted_in(Listed {
        id: "/name",
        ..Listed::new("placement.resource_classes.list", "/resource_classes")
    })
    .made_by(&["placement.resource_classes.create", "placement.resource_classes.update"])
    .with_name_as_id("name")
    .undone_by(&[Step::of("placement.resource_classes.delete")])
    .gone_when(Gone::Deleted("placement.resource_classes.show"));

/// A custom trait; its name is its address.
pub static TRAIT: Kind = Kind::new("placement.trait")
    .named(Naming::Custom)
    .counted_in(Listed {
        query: &[("name", "startswith:CUSTOM_")],
        by: "",
        id: "",
        ..Listed::new("placement.traits.list", "/traits")
    })
    .made_by(&["placement.traits.create"])
    .with_name_as_id("name")
    .undone_by(&[Step::of("placement.traits.delete")])
    .gone_when(Gone::Deleted("placement.traits.check"));

/// What a consumer has of providers, which cannot go before it: a change, made by
/// naming a consumer of the test's own.
pub static ALLOCATION: Kind = Kind::new("placement.allocation")
    .standing_on(&["placement.resource_provider"])
    .made_by(&["placement.allocations.update"])
    .undone_by(&[Step::of("placement.allocations.delete")])
    .shown_by("placement.allocations.show", "/allocations");
