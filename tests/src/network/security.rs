//! Security groups and their rules.

use serde_json::json;
use squall::{Context, ensure, ensure_eq, kinds};

/// A new group lets everything out, and nothing in.
#[squall::test(id = "network.security-groups.defaults")]
async fn a_new_group_lets_out(ctx: &Context) -> squall::Result {
    let group = ctx
        .create(&kinds::SECURITY_GROUP, |name| {
            ctx.network().security_groups().create(json!({ "name": name }))
        })
        .await?;
    let rules = ctx.network().security_group_rules().list();
    let rules = rules.query("security_group_id", &group.id).send().await?;
    let directions = rules.body.at("/security_group_rules").and_then(|r| r.as_array());
    let inwards = directions.into_iter().flatten().any(|rule| rule["direction"] == "ingress");
    ensure!(!rules.value.is_empty() && !inwards, "{} rules, inwards: {inwards}", rules.value.len());
    Ok(())
}

/// A rule belongs to its group and goes alone.
#[squall::test(id = "network.security-groups.rule")]
async fn a_rule_is_added(ctx: &Context) -> squall::Result {
    let group = ctx
        .create(&kinds::SECURITY_GROUP, |name| {
            ctx.network().security_groups().create(json!({ "name": name }))
        })
        .await?;
    let rules = ctx.network().security_group_rules();
    let rule = ctx
        .create(&kinds::SECURITY_GROUP_RULE, |name| {
            rules.create(json!({
                "description": name,
                "security_group_id": group.id,
                "direction": "ingress",
                "ethertype": "IPv4",
                "protocol": "tcp",
                "port_range_min": 22,
                "port_range_max": 22,
            }))
        })
        .await?;
    let shown = rules.show(&rule.id).send().await?;
    ensure_eq!(shown.body.at("/security_group_rule/port_range_min"), Some(&json!(22)));
    Ok(())
}

/// Ports in the wrong order make no rule.
#[squall::test(id = "network.security-groups.bad-ports", tags(negative))]
async fn ports_in_the_wrong_order_are_refused(ctx: &Context) -> squall::Result {
    let group = ctx
        .create(&kinds::SECURITY_GROUP, |name| {
            ctx.network().security_groups().create(json!({ "name": name }))
        })
        .await?;
    ctx.expect_refusal(&kinds::SECURITY_GROUP_RULE, 400, |name| {
        ctx.network().security_group_rules().create(json!({
            "description": name,
            "security_group_id": group.id,
            "direction": "ingress",
            "ethertype": "IPv4",
            "protocol": "tcp",
            "port_range_min": 80,
            "port_range_max": 22,
        }))
    })
    .await?;
    Ok(())
}
