//! The pages of a list, joined, are the list.

use std::collections::BTreeSet;

use serde_json::Value;
use squall_model::{NextPage, Paging, pointer};

use super::listing::{Listing, Page};
use crate::described::by_service;
use crate::{Failure, Result, ensure};

/// How many pages a walk should have.
const PAGES: usize = 4;

/// How often a walk begins again when the item after which a page starts was deleted by someone
/// else.
const TRIES: usize = 3;

/// Which way a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Forward,
    Backward,
}

/// The pages joined are the list, and each leads to the next.
pub(super) async fn forward(list: &Listing) -> Result {
    walk(list, Way::Forward).await
}

/// The same from its end.
pub(super) async fn backward(list: &Listing) -> Result {
    walk(list, Way::Backward).await
}

async fn walk(list: &Listing, way: Way) -> Result {
    let all = list.plain().await?;
    if all.items.len() < 2 {
        return Err(Failure::skip("the list has one item, which makes no second page"));
    }
    let limit = all.items.len().div_ceil(PAGES);
    for _ in 1..TRIES {
        if let Some(pages) = pages(list, limit, way).await? {
            return judge(list, &all, &pages, limit, way);
        }
    }
    match pages(list, limit, way).await? {
        Some(pages) => judge(list, &all, &pages, limit, way),
        None => Err(Failure::new(format!(
            "{TRIES} times a page could not start after an item that the page before had shown"
        ))),
    }
}

/// Reads all pages; `None` if one begins after an item that is no longer there.
async fn pages(list: &Listing, limit: usize, way: Way) -> Result<Option<Vec<Page>>> {
    let mut pages: Vec<Page> = Vec::new();
    let mut query = vec![("limit", limit.to_string())];
    if way == Way::Backward {
        query.push(("page_reverse", "true".to_owned()));
    }
    // Others may add items meanwhile, but not without end.
    let most = PAGES + TRIES + 20;
    let mut marker: Option<(String, bool)> = None;
    while pages.len() < most {
        let mut query = query.clone();
        query.extend(marker.iter().map(|(marker, _)| ("marker", marker.clone())));
        let page = match (list.page(&query).await, &marker) {
            (Ok(page), _) => page?,
            (Err(error), Some((_, false))) if error.is_status(400) || error.is_not_found() => {
                return Ok(None);
            }
            (Err(error), _) => return Err(by_service(error)),
        };
        ensure!(
            page.items.len() <= limit,
            "`limit={limit}` is answered with {} items",
            page.items.len()
        );
        let last = match way {
            Way::Forward => page.items.last(),
            Way::Backward => page.items.first(),
        };
        let Some(last) = last else { return Ok(Some(pages)) };
        let next = marker_of(list, last).ok_or_else(|| {
            Failure::new(format!("an item has no marker for the next page: {last}"))
        })?;
        ensure!(
            marker.as_ref().is_none_or(|(held, _)| *held != next),
            "the page after `{next}` ends with `{next}` again"
        );
        marker = Some((next, list.is_own(last)));
        pages.push(page);
    }
    Err(Failure::new(format!("the list has no end: after {most} pages of {limit} it goes on")))
}

/// Holds the pages against the whole list.
fn judge(list: &Listing, all: &Page, pages: &[Page], limit: usize, way: Way) -> Result {
    let mut seen = BTreeSet::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        let Some(id) = list.id(item) else { continue };
        ensure!(seen.insert(id.clone()), "`{id}` is on two pages (`limit={limit}`)");
    }
    for item in list.own_in(all) {
        let id = list.id(item).unwrap_or_default();
        ensure!(seen.contains(&id), "`{id}` is on no page (`limit={limit}`)");
    }
    if way == Way::Backward || !list.schema.has_links {
        return Ok(());
    }
    let known: BTreeSet<String> = all.items.iter().filter_map(|item| list.id(item)).collect();
    let is_known = |item: &Value| list.id(item).is_some_and(|id| known.contains(&id));
    for (at, page) in pages.iter().enumerate() {
        let link = next_link(list, page);
        // What follows may have come while the list was read.
        let goes_on = pages[at + 1..].iter().flat_map(|page| &page.items).any(is_known);
        let is_last = at + 1 == pages.len();
        match link {
            Some(link) if is_last && page.items.len() < limit => {
                return Err(Failure::new(format!(
                    "the last page has {} of {limit} items, and a link to a next one: `{link}`",
                    page.items.len()
                )));
            }
            Some(link) => {
                let marker = page.items.last().and_then(|last| marker_of(list, last));
                let leads = parameter(&link, "marker");
                ensure!(
                    leads == marker,
                    "the link to the next page starts after {leads:?}, and the page ends with \
                     {marker:?}: `{link}`"
                );
                let size = parameter(&link, "limit");
                ensure!(
                    size.as_deref() == Some(&limit.to_string()),
                    "the link to the next page has the limit {size:?} in place of {limit}: `{link}`"
                );
            }
            None if !goes_on => {}
            None => {
                return Err(Failure::new(format!(
                    "page {} of {} has no link to the next one",
                    at + 1,
                    pages.len()
                )));
            }
        }
    }
    Ok(())
}

fn marker_of(list: &Listing, item: &Value) -> Option<String> {
    match &list.list.operation.paging {
        Some(paging @ Paging::Marker { .. }) => paging.marker_of(item),
        _ => list.id(item),
    }
}

/// Returns the link to the next page: of an operation that is paged by links where these say,
/// otherwise beside the list, as `servers_links` or `next`.
fn next_link(list: &Listing, page: &Page) -> Option<String> {
    let name = pointer::keys(list.list.collection()).next_back().unwrap_or_default();
    let beside = pointer::join("", format!("{name}_links"));
    let next = [beside, "/next".to_owned()].into_iter().find(|at| page.body.pointer(at).is_some());
    let collection = list.list.collection().to_owned().into();
    let links = match &list.list.operation.paging {
        Some(paging @ Paging::Link { .. }) => paging.clone(),
        _ => Paging::Link { collection, next: next?.into() },
    };
    match links.next_page(&page.body) {
        Ok(NextPage::Link(link)) => Some(link),
        _ => None,
    }
}

/// Returns a parameter of a link.
fn parameter(link: &str, name: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_of_a_link_is_decoded() {
        let link = "/v2/images?marker=a%2Fb&limit=3";
        assert_eq!(parameter(link, "marker").as_deref(), Some("a/b"));
        assert_eq!(parameter(link, "limit").as_deref(), Some("3"));
        assert_eq!(parameter("/v2/images", "limit"), None);
    }
}
