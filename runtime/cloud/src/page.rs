//! Paging by `limit` and `marker`, the way the services share.

use crate::fault::Fault;

/// The most that a service gives at once.
pub(crate) const MAX_LIMIT: usize = 1000;

/// A part of a collection.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The marker of the next page, where there is more.
    pub(crate) next: Option<String>,
}

/// Cuts one page out of a collection that is already filtered and sorted.
///
/// A marker that is not in the collection is refused, as a stale one would
/// otherwise silently begin again at the first page.
pub(crate) fn page<T>(
    items: Vec<T>,
    limit: Option<usize>,
    marker: Option<&str>,
    key: impl Fn(&T) -> &str,
) -> Result<Page<T>, Fault> {
    let start = match marker {
        None | Some("") => 0,
        Some(marker) => items
            .iter()
            .position(|item| key(item) == marker)
            .map(|index| index + 1)
            .ok_or_else(|| Fault::bad_request(format!("marker [{marker}] not found")))?,
    };
    let limit = limit.map_or(MAX_LIMIT, |limit| limit.min(MAX_LIMIT));
    let more = items.len() > start + limit;
    let items: Vec<T> = items.into_iter().skip(start).take(limit).collect();
    let next = items.last().filter(|_| more).map(|item| key(item).to_owned());
    Ok(Page { items, next })
}

/// Cuts one page out of a collection that is sorted, and shows no more of its items to
/// `keep` than it has to: those from the marker on until the page is full.
///
/// A list that is read page by page so costs each item once, and not once a page.
pub(crate) fn filtered<'a, T>(
    items: &[&'a T],
    mut keep: impl FnMut(&T) -> bool,
    bounds: &Bounds<'_>,
    key: impl Fn(&T) -> &str,
) -> Result<Page<&'a T>, Fault> {
    let start = match bounds.marker {
        None | Some("") => 0,
        Some(marker) => items
            .iter()
            .position(|item| key(item) == marker)
            .map(|index| index + 1)
            .ok_or_else(|| Fault::bad_request(format!("marker [{marker}] not found")))?,
    };
    let limit = bounds.limit.map_or(MAX_LIMIT, |limit| limit.min(MAX_LIMIT));
    let mut kept = items.iter().skip(start).filter(|item| keep(item)).skip(bounds.offset);
    let page: Vec<&T> = kept.by_ref().take(limit).copied().collect();
    let more = page.len() == limit && kept.next().is_some();
    let next = page.last().filter(|_| more).map(|item| key(item).to_owned());
    Ok(Page { items: page, next })
}

/// Which part of a collection is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bounds<'a> {
    pub(crate) limit: Option<usize>,
    pub(crate) marker: Option<&'a str>,
    pub(crate) offset: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_join_to_the_whole() {
        let all = vec!["a", "b", "c"];
        let first = page(all.clone(), Some(2), None, |item| item).unwrap();
        assert_eq!((first.items.as_slice(), first.next.as_deref()), (&["a", "b"][..], Some("b")));
        let second = page(all.clone(), Some(2), Some("b"), |item| item).unwrap();
        assert_eq!((second.items.as_slice(), second.next), (&["c"][..], None));
        assert_eq!(page(all, None, Some("z"), |item| item).unwrap_err().status, 400);
    }

    #[test]
    fn no_item_is_looked_at_twice_on_the_way_through_a_list() {
        let all: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
        let items: Vec<&String> = all.iter().collect();
        let (mut looks, mut seen, mut marker) = (0, Vec::new(), None::<String>);
        loop {
            let bounds = Bounds { limit: Some(50), marker: marker.as_deref(), ..Bounds::default() };
            let keep = |item: &String| {
                looks += 1;
                !item.ends_with('7')
            };
            let page = filtered(&items, keep, &bounds, |item| item).unwrap();
            seen.extend(page.items);
            marker = page.next;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 900);
        // Each page looks for the first item of the next one.
        assert!(looks <= 1000 + 2 * 18, "{looks}");
    }

    #[test]
    fn an_offset_counts_what_is_kept() {
        let items = ["a", "b", "c", "d"].map(str::to_owned);
        let items: Vec<&String> = items.iter().collect();
        let bounds = Bounds { limit: Some(1), offset: 1, marker: None };
        let page = filtered(&items, |item| item != "a", &bounds, |item| item).unwrap();
        assert_eq!((page.items, page.next), (vec![&"c".to_owned()], Some("c".to_owned())));
    }
}
