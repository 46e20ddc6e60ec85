//! Taking a census: reading one list for each kind, to its end.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::{Census, Unlisted};
use crate::cleanup::{ListError, every_listed};
use crate::client::by_id::{Api, Request};
use crate::kinds::{self, Kind, Listed};
use crate::services;

/// How many lists are read at a time.
const AT_A_TIME: usize = 8;

/// How often a list is read that changes while it is read.
const ATTEMPTS: usize = 3;

/// Lists everything that an admin can list.
pub async fn take(admin: &dyn Api) -> Census {
    let listed: Vec<(&Kind, Listed)> =
        kinds::all().filter_map(|kind| Some((kind, kinds::census(kind)?))).collect();
    let lists: Vec<_> = listed.iter().map(|(_, listed)| list(admin, listed)).collect();
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

async fn list(api: &dyn Api, listed: &Listed) -> Result<BTreeMap<String, String>, Unlisted> {
    let operation = listed.operation;
    let own = listed.query.iter().filter(|(_, value)| !value.contains('{'));
    let query: Vec<(&'static str, String)> =
        own.chain(listed.everywhere).map(|(key, value)| (*key, (*value).to_owned())).collect();
    let params = BTreeMap::new();
    let mut attempt = 1;
    loop {
        let request = Request {
            spec: services::spec_of(operation),
            operation,
            params: &params,
            query: query.clone(),
            body: None,
        };
        match every_listed(api, listed, request).await {
            Ok(items) => {
                let thing = |item| {
                    let name = serde_json::Value::pointer(item, listed.by);
                    let name = name.and_then(kinds::text_of).unwrap_or_default();
                    Some((listed.id_of(item)?, name))
                };
                return Ok(items.iter().filter_map(thing).collect());
            }
            Err(ListError::Incomplete(_)) if attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(unlisted(operation, &error)),
        }
    }
}

fn unlisted(operation: &str, error: &ListError) -> Unlisted {
    let why = error.describe(operation);
    match error {
        ListError::Unanswered(unanswered) if unanswered.not_offered => Unlisted::Absent(why),
        // The service itself does not know the path: an extension that is not enabled.
        ListError::Answered(answer)
            if matches!(answer.status, 404 | 501) && answer.is_from_service() =>
        {
            Unlisted::Absent(why)
        }
        _ => Unlisted::Refused(why),
    }
}
