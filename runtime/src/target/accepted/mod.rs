//! Accepted findings: what is known to be wrong with a released service, until a date.
//!
//! A test that fails as an entry says is a known bug, and does not fail the run. No test is made
//! weaker for it: on a cloud with a newer package, after the date, or with another answer, it
//! fails again.
//!
//! ```yaml
//! - id: null-body                            # unique in the file
//!   tests: [negative.volume.*.body.missing]  # `*` stands for any text
//!   answer: 500                              # a status, `accepted` (a success), or `none`
//!   says: "KeyError: 'body'"                 # a part of the failure's text; optional, if an answer
//!                                            # is what the test failed for
//!   package: cinder                          # the package it was found in, and its version
//!   version: 29.0.0
//!   symbol: cinder.api.validation.wrapper    # the place in its code
//!   cause: The validation takes a body for granted.
//!   expires: 2027-05-31
//! ```
//!
//! The program's own lists are compiled in (`squall::accepted_findings!`); a cloud's list is named
//! in `squall.toml` (`accepted-findings = "staging.yaml"`).

mod error;
mod file;
mod patterns;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use error::AcceptedError;
pub use file::{AcceptedFile, read, read_file};
pub use patterns::Patterns;

use crate::journal::Verdict;
use crate::{Answered, Failure};

/// Returns the findings that the program has, and those of a cloud's own list.
///
/// # Errors
/// Every mistake in the files.
pub fn all(of_cloud: Option<&Path>) -> Result<Vec<AcceptedFinding>, Vec<AcceptedError>> {
    let (mut findings, mut mistakes) = (Vec::new(), Vec::new());
    let compiled = inventory::iter::<AcceptedFile>().map(|file| read(file.path, file.text));
    for read in compiled.chain(of_cloud.map(read_file)) {
        match read {
            Ok(read) => findings.extend(read),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    findings.sort_by(|one: &AcceptedFinding, other| one.id.cmp(&other.id));
    if mistakes.is_empty() { Ok(findings) } else { Err(mistakes) }
}

/// The package of findings of the embedded cloud. No others are accepted there.
const EMBEDDED: &str = "squall-cloud";

/// A finding that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedFinding {
    /// Its name: that of its file and its own, as in `volume/null-body`.
    pub id: String,
    /// Patterns of the ids of its tests; `*` stands for any text.
    pub tests: Vec<String>,
    /// What the service answers.
    pub answer: Answered,
    /// A part of the failure's text.
    pub says: Option<String>,
    /// The package it was found in, as in `cinder`.
    pub package: String,
    /// The package's version.
    pub version: String,
    /// The place in the package's code.
    pub symbol: String,
    /// Why it happens.
    pub cause: String,
    /// The last day on which it is accepted.
    pub expires: Date,
}

/// The findings that are accepted of the cloud of a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Accepted {
    findings: Vec<Dated>,
    #[serde(skip)]
    patterns: Patterns,
}

/// A finding, and whether it is in force on the day of the run.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Dated {
    finding: AcceptedFinding,
    /// Why it is not in force; `None` if it is.
    lapsed: Option<String>,
}

/// What is accepted of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// It is a known bug, described in one line.
    KnownBug(String),
    /// It was accepted and is not any more, for this reason.
    Lapsed(String),
}

impl Accepted {
    /// Returns those of a cloud's findings that apply to it, on a day. `packages` are the packages
    /// of its services, as far as they are known, as in `cinder 29.0.0`; `None` is the embedded
    /// cloud.
    pub fn of(
        findings: &[AcceptedFinding],
        packages: Option<&BTreeMap<String, String>>,
        today: Date,
    ) -> Self {
        let applies = |one: &&AcceptedFinding| (one.package == EMBEDDED) == packages.is_none();
        let versions: BTreeMap<&str, &str> = packages
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter_map(|package| package.split_once(' '))
            .collect();
        let dated = |finding: &AcceptedFinding| Dated {
            lapsed: finding.lapsed(versions.get(finding.package.as_str()).copied(), today),
            finding: finding.clone(),
        };
        let findings = findings.iter().filter(applies).map(dated).collect();
        Self { findings, patterns: Patterns::default() }
    }

    /// Returns what is accepted of a test's failure.
    pub fn acceptance(&self, test: &str, failure: &Failure) -> Option<Acceptance> {
        let mut over = None;
        for at in self.matching(test) {
            let Dated { finding, lapsed } = &self.findings[at];
            match lapsed {
                _ if !finding.fits(failure) => {}
                None => return Some(Acceptance::KnownBug(finding.to_string())),
                Some(why) => over = Some(format!("it was accepted as {}: {why}", finding.id)),
            }
        }
        over.map(Acceptance::Lapsed)
    }

    /// Returns the positions of the findings of which a test is one.
    fn matching(&self, test: &str) -> impl Iterator<Item = usize> {
        let tests = || self.findings.iter().map(|one| one.finding.tests.as_slice());
        self.patterns.of(tests).matching(test)
    }

    /// Returns the findings in force of which tests ran and none failed so, with the number of these
    /// tests: what they accept is gone, or their patterns are wrong.
    pub fn unmet<'a>(
        &self,
        verdicts: impl Iterator<Item = (&'a str, &'a Verdict)>,
    ) -> Vec<(&AcceptedFinding, usize)> {
        // Of each finding the tests that ran, and whether one of them failed so.
        let mut seen = vec![(0, false); self.findings.len()];
        for (test, verdict) in verdicts {
            if matches!(verdict, Verdict::Skipped { .. } | Verdict::NotRun { .. }) {
                continue;
            }
            // Two findings may fit one failure: both are met.
            let failure = match verdict {
                Verdict::KnownBug { failure, .. } | Verdict::Failed { failure } => Some(failure),
                _ => None,
            };
            for at in self.matching(test) {
                let (ran, is_met) = &mut seen[at];
                *ran += 1;
                *is_met |= failure.is_some_and(|failure| self.findings[at].finding.fits(failure));
            }
        }
        self.findings
            .iter()
            .zip(seen)
            .filter(|(one, (ran, is_met))| *ran > 0 && !is_met && one.lapsed.is_none())
            .map(|(one, (ran, _))| (&one.finding, ran))
            .collect()
    }

    /// Returns the findings of these tests that are not in force, with the reason.
    pub fn over<'a>(&self, tests: impl Iterator<Item = &'a str>) -> Vec<(&AcceptedFinding, &str)> {
        let of_tests: BTreeSet<usize> = tests.flat_map(|test| self.matching(test)).collect();
        let dated = of_tests.into_iter().map(|at| &self.findings[at]);
        dated.filter_map(|one| Some((&one.finding, one.lapsed.as_deref()?))).collect()
    }
}

impl AcceptedFinding {
    /// Whether a failure is this finding: the service answered so, and said so.
    fn fits(&self, failure: &Failure) -> bool {
        let says = self.says.as_ref().map(|says| failure.to_string().contains(says));
        match failure.answer() {
            Some(answer) => answer.answered == self.answer && says.unwrap_or(true),
            // It may be about anything, such as what could not be set up: its text has to tell.
            None => self.answer == Answered::Accepted && says.unwrap_or(false),
        }
    }

    /// Returns why it is not accepted any more; `version` is that of the package on the cloud.
    fn lapsed(&self, version: Option<&str>, today: Date) -> Option<String> {
        if today > self.expires {
            return Some(format!("only until {}", self.expires));
        }
        let newer = version.filter(|version| parts(version) > parts(&self.version))?;
        let Self { package, version, .. } = self;
        Some(format!(
            "it was found in {package} {version}, and the cloud has {newer}: see whether it is \
             still there"
        ))
    }
}

/// Splits a version into its numbers: `29.0.1.dev3` is 29, 0, 1.
fn parts(version: &str) -> Vec<u64> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

impl std::fmt::Display for AcceptedFinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, package, version, symbol, cause, .. } = self;
        write!(f, "{id}: {cause} ({symbol}, {package} {version})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnexpectedAnswer;

    const LIST: &str = "\
- id: null-body
  tests: [negative.volume.*.body.missing]
  answer: 500
  says: 'body'
  package: cinder
  version: 29.0.0
  symbol: cinder.api.validation.wrapper
  cause: The validation takes a body for granted.
  expires: 2027-05-31
";
    const TEST: &str = "negative.volume.volumes.create.body.missing";

    fn failure(status: Option<u16>, text: &str) -> Failure {
        let answered = Answered::of(status);
        Failure::new(text).with_answer(UnexpectedAnswer { answered, ..UnexpectedAnswer::default() })
    }

    fn accepted(packages: Option<&[&str]>, today: &str) -> Accepted {
        let findings = read("volume.yaml", LIST).unwrap();
        let packages = packages.map(|packages| {
            let service = |package: &&str| ("volume".to_owned(), (*package).to_owned());
            packages.iter().map(service).collect()
        });
        Accepted::of(&findings, packages.as_ref(), today.parse().unwrap())
    }

    #[test]
    fn a_failure_is_accepted_if_test_answer_and_text_fit() {
        let accepted = accepted(Some(&["cinder 29.0.0"]), "2027-05-31");
        let of = |test: &str, status, text| accepted.acceptance(test, &failure(status, text));
        let known = Acceptance::KnownBug(
            "volume/null-body: The validation takes a body for granted. \
             (cinder.api.validation.wrapper, cinder 29.0.0)"
                .to_owned(),
        );
        assert_eq!(of(TEST, Some(500), "KeyError: 'body'"), Some(known));
        assert_eq!(of(TEST, Some(500), "KeyError: 'name'"), None);
        assert_eq!(of(TEST, Some(400), "KeyError: 'body'"), None);
        assert_eq!(of(TEST, None, "KeyError: 'body'"), None);
        assert_eq!(of("negative.volume.volumes.create.body.null", Some(500), "'body'"), None);
        assert_eq!(accepted.acceptance(TEST, &Failure::new("'body'")), None);
    }

    #[test]
    fn a_failure_that_keeps_no_answer_is_accepted_by_its_text_alone() {
        let laxer = |says: Option<&str>| AcceptedFinding {
            answer: Answered::Accepted,
            says: says.map(str::to_owned),
            ..read("volume.yaml", LIST).unwrap().remove(0)
        };
        let in_the_way = Failure::new("no volume.volume to test with");
        assert!(!laxer(None).fits(&in_the_way));
        assert!(!laxer(Some("is still listed")).fits(&in_the_way));
        assert!(laxer(Some("is still listed")).fits(&Failure::new("a is still listed")));
        assert!(laxer(None).fits(&failure(Some(202), "the service accepted it")));
    }

    #[test]
    fn nothing_is_accepted_after_the_date_or_of_a_newer_package() {
        let lapsed = |packages: &[&str], today: &str| {
            let failure = failure(Some(500), "KeyError: 'body'");
            match accepted(Some(packages), today).acceptance(TEST, &failure) {
                Some(Acceptance::Lapsed(why)) => why,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            lapsed(&[], "2027-06-01"),
            "it was accepted as volume/null-body: only until 2027-05-31"
        );
        assert_eq!(
            lapsed(&["cinder 29.0.10"], "2026-12-01"),
            "it was accepted as volume/null-body: it was found in cinder 29.0.0, and the cloud has \
             29.0.10: see whether it is still there"
        );
        let older = accepted(Some(&["cinder 28.1.0"]), "2026-12-01");
        assert_eq!(older.over([TEST].into_iter()), []);
    }

    #[test]
    fn a_service_s_finding_is_not_accepted_of_the_embedded_cloud() {
        let failure = failure(Some(500), "KeyError: 'body'");
        assert_eq!(accepted(None, "2026-12-01").acceptance(TEST, &failure), None);
    }

    #[test]
    fn a_finding_that_no_test_meets_any_more_is_told() {
        let accepted = accepted(Some(&[]), "2026-12-01");
        let failure = failure(Some(500), "'body'");
        let Some(Acceptance::KnownBug(bug)) = accepted.acceptance(TEST, &failure) else { panic!() };
        let unmet = |verdict: &Verdict| {
            let unmet = accepted.unmet([(TEST, verdict), ("volume.other", verdict)].into_iter());
            unmet.into_iter().map(|(one, tests)| (one.id.clone(), tests)).collect::<Vec<_>>()
        };
        assert_eq!(unmet(&Verdict::Passed), [("volume/null-body".to_owned(), 1)]);
        assert_eq!(unmet(&Verdict::Skipped { reason: "no".to_owned() }), []);
        assert_eq!(unmet(&Verdict::KnownBug { bug, failure }), []);
    }

    #[test]
    fn a_worker_accepts_the_same() {
        let sent = serde_json::to_string(&accepted(Some(&[]), "2026-12-01")).unwrap();
        let received: Accepted = serde_json::from_str(&sent).unwrap();
        let failure = failure(Some(500), "'body'");
        assert!(matches!(received.acceptance(TEST, &failure), Some(Acceptance::KnownBug(_))));
    }
}
