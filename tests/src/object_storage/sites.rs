//! Containers as web sites: pages for everyone.

use squall::object_storage::{Acl, Grant, Site};
use squall::{Context, ensure, ensure_eq};

use super::container;

/// A container that anyone may read and list, with some pages.
async fn published(ctx: &Context, site: &Site) -> squall::Result<String> {
    ctx.store().needs(&["staticweb"]).await?;
    let name = container(ctx).await?;
    let list = Acl::from_iter([Grant::referrer("*"), Grant::Listings]);
    ctx.store().container(&name).set_read_acl(&list).send().await?;
    ctx.store().container(&name).set_site(site).send().await?;
    for (page, text) in [
        ("index.html", "home"),
        ("blog/index.html", "blog"),
        ("files/cat.txt", "meow"),
        ("404error.html", "not here"),
    ] {
        ctx.object_storage().objects().create(&name, page, text).send().await?;
    }
    Ok(name)
}

fn indexed() -> Site {
    Site { index: Some("index.html".to_owned()), ..Site::default() }
}

/// The index is served for the root, and for a folder.
#[squall::test(id = "object-storage.sites.index", tags(smoke))]
async fn the_index_stands_for_a_folder(ctx: &Context) -> squall::Result {
    let name = published(ctx, &indexed()).await?;
    for (path, text) in [("", "home"), ("blog/", "blog"), ("files/cat.txt", "meow")] {
        let came = ctx.store().container(&name).page(path).send().await?;
        ensure!(came.value == text, "{path}: the object has {:?}", came.value);
    }
    Ok(())
}

/// A missing page is answered with the site's own error page.
#[squall::test(id = "object-storage.sites.error", tags(negative))]
async fn what_is_not_there_has_a_page(ctx: &Context) -> squall::Result {
    let site = Site { error: Some("error.html".to_owned()), ..indexed() };
    let name = published(ctx, &site).await?;
    let refused = ctx.store().container(&name).page("never-created").expect_error(404).await?;
    ensure!(refused.body.bytes() == "not here", "{:?}", refused.body.bytes());
    Ok(())
}

/// A folder without an index is listed, with the site's style sheet.
#[squall::test(id = "object-storage.sites.listing")]
async fn a_folder_is_listed_in_its_style(ctx: &Context) -> squall::Result {
    let site = Site { listings: true, css: Some("style.css".to_owned()), ..Site::default() };
    let name = published(ctx, &site).await?;
    let came = ctx.store().container(&name).page("files/").send().await?;
    let page = String::from_utf8_lossy(&came.value).into_owned();
    ensure!(page.contains("cat.txt"), "{page}");
    ensure!(page.contains("href=\"../style.css\""), "{page}");
    ensure!(!page.contains("index.html"), "{page}");
    Ok(())
}

/// Without listings a folder that has no index is not found.
#[squall::test(id = "object-storage.sites.no-listing", tags(negative))]
async fn without_listings_a_folder_is_not_there(ctx: &Context) -> squall::Result {
    let name = published(ctx, &indexed()).await?;
    ctx.store().container(&name).page("files/").expect_error(404).await?;
    ctx.store().container(&name).page("files/cat.txt").send().await?;
    Ok(())
}

/// A site without an access list is private, whatever its pages.
#[squall::test(id = "object-storage.sites.closed", tags(negative))]
async fn a_site_without_a_list_is_closed(ctx: &Context) -> squall::Result {
    let name = published(ctx, &indexed()).await?;
    let at = ctx.store().container(&name);
    at.page("").send().await?;
    at.set_read_acl(&Acl::default()).send().await?;
    at.page("").expect_error(401).await?;
    Ok(())
}

/// A site's settings are returned as metadata, and can be removed.
#[squall::test(id = "object-storage.sites.metadata")]
async fn the_site_is_metadata(ctx: &Context) -> squall::Result {
    let name = published(ctx, &indexed()).await?;
    let at = ctx.store().container(&name);
    ensure_eq!(at.metadata().await?.get("Web-Index"), Some("index.html"));
    at.page("").send().await?;
    at.set_site(&Site::default()).send().await?;
    ensure_eq!(at.metadata().await?.get("Web-Index"), None);
    Ok(())
}
