//! Checking kinds before a run starts: a misspelt operation would be found only when
//! something has to be undone.

use std::collections::BTreeSet;
use std::fmt;
use std::panic::catch_unwind;

use squall_model::suggest::{alternatives, similar};
use squall_model::{Operation, ServiceSpec};

use super::{Kind, all};

/// Something that is wrong with a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The kind's name.
    pub(crate) kind: &'static str,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do.
    pub(crate) help: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the kind `{}` is faulty: {}", self.kind, self.what)
    }
}

/// Returns the faults of all kinds.
///
/// - Its spec can be read, and has every operation that the kind names.
/// - The path parameters of those operations are known: the kind's id, its body
///   parameters, or parameters of the request that creates one.
/// - Names are unique, and so are the operations that create one.
pub(crate) fn faults() -> Vec<Fault> {
    faults_among(all())
}

fn faults_among(kinds: impl Iterator<Item = &'static Kind>) -> Vec<Fault> {
    let mut names = BTreeSet::new();
    let mut makers = BTreeSet::new();
    let mut found = Vec::new();
    for kind in kinds {
        let fault = |what: String, help: &str| Fault { kind: kind.name, what, help: help.into() };
        if !names.insert(kind.name) {
            found.push(fault("its name is used twice".to_owned(), "give every kind its own name"));
        }
        for operation in kind.made_by {
            if !makers.insert(operation) {
                let what = format!("`{operation}` already creates another kind");
                found.push(fault(what, "name each creating operation in one kind"));
            }
        }
        found.extend(faults_of(kind));
    }
    found
}

fn faults_of(kind: &'static Kind) -> Vec<Fault> {
    let fault = |what: String, help: String| Fault { kind: kind.name, what, help };
    let Ok(spec) = catch_unwind(kind.spec) else {
        return vec![fault(
            "the function that returns its spec panicked".to_owned(),
            "return the `SPEC` of the service's client".to_owned(),
        )];
    };
    let mut found = Vec::new();
    let missing = |spec: &ServiceSpec, id: &str| {
        let known = spec.operations.iter().map(|operation| operation.id.as_ref());
        let help = match similar(id, known) {
            near if near.is_empty() => format!("name an operation of the spec of {}", spec.name),
            near => format!("did you mean {}?", alternatives(near)),
        };
        fault(format!("the spec of {} has no operation `{id}`", spec.name), help)
    };
    // Another service may create one, such as a proxy.
    let makers: Vec<&Operation> = kind.made_by.iter().filter_map(|id| anywhere(spec, id)).collect();
    for id in kind.made_by {
        if anywhere(spec, id).is_none() {
            found.push(missing(spec, id));
        }
    }
    for what in spec.faults() {
        found.push(fault(what, "correct the trait of the service's client".to_owned()));
    }
    let mut known: Vec<&str> = vec![kind.id_param];
    known.extend(kind.body_params.iter().map(|(name, _)| *name));
    known.extend(makers.iter().flat_map(|made| made.path_parameters()));
    let steps = kind.undo.iter().chain(kind.freed_by).map(|step| step.operation);
    let shown = kind.shown_by.map(|(operation, _)| operation);
    let used = steps.chain(kind.list().map(|list| list.operation)).chain(kind.show()).chain(shown);
    for id in used {
        let Some(operation) = spec.operation(id) else {
            found.push(missing(spec, id));
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
                found.push(fault(
                    format!("the path of `{id}` needs `{parameter}`, which is not known"),
                    help,
                ));
            }
        }
    }
    for sweep in kind.sweep {
        let Ok(spec) = catch_unwind(sweep.spec) else { continue };
        for id in [sweep.listed.operation, sweep.delete] {
            if spec.operation(id).is_none() {
                found.push(missing(spec, id));
            }
        }
    }
    found
}

/// Finds an operation in a spec, or in that of any other kind.
fn anywhere(spec: &'static ServiceSpec, id: &str) -> Option<&'static Operation> {
    let own = spec.operation(id);
    own.or_else(|| {
        all().find_map(|kind| catch_unwind(kind.spec).ok().and_then(|spec| spec.operation(id)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Find, Gone, Listed, Step, Sweep, rank};
    use super::*;

    fn compute() -> &'static ServiceSpec {
        crate::compute::Compute::SPEC
    }

    /// A spec with an operation of another service.
    fn foreign() -> &'static ServiceSpec {
        static SPEC: std::sync::LazyLock<ServiceSpec> = std::sync::LazyLock::new(|| ServiceSpec {
            name: "x",
            operations: &compute().operations[..1],
            ..*compute()
        });
        &SPEC
    }

    fn broken() -> &'static ServiceSpec {
        unreachable!("as a plugin's may")
    }

    fn of(kind: &'static Kind) -> Vec<(String, String)> {
        faults_of(kind).into_iter().map(|fault| (fault.what, fault.help)).collect()
    }

    #[test]
    fn our_own_kinds_have_no_faults() {
        for kind in all().filter(|kind| !kind.name.starts_with("toys.")) {
            assert_eq!(faults_of(kind), []);
        }
    }

    #[test]
    fn a_misspelt_operation_is_found_with_a_suggestion() {
        static KIND: Kind = Kind::new("x.flavor", compute, rank::DEFINITION)
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
        static MADE: Kind = Kind::new("x.made", compute, rank::DEFINITION)
            .made_by(&["compute.flavors.creat"])
            .with_id("flavor_id", &["/flavor/id"]);
        static SWEPT: Kind = Kind::new("x.swept", compute, rank::DEFINITION).sweeping(&[Sweep {
            spec: compute,
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
    fn what_is_wrong_with_the_spec_is_found_with_the_kind() {
        static KIND: Kind = Kind::new("x.y", foreign, rank::DEFINITION);
        let [(what, _)] = &of(&KIND)[..] else { panic!("{:?}", of(&KIND)) };
        assert!(what.contains("is not an operation of the service `x`"), "{what}");
    }

    #[test]
    fn names_and_making_operations_are_each_one_kinds_own() {
        static ONE: Kind = Kind::new("x.one", compute, rank::DEFINITION)
            .made_by(&["compute.flavors.create"])
            .with_id("flavor_id", &["/flavor/id"]);
        static OTHER: Kind = Kind::new("x.other", compute, rank::DEFINITION)
            .made_by(&["compute.flavors.create"])
            .with_id("flavor_id", &["/flavor/id"]);
        let found = faults_among([&ONE, &OTHER, &ONE].into_iter());
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(found[0].contains("`x.other` is faulty: `compute.flavors.create`"), "{found:?}");
        assert!(found[1].contains("`x.one` is faulty: its name is used twice"), "{found:?}");
    }

    #[test]
    fn a_parameter_that_is_not_in_the_path_is_found() {
        static KIND: Kind = Kind::new("x.flavor", compute, rank::DEFINITION)
            .made_by(&["compute.flavors.create"])
            .with_id("flavour_id", &["/flavor/id"])
            .undone_by(&[Step::of("compute.flavors.delete")]);
        let [(what, help)] = &of(&KIND)[..] else { panic!("{:?}", of(&KIND)) };
        assert!(what.contains("needs `flavor_id`"), "{what}");
        assert!(help.contains("`flavor_id` instead of `flavour_id`"), "{help}");
    }

    #[test]
    fn a_spec_function_that_panics_is_found() {
        static KIND: Kind = Kind::new("x.y", broken, rank::DEFINITION);
        assert!(of(&KIND)[0].0.contains("panicked"));
    }
}
