//! Paging through a collection.

use std::collections::HashSet;

use serde_json::Value;
use squall_model::NextPage;

use crate::call::Call;
use crate::codec::kind;
use crate::error::{Error, ErrorKind};
use crate::response::Response;

/// The pages of a collection, each requested when needed.
#[derive(Debug)]
pub struct Pages<T> {
    call: Call<Vec<T>>,
    next: Next,
    /// The markers and queries of the pages so far: a service must not lead back to one.
    seen: HashSet<String>,
}

/// What is requested next.
#[derive(Debug)]
enum Next {
    First,
    Marker(String),
    /// The query of a link.
    Query(Vec<(String, String)>),
    Nothing,
}

impl<T> Call<Vec<T>> {
    /// Reads the collection page by page; `limit` in the query sets their size.
    ///
    /// - The next page starts after the last item of the page before, whose marker
    ///   the operation names (its `id`, as a rule), or a link leads to it. Of a link
    ///   only the query is used, and only if it leads to the same list of the same
    ///   service.
    /// - With markers, the last page is the first empty one: a service may make pages
    ///   smaller than the limit, so that a short one says nothing.
    /// - A page without a marker or with a link that cannot be followed is an error:
    ///   what was read is not the whole collection.
    /// - A page that leads back to an earlier one is an error.
    /// - An operation that is not paged has one page.
    ///
    /// ```
    /// # use squall_client::script::Script;
    /// # use squall_client::{decode, Json};
    /// # use serde_json::json;
    /// # use std::sync::Arc;
    /// # use squall_client::model::{Method, Operation, Paging};
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let script = Script::new().signed_in(&[("image", "http://cloud.test")]);
    /// # let script = script
    /// #     .answer("GET", "/v2/images?limit=2", 200, json!({"images": [{"id": "a"}, {"id": "b"}]}))
    /// #     .answer("GET", "/v2/images?limit=2&marker=b", 200, json!({"images": [{"id": "c"}]}))
    /// #     .answer("GET", "/v2/images?limit=2&marker=c", 200, json!({"images": []}));
    /// # let mut operation =
    /// #     Operation::new("image.images.list", Method::Get, "/images", Default::default());
    /// # operation.paging =
    /// #     Some(Paging::Marker { collection: "/images".into(), markers: vec!["/id".into()].into() });
    /// # let images = script.session().service(squall_client::ServiceDescription {
    /// #     name: "image".into(),
    /// #     service_type: "image".into(),
    /// #     version_path: "/v2".into(),
    /// #     versions: squall_client::model::VersionRange::ALL,
    /// # });
    /// # let list = images.call(Arc::new(operation), decode::json::<Vec<Json>>).envelope("images");
    /// let mut pages = list.query("limit", 2).pages();
    /// let mut sizes = Vec::new();
    /// while let Some(page) = pages.next().await? {
    ///     sizes.push(page.value.len());
    /// }
    /// assert_eq!(sizes, [2, 1]);
    /// # Ok::<(), squall_client::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn pages(self) -> Pages<T> {
        Pages { call: self, next: Next::First, seen: HashSet::new() }
    }

    /// Reads the whole collection, page by page.
    pub async fn all(self) -> Result<Vec<T>, Error> {
        let mut pages = self.pages();
        let mut all = Vec::new();
        while let Some(page) = pages.next().await? {
            all.extend(page.value);
        }
        Ok(all)
    }
}

impl<T> Pages<T> {
    /// Reads the next page; `None` after the last.
    ///
    /// # Errors
    /// The call fails, or the page does not lead to the next one.
    pub async fn next(&mut self) -> Result<Option<Response<Vec<T>>>, Error> {
        let mut call = self.call.clone();
        // After an error there is nothing more.
        let first = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => return Ok(None),
            Next::First => true,
            Next::Marker(marker) => {
                call = call.query_instead("marker", &marker);
                false
            }
            Next::Query(query) => {
                call = call.whole_query(query);
                false
            }
        };
        let page = call.send().await?;
        self.next = self.after(&page)?;
        // An empty collection has one page that says so.
        let ends_with_nothing = page.value.is_empty() && matches!(self.next, Next::Nothing);
        Ok((first || !ends_with_nothing).then_some(page))
    }

    /// Decides what follows a page.
    fn after(&mut self, page: &Response<Vec<T>>) -> Result<Next, Error> {
        let operation = self.call.operation();
        let Some(paging) = &operation.paging else { return Ok(Next::Nothing) };
        let fail = |what: String| {
            let what = format!("cannot read the whole list of `{}`: {what}", operation.id);
            Err(Error::new(ErrorKind::Paging(what)))
        };
        // A list may be answered with no body at all where it is empty.
        let Some(body) = page.body.json() else { return Ok(Next::Nothing) };
        let (next, place) = match paging.next_page(body) {
            Err(error) => {
                let last = paging.items(body).and_then(|items| items.last());
                let has = last.map_or_else(String::new, |item| format!(" ({})", keys_of(item)));
                return fail(format!("{error}{has}"));
            }
            Ok(NextPage::None) => return Ok(Next::Nothing),
            Ok(NextPage::Marker(marker)) => (Next::Marker(marker.clone()), marker),
            Ok(NextPage::Link(link)) => match self.query_of(&link) {
                Ok(query) => (Next::Query(query), link),
                Err(what) => return fail(what),
            },
        };
        if !self.seen.insert(place.clone()) {
            return fail(format!("a page leads back to `{place}`, which was read before"));
        }
        Ok(next)
    }

    /// Returns the query of a link, if it leads to the same list.
    fn query_of(&self, link: &str) -> Result<Vec<(String, String)>, String> {
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        let path = path.split("://").nth(1).map_or(path, |rest| {
            // Services behind a proxy do not know their own host and scheme, so that
            // only the path is compared, and the request goes to our endpoint.
            rest.find('/').map_or("", |at| &rest[at..])
        });
        let list = self.call.operation().path.rsplit('/').next().unwrap_or_default();
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if !path.is_empty() && !list.starts_with('{') && last != list {
            return Err(format!("the link to the next page leads to `{path}`, not to this list"));
        }
        if query.is_empty() {
            return Err(format!("the link to the next page, `{link}`, has no query"));
        }
        Ok(query.split('&').map(pair).collect())
    }
}

/// Decodes a parameter of a query.
fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let plain = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    (plain(name), plain(value))
}

/// Names the keys of an item, for a message.
fn keys_of(item: &Value) -> String {
    match item.as_object() {
        Some(map) if !map.is_empty() => {
            let keys: Vec<&str> = map.keys().map(String::as_str).take(8).collect();
            format!("it has the keys `{}`", keys.join("`, `"))
        }
        _ => format!("it is {}", kind(item)),
    }
}
