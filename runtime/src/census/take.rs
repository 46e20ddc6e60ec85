//! Taking a census: one list a kind, page by page.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::Value;
use squall_model::Paging;

use super::Census;
use crate::client::by_id::{Api, Request};
use crate::kinds::{self, Find, Kind, Listed};

/// How many lists are asked for at a time.
const AT_A_TIME: usize = 8;

/// Lists everything that an admin can list.
pub async fn take(admin: &dyn Api) -> Census {
    let listed: Vec<(&Kind, Listed)> = kinds::all()
        .filter_map(|kind| match kind.find {
            Find::Listed(listed) => Some((kind, listed)),
            Find::Name | Find::Coordinates => None,
        })
        .collect();
    let lists: Vec<_> = listed.iter().map(|(kind, listed)| list(admin, kind, listed)).collect();
    let lists: Vec<_> = stream::iter(lists).buffered(AT_A_TIME).collect().await;
    let mut census = Census::default();
    for ((kind, _), things) in listed.into_iter().zip(lists) {
        match things {
            Ok(things) => census.kinds.insert(kind.name.to_owned(), things).map(drop),
            Err(why) => census.unlisted.insert(kind.name.to_owned(), why).map(drop),
        };
    }
    census
}

async fn list(
    api: &dyn Api,
    kind: &Kind,
    listed: &Listed,
) -> Result<BTreeMap<String, String>, String> {
    let spec = (kind.spec)();
    let operation = listed.operation;
    let paged = spec.operation(operation).is_some_and(|operation| {
        matches!(&operation.paging, Some(Paging::Marker { markers, .. }) if markers[0] == "/id")
    });
    let own = listed.query.iter().filter(|(_, value)| !value.contains('{'));
    let query: Vec<(&'static str, String)> =
        own.chain(listed.everywhere).map(|(key, value)| (*key, (*value).to_owned())).collect();
    let mut things = BTreeMap::new();
    let mut marker: Option<String> = None;
    loop {
        let mut query = query.clone();
        query.extend(marker.iter().map(|marker| ("marker", marker.clone())));
        let request = Request { spec, operation, params: &BTreeMap::new(), query, body: None };
        let answer = api.send(request).await.map_err(|error| error.to_string())?;
        if answer.status >= 300 {
            return Err(format!("{operation} answered {}", answer.status));
        }
        let Some(items) = answer.body.pointer(listed.collection).and_then(Value::as_array) else {
            return Err(format!("{operation} answered without a list at {}", listed.collection));
        };
        let before = things.len();
        for item in items {
            let Some(id) = listed.id_of(item) else { continue };
            let name = item.pointer(listed.by).and_then(kinds::text_of).unwrap_or_default();
            marker = Some(id.clone());
            things.insert(id, name);
        }
        // A page that tells nothing new is the last, whatever the service means by it.
        if !paged || things.len() == before {
            return Ok(things);
        }
    }
}
