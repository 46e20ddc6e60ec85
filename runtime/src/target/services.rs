//! The services that this program knows: ours and the plugins', each with its operation
//! table, its kinds, its description and its default policy rules.
//!
//! There is one registry, and a plugin's service is a value of the same type as ours:
//!
//! ```
//! use squall::services::Service;
//!
//! /// A share of a file system.
//! pub static SHARE: squall::kinds::Kind = squall::kinds::Kind::new("shares.share");
//!
//! # mod shares { pub fn spec() -> &'static squall::model::ServiceSpec { squall::volume::Volume::SPEC } }
//! squall::services::register!(Service::new(shares::spec).with_kinds(&[&SHARE]));
//! ```

mod descriptions;

use std::borrow::Cow;
use std::iter;
use std::panic::catch_unwind;
use std::sync::LazyLock;

#[cfg(feature = "embedded")]
use squall_cloud::engine::EmbeddedService;
use squall_model::description::Resource;
use squall_model::service::{ServiceProfile, aliases};
use squall_model::{Description, Kind, Operation, PolicyRule, ServiceSpec};

use crate::{Failure, Result};

/// A service, and everything that comes with it.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    spec: fn() -> &'static ServiceSpec,
    kinds: &'static [&'static Kind],
    description: Source,
    policy_rules: &'static [PolicyRule],
    #[cfg(feature = "embedded")]
    embedded: Option<EmbeddedService>,
}

/// Where a description comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    Function(fn() -> Result<&'static Description, String>),
    File { name: &'static str, text: &'static str },
}

impl Service {
    /// Starts a service with its operation table: the `spec` of its client.
    pub const fn new(spec: fn() -> &'static ServiceSpec) -> Self {
        Self {
            spec,
            kinds: &[],
            description: Source::Function(|| Ok(&NOTHING_DESCRIBED)),
            policy_rules: &[],
            #[cfg(feature = "embedded")]
            embedded: None,
        }
    }

    /// Adds kinds that its description does not have.
    #[must_use]
    pub const fn with_kinds(mut self, kinds: &'static [&'static Kind]) -> Self {
        self.kinds = kinds;
        self
    }

    /// Sets its default policy rules. Which operations check them stands in the operation table.
    #[must_use]
    pub const fn with_policy_rules(mut self, rules: &'static [PolicyRule]) -> Self {
        self.policy_rules = rules;
        self
    }

    /// Sets what describes its resources and how its operations are called. The function is
    /// called once; its error is reported before anything runs.
    #[must_use]
    pub const fn with_description(
        mut self,
        description: fn() -> Result<&'static Description, String>,
    ) -> Self {
        self.description = Source::Function(description);
        self
    }

    /// Sets the file that describes its resources and how its operations are called: its name,
    /// for messages, and its text, as `include_str!` returns it. The guide "You own another
    /// service" shows one. What is wrong in it is reported before anything runs.
    #[must_use]
    pub const fn with_description_file(mut self, name: &'static str, text: &'static str) -> Self {
        self.description = Source::File { name, text };
        self
    }

    /// Lets the embedded cloud serve it, from its description and with these handlers, so
    /// that its tests need no other cloud.
    #[cfg(feature = "embedded")]
    #[must_use]
    pub const fn in_the_embedded_cloud(mut self, embedded: EmbeddedService) -> Self {
        self.embedded = Some(embedded);
        self
    }
}

static NOTHING_DESCRIBED: Description = Description::EMPTY;

inventory::collect!(Service);

#[doc(hidden)]
pub use inventory as __inventory;

/// Registers the services of a plugin.
///
/// The crate that has them must be linked: name it in `squall::main!(…)`.
#[doc(inline)]
pub use crate::__register_services as register;

/// See [`services::register!`](crate::services::register).
#[doc(hidden)]
#[macro_export]
macro_rules! __register_services {
    ($($service:expr),+ $(,)?) => {
        $($crate::services::__inventory::submit! { $service })+
    };
}

/// A service of the registry, with what its functions returned.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) spec: &'static ServiceSpec,
    pub(crate) description: Result<&'static Description, String>,
    pub(crate) kinds: &'static [&'static Kind],
    pub(crate) policy_rules: &'static [PolicyRule],
    #[cfg(feature = "embedded")]
    pub(crate) embedded: Option<EmbeddedService>,
}

impl Registered {
    pub(crate) fn of(service: Service) -> Option<Self> {
        let spec = catch_unwind(service.spec).ok()?;
        let description =
            descriptions::instead(spec).unwrap_or_else(|| match service.description {
                Source::Function(description) => catch_unwind(description)
                    .unwrap_or_else(|_| Err("the function that returns it panicked".to_owned())),
                Source::File { name, text } => descriptions::read(name, text, spec),
            });
        Some(Self {
            spec,
            description,
            kinds: service.kinds,
            policy_rules: service.policy_rules,
            #[cfg(feature = "embedded")]
            embedded: service.embedded,
        })
    }

    /// Returns the kinds that its resources belong to.
    pub(crate) fn every_kind(&self) -> impl Iterator<Item = &'static Kind> + use<> {
        let described = self.description.as_ref().map_or(&[][..], |found| found.resources);
        let tracked = described.iter().filter(|resource| resource.is_tracked());
        tracked.map(|resource| resource.kind).chain(self.kinds.iter().copied())
    }

    /// Returns the described resources that no ledger has: parts of others, and what nothing
    /// creates.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &'static Kind> + use<> {
        let described = self.description.as_ref().map_or(&[][..], |found| found.resources);
        described.iter().filter(|resource| !resource.is_tracked()).map(|resource| resource.kind)
    }
}

/// Every service, ours and the plugins', sorted by name; and how many functions that return
/// a spec panicked.
static REGISTRY: LazyLock<(Vec<Registered>, usize)> = LazyLock::new(|| {
    let services = ours().into_iter().chain(inventory::iter::<Service>.into_iter().copied());
    let services: Vec<Option<Registered>> = services.map(Registered::of).collect();
    let broken = services.iter().filter(|service| service.is_none()).count();
    let mut services: Vec<Registered> = services.into_iter().flatten().collect();
    services.sort_by_key(|service| service.spec.name);
    (services, broken)
});

static SPECS: LazyLock<Vec<&ServiceSpec>> =
    LazyLock::new(|| registered().iter().map(|service| service.spec).collect());

macro_rules! ours {
    ($($name:ident, $client:ident, $words:literal;)+) => {
        /// Our own services.
        fn ours() -> Vec<Service> {
            vec![$(
                Service::new(squall_services::spec::$name)
                    .with_description(|| {
                        Ok(&squall_services::clients::$name::description::DESCRIPTION)
                    })
                    .with_policy_rules(squall_services::clients::$name::policies::RULES),
            )+]
        }
    };
}
squall_services::each_service!(ours);

/// Returns every registered service, sorted by name.
pub(crate) fn registered() -> &'static [Registered] {
    &REGISTRY.0
}

/// Returns how many registered services have no spec, because its function panicked.
pub(crate) fn broken() -> usize {
    REGISTRY.1
}

/// Returns every service, ours and the plugins', sorted by Squall's name.
pub fn all() -> &'static [&'static ServiceSpec] {
    &SPECS
}

/// Returns every service with its default policy rules, sorted by Squall's name.
pub fn policy_rules() -> Vec<(&'static ServiceSpec, &'static [PolicyRule])> {
    registered().iter().map(|service| (service.spec, service.policy_rules)).collect()
}

/// Returns the services with a generated client, sorted by Squall's name.
pub fn built_in() -> &'static [&'static ServiceSpec] {
    &squall_services::ALL
}

/// Finds a service by any of its names: Squall's, the official type, or an alias. Of two
/// with the same official type, ours is meant.
pub fn named(name: &str) -> Option<&'static ServiceSpec> {
    let own = |spec: &&&ServiceSpec| spec.name == name || spec.name.replace('_', "-") == name;
    let of_type = |spec: &&&ServiceSpec| aliases(spec.service_type).any(|alias| alias == name);
    built_in_named(name)
        .or_else(|| all().iter().find(own).copied())
        .or_else(|| all().iter().find(of_type).copied())
}

/// Finds a service with a generated client by any of its names.
pub fn built_in_named(name: &str) -> Option<&'static ServiceSpec> {
    let ours = ServiceProfile::named(name)?.name;
    built_in().iter().copied().find(|service| service.name == ours)
}

/// Returns Squall's name of a registered service, under which facts and settings have it; of
/// any other the name as it is.
pub fn our_name(name: &str) -> &str {
    named(name).map_or(name, |spec| spec.name)
}

/// Returns every name of a service: the one that is given, and of a registered service
/// Squall's, that with `-`, its type and the type's aliases.
pub fn names(name: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let others = named(name).into_iter().flat_map(|spec| {
        let dashed = Cow::from(spec.name.replace('_', "-"));
        let types = aliases(spec.service_type).map(Cow::from);
        [Cow::from(spec.name), dashed].into_iter().chain(types)
    });
    iter::once(Cow::from(name)).chain(others)
}

/// Returns the service of an operation, a kind or a feature: the first word of its id.
pub(crate) fn service_of(id: &str) -> &str {
    id.split_once('.').map_or(id, |(service, _)| service)
}

/// Finds an operation, and its service, by the operation's id.
pub fn operation(id: &str) -> Option<(&'static ServiceSpec, &'static Operation)> {
    let service = with_name(service_of(id))?;
    Some((service, service.operation(id)?))
}

/// Returns the description of a service by its own name; an empty one if there is none, or if
/// it is faulty, which is reported before a run starts.
pub fn description(service: &str) -> &'static Description {
    let at = registered().binary_search_by_key(&service, |registered| registered.spec.name);
    let found = at.ok().and_then(|at| registered()[at].description.as_ref().ok().copied());
    found.unwrap_or(&NOTHING_DESCRIBED)
}

/// Finds the description of a resource by its kind, as in `volume.snapshot`.
///
/// # Errors
/// No description has one.
pub(crate) fn resource(kind: &str) -> Result<&'static Resource> {
    description(service_of(kind))
        .resource(kind)
        .ok_or_else(|| Failure::new(format!("no description has a resource `{kind}`")))
}

/// Finds a service by its own name, which is the first word of its operations and kinds.
pub(crate) fn with_name(name: &str) -> Option<&'static ServiceSpec> {
    let at = all().binary_search_by_key(&name, |spec| spec.name).ok()?;
    Some(all()[at])
}

/// Returns the spec of the service that has an operation, by the operation's id.
///
/// Without such a service it is a spec that has no operation: a request for one is then
/// refused when it is sent. Before a run starts it is a fault of the kind that names it.
pub(crate) fn spec_of(operation: &str) -> &'static ServiceSpec {
    static NOT_REGISTERED: ServiceSpec = ServiceSpec {
        service_type: "",
        name: "",
        version_path: "",
        versions: squall_model::VersionRange::ALL,
        source: "",
        history: &[],
        operations: &[],
    };
    with_name(service_of(operation)).unwrap_or(&NOT_REGISTERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_any_of_its_names() {
        for (name, ours) in [
            ("volume", "volume"),
            ("block-storage", "volume"),
            ("volumev3", "volume"),
            ("object-store", "object_storage"),
            ("object-storage", "object_storage"),
            ("compute", "compute"),
        ] {
            assert_eq!(named(name).map(|spec| spec.name), Some(ours), "{name}");
        }
        assert!(named("key-manager").is_none(), "there is no client of ours for it");
        assert_eq!(our_name("key-manager"), "key-manager");
    }

    #[test]
    fn a_plugins_service_is_found_beside_ours() {
        // The toys of the tests of cleanup are registered as a plugin's service is.
        for name in ["toys", "toy-box"] {
            assert_eq!((named(name).map(|spec| spec.name), our_name(name)), (Some("toys"), "toys"));
            assert!(names(name).any(|name| name == "toys"), "{name}");
            assert!(names(name).any(|name| name == "toy-box"), "{name}");
        }
        assert!(operation("toys.widgets.delete").is_some());
        assert!(built_in_named("toys").is_none());
        assert!(crate::kinds::find("toys.widget").is_some());
    }

    #[test]
    fn every_rule_that_an_operation_checks_is_among_the_rules_of_its_service() {
        let services = policy_rules();
        assert!(services.iter().map(|(_, rules)| rules.len()).sum::<usize>() > 1_000);
        for (spec, rules) in services.into_iter().filter(|(_, rules)| !rules.is_empty()) {
            for operation in spec.operations {
                for policy in operation.policies.iter() {
                    let is_there = rules.iter().any(|rule| rule.name == policy.rule);
                    assert!(is_there, "{} checks {}", operation.id, policy.rule);
                }
            }
        }
    }

    #[test]
    fn specs_and_the_table_of_services_agree() {
        for spec in built_in() {
            let row = spec.profile();
            assert_eq!((row.name, row.service_type), (spec.name, spec.service_type));
            assert_eq!(row.version_path, spec.version_path, "{}", spec.name);
        }
    }

    #[test]
    fn every_operation_is_found_by_its_id() {
        assert!(all().is_sorted_by_key(|service| service.name));
        for known in all().iter().flat_map(|service| service.operations) {
            assert!(operation(&known.id).is_some_and(|(_, found)| std::ptr::eq(found, *known)));
        }
    }

    #[test]
    fn an_operation_of_no_service_is_looked_up_in_an_empty_table() {
        assert_eq!(spec_of("moon.bases.create").operations.len(), 0);
        assert_eq!(spec_of("compute.servers.create").name, "compute");
    }
}
