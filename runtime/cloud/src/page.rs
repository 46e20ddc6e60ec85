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
}
