//! The tests that a test with cases stands for.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::case::{BoundCase, Case};
use super::test::{Run, TestDescriptor};

/// Returns the tests that a descriptor stands for: itself, or one for each of its cases.
///
/// # Errors
///
/// If its function gives no cases, panics, or gives a case an id that is none.
pub(super) fn expand(
    test: &'static TestDescriptor,
) -> Result<Vec<&'static TestDescriptor>, CasesFault> {
    let Run::Cases(cases) = test.run else { return Ok(vec![test]) };
    let fault = |kind| CasesFault { test, kind };
    let cases = catch_unwind(AssertUnwindSafe(cases)).map_err(|_| fault(CasesFaultKind::Panic))?;
    if cases.is_empty() {
        return Err(fault(CasesFaultKind::Empty));
    }
    let wrong: Vec<String> =
        cases.iter().filter(|c| !is_id(&c.case.id)).map(|c| c.case.id.to_string()).collect();
    if !wrong.is_empty() {
        return Err(fault(CasesFaultKind::Ids(wrong)));
    }
    Ok(cases.into_iter().map(|case| registered(test, case)).collect())
}

/// Why a test's cases cannot be registered.
#[derive(Debug, Clone)]
pub struct CasesFault {
    /// The test.
    pub test: &'static TestDescriptor,
    /// What is wrong.
    pub kind: CasesFaultKind,
}

/// What is wrong with the cases of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CasesFaultKind {
    /// There are none.
    Empty,
    /// The function panicked.
    Panic,
    /// These are no ids.
    Ids(Vec<String>),
}

impl CasesFault {
    /// Returns what is wrong and what to do.
    pub(super) fn explain(&self) -> (String, String) {
        let at = format!("{}:{}: the cases of `{}`", self.test.file, self.test.line, self.test.id);
        match &self.kind {
            CasesFaultKind::Empty => (
                format!("{at} are none, so it would never run"),
                "return at least one case from the function named by `cases`".to_owned(),
            ),
            CasesFaultKind::Panic => (
                format!("{at} are unknown: their function panicked"),
                "the panic's message is above; a function of cases must not depend on the cloud \
                 or the environment"
                    .to_owned(),
            ),
            CasesFaultKind::Ids(ids) => (
                format!("{at} have ids that are not allowed: `{}`", ids.join("`, `")),
                "use lower-case letters, digits, `-`, `_`, `.` and `@`, as in `show@3.65`"
                    .to_owned(),
            ),
        }
    }
}

fn is_id(id: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| {
                c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '@')
            })
    };
    id.split('.').all(is_word)
}

/// Registers a case as a test that differs from its own only in what the case says.
fn registered(test: &'static TestDescriptor, bound: BoundCase) -> &'static TestDescriptor {
    let Case { id, summary, needs, features, tags, known_bug, value: () } = bound.case;
    let descriptor = TestDescriptor {
        id: format!("{}.{id}", test.id).leak(),
        summary: summary.map_or(test.summary, |text| text.into_owned().leak()),
        needs: joined(test.needs, needs),
        features: joined(test.features, features),
        tags: joined(test.tags, tags),
        known_bug: known_bug.or(test.known_bug),
        run: Run::Case(Box::leak(bound.run)),
        ..*test
    };
    Box::leak(Box::new(descriptor))
}

fn joined<T: Copy>(of_test: &'static [T], of_case: Vec<T>) -> &'static [T] {
    if of_case.is_empty() {
        return of_test;
    }
    let mut all = of_test.to_vec();
    all.extend(of_case);
    all.leak()
}

#[cfg(test)]
mod tests {
    use squall_model::{Microversion, VersionRange};

    use super::*;
    use crate::Context;
    use crate::registry::{Manifest, ManifestFile, Registry, TestFuture, bind, check, faults};

    fn nothing<'a>(_: &'a Context, _: &'a u32) -> TestFuture<'a> {
        Box::pin(async { Ok(()) })
    }

    const fn test(cases: fn() -> Vec<BoundCase>) -> TestDescriptor {
        TestDescriptor {
            file: "src/a.rs",
            line: 7,
            package: "acme",
            summary: "Of all.",
            tags: &["slow"],
            run: Run::Cases(cases),
            ..TestDescriptor::new("a.sizes", |_| Box::pin(async { Ok(()) }))
        }
    }

    fn registry(test: &'static TestDescriptor) -> Registry {
        Registry::new([test].into_iter(), [].into_iter())
    }

    #[test]
    fn each_case_is_a_test_with_what_it_adds() {
        static TEST: TestDescriptor = test(|| {
            let version = VersionRange::since(Microversion::new(3, 65));
            let second = Case::new("show@3.65", 2)
                .with_summary("Of one.")
                .with_need("volume", version)
                .with_feature("volume.backup")
                .with_tag("quick")
                .with_known_bug("launchpad 1");
            bind([second, Case::new("empty", 1)], nothing)
        });
        let registry = registry(&TEST);
        let ids: Vec<&str> = registry.tests.iter().map(super::super::Test::id).collect();
        assert_eq!(ids, ["a.sizes.empty", "a.sizes.show@3.65"]);
        let [plain, more] = &registry.tests[..] else { panic!("{ids:?}") };
        assert_eq!((plain.descriptor.summary, plain.descriptor.known_bug), ("Of all.", None));
        assert_eq!(plain.tags, ["slow"]);
        assert_eq!(more.descriptor.summary, "Of one.");
        assert_eq!(more.tags, ["quick", "slow"]);
        assert_eq!(more.features, ["volume.backup"]);
        assert_eq!(more.needs.len(), 1);
        assert_eq!(more.descriptor.known_bug, Some("launchpad 1"));
        assert!(faults(&registry).is_empty());
    }

    #[test]
    fn a_test_with_cases_counts_once_beside_its_source() {
        static TEST: TestDescriptor =
            test(|| bind([Case::new("one", 1), Case::new("two", 2)], nothing));
        const FILES: &[ManifestFile] =
            &[ManifestFile { path: "src/a.rs", tests: 2, conditional: 0 }];
        let missing = check(&[Manifest { package: "acme", files: FILES }], &registry(&TEST).tests);
        assert_eq!(missing[0].registered, 1, "two cases are not the two tests of the source");
    }

    #[test]
    fn cases_that_cannot_be_registered_are_faults() {
        static NONE: TestDescriptor = test(|| bind([], nothing));
        static WRONG: TestDescriptor =
            test(|| bind([Case::new("One", 1), Case::new("a..b", 2)], nothing));
        static PANICS: TestDescriptor = test(|| std::panic::resume_unwind(Box::new(())));
        static TWICE: TestDescriptor =
            test(|| bind([Case::new("a", 1), Case::new("a", 2)], nothing));
        for (test, part) in [
            (&NONE, "are none"),
            (&WRONG, "not allowed: `One`, `a..b`"),
            (&PANICS, "panicked"),
            (&TWICE, "`a.sizes.a` is used more than once"),
        ] {
            let found = faults(&registry(test));
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].what.contains(part), "{part}: {found:?}");
        }
    }
}
