//! Paging through a collection.

use serde_json::Value;
use squall_model::Paging;

use crate::call::Call;
use crate::error::{Error, ErrorKind};
use crate::response::Response;

/// The pages of a collection, each requested when needed.
#[derive(Debug)]
pub struct Pages<T> {
    call: Call<Vec<T>>,
    marker: Option<String>,
    done: bool,
}

impl<T> Call<Vec<T>> {
    /// Reads the collection page by page; `limit` in the query sets their size.
    ///
    /// - The next page starts after the last item of the one before, whose field
    ///   the operation names (its `id`, as a rule).
    /// - The last page is the first empty one: a service may make pages smaller
    ///   than the limit, so that a short one says nothing.
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
        Pages { call: self, marker: None, done: false }
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
    /// What the call comes to, and a service that gives the same page again.
    pub async fn next(&mut self) -> Result<Option<Response<Vec<T>>>, Error> {
        if self.done {
            return Ok(None);
        }
        let mut call = self.call.clone();
        if let Some(marker) = &self.marker {
            call = call.query_instead("marker", marker);
        }
        let page = call.send().await.inspect_err(|_| self.done = true)?;
        let Some(paging) = &self.call.operation().paging else {
            self.done = true;
            return Ok(Some(page));
        };
        let Some(next) = last(page.body.json(), paging) else {
            self.done = true;
            // An empty collection has one page that says so.
            let first = self.marker.is_none();
            return Ok((first || !page.value.is_empty()).then_some(page));
        };
        if self.marker.as_ref() == Some(&next) {
            self.done = true;
            let what = format!("the page after `{next}` ends with `{next}`: paging would not end");
            return Err(Error::new(ErrorKind::Request(what)));
        }
        self.marker = Some(next);
        Ok(Some(page))
    }
}

/// Returns the marker of the last item.
fn last(body: Option<&Value>, paging: &Paging) -> Option<String> {
    paging.marker_of(paging.items(body?)?.last()?)
}
