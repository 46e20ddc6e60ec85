//! The policy matrix names the rules that a cloud enforces in another way than it should, and no
//! others: rules of an embedded cloud are changed at random, and the matrix is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use http::StatusCode;
use regex::Regex;
use squall::journal::{Entry, Event};
use squall::model::{Gate, Method, Operation, PolicyRule, ServiceSpec};
use squall::services;
use squall_cloud::{Cloud, Options, PolicyFile};
use squall_records::{Access, ExpectedAccess};

use crate::support::{Rule, Sandbox, ServedCloud, block_on, effect};

/// What a run of the matrix saw of a rule.
#[derive(Debug, Default)]
struct Seen {
    allowed: bool,
    /// How many personas in a project are denied: of others, the scope may be what is missing.
    denied: usize,
    /// How many denials have to be 403, and nothing else is right.
    denied_alone: usize,
    deviates: bool,
}

/// How a rule of the cloud is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    /// It allows everyone.
    Looser,
    /// It allows the cloud's own administrator alone, as whom the run prepares its tests.
    Stricter,
    /// Whom it denies is told that there is nothing.
    WrongStatus,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Looser => "looser",
            Self::Stricter => "stricter",
            Self::WrongStatus => "wrong status",
        })
    }
}

/// A rule that can be changed so that it shows, and nothing else does.
struct Candidate {
    spec: &'static ServiceSpec,
    rule: &'static str,
    operations: Vec<&'static Operation>,
}

/// Runs the matrix, and returns what it saw of each rule.
fn matrix(cloud: &ServedCloud, filter: &str) -> BTreeMap<String, Seen> {
    let sandbox = Sandbox::with_cloud(cloud, "c");
    let output = sandbox.run(["policy", "run", "--cloud", "c", "--gate", "report", filter]);
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let [run] = &sandbox.runs()[..] else { panic!("{output}") };
    for line in sandbox.read(run.join("journal.jsonl")).lines() {
        let Event::PolicyCell { cell, .. } = serde_json::from_str::<Entry>(line).unwrap().event
        else {
            continue;
        };
        let rule = seen.entry(cell.rule.clone()).or_default();
        rule.allowed |= cell.observed == Access::Allowed;
        let denied = cell.observed == Access::Denied;
        rule.denied += usize::from(denied && cell.persona.contains("project"));
        rule.denied_alone += usize::from(denied && cell.expected == ExpectedAccess::Denied);
        rule.deviates |= cell.deviation().is_some();
    }
    assert!(!seen.is_empty(), "{output}");
    seen
}

/// Returns the rules that stand alone: each operation that asks one asks no other, and no rule
/// refers to it. A change of any other shows in the rows of several.
fn candidates(services: &[&str]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (spec, rules) in services::policy_rules() {
        if !services.contains(&spec.name) {
            continue;
        }
        let asking = |rule: &PolicyRule| -> Vec<&'static Operation> {
            let asks = |one: &&&'static Operation| one.policies.iter().any(|p| p.rule == rule.name);
            spec.operations.iter().filter(asks).copied().collect()
        };
        for rule in rules {
            let operations = asking(rule);
            let alone = operations.iter().all(|one| {
                one.policies.len() == 1 && one.policies.iter().all(|p| p.gate == Gate::Gate)
            });
            let reference = format!("rule:{}", rule.name);
            let is_part = rules.iter().any(|other| other.check.contains(&reference));
            // Network asks what a resource is read by before it refuses a change: 403 becomes 404.
            let of_others = spec.name == "network" && rule.name.starts_with("get_");
            if !operations.is_empty() && alone && !is_part && !of_others {
                found.push(Candidate { spec, rule: rule.name.as_ref(), operations });
            }
        }
    }
    found
}

/// Chooses so many changes of candidates that will show.
fn choose(
    candidates: Vec<Candidate>,
    seen: &BTreeMap<String, Seen>,
    count: usize,
    seed: u64,
) -> Vec<(Candidate, Change)> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut found: Vec<(Candidate, Change)> = Vec::new();
    for candidate in candidates {
        let Some(seen) = seen.get(candidate.rule).filter(|seen| !seen.deviates) else { continue };
        let each = |is: fn(&Operation) -> bool| candidate.operations.iter().all(|one| is(one));
        // What makes or changes something may be needed to try another rule.
        let only_reads_or_deletes = each(|one| matches!(one.method, Method::Get | Method::Delete));
        let possible: Vec<Change> = [
            (Change::Stricter, seen.allowed && only_reads_or_deletes),
            (Change::Looser, seen.denied > 0),
            (Change::WrongStatus, seen.denied_alone > 0 && each(|one| one.action.is_none())),
        ]
        .into_iter()
        .filter_map(|(change, shows)| shows.then_some(change))
        .collect();
        if let Some(change) = random.choice(&possible) {
            found.push((candidate, *change));
        }
    }
    random.shuffle(&mut found);
    assert!(found.len() >= count, "only {} rules can be changed", found.len());
    found.truncate(count);
    found
}

/// Serves a cloud with these changes.
fn changed(changes: &[(Candidate, Change)], admin: &str) -> ServedCloud {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for (candidate, change) in changes {
        let check = match change {
            Change::Looser => "@".to_owned(),
            Change::Stricter => format!("user_id:{admin}"),
            Change::WrongStatus => continue,
        };
        let file = files.entry(candidate.spec.name).or_default();
        writeln!(file, "\"{}\": \"{check}\"", candidate.rule).unwrap();
    }
    let mut builder = Cloud::builder(Options { speed: f64::INFINITY, ..Options::default() });
    for (service, text) in files {
        let name = format!("{service}.yaml");
        builder = builder.policy_file(PolicyFile { service: service.to_owned(), name, text });
    }
    let cloud = ServedCloud::of(builder.build().unwrap());
    for (candidate, _) in changes.iter().filter(|(_, change)| *change == Change::WrongStatus) {
        for operation in &candidate.operations {
            let path = address(candidate.spec, operation);
            let others: Vec<Regex> = candidate
                .spec
                .operations
                .iter()
                .filter(|other| other.method == operation.method && is_word(other, operation))
                .map(|other| address(candidate.spec, other))
                .collect();
            let method = operation.method;
            let is_it = move |request: &http::Request<bytes::Bytes>| {
                let at = request.uri().path();
                request.method().as_str() == method.as_str()
                    && path.is_match(at)
                    && !others.iter().any(|other| other.is_match(at))
            };
            let hide = effect::alter(|_, response| {
                if response.status() == StatusCode::FORBIDDEN {
                    *response.status_mut() = StatusCode::NOT_FOUND;
                }
            });
            cloud.add(Rule::when(is_it, hide));
        }
    }
    cloud
}

/// Whether an operation has a word in its path where another has a parameter, as in
/// `/os-hypervisors/detail`.
fn is_word(operation: &Operation, other: &Operation) -> bool {
    operation.path_parameters().count() < other.path_parameters().count()
}

/// Returns the id of the cloud's own administrator.
fn administrator(cloud: &ServedCloud) -> String {
    let session = cloud.session();
    block_on(async move { session.token().await.unwrap().user.id.clone() })
}

/// Returns what the path of a request for an operation looks like.
fn address(spec: &ServiceSpec, operation: &Operation) -> Regex {
    // The service's name begins the path; a version and a project may follow.
    let mut pattern = format!("^/{}[^/]*(/v[0-9][^/]*)?(/[0-9a-f]{{32}})?", spec.name);
    for (position, part) in operation.path.split(['{', '}']).enumerate() {
        pattern.push_str(&if position % 2 == 1 { "[^/]+".to_owned() } else { regex::escape(part) });
    }
    Regex::new(&(pattern + "$")).unwrap()
}

/// Changes rules, and checks that the matrix names each of them and nothing else.
fn prove(services: &[&str], filter: &str, count: usize, seed: u64) {
    let seed = std::env::var("SQUALL_SEED").map_or(seed, |seed| seed.parse().unwrap());
    println!("seed {seed}: SQUALL_SEED repeats it");
    let cloud = ServedCloud::start();
    let admin = administrator(&cloud);
    let before = matrix(&cloud, filter);
    let changes = choose(candidates(services), &before, count, seed);
    let wanted: BTreeMap<&str, String> =
        changes.iter().map(|(one, change)| (one.rule, change.to_string())).collect();
    println!("{wanted:#?}");
    let cloud = changed(&changes, &admin);
    assert_eq!(administrator(&cloud), admin, "clouds with one seed have the same ids");
    let after = matrix(&cloud, filter);
    let deviating = |seen: &BTreeMap<String, Seen>| -> BTreeSet<String> {
        let rules = seen.iter().filter(|(_, seen)| seen.deviates);
        rules.map(|(rule, _)| rule.clone()).collect()
    };
    let named: BTreeSet<String> =
        deviating(&after).difference(&deviating(&before)).cloned().collect();
    let wanted: BTreeSet<String> = wanted.into_keys().map(str::to_owned).collect();
    let missed: Vec<_> = wanted.difference(&named).collect();
    let others: Vec<_> = named.difference(&wanted).collect();
    assert!(
        missed.is_empty() && others.is_empty(),
        "missed: {missed:#?}\nnamed as well: {others:#?}"
    );
}

#[test]
fn the_matrix_names_five_changed_rules_and_no_others() {
    prove(&["placement"], "service(placement)", 5, 11);
}

#[test]
#[ignore = "runs the whole matrix twice: `.ci/nightly rules`"]
fn the_matrix_names_fifty_changed_rules_and_no_others() {
    let services = ["compute", "identity", "image", "network", "placement", "volume"];
    prove(&services, "all()", 50, fastrand::u64(..));
}
