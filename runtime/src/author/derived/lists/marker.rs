//! A marker that names nothing does not silently begin at the first page.

use super::listing::Listing;
use crate::described::by_service;
use crate::{Failure, Result};

/// A marker that names nothing is refused, by a status that says that the request is wrong.
pub(super) async fn unknown(list: &Listing) -> Result {
    list.plain().await?;
    let marker = uuid::Uuid::new_v4().to_string();
    let query = [("limit", "1".to_owned()), ("marker", marker.clone())];
    match list.page(&query).await {
        Ok(page) => {
            let page = page?;
            Err(Failure::new(format!(
                "`marker={marker}` names nothing and is accepted: the answer has {} items",
                page.items.len()
            )))
        }
        // Some look the marker up as any request would, and answer 404 without documenting it.
        Err(error) => match error.refused().map(|refusal| refusal.status) {
            Some(400 | 404) => Ok(()),
            _ => Err(by_service(error)),
        },
    }
}
