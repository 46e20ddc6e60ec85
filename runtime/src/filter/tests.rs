//! What filters select, and how mistakes in them are told.

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
sample!(PORTS, "network.ports.list", "api", [], ["smoke"]);

fn tests() -> Vec<Test> {
    Registry::new([&BOOT, &SHOW, &PORTS].into_iter(), [].into_iter()).tests
}

fn selected(filter: &str) -> Vec<&'static str> {
    let filter = Filter::parse(filter).unwrap();
    tests().iter().filter(|test| filter.selects(test)).map(Test::id).collect()
}

#[test]
fn questions_are_exact_and_words_are_parts() {
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
fn a_mistake_is_told_at_its_place() {
    for (filter, place, message) in [
        ("", "", "ends where a test"),
        ("boot show", "s", "operator is missing"),
        ("service(compute", "(", "never closed"),
        ("boot)", ")", "never opened"),
        ("servce(compute)", "servce", "no question"),
        ("tag()", "()", "needs something to look for"),
        ("boot & ", "", "ends where a test"),
        ("| boot", "|", "to be named here"),
        ("/a(/", "/a(/", "no regular expression"),
        ("/a", "/a", "never closed"),
        ("tag(a b)", "b", "expected `)`"),
    ] {
        let error = Filter::parse(filter).unwrap_err();
        assert_eq!(&filter[error.span()], place, "{filter}: {error}");
        assert!(error.to_string().contains(message), "{filter}: {error}");
    }
}

#[test]
fn a_question_that_fits_nothing_says_what_there_is() {
    let filter = Filter::parse("service(compute) & !tag(slwo)").unwrap();
    let vain = filter.in_vain(&tests());
    assert_eq!(vain.len(), 1);
    let help = miette::Diagnostic::help(&vain[0]).unwrap().to_string();
    assert_eq!(
        (vain[0].to_string().as_str(), help.as_str()),
        ("`tag(slwo)` fits no test", "there are: slow, smoke")
    );
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
