//! The selection of fields, and parameters that the query schema does not have.

use serde_json::Value;

use super::listing::Listing;
use super::schema::Treatment;
use crate::described::by_service;
use crate::{Failure, Result, ensure};

/// A parameter that no service has.
const UNKNOWN: &str = "squall_no_such_parameter";

/// Items have the selected field alone.
pub(super) async fn selects(list: &Listing, key: &'static str) -> Result {
    let all = list.plain().await?;
    let answer = list.read(&[("fields", key.to_owned())]).await?;
    ensure!(
        list.own_in(&answer).count() == list.own_in(&all).count(),
        "`fields={key}` changes which items there are"
    );
    for item in &answer.items {
        let keys: Vec<&String> =
            item.as_object().into_iter().flatten().map(|(key, _)| key).collect();
        ensure!(keys == [key], "`fields={key}` selects one field, and an item has {keys:?}");
    }
    Ok(())
}

/// A parameter that the query schema does not have is treated as the schema says.
pub(super) async fn unknown(list: &Listing, treatment: Treatment) -> Result {
    let all = list.plain().await?;
    let query = [(UNKNOWN, "1".to_owned())];
    match (list.page(&query).await, treatment) {
        // What filters by any property may know which properties there are.
        (Err(error), Treatment::Refused | Treatment::Filters) if error.is_status(400) => Ok(()),
        (Err(error), _) => Err(by_service(error)),
        (Ok(page), Treatment::Refused) => Err(Failure::new(format!(
            "the query schema allows no unknown parameter{}, and `{UNKNOWN}=1` is accepted: the \
             answer has {} items",
            at(list),
            page?.items.len()
        ))),
        (Ok(page), Treatment::Filters) => page.map(|_| ()),
        (Ok(page), Treatment::Ignored) => {
            let page = page?;
            let own = |item: &&Value| list.is_own(item);
            ensure!(
                page.items.iter().filter(own).count() == all.items.iter().filter(own).count(),
                "`{UNKNOWN}=1` changes which items there are, and the query schema allows \
                 unknown parameters"
            );
            Ok(())
        }
    }
}

fn at(list: &Listing) -> String {
    list.version.map(|version| format!(" at {version}")).unwrap_or_default()
}
