//! A process that dies leaves its ledger, and a cleanup leaves nothing.

use serde_json::{Value, json};
use squall::census::Difference;
use squall::client::Bytes;
use squall::scenario::quotas;
use squall::wait::ready;
use squall::{Context, kinds, ledger};

use crate::setting::{Setting, context};

const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0q8vhcVtPpZ1bqXnYwXr6h0r7cVq2Lk1v3o5s7u9wB test@squall";

/// Makes one thing after another, as a scenario does.
async fn make(ctx: &Context) -> squall::Result {
    quotas::lift(ctx).await?;
    let network = make_network(ctx).await?;
    make_data(ctx).await?;
    make_server(ctx, &network).await?;
    make_as_admin(ctx).await?;
    ctx.create_named(&kinds::identity::APPLICATION_CREDENTIAL, |name| {
        let user = ctx.actor().user_id();
        ctx.identity().user_application_credentials().create(user, json!({"name": name}))
    })
    .await?;
    Ok(())
}

async fn make_network(ctx: &Context) -> squall::Result<String> {
    let network = ctx.create(ctx.network().networks().create(json!({}))).await?;
    let subnet = ctx
        .create(ctx.network().subnets().create(json!({
            "network_id": network.id,
            "ip_version": 4,
            "cidr": "10.9.0.0/24",
        })))
        .await?;
    ctx.create(ctx.network().ports().create(json!({
        "network_id": network.id,
        "fixed_ips": [{"subnet_id": subnet.id}],
    })))
    .await?;
    let router = ctx.create(ctx.network().routers().create(json!({}))).await?;
    let join = json!({"subnet_id": subnet.id});
    let call = ctx.network().routers().add_router_interface(&router.id, join);
    ctx.change(&kinds::network::ROUTER_INTERFACE, call).await?;
    let group = ctx.create(ctx.network().security_groups().create(json!({}))).await?;
    ctx.create(ctx.network().security_group_rules().create(json!({
        "security_group_id": group.id,
        "direction": "ingress",
        "protocol": "icmp",
    })))
    .await?;
    Ok(network.id)
}

async fn make_data(ctx: &Context) -> squall::Result {
    ctx.create(ctx.image().images().create(json!({
        "disk_format": "raw",
        "container_format": "bare",
    })))
    .await?;
    let container = ctx
        .create_named(&kinds::object_storage::CONTAINER, |name| {
            ctx.object_storage().containers().create(name)
        })
        .await?;
    ctx.create_named(&kinds::object_storage::OBJECT, |name| {
        ctx.object_storage().objects().create(&container.id, name, Bytes::from_static(b"0123"))
    })
    .await?;
    Ok(())
}

async fn make_server(ctx: &Context, network: &str) -> squall::Result {
    let flavor = ctx
        .create_named(&kinds::compute::FLAVOR, |name| {
            let flavor = json!({"name": name, "ram": 64, "vcpus": 1, "disk": 1});
            ctx.admin().compute().flavors().create(flavor)
        })
        .await?;
    ctx.create(ctx.compute().keypairs().create(json!({"public_key": PUBLIC_KEY}))).await?;
    let volume = ctx.create(ctx.volume().volumes().create(json!({"size": 1}))).await?;
    ctx.create(ctx.volume().snapshots().create(json!({"volume_id": volume.id}))).await?;
    let images = ctx.image().images().list().query("status", "active").send().await?;
    let image = images.body.at("/images/0/id").cloned();
    let server = ctx
        .create(ctx.compute().servers().create(json!({
            "flavorRef": flavor.id,
            "imageRef": image,
            "networks": [{"uuid": network}],
        })))
        .await?;
    ctx.wait("the server to be ACTIVE")
        .until(ready::state(ctx.actor(), ctx.compute().servers().show(&server.id), "ACTIVE"))
        .await?;
    let attachment = json!({"volumeId": volume.id});
    let call = ctx.compute().server_volume_attachments().create(&server.id, attachment);
    ctx.change(&kinds::compute::VOLUME_ATTACHMENT, call).await?;
    // What is locked its owner cannot delete.
    ctx.compute().servers().lock(&server.id, Value::Null).send().await?;
    Ok(())
}

async fn make_as_admin(ctx: &Context) -> squall::Result {
    let admin = ctx.admin();
    ctx.create_named(&kinds::placement::TRAIT, |name| admin.placement().traits().create(name))
        .await?;
    ctx.create(admin.placement().resource_providers().create(json!({}))).await?;
    ctx.create(admin.volume().volume_types().create(json!({}))).await?;
    ctx.create(admin.identity().roles().create(json!({}))).await?;
    let domain = ctx.create(admin.identity().domains().create(json!({}))).await?;
    ctx.create(admin.identity().groups().create(json!({"domain_id": domain.id}))).await?;
    Ok(())
}

#[tokio::test]
async fn a_killed_run_is_cleaned_up_from_its_ledger_alone() {
    let setting = Setting::new();
    let before = setting.holds().await;
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    make(&ctx).await.unwrap();
    // The process dies: nothing of its memory is left, and no undoing was done.
    drop((ctx, environment));
    let records = ledger::read(setting.run_dir.path()).unwrap().records;
    let outstanding = ledger::outstanding(&records);
    // Nothing lists a quota, so that the census does not see it.
    for quota in ["compute.quota_set", "network.quota", "volume.quota_set"] {
        assert!(outstanding.iter().any(|thing| thing.intent.kind == quota), "{quota}");
    }
    let left = setting.holds().await;
    let grown = left.kinds.iter().filter(|(kind, ids)| before.kinds.get(*kind) != Some(ids));
    assert!(grown.count() >= 14, "{left:?}");
    assert!(Difference::of(&before, &left).is_leak());

    let outcome = setting.clean_up().await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(setting.holds().await, before);
    let records = ledger::read(setting.run_dir.path()).unwrap().records;
    assert_eq!(ledger::outstanding(&records), []);
}

#[tokio::test]
async fn a_test_that_ends_and_a_run_that_closes_leave_nothing() {
    let setting = Setting::new();
    let before = setting.holds().await;
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    make(&ctx).await.unwrap();
    let outcome = environment.finish(&ctx).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(outcome.removed.first().unwrap().kind, "identity.application_credential");
    assert_eq!(outcome.removed.last().unwrap().kind, "compute.quota_set");

    let outcome = environment.close().await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(setting.holds().await, before);
}

#[tokio::test]
async fn a_worker_that_takes_over_undoes_what_the_lost_one_left() {
    let setting = Setting::new();
    let before = setting.holds().await;
    let lost = setting.enter().await;
    let ctx = context(&lost).await;
    make(&ctx).await.unwrap();
    drop((ctx, lost));

    let next = setting.enter().await;
    let ctx = context(&next).await;
    make(&ctx).await.unwrap();
    next.finish(&ctx).await;
    let outcome = next.close().await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(setting.holds().await, before);
}
