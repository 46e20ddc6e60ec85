//! Networks, and who sees them.

use serde_json::json;
use squall::{Context, ensure, ensure_eq, kinds};

/// A network is shown as created.
#[squall::test(id = "network.networks.show", tags(smoke))]
async fn shown_as_made(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    let made = ctx.create(networks.create(json!({ "admin_state_up": false }))).await?;
    let shown = networks.show(&made.id).send().await?.value;
    ensure_eq!(shown.name.as_deref(), Some(made.name.as_str()));
    ensure_eq!(shown.admin_state_up, Some(false));
    Ok(())
}

/// An update changes only the given fields.
#[squall::test(id = "network.networks.update")]
async fn update_changes_what_it_names(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    let made = ctx.create(networks.create(json!({}))).await?;
    let updated = networks.update(&made.id, json!({ "admin_state_up": false })).send().await?.value;
    let shown = networks.show(&made.id).send().await?.value;
    for now in [&updated, &shown] {
        ensure_eq!(now.admin_state_up, Some(false));
        ensure_eq!(now.name.as_deref(), Some(made.name.as_str()));
        ensure_eq!(now.mtu, made.value.mtu);
        ensure_eq!(now.revision_number, updated.revision_number);
    }
    let revisions = (made.value.revision_number, updated.revision_number);
    ensure!(
        revisions.0 < revisions.1,
        "the revision was {:?}, and is {:?}",
        revisions.0,
        revisions.1
    );
    Ok(())
}

/// A list can be filtered by name.
#[squall::test(id = "network.networks.list-by-name")]
async fn listed_by_name(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    let made = ctx.create(networks.create(json!({}))).await?;
    let listed = networks.list().query("name", &made.name).send().await?.value;
    ensure_eq!(listed.len(), 1);
    Ok(())
}

/// Several networks are created by one request.
#[squall::test(id = "network.networks.create-several")]
async fn several_are_made_at_once(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    let made = ctx
        .create_named(&kinds::network::NETWORK, |name| {
            networks.create_bulk(json!([
                { "name": name, "admin_state_up": false },
                { "name": name, "description": "the second" }
            ]))
        })
        .await?;
    let seen: Vec<_> =
        made.value.iter().map(|one| (one.admin_state_up, one.description.as_deref())).collect();
    ensure_eq!(seen, [(Some(false), Some("")), (Some(true), Some("the second"))]);
    let listed = networks.list().query("name", &made.name).send().await?.value;
    ensure_eq!(listed.len(), 2);
    Ok(())
}

/// A list refuses a filter that no attribute has.
#[squall::test(
    id = "network.networks.list-by-unknown",
    features("network.extension.filter-validation"),
    tags(negative)
)]
async fn unknown_filters_are_refused(ctx: &Context) -> squall::Result {
    ctx.network().networks().list().query("colour", "blue").expect_error(400).await?;
    Ok(())
}

/// A deleted network is not found.
#[squall::test(id = "network.networks.delete")]
async fn deleted_is_not_found(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    let made = ctx.create(networks.create(json!({}))).await?;
    networks.delete(&made.id).send().await?;
    networks.show(&made.id).expect_error(404).await?;
    Ok(())
}

/// Another project does not find the network.
#[squall::test(
    id = "network.networks.wrong-project",
    tags(negative),
    identities(member, other = member)
)]
async fn another_project_does_not_see_it(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.network().networks().create(json!({}))).await?;
    let other = ctx.identity_named("other")?.network().networks();
    other.show(&made.id).expect_error(404).await?;
    other.delete(&made.id).expect_error(404).await?;
    ctx.network().networks().show(&made.id).send().await?;
    Ok(())
}

/// A member cannot create a network that is shared with all projects.
#[squall::test(id = "network.networks.forbidden", tags(negative))]
async fn a_member_shares_no_network(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    ctx.expect_refusal(403, networks.create(json!({ "shared": true }))).await?;
    Ok(())
}

/// An unknown attribute is refused.
#[squall::test(id = "network.networks.bad-body", tags(negative))]
async fn a_bad_body_is_refused(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    ctx.expect_refusal(400, networks.create(json!({ "colour": "blue" }))).await?;
    Ok(())
}

/// API extensions are listed, and shown by alias.
#[squall::test(id = "network.extensions.list", tags(smoke))]
async fn extensions_are_listed(ctx: &Context) -> squall::Result {
    let listed = ctx.network().extensions().list().send().await?.value;
    ensure!(!listed.is_empty(), "no extension is listed");
    for extension in listed {
        let shown = ctx.network().extensions().show(&extension.alias).send().await?.value;
        ensure_eq!(shown.alias, extension.alias);
        ensure_eq!(shown.name, extension.name);
    }
    Ok(())
}

/// Tags of a network are added, replaced together, and removed.
#[squall::test(id = "network.networks.tags")]
async fn tags_come_and_go(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.network().networks().create(json!({}))).await?;
    let tags = ctx.network().network_tags();
    tags.add(&made.id, "blue").send().await?;
    tags.check(&made.id, "blue").send().await?;
    ensure_eq!(tags.list(&made.id).send().await?.value, ["blue"]);
    tags.replace(&made.id, json!(["dark", "green", "light"])).send().await?;
    tags.remove(&made.id, "green").send().await?;
    tags.check(&made.id, "green").expect_error(404).await?;
    for left in ["dark", "light"] {
        tags.check(&made.id, left).send().await?;
    }
    tags.delete_all(&made.id).send().await?;
    for gone in ["dark", "light"] {
        tags.check(&made.id, gone).expect_error(404).await?;
    }
    Ok(())
}

/// Numbers and booleans may be written as text.
#[squall::test(id = "network.networks.converted")]
async fn a_text_may_stand_for_a_number(ctx: &Context) -> squall::Result {
    let networks = ctx.network().networks();
    let made =
        ctx.create(networks.create(json!({ "admin_state_up": "False", "mtu": "1400" }))).await?;
    let shown = networks.show(&made.id).send().await?;
    ensure_eq!(shown.body.at("/network/admin_state_up"), Some(&json!(false)));
    ensure_eq!(shown.body.at("/network/mtu"), Some(&json!(1400)));
    Ok(())
}
