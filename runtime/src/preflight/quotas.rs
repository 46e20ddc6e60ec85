//! How much tests may have: the limits of the credential's project, and of a new one.

use serde_json::{Value, json};

use super::{Found, Look, Topic};
use crate::features::{Told, ask};

/// A service's quotas, and what of them a test takes.
struct Quota {
    service: &'static str,
    /// What is shown, with its use.
    own: &'static str,
    query: &'static [(&'static str, &'static str)],
    /// What a new project has; tests get new ones where an admin makes them.
    defaults: &'static str,
    /// Where the limits stand in both.
    within: &'static str,
    /// What is used, beside `limit`.
    used: &'static str,
    /// What is shown, what one of them is called, and whether tests take one each.
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

/// Looks at quotas.
///
/// Tests of an admin's have a project each, so that what counts is what a new one may
/// have. Those of anybody else share projects that were there before, whose room all
/// of the tests that run at a time divide between them.
pub(super) async fn look(look: &Look<'_>, project: Option<&str>) -> Found {
    let mut found = Found::default();
    let Some(project) = project else { return found };
    for quota in QUOTAS.iter().filter(|quota| look.facts.has(quota.service)) {
        own(look, quota, project, &mut found).await;
        if look.is_admin {
            new(look, quota, project, &mut found).await;
        }
    }
    found
}

async fn own(look: &Look<'_>, quota: &Quota, project: &str, found: &mut Found) {
    let told = match ask(look.api, quota.own, &[("project_id", project)], quota.query).await {
        Err(untold) => return found.untold(Topic::Quotas, quota.service, &untold),
        Ok(told) => told,
    };
    for (key, thing, each) in quota.shown {
        let Some((limit, used)) = read(&told, quota, key) else { continue };
        let name = format!("{}.{key}", quota.service);
        let value = json!({ "limit": limit, "used": used });
        found.fact(Topic::Quotas, name, value, words(limit, used), &told.source);
        let room = usize::try_from(limit.saturating_sub(used).max(0)).unwrap_or_default();
        if *each && limit >= 0 && !look.is_admin && room < look.jobs {
            let jobs = look.jobs;
            found.problem(
                format!(
                    "the project has room for {room} of {thing} ({}.{key}), and {jobs} tests at \
                     a time may want one each",
                    quota.service
                ),
                format!(
                    "raise the quota, lend accounts of more projects, or run with `-j {}`",
                    room.max(1)
                ),
            );
        }
    }
}

async fn new(look: &Look<'_>, quota: &Quota, project: &str, found: &mut Found) {
    let told = match ask(look.api, quota.defaults, &[("project_id", project)], &[]).await {
        Err(untold) => return found.untold(Topic::Quotas, quota.service, &untold),
        Ok(told) => told,
    };
    for (key, thing, each) in quota.shown {
        let Some((limit, _)) = read(&told, quota, key) else { continue };
        let name = format!("{}.{key} of a new project", quota.service);
        found.fact(Topic::Quotas, name, json!({ "limit": limit }), limited(limit), &told.source);
        if *each && limit == 0 {
            found.problem(
                format!("a new project may have no {thing} ({}.{key})", quota.service),
                "raise the default quota: tests get projects of their own",
            );
        }
    }
}

/// Reads a limit and what is used of it.
fn read(told: &Told, quota: &Quota, key: &str) -> Option<(i64, i64)> {
    let one = told.body.pointer(quota.within)?.get(key)?;
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
