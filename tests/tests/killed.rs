//! Runs that are killed with signal 9 at any point: a cleanup leaves the cloud as it
//! was, or says what is left, and never touches what belongs to others.
//!
//! In a third of the rounds the contract suites are killed, in a third the boundary tests, and in
//! a third the others.
//!
//! Each round has a cloud of its own, with a name of any kind, with resources of others
//! that look like the run's, and with lists in pages of two. In a tenth of the rounds a
//! byte of the ledger is damaged.
//!
//! `SQUALL_KILLS` sets the number of rounds (20), `SQUALL_SEED` the seed of everything
//! that is random; it is printed, and with a failure again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use http::Method;
use serde_json::{Value, json};
use squall::census::{self, Census};
use squall::client::Session;
use squall::client::by_id::{Api as _, Request, SessionApi};
use squall::ledger::{LedgerEntry, Record};
use squall::services;

use crate::interrupted::settings;
use crate::support::{Rule, Sandbox, ServedCloud, effect};

/// How many rounds there are unless `SQUALL_KILLS` says so.
const ROUNDS: u64 = 20;

/// How many rounds go on at a time.
const LANES: u64 = 2;

/// What is run, and after how many events it is killed at the latest.
const RUNS: [(&str, usize); 3] = [(SUITES, 400), (CONTRACTS, 2_000), (BOUNDARIES, 8_000)];

/// Names that clouds may have: that of the embedded one among them.
const CLOUDS: [&str; 5] = ["embedded", "shared", "my cloud", "squall-3c9e8b77", "Köln_2"];

/// Tests of every service that create resources, and wait for few.
const SUITES: &str = "!kind(contract) & (service(network) | service(identity) | service(volume) | \
    service(object_storage) | service(placement) | service(image) | test(=compute.servers.boot) | \
    suite(compute.shared-server))";

/// The contract suites, which create a resource of every kind.
const CONTRACTS: &str = "kind(contract)";

/// The tests of valid values at their bounds, which give odd names, set states and change what
/// belongs to the cloud. What is skipped is many events of the beginning.
const BOUNDARIES: &str = "kind(boundary) & !service(identity) | suite(boundary.identity.roles)";

/// Lists that the services page, whatever their callers ask for.
const PAGED: [&str; 9] = [
    "/compute/v2.1/flavors",
    "/compute/v2.1/servers",
    "/compute/v2.1/os-server-groups",
    "/networking/v2.0/networks",
    "/networking/v2.0/security-groups",
    "/networking/v2.0/ports",
    "/volume/v3/",
    "/image/v2/images",
    "/identity/v3/projects",
];

#[test]
fn what_a_killed_run_made_is_cleaned_up_and_nothing_else() {
    let rounds = number("SQUALL_KILLS").unwrap_or(ROUNDS);
    let seed = number("SQUALL_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
    println!("{rounds} killed runs with SQUALL_SEED={seed}");
    std::thread::scope(|scope| {
        for lane in 0..LANES {
            scope.spawn(move || {
                for round in (lane..rounds).step_by(usize::try_from(LANES).unwrap()) {
                    Round::new(seed, round).play();
                }
            });
        }
    });
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

struct Round {
    what: String,
    random: fastrand::Rng,
    cloud: ServedCloud,
    admin: Session,
    sandbox: Sandbox,
    name: &'static str,
    /// What it runs, and after how many events it is killed at the latest.
    run: (&'static str, usize),
    /// Whether the ledger gets damaged.
    is_damaged: bool,
}

impl Round {
    fn new(seed: u64, round: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003) + round);
        let cloud = ServedCloud::start();
        let name = CLOUDS[random.usize(..CLOUDS.len())];
        Self {
            what: format!("SQUALL_SEED={seed}, round {round}, on cloud `{name}`"),
            admin: cloud.session(),
            sandbox: Sandbox::with_cloud(&cloud, name),
            cloud,
            name,
            run: RUNS[random.usize(..RUNS.len())],
            is_damaged: random.u8(..10) == 0,
            random,
        }
    }

    fn play(mut self) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(populate(&self.admin, "theirs"));
        let mut others = all(&runtime.block_on(held(&self.admin)));
        let before_it = runtime.block_on(settings(&self.admin));
        let events = self.random.usize(1..=self.run.1);
        self.kill_after(events);
        let run_dir = self.sandbox.runs().pop().unwrap();
        let ledger = run_dir.join("ledger.jsonl");
        let made = names(&ledger);
        let before = all(&runtime.block_on(held(&self.admin)));
        for name in made.iter().take(3) {
            runtime.block_on(populate(&self.admin, &format!("nightly-copy-of-{name}")));
        }
        let lookalikes = all(&runtime.block_on(held(&self.admin)));
        // A request that the run sent before it was killed may be done only now.
        let is_the_runs = |name: &str| name.starts_with("squall-") || name.starts_with("CUSTOM_");
        let new = lookalikes.difference(&before).filter(|(_, _, name)| !is_the_runs(name));
        others.extend(new.cloned());
        if self.is_damaged {
            self.damage(&ledger);
        }
        self.page_by_two();
        let cleaned = self.sandbox.run(["cleanup", "last"]);
        self.cloud.calm();
        let after = runtime.block_on(held(&self.admin));
        let what = format!("{}, killed after {events} events: {cleaned}", self.what);
        let missing: Vec<_> = others.difference(&all(&after)).cloned().collect();
        assert!(missing.is_empty(), "{what}\nresources of others are gone: {missing:?}");
        let changed = runtime.block_on(settings(&self.admin));
        assert!(
            self.is_damaged || changed == before_it,
            "{what}\n{before_it:?} became {changed:?}"
        );
        let left: Vec<_> = all(&after).difference(&others).cloned().collect();
        match cleaned.code {
            Some(0) => assert!(left.is_empty(), "{what}\nit claims that nothing is left: {left:?}"),
            Some(1) => {
                assert!(self.is_damaged, "{what}\n{left:?}");
                assert!(cleaned.stdout.contains("line "), "{what}");
            }
            _ => panic!("{what}"),
        }
    }

    /// Starts a run and kills it, and all its processes, after so many events.
    fn kill_after(&self, events: usize) {
        let arguments = ["run", "--cloud", self.name, "--format", "json", "-j", "4", self.run.0];
        let run = self.sandbox.start(arguments);
        run.lines(events);
        run.kill();
        run.wait();
    }

    /// Flips a bit of a line of the ledger.
    fn damage(&mut self, ledger: &Path) {
        let Ok(mut bytes) = fs::read(ledger) else { return };
        let inside: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != b'\n').collect();
        if let Some(at) = (!inside.is_empty()).then(|| inside[self.random.usize(..inside.len())]) {
            bytes[at] ^= 0x80;
            fs::write(ledger, bytes).unwrap();
        }
    }

    /// Makes the services page their lists by two.
    fn page_by_two(&self) {
        let is_list = |request: &http::Request<bytes::Bytes>| {
            let path = request.uri().path();
            request.method() == Method::GET
                && PAGED.iter().any(|list| match list.strip_suffix('/') {
                    Some(service) => path.starts_with(service) && is_collection(path),
                    None => path == *list,
                })
        };
        self.cloud.add(Rule::when(is_list, effect::page_by(2)));
    }
}

/// Whether a path of the volume service is that of a list it pages.
fn is_collection(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    matches!(last, "volumes" | "snapshots" | "backups" | "types" | "qos-specs" | "group_types")
}

/// Returns the names that a run's ledger has, as it was written.
fn names(ledger: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(ledger).unwrap_or_default();
    let records = text.lines().filter_map(|line| serde_json::from_str::<Record>(line).ok());
    records
        .filter_map(|record| match record.entry {
            LedgerEntry::Intent(intent) => Some(intent.name),
            _ => None,
        })
        .collect()
}

async fn held(admin: &Session) -> Census {
    let census = census::take(&SessionApi::new(admin.clone())).await;
    assert!(census.len() > 20, "{census:?}");
    census
}

/// A kind, an id and a name.
type Thing = (String, String, String);

fn all(census: &Census) -> BTreeSet<Thing> {
    let things = census.kinds.iter().flat_map(|(kind, things)| {
        things.iter().map(|(id, name)| (kind.clone(), id.clone(), name.clone()))
    });
    things.collect()
}

/// Creates resources that are none of the run's business, past any ledger.
async fn populate(admin: &Session, name: &str) {
    let api = SessionApi::new(admin.clone());
    let named = |key: &str| -> Value { json!({ key: { "name": name } }) };
    for (operation, body) in [
        ("network.networks.create", named("network")),
        ("network.security_groups.create", named("security_group")),
        ("volume.volumes.create", json!({ "volume": { "name": name, "size": 1 } })),
        ("volume.volume_types.create", named("volume_type")),
        ("identity.projects.create", named("project")),
        ("identity.users.create", named("user")),
        ("image.images.create", json!({ "name": name })),
        ("placement.resource_providers.create", json!({ "name": name })),
        (
            "compute.flavors.create",
            json!({ "flavor": { "name": name, "ram": 64, "vcpus": 1, "disk": 1 } }),
        ),
    ] {
        let (spec, _) = services::operation(operation).unwrap();
        let (params, query) = (&BTreeMap::new(), Vec::new());
        let operation = spec.operation(operation).map(|known| known.id.as_ref()).unwrap();
        let request = Request { spec, operation, params, query, body: Some(body) };
        let answer = api.send(request).await.unwrap();
        assert!(answer.status < 300, "{operation}: {answer:?}");
    }
}
