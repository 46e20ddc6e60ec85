//! The actions that a state allows, one after another: each leads where it should.

use serde_json::{Value, json};
use squall::scenario::servers::{self, boot};
use squall::{Case, Context, Result, ensure_eq};

use super::actions::{self, By, References};
use super::{ensure_actions, equipment, equipped, shown};

/// What is asked of a server, one after another, and the status that each leads to.
#[derive(Debug)]
struct Way {
    id: &'static str,
    summary: &'static str,
    feature: Option<&'static str>,
    steps: &'static [(&'static str, &'static str)],
}

/// Puts a server into error, as an admin; the other steps are actions of the table.
const FAIL: &str = "fail";

const WAYS: &[Way] = &[
    Way {
        id: "stopped",
        summary: "A stopped server starts, also by a hard reboot.",
        feature: None,
        steps: &[
            ("stop", "SHUTOFF"),
            ("start", "ACTIVE"),
            ("stop", "SHUTOFF"),
            ("reboot-hard", "ACTIVE"),
            ("reboot-soft", "ACTIVE"),
        ],
    },
    Way {
        id: "paused",
        summary: "A paused server goes on, also by a hard reboot.",
        feature: Some("compute.pause"),
        steps: &[
            ("pause", "PAUSED"),
            ("unpause", "ACTIVE"),
            ("pause", "PAUSED"),
            ("reboot-hard", "ACTIVE"),
        ],
    },
    Way {
        id: "suspended",
        summary: "A suspended server resumes, twice, and by a hard reboot.",
        feature: Some("compute.suspend"),
        steps: &[
            ("suspend", "SUSPENDED"),
            ("resume", "ACTIVE"),
            ("suspend", "SUSPENDED"),
            ("resume", "ACTIVE"),
            ("suspend", "SUSPENDED"),
            ("reboot-hard", "ACTIVE"),
        ],
    },
    Way {
        id: "failed",
        summary: "A server in error stops, reboots, and is rebuilt.",
        feature: None,
        steps: &[
            (FAIL, "ERROR"),
            ("stop", "SHUTOFF"),
            ("start", "ACTIVE"),
            (FAIL, "ERROR"),
            ("reboot-hard", "ACTIVE"),
            (FAIL, "ERROR"),
            ("rebuild", "ACTIVE"),
        ],
    },
    Way {
        id: "rescued",
        summary: "A server is rescued while it runs, while it is stopped, and out of error.",
        feature: Some("compute.rescue"),
        steps: &[
            ("rescue", "RESCUE"),
            ("unrescue", "ACTIVE"),
            ("stop", "SHUTOFF"),
            ("rescue", "RESCUE"),
            ("unrescue", "ACTIVE"),
            (FAIL, "ERROR"),
            ("rescue", "RESCUE"),
            ("unrescue", "ACTIVE"),
        ],
    },
    Way {
        id: "shelved",
        summary: "A server that was stopped, paused or suspended when it was shelved comes back ACTIVE.",
        feature: Some("compute.shelve"),
        steps: &[
            ("stop", "SHUTOFF"),
            ("shelve", "SHELVED_OFFLOADED"),
            ("unshelve", "ACTIVE"),
            ("pause", "PAUSED"),
            ("shelve", "SHELVED_OFFLOADED"),
            ("unshelve", "ACTIVE"),
            ("suspend", "SUSPENDED"),
            ("shelve", "SHELVED_OFFLOADED"),
            ("unshelve", "ACTIVE"),
        ],
    },
];

/// An action leads to the status that it should, and is remembered.
#[squall::test(id = "compute.states.way", cases = ways)]
async fn leads_where_it_should(ctx: &Context, way: &&'static Way) -> Result {
    let server = boot(ctx, json!({})).await?;
    let references = References {
        image: servers::public_image(ctx).await?,
        flavor: servers::another_flavor(ctx).await?,
    };
    let mut asked = vec!["create"];
    for (step, status) in way.steps {
        if *step == FAIL {
            servers::reset(ctx, &server.id, "ERROR").await?;
            asked.push("resetState");
        } else {
            let action = actions::named(step)?;
            let actor = if action.by == By::Admin { ctx.admin() } else { ctx.actor() };
            (action.call)(actor.compute(), &server.id, &references).send().await?;
            servers::settles(ctx, &server.id, status).await?;
            asked.push(action.word);
        }
        let shown = shown(ctx, &server.id).await?;
        ensure_eq!(shown["status"], *status, "after `{step}`");
        // What a rescued, suspended or failed server's power is, its hypervisor decides.
        let power = match *status {
            "ACTIVE" => 1,
            "PAUSED" => 3,
            "SHUTOFF" => 4,
            _ => continue,
        };
        ensure_eq!(shown["OS-EXT-STS:power_state"], Value::from(power), "after `{step}`");
    }
    ensure_actions(ctx, &server.id, &asked).await
}

fn ways() -> Vec<Case<&'static Way>> {
    let case = |way: &'static Way| {
        let case = Case::new(way.id, way).with_summary(way.summary);
        match way.feature {
            Some(feature) => case.with_feature(feature),
            None => case,
        }
    };
    WAYS.iter().map(case).collect()
}

/// A suspended server has its ports and volumes, and resumes with them.
#[squall::test(
    id = "compute.states.suspended",
    needs(network, volume),
    features("compute.suspend")
)]
async fn what_is_suspended_keeps_what_it_has(ctx: &Context) -> Result {
    let server = equipped(ctx, "10.50.0.0/24").await?;
    let before = shown(ctx, &server.id).await?;
    let has = equipment(ctx, &server.id).await?;
    servers::suspend(ctx, &server.id).await?;
    ensure_eq!(equipment(ctx, &server.id).await?, has);
    servers::resume(ctx, &server.id).await?;
    ensure_eq!(equipment(ctx, &server.id).await?, has);
    let after = shown(ctx, &server.id).await?;
    for same in ["/OS-EXT-SRV-ATTR:host", "/OS-SRV-USG:launched_at", "/addresses", "/flavor"] {
        ensure_eq!(after.pointer(same), before.pointer(same), "{same}");
    }
    ensure_actions(ctx, &server.id, &["create", "attach_volume", "suspend", "resume"]).await
}
