//! Security groups and their rules.

use serde_json::{Value, json};
use squall::scenario::networks;
use squall::{Case, Context, ensure, ensure_eq, kinds};

/// A new security group allows all egress and no ingress.
#[squall::test(id = "network.security-groups.defaults")]
async fn a_new_group_lets_out(ctx: &Context) -> squall::Result {
    let group = networks::security_group(ctx).await?;
    let rules = ctx.network().security_group_rules().list();
    let rules = rules.query("security_group_id", &group.id).send().await?;
    let directions = rules.body.at("/security_group_rules").and_then(|r| r.as_array());
    let inwards = directions.into_iter().flatten().any(|rule| rule["direction"] == "ingress");
    ensure!(!rules.value.is_empty() && !inwards, "{} rules, inwards: {inwards}", rules.value.len());
    Ok(())
}

/// A rule belongs to its group and can be deleted alone.
#[squall::test(id = "network.security-groups.rule")]
async fn a_rule_is_added(ctx: &Context) -> squall::Result {
    let group = networks::security_group(ctx).await?;
    let ssh = json!({
        "ethertype": "IPv4",
        "protocol": "tcp",
        "port_range_min": 22,
        "port_range_max": 22,
    });
    let rule = networks::allow(ctx, &group.id, ssh).await?;
    let shown = ctx.network().security_group_rules().show(&rule.id).send().await?;
    ensure_eq!(shown.value.port_range_min, Some(22));
    Ok(())
}

/// A security group is listed, updated, and deleted.
#[squall::test(id = "network.security-groups.update", tags(smoke))]
async fn a_group_is_described_anew_and_goes(ctx: &Context) -> squall::Result {
    let groups = ctx.network().security_groups();
    let group = networks::security_group(ctx).await?;
    let listed = groups.list().send().await?.value;
    let found = listed.iter().any(|other| other.id.as_ref() == Some(&group.id));
    ensure!(found, "the group is not listed");
    let renamed = format!("{}-b", group.name);
    let change = json!({ "name": renamed, "description": "renewed" });
    groups.update(&group.id, change).send().await?;
    let shown = groups.show(&group.id).send().await?.value;
    ensure_eq!(shown.name, Some(renamed));
    ensure_eq!(shown.description.as_deref(), Some("renewed"));
    groups.delete(&group.id).send().await?;
    groups.show(&group.id).expect_error(404).await?;
    Ok(())
}

/// Rules of each protocol are shown, listed and deleted.
#[squall::test(id = "network.security-groups.protocols", tags(smoke))]
async fn each_protocol_has_its_rule(ctx: &Context) -> squall::Result {
    let group = networks::security_group(ctx).await?;
    let rules = ctx.network().security_group_rules();
    for protocol in ["tcp", "udp", "icmp"] {
        let rule = json!({ "ethertype": "IPv4", "protocol": protocol });
        let rule = networks::allow(ctx, &group.id, rule).await?;
        ensure_eq!(rule.direction.as_deref(), Some("ingress"));
        ensure_eq!(rule.ethertype.as_deref(), Some("IPv4"));
        ensure_eq!(rule.security_group_id.as_ref(), Some(&group.id));
        let shown = rules.show(&rule.id).send().await?;
        ensure_eq!(shown.body.at("/security_group_rule/protocol"), Some(&json!(protocol)));
        ensure_eq!(shown.value, rule.value, "the rule as shown and as created");
        let is_listed = async || -> squall::Result<bool> {
            let listed = rules.list().send().await?.value;
            Ok(listed.iter().any(|other| other.id.as_ref() == Some(&rule.id)))
        };
        ensure!(is_listed().await?, "the rule for {protocol} is not listed");
        rules.delete(&rule.id).send().await?;
        ensure!(!is_listed().await?, "the deleted rule for {protocol} is listed");
        rules.show(&rule.id).expect_error(404).await?;
    }
    Ok(())
}

/// Every project has a group called `default`.
#[squall::test(id = "network.security-groups.list", tags(smoke))]
async fn a_default_group_is_there(ctx: &Context) -> squall::Result {
    let listed = ctx.network().security_groups().list().send().await?.value;
    let found = listed.iter().any(|group| group.name.as_deref() == Some("default"));
    ensure!(found, "no group `default` among {}", listed.len());
    Ok(())
}

/// A rule with a reversed port range is refused.
#[squall::test(id = "network.security-groups.bad-ports", tags(negative))]
async fn ports_in_the_wrong_order_are_refused(ctx: &Context) -> squall::Result {
    let group = networks::security_group(ctx).await?;
    ctx.expect_refusal(
        400,
        ctx.network().security_group_rules().create(json!({
            "security_group_id": group.id,
            "direction": "ingress",
            "ethertype": "IPv4",
            "protocol": "tcp",
            "port_range_min": 80,
            "port_range_max": 22,
        })),
    )
    .await?;
    Ok(())
}

/// Rules whose protocol, ports and prefix do not go together are refused.
#[squall::test(id = "network.security-groups.bad-rules", tags(negative), cases = bad_rules)]
async fn what_does_not_go_together_is_refused(ctx: &Context, rule: &Value) -> squall::Result {
    let group = networks::security_group(ctx).await?;
    let mut body = json!({ "security_group_id": group.id, "direction": "ingress" });
    if let (Some(body), Some(rule)) = (body.as_object_mut(), rule.as_object()) {
        body.extend(rule.clone());
    }
    ctx.expect_refusal(400, ctx.network().security_group_rules().create(body)).await?;
    Ok(())
}

fn bad_rules() -> [Case<Value>; 10] {
    let ports = |protocol: &str, min: i64, max: i64| json!({ "protocol": protocol, "port_range_min": min, "port_range_max": max });
    let prefix = |ethertype: &str, prefix: &str| json!({ "ethertype": ethertype, "remote_ip_prefix": prefix });
    [
        Case::new("protocol-name", json!({ "protocol": "nonsense" })),
        Case::new("protocol-number", json!({ "protocol": "256" })),
        Case::new("ports-descend", ports("tcp", 80, 22)),
        Case::new("port-too-high", ports("udp", 1, 65_536)),
        Case::new("port-negative", ports("udp", -16_384, 80)),
        Case::new("icmp-type", ports("icmp", 256, 1)),
        Case::new("icmp-code-alone", json!({ "protocol": "icmp", "port_range_max": 6 })),
        Case::new("ipv4-prefix-for-ipv6", prefix("IPv6", "10.0.0.0/8")),
        Case::new("ipv6-prefix-for-ipv4", prefix("IPv4", "2001:db8::/64")),
        Case::new("no-prefix", prefix("IPv4", "nonsense")),
    ]
}

/// The group called `default` can be described, and not renamed.
#[squall::test(id = "network.security-groups.default", tags(negative))]
async fn the_default_group_keeps_its_name(ctx: &Context) -> squall::Result {
    let groups = ctx.network().security_groups();
    let project = ctx.actor().project_id().unwrap_or_default();
    let listed = groups.list().query("name", "default").query("project_id", project);
    let id = listed.send().await?.value.into_iter().find_map(|group| group.id);
    let id = id.unwrap_or_default();
    groups.update(&id, json!({ "name": "squall" })).expect_error(409).await?;
    groups.update(&id, json!({ "name": "default" })).expect_error(409).await?;
    let shown = groups.show(&id).send().await?.value;
    ensure_eq!(shown.name.as_deref(), Some("default"));
    ctx.expect_refusal_named(&kinds::network::SECURITY_GROUP, 409, |name| {
        groups.create(json!({ "name": "default", "description": name }))
    })
    .await?;
    Ok(())
}
