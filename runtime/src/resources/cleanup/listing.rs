//! Reading a list to its end, whichever way the service pages it.
//!
//! - A next link in the body is followed; only its paging parameters are used.
//! - Otherwise the operation's marker (from the spec), or an offset where the kind
//!   says so, until a page is empty: a service may make pages smaller than asked for.
//! - A list that cannot be read to its end is an error and never taken as complete: a
//!   body without the list, a page without a marker, a page that repeats, a list that
//!   the service says it truncated.

use serde_json::Value;
use squall_model::{NextPage, Paging, ServiceSpec};

use crate::client::by_id::{Answer, Api, Request, Unanswered};
use crate::kinds::Listed;

/// A list with so many pages does not end.
const MAX_PAGES: usize = 10_000;

/// How much is asked for of a page after the first: what services give at most.
const LIMIT: &str = "1000";

/// The query parameters that lead to another page.
const PAGE: [&str; 3] = ["marker", "offset", "limit"];

/// A list to read.
#[derive(Debug, Clone)]
pub(crate) struct List<'a> {
    /// Its first request.
    pub(crate) request: Request<'a>,
    /// The JSON pointer to the items in its body.
    pub(crate) collection: &'a str,
    /// Whether it is paged by `offset`.
    pub(crate) by_offset: bool,
}

/// Why a list was not read.
#[derive(Debug)]
pub(crate) enum ListError {
    /// The first request was answered with another status than 2xx.
    Answered(Box<Answer>),
    /// A request got no answer.
    Unanswered(Unanswered),
    /// It was not read to its end.
    Incomplete(String),
}

impl ListError {
    /// Describes it, with the operation, and without ids of requests.
    pub(crate) fn describe(&self, operation: &str) -> String {
        match self {
            Self::Answered(answer) => refusal(operation, answer),
            Self::Unanswered(error) => error.message.clone(),
            Self::Incomplete(why) => format!("{operation} could not be read to its end: {why}"),
        }
    }
}

/// Reads every item of a list.
pub(crate) async fn every_item(api: &dyn Api, list: List<'_>) -> Result<Vec<Value>, ListError> {
    let List { request, collection, by_offset } = list;
    let spec: &'static ServiceSpec = request.spec;
    let paging = spec.operation(request.operation).and_then(|known| known.paging.as_ref());
    let mut all: Vec<Value> = Vec::new();
    let mut page = Page::default();
    let mut visited: Vec<Page> = Vec::new();
    loop {
        let answer = send(api, &request, &page).await?;
        if !(200..300).contains(&answer.status) {
            return Err(if visited.is_empty() {
                ListError::Answered(Box::new(answer))
            } else {
                ListError::Incomplete(refusal(request.operation, &answer))
            });
        }
        let items = answer.body.pointer(collection).and_then(Value::as_array).ok_or_else(|| {
            ListError::Incomplete(format!("the answer has no list at `{collection}`"))
        })?;
        if answer.body.get("truncated").and_then(Value::as_bool) == Some(true) {
            return Err(ListError::Incomplete("the service truncated it".to_owned()));
        }
        let repeats = !items.is_empty() && all.ends_with(items);
        let next = match link(&answer.body, paging)? {
            Some(next) => Some(next),
            None if items.is_empty() => None,
            None => following(items, paging, by_offset.then_some(all.len() + items.len()))?,
        };
        if repeats {
            // Older services ignore paging parameters and return everything at once.
            return if pages(api, &request, collection, items.len()).await? {
                Err(ListError::Incomplete("a page repeats the one before".to_owned()))
            } else {
                Ok(all)
            };
        }
        all.extend(items.iter().cloned());
        let Some(next) = next else { return Ok(all) };
        visited.push(page);
        if visited.contains(&next) || visited.len() > MAX_PAGES {
            return Err(ListError::Incomplete("its pages do not end".to_owned()));
        }
        page = next;
    }
}

/// Reads every item of a kind's list, and of the list of what that one leaves out.
pub(crate) async fn every_listed(
    api: &dyn Api,
    listed: &Listed,
    request: Request<'_>,
) -> Result<Vec<Value>, ListError> {
    let mut further = request.clone();
    let list =
        |request| List { request, collection: listed.collection, by_offset: listed.by_offset };
    let mut items = every_item(api, list(request)).await?;
    if !listed.left_out.is_empty() {
        let left_out = listed.left_out.iter();
        further.query.extend(left_out.map(|(name, value)| (*name, (*value).to_owned())));
        items.extend(every_item(api, list(further)).await?);
    }
    Ok(items)
}

/// The query parameters of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Page(Vec<(&'static str, String)>);

async fn send(api: &dyn Api, request: &Request<'_>, page: &Page) -> Result<Answer, ListError> {
    let mut request = request.clone();
    request.query.retain(|(name, _)| !page.0.iter().any(|(paged, _)| paged == name));
    request.query.extend(page.0.iter().cloned());
    api.send(request).await.map_err(ListError::Unanswered)
}

/// Whether the service pages this list at all: it keeps to a limit of one.
async fn pages(
    api: &dyn Api,
    request: &Request<'_>,
    collection: &str,
    size: usize,
) -> Result<bool, ListError> {
    let one = send(api, request, &Page(vec![("limit", "1".to_owned())])).await?;
    let items = one.body.pointer(collection).and_then(Value::as_array);
    Ok(one.status >= 300 || items.is_none_or(|items| items.len() < size))
}

/// The page that a link in the body leads to.
fn link(body: &Value, paging: Option<&Paging>) -> Result<Option<Page>, ListError> {
    let declared = match paging {
        Some(paging @ Paging::Link { .. }) => {
            match paging.next_page(body).map_err(|e| ListError::Incomplete(e.to_string()))? {
                NextPage::Link(url) => Some(url),
                NextPage::None | NextPage::Marker(_) => None,
            }
        }
        _ => None,
    };
    let Some(url) = declared.or_else(|| usual_link(body)) else { return Ok(None) };
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let page: Vec<(&'static str, String)> = pairs
        .filter_map(|(name, value)| {
            let name = PAGE.iter().find(|known| **known == name)?;
            Some((*name, value.into_owned()))
        })
        .collect();
    if page.iter().all(|(name, _)| *name == "limit") {
        let why = format!("the link to its next page, `{url}`, has no marker and no offset");
        return Err(ListError::Incomplete(why));
    }
    Ok(Some(Page(page)))
}

/// The link to the next page, in the forms that OpenStack services use.
fn usual_link(body: &Value) -> Option<String> {
    let object = body.as_object()?;
    let text = |value: &Value| value.as_str().filter(|url| !url.is_empty()).map(str::to_owned);
    let in_list = |links: &Value| {
        let next = links.as_array()?.iter().find(|link| link["rel"] == "next")?;
        next.get("href").and_then(text)
    };
    object
        .iter()
        .filter(|(key, _)| key.ends_with("_links") || *key == "links")
        .find_map(|(_, links)| in_list(links).or_else(|| links.get("next").and_then(text)))
        .or_else(|| object.get("next").and_then(text))
}

/// The page after these items.
fn following(
    items: &[Value],
    paging: Option<&Paging>,
    offset: Option<usize>,
) -> Result<Option<Page>, ListError> {
    if let Some(offset) = offset {
        return Ok(Some(Page(vec![("offset", offset.to_string())])));
    }
    let (Some(paging @ Paging::Marker { .. }), Some(last)) = (paging, items.last()) else {
        return Ok(None);
    };
    match paging.marker_of(last) {
        // Network ignores a marker without a limit (neutron/api/api_common.py,
        // `get_limit_and_marker`), and would give the first page again.
        Some(marker) => Ok(Some(Page(vec![("marker", marker), ("limit", LIMIT.to_owned())]))),
        None => Err(ListError::Incomplete("its last item has no marker".to_owned())),
    }
}

/// Describes the answer to an operation, with its request id.
pub(super) fn describe(operation: &str, answer: &Answer) -> String {
    let mut text = refusal(operation, answer);
    if let Some(id) = &answer.request_id {
        text.extend([" [", id, "]"]);
    }
    text
}

/// Describes the answer without its request id, so that equal refusals read the same.
pub(super) fn refusal(operation: &str, answer: &Answer) -> String {
    let mut text = format!("{operation} answered {}", answer.status);
    if let Value::String(message) = &answer.body {
        text.push_str(": ");
        text.extend(message.chars().take(200));
    }
    text
}
