//! The endpoints that a session uses: what makes a cloud the one of a run.

use std::collections::BTreeMap;

use crate::client::Session;
use crate::journal::Target;
use crate::services;

/// Returns the cloud that a session uses, as journals record it.
pub(crate) async fn target(session: &Session) -> Target {
    let project = session.project_id().await.ok().flatten();
    let mut endpoints = BTreeMap::new();
    for spec in services::all() {
        // A service that the catalog lacks has no endpoint to record.
        if let Ok(url) = session.endpoint(&(*spec).into()).await {
            let url = match &project {
                Some(project) => url.replace(project.as_str(), "PROJECT"),
                None => url,
            };
            endpoints.insert(spec.name.to_owned(), url);
        }
    }
    Target { auth_url: session.cloud().auth_url.clone(), endpoints }
}
