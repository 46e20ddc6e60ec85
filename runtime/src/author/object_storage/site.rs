//! Static web sites: containers whose objects are public pages.

use super::StoreContainer;
use super::operations::SHOW_PAGE;
use crate::client::{Bytes, Call, decode};

/// How a container is served to requests without a token.
///
/// ```
/// use squall::object_storage::Site;
///
/// let site = Site { index: Some("index.html".to_owned()), listings: true, ..Site::default() };
/// # let _ = site;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The object served for a folder, such as `index.html`.
    pub index: Option<String>,
    /// The suffix of error pages: `error.html` for `404error.html`.
    pub error: Option<String>,
    /// Whether folders without an index are listed.
    pub listings: bool,
    /// The title of a listing, instead of its path.
    pub label: Option<String>,
    /// The style sheet of listings: an object, or a URL.
    pub css: Option<String>,
    /// The media type that marks an object as a folder.
    pub directory_type: Option<String>,
}

impl StoreContainer {
    /// Turns the container into a web site, or changes how it is served.
    ///
    /// `POST /{container}` with `X-Container-Meta-Web-…`. A setting that the site
    /// lacks is removed. To be public it also needs an access list for reading.
    ///
    /// ```no_run
    /// use squall::object_storage::Site;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let site = Site { index: Some("index.html".to_owned()), ..Site::default() };
    /// ctx.store().container("www").set_site(&site).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_site(&self, site: &Site) -> Call<()> {
        let mut call = self.client.containers().update(&self.name);
        let listings = site.listings.then(|| "true".to_owned());
        for (name, value) in [
            ("index", &site.index),
            ("error", &site.error),
            ("listings", &listings),
            ("listings-label", &site.label),
            ("listings-css", &site.css),
            ("directory-type", &site.directory_type),
        ] {
            let header = format!("x-container-meta-web-{name}");
            call = call.header(&header, value.as_deref().unwrap_or_default());
        }
        call
    }

    /// Requests a page without a token; an empty path is the site's root.
    ///
    /// `GET /{container}/{path}`. A folder without a slash at its end is redirected (301)
    /// to the one with it.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let home = ctx.store().container("www").page("").send().await?.value;
    /// # let _ = home; Ok(())
    /// # }
    /// ```
    pub fn page(&self, path: &str) -> Call<Bytes> {
        self.client
            .client()
            .call(&*SHOW_PAGE, decode::bytes)
            .path("page", format!("{}/{path}", self.name))
            .header("accept", "*/*")
            .without_token()
    }
}
