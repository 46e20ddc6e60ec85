//! What the headers of every answer say: transaction, times, policy, and the media type.

use squall::client::Response;
use squall::{Context, ensure, ensure_eq};

use super::container;

/// Checks the id of a transaction: `tx`, 21 hexadecimal digits, and the time in ten more.
fn check_transaction<T>(answer: &Response<T>) -> squall::Result {
    let id = answer.header("x-trans-id").unwrap_or_default();
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let good = id.strip_prefix("tx").and_then(|rest| {
        let (random, time) = rest.split_at_checked(21)?;
        let time = time.strip_prefix('-')?.get(..10)?;
        Some(hexadecimal(random) && hexadecimal(time))
    });
    ensure_eq!(good, Some(true), "X-Trans-Id is `{id}`");
    ensure_eq!(answer.header("x-openstack-request-id"), Some(id));
    Ok(())
}

/// Checks that a header is there and not empty.
fn has<T>(answer: &Response<T>, names: &[&str]) -> squall::Result {
    for name in names {
        let value = answer.header(name).unwrap_or_default();
        ensure!(!value.is_empty(), "the {} response has no {name}", answer.status);
    }
    Ok(())
}

/// Checks a time as `X-Timestamp` has it: seconds, with five digits after the point.
fn check_time<T>(answer: &Response<T>) -> squall::Result {
    let time = answer.header("x-timestamp").unwrap_or_default();
    let parts =
        time.split_once('.').map(|(seconds, rest)| (seconds.parse::<u64>().ok(), rest.len()));
    ensure!(matches!(parts, Some((Some(1_000_000_000..), 5))), "X-Timestamp is `{time}`");
    Ok(())
}

/// An account shows its age, and an empty answer has a media type.
#[squall::test(id = "object-storage.headers.account")]
async fn an_account_has_its_headers(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let accounts = ctx.object_storage().accounts();
    let shown = accounts.check().send().await?;
    check_transaction(&shown)?;
    check_time(&shown)?;
    ensure_eq!(shown.header("content-type"), Some("application/json; charset=utf-8"));
    let listed = ctx.object_storage().containers().list().query("format", "json").send().await?;
    check_time(&listed)?;
    ensure_eq!(listed.header("content-type"), Some("application/json; charset=utf-8"));
    let text = listed.body.json().map(ToString::to_string).unwrap_or_default();
    ensure!(text.contains(&name), "{text}");
    let updated = accounts.update().header("x-account-meta-squall", "").send().await?;
    check_transaction(&updated)?;
    ensure_eq!(updated.header("content-type"), Some("text/html; charset=UTF-8"));
    Ok(())
}

/// A container shows its age, its last change and its policy.
#[squall::test(id = "object-storage.headers.container")]
async fn a_container_has_its_headers(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let objects = ctx.object_storage().objects();
    let containers = ctx.object_storage().containers();
    objects.create(&name, "cat", "meow").send().await?;
    let checked = containers.check(&name).send().await?;
    check_transaction(&checked)?;
    check_time(&checked)?;
    has(&checked, &["last-modified", "x-storage-policy"])?;
    ensure_eq!(checked.header("content-type"), Some("application/json; charset=utf-8"));
    ensure_eq!(checked.header("x-container-object-count"), Some("1"));
    ensure_eq!(checked.header("x-container-bytes-used"), Some("4"));
    let listed = objects.list(&name).query("format", "json").send().await?;
    check_time(&listed)?;
    has(&listed, &["last-modified", "x-storage-policy"])?;
    ensure_eq!(listed.header("content-type"), Some("application/json; charset=utf-8"));
    for answer in [
        containers.create(&name).send().await?,
        containers.update(&name).header("x-container-meta-colour", "blue").send().await?,
    ] {
        check_transaction(&answer)?;
        ensure_eq!(answer.header("content-type"), Some("text/html; charset=UTF-8"));
    }
    let coloured = containers.check(&name).send().await?;
    ensure_eq!(coloured.header("x-container-meta-colour"), Some("blue"));
    Ok(())
}

/// An object shows its age and its last change, and an upload has a time as well.
#[squall::test(id = "object-storage.headers.object")]
async fn an_object_has_its_headers(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let objects = ctx.object_storage().objects();
    let put = objects.create(&name, "cat", "meow").send().await?;
    check_transaction(&put)?;
    has(&put, &["etag", "last-modified"])?;
    ensure_eq!(put.header("content-type"), Some("text/html; charset=UTF-8"));
    let checked = objects.check(&name, "cat").send().await?;
    check_transaction(&checked)?;
    check_time(&checked)?;
    ensure_eq!(checked.header("last-modified"), put.header("last-modified"));
    let came = objects.show(&name, "cat").send().await?;
    check_time(&came)?;
    ensure_eq!(came.header("last-modified"), put.header("last-modified"));
    let deleted = objects.delete(&name, "cat").send().await?;
    check_transaction(&deleted)?;
    ensure_eq!(deleted.header("content-type"), Some("text/html; charset=UTF-8"));
    objects.check(&name, "cat").expect_error(404).await?;
    Ok(())
}
