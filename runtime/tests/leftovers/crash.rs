//! A process that dies leaves its ledger, and a cleanup leaves nothing.

use serde_json::{Value, json};
use squall::census::Difference;
use squall::client::Bytes;
use squall::wait::ready;
use squall::{Context, kinds, ledger};

use crate::setting::{Setting, context};

const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0q8vhcVtPpZ1bqXnYwXr6h0r7cVq2Lk1v3o5s7u9wB test@squall";

/// Makes one thing after another, as a scenario does.
async fn make(ctx: &Context) -> squall::Result {
    let network = make_network(ctx).await?;
    make_data(ctx).await?;
    make_server(ctx, &network).await?;
    make_as_admin(ctx).await?;
    ctx.create(&kinds::APPLICATION_CREDENTIAL, |name| {
        let user = ctx.actor().user_id();
        ctx.identity().user_application_credentials().create(user, json!({"name": name}))
    })
    .await?;
    Ok(())
}

async fn make_network(ctx: &Context) -> squall::Result<String> {
    let network = ctx
        .create(&kinds::NETWORK, |name| ctx.network().networks().create(json!({"name": name})))
        .await?;
    let subnet = ctx
        .create(&kinds::SUBNET, |name| {
            ctx.network().subnets().create(json!({
                "name": name,
                "network_id": network.id,
                "ip_version": 4,
                "cidr": "10.9.0.0/24",
            }))
        })
        .await?;
    ctx.create(&kinds::PORT, |name| {
        ctx.network().ports().create(json!({
            "name": name,
            "network_id": network.id,
            "fixed_ips": [{"subnet_id": subnet.id}],
        }))
    })
    .await?;
    let router = ctx
        .create(&kinds::ROUTER, |name| ctx.network().routers().create(json!({"name": name})))
        .await?;
    let join = json!({"subnet_id": subnet.id});
    let call = ctx.network().routers().add_router_interface(&router.id, join);
    ctx.change(&kinds::ROUTER_INTERFACE, call).await?;
    let group = ctx
        .create(&kinds::SECURITY_GROUP, |name| {
            ctx.network().security_groups().create(json!({"name": name}))
        })
        .await?;
    ctx.create(&kinds::SECURITY_GROUP_RULE, |name| {
        ctx.network().security_group_rules().create(json!({
            "description": name,
            "security_group_id": group.id,
            "direction": "ingress",
            "protocol": "icmp",
        }))
    })
    .await?;
    Ok(network.id)
}

async fn make_data(ctx: &Context) -> squall::Result {
    ctx.create(&kinds::IMAGE, |name| {
        ctx.image().images().create(json!({
            "name": name,
            "disk_format": "raw",
            "container_format": "bare",
        }))
    })
    .await?;
    let container = ctx
        .create(&kinds::CONTAINER, |name| ctx.object_storage().containers().create(name))
        .await?;
    ctx.create(&kinds::OBJECT, |name| {
        ctx.object_storage().objects().create(&container.id, name, Bytes::from_static(b"0123"))
    })
    .await?;
    Ok(())
}

async fn make_server(ctx: &Context, network: &str) -> squall::Result {
    let flavor = ctx
        .create(&kinds::FLAVOR, |name| {
            let flavor = json!({"name": name, "ram": 64, "vcpus": 1, "disk": 1});
            ctx.admin().compute().flavors().create(flavor)
        })
        .await?;
    ctx.create(&kinds::KEYPAIR, |name| {
        ctx.compute().keypairs().create(json!({"name": name, "public_key": PUBLIC_KEY}))
    })
    .await?;
    let volume = ctx
        .create(&kinds::VOLUME, |name| {
            ctx.volume().volumes().create(json!({"name": name, "size": 1}))
        })
        .await?;
    ctx.create(&kinds::SNAPSHOT, |name| {
        ctx.volume().snapshots().create(json!({"name": name, "volume_id": volume.id}))
    })
    .await?;
    let images = ctx.image().images().list().query("status", "active").send().await?;
    let image = images.body.at("/images/0/id").cloned();
    let server = ctx
        .create(&kinds::SERVER, |name| {
            ctx.compute().servers().create(json!({
                "name": name,
                "flavorRef": flavor.id,
                "imageRef": image,
                "networks": [{"uuid": network}],
            }))
        })
        .await?;
    ctx.wait("the server to be ACTIVE")
        .until(ready::server_status(ctx.actor(), &server.id, "ACTIVE"))
        .await?;
    let attachment = json!({"volumeId": volume.id});
    let call = ctx.compute().server_volume_attachments().create(&server.id, attachment);
    ctx.change(&kinds::VOLUME_ATTACHMENT, call).await?;
    // What is locked its owner cannot delete.
    ctx.compute().servers().lock(&server.id, Value::Null).send().await?;
    Ok(())
}

async fn make_as_admin(ctx: &Context) -> squall::Result {
    let admin = ctx.admin();
    ctx.create(&kinds::TRAIT, |name| admin.placement().traits().create(name)).await?;
    ctx.create(&kinds::RESOURCE_PROVIDER, |name| {
        admin.placement().resource_providers().create(json!({"name": name}))
    })
    .await?;
    ctx.create(&kinds::VOLUME_TYPE, |name| {
        admin.volume().volume_types().create(json!({"name": name}))
    })
    .await?;
    ctx.create(&kinds::ROLE, |name| admin.identity().roles().create(json!({"name": name}))).await?;
    let domain = ctx
        .create(&kinds::DOMAIN, |name| admin.identity().domains().create(json!({"name": name})))
        .await?;
    ctx.create(&kinds::GROUP, |name| {
        admin.identity().groups().create(json!({"name": name, "domain_id": domain.id}))
    })
    .await?;
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
    assert_eq!(outcome.removed.last().unwrap().kind, "network.network");

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
