//! Checking services and kinds before a run starts: a misspelt operation would be found
//! only when something has to be undone.

use std::collections::BTreeSet;
use std::fmt;

use squall_model::suggest::{alternatives, similar};
use squall_model::{Operation, ServiceSpec};

use super::catalogue::parts;
use super::order::Order;
use super::{Kind, all};
use crate::services::{self, Registered};

/// Something that is wrong with a kind or a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The kind or the service, as in ``the kind `compute.server` ``.
    pub(crate) of: String,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do.
    pub(crate) help: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is faulty: {}", self.of, self.what)
    }
}

/// Returns the faults of all services and kinds.
///
/// - The spec of a service can be read, and so can its description; its name is its own.
/// - The service of a kind is registered, and so is the service of every operation that the
///   kind names, which has that operation.
/// - The path parameters of those operations are known: the kind's id, its body
///   parameters, or parameters of the request that creates one.
/// - Names are unique, and so are the operations that create one.
/// - Kinds stand on kinds, and not on each other.
pub(crate) fn faults() -> Vec<Fault> {
    let mut found = faults_of_services(services::registered(), services::broken());
    let (kinds, parts): (Vec<_>, Vec<_>) = (all().collect(), parts().collect());
    found.extend(faults_among(&kinds, &parts));
    found
}

fn faults_of_services(services: &[Registered], broken: usize) -> Vec<Fault> {
    let mut found = Vec::new();
    for _ in 0..broken {
        found.push(Fault {
            of: "a registered service".to_owned(),
            what: "the function that returns its spec panicked".to_owned(),
            help: "return the `SPEC` of the service's client".to_owned(),
        });
    }
    let mut names = BTreeSet::new();
    for Registered { spec, description, .. } in services {
        let mut fault = |what: String, help: &str| {
            found.push(Fault {
                of: format!("the service `{}`", spec.name),
                what,
                help: help.to_owned(),
            });
        };
        if !names.insert(spec.name) {
            fault("its name is used twice".to_owned(), "give the service's client another `name`");
        }
        if let Err(why) = description {
            fault(format!("its description cannot be read: {why}"), "correct the description");
        }
        for what in spec.faults() {
            fault(what, "correct the trait of the service's client");
        }
    }
    found
}

/// Returns the faults of kinds; `parts` are what they may stand on beside each other.
fn faults_among(kinds: &[&'static Kind], parts: &[&'static Kind]) -> Vec<Fault> {
    let mut names = BTreeSet::new();
    let mut makers = BTreeSet::new();
    let mut found = Vec::new();
    for kind in kinds {
        if !names.insert(kind.name) {
            found.push(fault(kind, "its name is used twice", "give every kind its own name"));
        }
        for operation in kind.made_by {
            if !makers.insert(operation) {
                let what = format!("`{operation}` already creates another kind");
                found.push(fault(kind, what, "name each creating operation in one kind"));
            }
        }
        found.extend(faults_of(kind));
    }
    names.extend(parts.iter().map(|part| part.name));
    for kind in kinds {
        for on in kind.stands_on.iter().filter(|on| !names.contains(**on)) {
            let help = match similar(on, names.iter().copied()) {
                near if near.is_empty() => "name a kind of a registered service".to_owned(),
                near => format!("did you mean {}?", alternatives(near)),
            };
            found.push(fault(kind, format!("it stands on `{on}`, which is no kind"), help));
        }
    }
    for cycle in Order::of(&[kinds, parts].concat()).cycles {
        // A part may stand in a cycle, too; what a ledger has is to be mended.
        let first = cycle
            .iter()
            .enumerate()
            .find_map(|(at, name)| Some((at, *kinds.iter().find(|kind| kind.name == *name)?)));
        let Some((at, first)) = first else { continue };
        let (before, after) = (&cycle[..at], &cycle[at + 1..]);
        let way: Vec<String> = after.iter().chain(before).map(|kind| format!("`{kind}`")).collect();
        let what = format!(
            "it stands on itself, by way of {}, so that neither can be undone first",
            way.join(", ")
        );
        found.push(fault(first, what, "leave one of them out of `standing_on`"));
    }
    found
}

fn fault(kind: &Kind, what: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { of: format!("the kind `{}`", kind.name), what: what.into(), help: help.into() }
}

fn faults_of(kind: &'static Kind) -> Vec<Fault> {
    let Some(own) = services::with_name(kind.service()) else {
        let what = format!(
            "no service `{}` is registered, which is its name's first word",
            kind.service()
        );
        let names = services::all().iter().map(|spec| spec.name);
        let help = match similar(kind.service(), names) {
            near if near.is_empty() => {
                "register the service with `squall::services::register!`".to_owned()
            }
            near => format!("did you mean {}?", alternatives(near)),
        };
        return vec![fault(kind, what, help)];
    };
    let mut found = Vec::new();
    // Another service may create one, such as a proxy.
    let makers: Vec<&Operation> = kind.made_by.iter().filter_map(|id| operation(id)).collect();
    for id in kind.made_by {
        if operation(id).is_none() {
            found.push(missing(kind, own, id));
        }
    }
    let mut known: Vec<&str> = vec![kind.id_param];
    known.extend(kind.body_params.iter().map(|(name, _)| *name));
    known.extend(makers.iter().flat_map(|made| made.path_parameters()));
    let steps = kind.undo.iter().chain(kind.freed_by).map(|step| step.operation);
    let shown = kind.shown_by.map(|(operation, _)| operation);
    let used = steps.chain(kind.list().map(|list| list.operation)).chain(kind.show()).chain(shown);
    for id in used {
        let Some(operation) = operation(id) else {
            found.push(missing(kind, own, id));
            continue;
        };
        for parameter in operation.path_parameters() {
            if !known.contains(&parameter) {
                let help = match similar(parameter, known.iter().copied()) {
                    near if near.is_empty() => {
                        "name it in `with_id` or `with_body_params`".to_owned()
                    }
                    near => {
                        format!("did you mean `{parameter}` instead of {}?", alternatives(near))
                    }
                };
                let what = format!("the path of `{id}` needs `{parameter}`, which is not known");
                found.push(fault(kind, what, help));
            }
        }
    }
    for sweep in kind.sweep {
        for id in [sweep.listed.operation, sweep.delete] {
            if operation(id).is_none() {
                found.push(missing(kind, own, id));
            }
        }
    }
    found
}

fn operation(id: &str) -> Option<&'static Operation> {
    services::operation(id).map(|(_, operation)| operation)
}

fn missing(kind: &Kind, own: &ServiceSpec, id: &str) -> Fault {
    let spec = services::with_name(services::service_of(id)).unwrap_or(own);
    let known = spec.operations.iter().map(|operation| operation.id.as_ref());
    let help = match similar(id, known) {
        near if near.is_empty() => format!("name an operation of the spec of {}", spec.name),
        near => format!("did you mean {}?", alternatives(near)),
    };
    fault(kind, format!("the spec of {} has no operation `{id}`", spec.name), help)
}

#[cfg(test)]
mod tests {
    use squall_model::Description;

    use super::super::{Find, Gone, Listed, Step, Sweep};
    use super::*;

    fn of(kind: &'static Kind) -> Vec<(String, String)> {
        faults_of(kind).into_iter().map(|fault| (fault.what, fault.help)).collect()
    }

    #[test]
    fn our_own_kinds_have_no_faults() {
        let ours: Vec<_> = all().filter(|kind| !kind.name.starts_with("toys.")).collect();
        assert_eq!(faults_among(&ours, &parts().collect::<Vec<_>>()), []);
        assert_eq!(faults_of_services(services::registered(), services::broken()), []);
    }

    #[test]
    fn a_misspelt_operation_is_found_with_a_suggestion() {
        static KIND: Kind = Kind::new("compute.x_flavor")
            .made_by(&["compute.flavors.create"])
            .with_id("flavor_id", &["/flavor/id"])
            .found_by(Find::listed("compute.flavor.list", "/flavors"))
            .undone_by(&[Step::of("compute.flavors.delete")])
            .gone_when(Gone::Deleted("compute.flavors.show"));
        let [(what, help)] = &of(&KIND)[..] else { panic!("{:?}", of(&KIND)) };
        assert!(what.contains("no operation `compute.flavor.list`"), "{what}");
        assert!(help.contains("did you mean") && help.contains("`compute.flavors.list`"), "{help}");
    }

    #[test]
    fn a_misspelt_operation_is_found_wherever_a_kind_names_it() {
        static MADE: Kind = Kind::new("compute.x_made")
            .made_by(&["compute.flavors.creat"])
            .with_id("flavor_id", &["/flavor/id"]);
        static SWEPT: Kind = Kind::new("compute.x_swept").sweeping(&[Sweep {
            listed: Listed::new("compute.servers.lst", "/servers"),
            of: None,
            delete: "compute.servers.delet",
            id_param: "server_id",
            delete_query: &[],
            until_empty: false,
        }]);
        for (kind, id) in [
            (&MADE, "compute.flavors.creat"),
            (&SWEPT, "compute.servers.lst"),
            (&SWEPT, "compute.servers.delet"),
        ] {
            let found = of(kind);
            let has = |(what, help): &(String, String)| {
                what.contains(&format!("no operation `{id}`")) && help.contains("did you mean")
            };
            assert!(found.iter().any(has), "{id}: {found:?}");
        }
    }

    #[test]
    fn a_kind_of_a_service_that_is_not_registered_is_a_fault() {
        static KIND: Kind = Kind::new("moon.base").undone_by(&[Step::of("moon.bases.delete")]);
        static MISSPELT: Kind = Kind::new("computer.server");
        let [(what, help)] = &of(&KIND)[..] else { panic!("{:?}", of(&KIND)) };
        assert!(what.contains("no service `moon` is registered"), "{what}");
        assert!(help.contains("squall::services::register!"), "{help}");
        assert_eq!(of(&MISSPELT)[0].1, "did you mean `compute`?");
    }

    #[test]
    fn what_is_wrong_with_a_service_is_found() {
        fn named(
            name: &'static str,
            description: Result<&'static Description, String>,
        ) -> Registered {
            let compute = crate::compute::Compute::SPEC;
            let operations = &compute.operations[..1];
            let spec = Box::leak(Box::new(ServiceSpec { name, operations, ..*compute }));
            Registered {
                spec,
                description,
                kinds: &[],
                policy_rules: &[],
                #[cfg(feature = "embedded")]
                embedded: None,
            }
        }
        static EMPTY: Description = Description::EMPTY;
        let services = [
            named("compute", Ok(&EMPTY)),
            named("compute", Err("line 3".into())),
            named("x", Ok(&EMPTY)),
        ];
        let found = faults_of_services(&services, 1);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        let [panicked, twice, unread, foreign] = &found[..] else { panic!("{found:?}") };
        assert!(panicked.contains("panicked"), "{panicked}");
        assert_eq!(twice, "the service `compute` is faulty: its name is used twice");
        assert!(unread.ends_with("its description cannot be read: line 3"), "{unread}");
        assert!(foreign.contains("is not an operation of the service `x`"), "{foreign}");
    }

    #[test]
    fn names_and_making_operations_are_each_one_kinds_own() {
        static ONE: Kind = Kind::new("compute.x_one")
            .made_by(&["compute.flavors.create"])
            .with_id("flavor_id", &["/flavor/id"]);
        static OTHER: Kind = Kind::new("compute.x_other")
            .made_by(&["compute.flavors.create"])
            .with_id("flavor_id", &["/flavor/id"]);
        let found = faults_among(&[&ONE, &OTHER, &ONE], &[]);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(
            found[0].contains("`compute.x_other` is faulty: `compute.flavors.create`"),
            "{found:?}"
        );
        assert!(
            found[1].contains("`compute.x_one` is faulty: its name is used twice"),
            "{found:?}"
        );
    }

    #[test]
    fn a_kind_that_stands_on_none_or_on_itself_is_a_fault() {
        static UPPER: Kind = Kind::new("compute.x_upper").standing_on(&["compute.x_lower"]);
        static LOWER: Kind = Kind::new("compute.x_lower").standing_on(&["compute.x_uper"]);
        static EGG: Kind = Kind::new("compute.x_egg").standing_on(&["compute.x_hen"]);
        static HEN: Kind = Kind::new("compute.x_hen").standing_on(&["compute.x_egg"]);
        let found = faults_among(&[&UPPER, &LOWER, &EGG, &HEN], &[]);
        let [none, cycle] = &found[..] else { panic!("{found:?}") };
        assert!(none.what.contains("stands on `compute.x_uper`, which is no kind"), "{none}");
        assert!(none.help.contains("did you mean `compute.x_upper`"), "{}", none.help);
        assert!(
            cycle.to_string().contains("`compute.x_egg` is faulty: it stands on itself"),
            "{cycle}"
        );
        assert!(cycle.what.contains("by way of `compute.x_hen`"), "{cycle}");
    }

    #[test]
    fn a_cycle_that_begins_at_a_part_is_a_fault_of_what_it_holds_up() {
        static NEST: Kind = Kind::new("compute.x_nest").standing_on(&["compute.x_hen"]);
        static EGG: Kind = Kind::new("compute.x_egg").standing_on(&["compute.x_hen"]);
        static HEN: Kind = Kind::new("compute.x_hen").standing_on(&["compute.x_egg"]);
        let found = faults_among(&[&NEST, &EGG], &[&HEN]);
        let [cycle] = &found[..] else { panic!("{found:?}") };
        assert_eq!(cycle.of, "the kind `compute.x_egg`");
        assert!(cycle.what.contains("by way of `compute.x_hen`,"), "{cycle}");
    }

    #[test]
    fn a_parameter_that_is_not_in_the_path_is_found() {
        static KIND: Kind = Kind::new("compute.x_flavor")
            .made_by(&["compute.flavors.create"])
            .with_id("flavour_id", &["/flavor/id"])
            .undone_by(&[Step::of("compute.flavors.delete")]);
        let [(what, help)] = &of(&KIND)[..] else { panic!("{:?}", of(&KIND)) };
        assert!(what.contains("needs `flavor_id`"), "{what}");
        assert!(help.contains("`flavor_id` instead of `flavour_id`"), "{help}");
    }

    #[test]
    fn a_spec_function_that_panics_is_found() {
        let broken: fn() -> &'static ServiceSpec = || unreachable!("as a plugin's may");
        assert!(Registered::of(services::Service::new(broken)).is_none());
    }
}
