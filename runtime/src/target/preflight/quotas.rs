//! Quotas: the limits of the credential's project, and of a new one.

use serde_json::{Value, json};

use super::{Found, Probe, Topic};
use crate::features::ProbeAnswer;

/// A service's quotas, and which of them tests use.
struct Quota {
    service: &'static str,
    /// The operation that shows the project's limits with their use.
    own: &'static str,
    query: &'static [(&'static str, &'static str)],
    /// The operation that shows the limits of a new project, which an admin's tests get.
    defaults: &'static str,
    /// The pointer to the limits in both answers.
    within: &'static str,
    /// The field with the use, next to `limit`.
    used: &'static str,
    /// The quota, the name of one unit, and whether every test may use one.
    shown: &'static [(&'static str, &'static str, bool)],
}

const QUOTAS: [Quota; 3] = [
    Quota {
        service: "compute",
        own: "compute.quota_sets.show_detail",
        query: &[],
        defaults: "compute.quota_sets.show_defaults",
        within: "/quota_set",
        used: "in_use",
        shown: &[
            ("instances", "server", true),
            ("cores", "processor", true),
            ("ram", "MiB of memory", false),
            ("key_pairs", "keypair", true),
        ],
    },
    Quota {
        service: "volume",
        own: "volume.quota_sets.show",
        query: &[("usage", "True")],
        defaults: "volume.quota_sets.show_defaults",
        within: "/quota_set",
        used: "in_use",
        shown: &[
            ("volumes", "volume", true),
            ("gigabytes", "GiB of volumes", true),
            ("snapshots", "snapshot", true),
            ("backups", "backup", true),
        ],
    },
    Quota {
        service: "network",
        own: "network.quotas.show_details",
        query: &[],
        defaults: "network.quotas.show_default",
        within: "/quota",
        used: "used",
        shown: &[
            ("network", "network", true),
            ("subnet", "subnet", true),
            ("port", "port", true),
            ("router", "router", true),
            ("floatingip", "floating IP", true),
            ("security_group", "security group", true),
        ],
    },
];

/// Examines quotas.
///
/// With an admin's credential every test gets a project of its own, so the limits of a new
/// project matter. Otherwise tests share existing projects, whose free quota is divided between
/// the tests that run at a time.
pub(super) async fn examine(probe: &Probe<'_>, project: Option<&str>) -> Found {
    let mut found = Found::default();
    let Some(project) = project else { return found };
    for quota in QUOTAS.iter().filter(|quota| probe.facts.has(quota.service)) {
        own(probe, quota, project, &mut found).await;
        if probe.is_admin {
            new(probe, quota, project, &mut found).await;
        }
    }
    found
}

async fn own(probe: &Probe<'_>, quota: &Quota, project: &str, found: &mut Found) {
    let answer =
        match probe.ask(quota.own, &[("project_id", project)], quota.query, quota.within).await {
            Err(no_answer) => return found.unknown(Topic::Quotas, quota.service, &no_answer),
            Ok(answer) => answer,
        };
    for (key, thing, each) in quota.shown {
        let Some((limit, used)) = read(&answer, quota, key) else { continue };
        let name = format!("{}.{key}", quota.service);
        let value = json!({ "limit": limit, "used": used });
        found.fact(Topic::Quotas, name, value, words(limit, used), &answer.source);
        let room = usize::try_from(limit.saturating_sub(used).max(0)).unwrap_or_default();
        if *each && limit >= 0 && !probe.is_admin && room < probe.jobs {
            let jobs = probe.jobs;
            found.problem(
                format!(
                    "the project's quota leaves {room} of {thing} ({}.{key}), but {jobs} tests at \
                     a time may need one each",
                    quota.service
                ),
                format!(
                    "raise the quota, use accounts of more projects, or run with `-j {}`",
                    room.max(1)
                ),
            );
        }
    }
}

async fn new(probe: &Probe<'_>, quota: &Quota, project: &str, found: &mut Found) {
    let answer =
        match probe.ask(quota.defaults, &[("project_id", project)], &[], quota.within).await {
            Err(no_answer) => return found.unknown(Topic::Quotas, quota.service, &no_answer),
            Ok(answer) => answer,
        };
    for (key, thing, each) in quota.shown {
        let Some((limit, _)) = read(&answer, quota, key) else { continue };
        let name = format!("{}.{key} of a new project", quota.service);
        found.fact(Topic::Quotas, name, json!({ "limit": limit }), limited(limit), &answer.source);
        if *each && limit == 0 {
            found.problem(
                format!("a new project may have no {thing} ({}.{key})", quota.service),
                "raise the default quota, which applies to the projects that tests create",
            );
        }
    }
}

/// Reads a limit and its use.
fn read(answer: &ProbeAnswer, quota: &Quota, key: &str) -> Option<(i64, i64)> {
    let one = answer.body.pointer(quota.within)?.get(key)?;
    let number = |value: &Value| value.as_i64();
    match number(one) {
        Some(limit) => Some((limit, 0)),
        None => Some((number(one.get("limit")?)?, number(one.get(quota.used)?)?)),
    }
}

fn words(limit: i64, used: i64) -> String {
    format!("{}, {used} used", limited(limit))
}

fn limited(limit: i64) -> String {
    if limit < 0 { "no limit".to_owned() } else { limit.to_string() }
}
