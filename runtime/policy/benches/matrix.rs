//! What it costs to decide every default rule for every persona, beside oslo.policy.
//!
//! All services' rules, 14 personas and one target: some 15,000 checks, credentials and targets
//! being ready. With `SQUALL_ORACLES`, the folder of the environments that `cargo xtask harvest`
//! makes, oslo.policy is asked the same in the same run; with neither, only this crate is measured.
//!
//! `cargo bench -p squall-policy --bench matrix`; the bar is 25 ms.

use std::hint::black_box;

use criterion::Criterion;
use squall_policy::{Credentials, Decision, Policy, RuleId};

#[path = "../tests/agreement/asked.rs"]
mod asked;
#[path = "../tests/agreement/oracle.rs"]
mod oracle;

const SERVICES: [&str; 6] = ["compute", "identity", "image", "network", "placement", "volume"];

struct Prepared {
    policy: Policy,
    checks: Vec<(RuleId, Credentials, serde_json::Value)>,
}

/// Returns a service's rules asked for all personas, each about the same target.
fn world(service: &str) -> oracle::World {
    asked::world(service, true, &asked::targets(asked::rules(service))[..1])
}

fn prepare(service: &str) -> Prepared {
    let world = world(service);
    let (policy, _) = world.builder().build_anyway();
    let ready = |check: &oracle::Check| {
        let rule = policy.rule(&check.rule)?;
        Some((rule, Credentials::from_json(check.credentials.clone()), check.target.clone()))
    };
    let checks = world.checks.iter().filter_map(ready).collect();
    Prepared { policy, checks }
}

fn main() {
    let prepared = SERVICES.map(prepare);
    let count: usize = prepared.iter().map(|one| one.checks.len()).sum();
    let all = || {
        let mut allowed = 0;
        for one in &prepared {
            for (rule, credentials, target) in &one.checks {
                let decided = one.policy.check(*rule, black_box(credentials), black_box(target));
                allowed += usize::from(decided == Decision::Allow);
            }
        }
        allowed
    };
    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("every rule, every persona", |b| b.iter(all));
    criterion.final_summary();
    println!("{count} checks, {} allowed (bar: 25 ms)", all());
    if std::env::var_os("SQUALL_ORACLES").is_some() {
        let seconds = SERVICES.map(|service| {
            let environment =
                if matches!(service, "compute" | "network") { service } else { "placement" };
            oracle::Oracle::start(environment).measure(&world(service))
        });
        println!("oslo.policy: {:.2} s", seconds.iter().sum::<f64>());
    }
}
