//! Temporary URLs: good for what was signed, and for nothing else.

use squall::model::Method;
use squall::object_storage::{Digest, TempUrl};
use squall::{Context, ensure, ensure_eq};

use super::container;

const KEY: &str = "a key of the suite";
/// In the year 2096.
const LATER: i64 = 4_000_000_000;
/// In the year 2001.
const PAST: i64 = 1_000_000_000;

/// A container with a key, and an object `cat` in it.
async fn keyed(ctx: &Context) -> squall::Result<String> {
    ctx.store().needs(&["tempurl"]).await?;
    let name = container(ctx).await?;
    ctx.store().container(&name).set_temp_url_key(KEY).send().await?;
    ctx.object_storage().objects().create(&name, "cat", "meow").send().await?;
    // A URL that is refused proves something only if another one is not.
    let right = ctx.store().sign(&TempUrl::new(Method::Get, &name, "cat", LATER), KEY).await?;
    right.get().send().await?;
    Ok(name)
}

/// A temporary URL reads the object without a token.
#[squall::test(id = "object-storage.temp-urls.get", tags(smoke))]
async fn the_url_reads_without_a_token(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    let signed = ctx.store().sign(&TempUrl::new(Method::Get, &name, "cat", LATER), KEY).await?;
    let came = signed.get().send().await?;
    ensure!(came.value == "meow", "the object has {:?}", came.value);
    let disposition = came.header("content-disposition").unwrap_or_default();
    ensure!(disposition.starts_with("attachment; filename=\"cat\""), "{disposition}");
    signed.head().send().await?;
    Ok(())
}

/// A SHA-512 signature is accepted.
#[squall::test(id = "object-storage.temp-urls.sha512", features("object_storage.tempurl.sha512"))]
async fn a_longer_hash_is_as_good(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    let url = TempUrl::new(Method::Get, &name, "cat", LATER).with_digest(Digest::Sha512);
    let came = ctx.store().sign(&url, KEY).await?.get().send().await?;
    ensure!(came.value == "meow", "the object has {:?}", came.value);
    Ok(())
}

/// The account's key signs for all of its containers.
#[squall::test(id = "object-storage.temp-urls.account-key")]
async fn the_accounts_key_signs_for_all(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["tempurl"]).await?;
    let name = container(ctx).await?;
    ctx.object_storage().objects().create(&name, "cat", "meow").send().await?;
    let account = ctx.store().account();
    let away = account.set_temp_url_key("");
    ctx.defer(async move {
        away.send().await?;
        Ok(())
    });
    account.set_temp_url_key(KEY).send().await?;
    let signed = ctx.store().sign(&TempUrl::new(Method::Get, &name, "cat", LATER), KEY).await?;
    let came = signed.get().send().await?;
    ensure!(came.value == "meow", "the object has {:?}", came.value);
    Ok(())
}

/// A URL for uploads can upload, and cannot read.
#[squall::test(id = "object-storage.temp-urls.put")]
async fn a_url_for_uploads_reads_nothing(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    let signed = ctx.store().sign(&TempUrl::new(Method::Put, &name, "dog", LATER), KEY).await?;
    signed.put("woof").send().await?;
    signed.get().expect_error(401).await?;
    let came = ctx.object_storage().objects().show(&name, "dog").send().await?;
    ensure!(came.value == "woof", "the object has {:?}", came.value);
    Ok(())
}

/// A prefix URL is valid for every object with the prefix, and for no other.
#[squall::test(id = "object-storage.temp-urls.prefix")]
async fn a_prefix_is_good_below_it(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    ctx.object_storage().objects().create(&name, "open/dog", "woof").send().await?;
    let url = TempUrl::prefix(Method::Get, &name, "open/", LATER);
    let signed = ctx.store().sign(&url, KEY).await?;
    let came = signed.for_object("open/dog").get().send().await?;
    ensure!(came.value == "woof", "the object has {:?}", came.value);
    signed.for_object("cat").get().expect_error(401).await?;
    Ok(())
}

/// The URL can set the file name, and inline display.
#[squall::test(id = "object-storage.temp-urls.filename")]
async fn the_url_names_the_file(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    let url = TempUrl::new(Method::Get, &name, "cat", LATER).with_filename("my cat.txt");
    let came = ctx.store().sign(&url, KEY).await?.get().send().await?;
    ensure_eq!(
        came.header("content-disposition"),
        Some("attachment; filename=\"my cat.txt\"; filename*=UTF-8''my%20cat.txt")
    );
    let url = TempUrl::new(Method::Get, &name, "cat", LATER).with_inline();
    let came = ctx.store().sign(&url, KEY).await?.get().send().await?;
    ensure_eq!(came.header("content-disposition"), Some("inline"));
    Ok(())
}

/// A signature with another key is refused.
#[squall::test(id = "object-storage.temp-urls.wrong-signature", tags(negative))]
async fn a_wrong_signature_is_refused(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    let url = TempUrl::new(Method::Get, &name, "cat", LATER);
    let signed = ctx.store().sign(&url, KEY).await?;
    signed.with_signature(&"0".repeat(64)).get().expect_error(401).await?;
    signed.with_signature("no hexadecimal").get().expect_error(401).await?;
    ctx.store().sign(&url, "another key").await?.get().expect_error(401).await?;
    Ok(())
}

/// An expired URL is refused, though its signature is right.
#[squall::test(id = "object-storage.temp-urls.expired", tags(negative))]
async fn an_expired_url_is_refused(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    let signed = ctx.store().sign(&TempUrl::new(Method::Get, &name, "cat", PAST), KEY).await?;
    signed.get().expect_error(401).await?;
    Ok(())
}

/// A URL is valid only for its own object and method.
#[squall::test(id = "object-storage.temp-urls.other", tags(negative))]
async fn a_url_is_good_for_nothing_else(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    ctx.object_storage().objects().create(&name, "dog", "woof").send().await?;
    let signed = ctx.store().sign(&TempUrl::new(Method::Get, &name, "cat", LATER), KEY).await?;
    signed.for_object("dog").get().expect_error(401).await?;
    signed.put("mine").expect_error(401).await?;
    signed.delete().expect_error(401).await?;
    Ok(())
}

/// A URL for another client address is refused.
#[squall::test(id = "object-storage.temp-urls.other-address", tags(negative))]
async fn a_url_for_other_addresses_is_refused(ctx: &Context) -> squall::Result {
    let name = keyed(ctx).await?;
    // A range for documentation (RFC 5737), which no client has.
    let url = TempUrl::new(Method::Get, &name, "cat", LATER).with_ip_range("192.0.2.0/24");
    ctx.store().sign(&url, KEY).await?.get().expect_error(401).await?;
    let anywhere = TempUrl::new(Method::Get, &name, "cat", LATER).with_ip_range("0.0.0.0/0");
    ctx.store().sign(&anywhere, KEY).await?.get().send().await?;
    Ok(())
}
