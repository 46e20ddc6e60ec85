//! What filters select, and how errors in them are reported.

use proptest::prelude::*;

use super::*;
use crate::registry::{Need, Registry, TestDescriptor};

macro_rules! sample {
    ($name:ident, $id:literal, $kind:literal, [$($service:literal),*], [$($tag:literal),*]) => {
        static $name: TestDescriptor = TestDescriptor {
            function: "a_rule_holds",
            module: "acme::compute::servers",
            package: "acme-tests",
            kind: Some($kind),
            needs: &[$(Need { service: $service, versions: squall_model::VersionRange::ALL }),*],
            tags: &[$($tag),*],
            ..TestDescriptor::new($id, |_| Box::pin(async { Ok(()) }))
        };
    };
}

sample!(BOOT, "compute.servers.boot", "scenario", ["compute", "image"], ["slow"]);
sample!(SHOW, "compute.servers.show", "api", ["compute"], []);
sample!(VOLUMES, "volume.volumes.list", "api", ["volume", "object_storage"], []);
sample!(PORTS, "network.ports.list", "api", [], ["smoke"]);

fn tests() -> Vec<Test> {
    Registry::new([&BOOT, &SHOW, &PORTS].into_iter(), [].into_iter()).tests
}

fn selected(filter: &str) -> Vec<&'static str> {
    let filter = Filter::parse(filter).unwrap();
    tests().iter().filter(|test| filter.selects(test)).map(Test::id).collect()
}

#[test]
fn a_service_goes_by_any_of_its_names() {
    let tests = Registry::new([&BOOT, &VOLUMES].into_iter(), [].into_iter()).tests;
    for name in [
        "volume",
        "block-storage",
        "volumev3",
        "block*",
        "object_storage",
        "object-store",
        "object-storage",
        "/^block-store$/",
    ] {
        let filter = Filter::parse(&format!("service({name})")).unwrap();
        let selected: Vec<_> =
            tests.iter().filter(|test| filter.selects(test)).map(Test::id).collect();
        assert_eq!(selected, ["volume.volumes.list"], "{name}");
        assert!(filter.unmatched(&tests).is_empty(), "{name}");
    }
}

#[test]
fn predicates_are_exact_and_words_are_parts() {
    let (boot, show, ports) =
        ("compute.servers.boot", "compute.servers.show", "network.ports.list");
    for (filter, expected) in [
        ("boot", vec![boot]),
        ("acme::compute", vec![boot, show, ports]),
        ("*.list", vec![ports]),
        ("service(compute)", vec![boot, show]),
        ("service(comp)", vec![]),
        ("service(comp*)", vec![boot, show]),
        ("service(network)", vec![ports]),
        ("service(image) | tag(smoke)", vec![boot, ports]),
        ("service(compute) & !tag(slow)", vec![show]),
        ("service(compute) and not tag(slow)", vec![show]),
        ("!(boot | show)", vec![ports]),
        ("! boot & ! show", vec![ports]),
        ("kind(api)", vec![show, ports]),
        (r"/s\.(boot|list)$/", vec![boot, ports]),
        ("id(/^compute/)", vec![boot, show]),
        ("package(acme-tests) && test(rule)", vec![boot, show, ports]),
        ("boot | show & none()", vec![boot]),
        ("all()", vec![boot, show, ports]),
    ] {
        assert_eq!(selected(filter), expected, "{filter}");
    }
}

#[test]
fn an_error_points_to_its_position() {
    for (filter, place, message) in [
        ("", "", "unexpected end"),
        ("boot show", "s", "expected an operator"),
        ("service(compute", "(", "not closed"),
        ("boot)", ")", "unmatched closing"),
        ("servce(compute)", "servce", "unknown filter predicate"),
        ("tag()", "()", "needs a pattern"),
        ("boot & ", "", "unexpected end"),
        ("| boot", "|", "expected a word"),
        ("/a(/", "/a(/", "invalid regular expression"),
        ("/a", "/a", "not closed"),
        ("tag(a b)", "b", "expected `)`"),
    ] {
        let error = Filter::parse(filter).unwrap_err();
        assert_eq!(&filter[error.span()], place, "{filter}: {error}");
        assert!(error.to_string().contains(message), "{filter}: {error}");
    }
}

#[test]
fn a_predicate_that_matches_nothing_suggests_a_value_or_lists_all() {
    for (tag, wanted) in [("slwo", "did you mean `slow`?"), ("other", "known: slow, smoke")] {
        let filter = Filter::parse(&format!("service(compute) & !tag({tag})")).unwrap();
        let unmatched = filter.unmatched(&tests());
        assert_eq!(unmatched.len(), 1);
        let help = miette::Diagnostic::help(&unmatched[0]).unwrap().to_string();
        assert_eq!(unmatched[0].to_string(), format!("`tag({tag})` matches no test"));
        assert_eq!(help, wanted);
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in r"[a-z()&|!/\\ *é]{0,40}") {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(text.get(error.span()).is_some());
        }
    }

    #[test]
    fn negation_selects_the_others(text in r"(service|tag|id)\([a-z]{1,6}\*?\)( [&|] boot)?") {
        let (plain, negated) = (selected(&text), selected(&format!("!({text})")));
        prop_assert_eq!(plain.len() + negated.len(), tests().len());
    }
}

#[test]
fn a_kind_is_named_by_its_predicate_by_an_id_and_by_all() {
    let names = |filter: &str| Filter::parse(filter).unwrap().names_kind("negative");
    for filter in [
        "kind(negative)",
        "negative.compute.*",
        "service(compute) & id(negative.*)",
        "all()",
        "/negative/",
    ] {
        assert!(names(filter), "{filter}");
    }
    for filter in ["service(compute)", "!kind(contract)", "!tag(negative)", "none()"] {
        assert!(!names(filter), "{filter}");
    }
}
