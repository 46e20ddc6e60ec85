//! The identity of the credential, and the services of the catalog.

use std::sync::{Mutex, PoisonError};

use serde_json::json;
use squall_model::service::aliases;

use super::{Found, Topic};
use crate::client::auth::Token;
use crate::client::{Exchange, Observer, Session, endpoint};
use crate::facts::{Fact, Facts, described, type_of};
use crate::features::Source;
use crate::services;

/// Records the requests that a session sends on its own, such as discovery.
#[derive(Debug, Default)]
pub(super) struct RequestLog(Mutex<Vec<(String, String, Option<String>)>>);

impl Observer for RequestLog {
    fn after(&self, exchange: Box<Exchange>) {
        let Exchange { operation, url, request_id, .. } = *exchange;
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((operation, url, request_id));
    }
}

impl RequestLog {
    /// Returns the last request of an operation to a matching URL.
    fn source(&self, operation: &str, to: impl Fn(&str) -> bool) -> Source {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |(what, url, _): &&(String, String, Option<String>)| what == operation && to(url);
        let id = seen.iter().rev().find(of).and_then(|(_, _, id)| id.clone());
        Source::answer(operation, id.as_deref())
    }
}

/// Reports the identity of the token, the services of its catalog and their versions.
pub(super) fn found(session: &Session, token: &Token, facts: &Facts, log: &RequestLog) -> Found {
    let mut found = Found::default();
    let entered = log.source("session.authenticate", |_| true);
    let mut say = |name: &str, id: &str, text: &str| {
        found.fact(Topic::Identity, name, json!({ "id": id, "name": text }), text, &entered);
    };
    say("auth url", "", &session.cloud().auth_url);
    say("user", &token.user.id, &token.user.name);
    for (what, scope) in [("project", &token.project), ("domain", &token.domain)] {
        if let Some(scope) = scope {
            say(what, &scope.id, &scope.name);
        }
    }
    found.fact(Topic::Identity, "roles", json!(token.roles), token.roles.join(", "), &entered);
    for (name, fact) in &facts.services {
        service(&mut found, session, token, log, name, fact);
    }
    for spec in services::built_in() {
        if !facts.has(spec.name) {
            let text = "not in the catalog";
            found.fact(Topic::Services, spec.name, json!(null), text, &entered);
        }
    }
    found
}

fn service(
    found: &mut Found,
    session: &Session,
    token: &Token,
    log: &RequestLog,
    name: &str,
    fact: &Fact,
) {
    let types: Vec<&str> = aliases(type_of(name)).collect();
    let endpoints = token.catalog.endpoints().iter();
    let endpoints = endpoints.filter(|one| types.contains(&one.service_type.as_str()));
    let endpoint = session.find_endpoint(&token.catalog, &described(name)).ok();
    let root = endpoint.map(|one| endpoint::version_documents(&one.url, "").concat());
    let source = log.source("session.discover", |url| {
        root.as_deref().is_some_and(|root| url.starts_with(root))
    });
    let is_ranged = fact.versions != squall_model::VersionRange::ALL;
    let versions = match (&fact.trouble, &fact.unknown) {
        (Some(_), _) => "does not answer".to_owned(),
        (None, Some(_)) => "answers, microversions unknown".to_owned(),
        (None, None) if is_ranged => fact.versions.to_string(),
        (None, None) => "answers, without microversions".to_owned(),
    };
    let location = endpoint.map_or_else(
        || format!("no {} endpoint", session.interface()),
        |one| format!("{}, {}", one.place(), one.url),
    );
    let range = (fact.trouble.is_none() && is_ranged).then_some(fact.versions);
    let value = json!({
        "type": endpoint.map(|one| &one.service_type),
        "interface": endpoint.map(|one| one.interface.as_str()),
        "region": endpoint.map(|one| &one.region),
        "url": endpoint.map(|one| &one.url),
        "answers": fact.trouble.is_none(),
        "versions": range,
        "endpoints": endpoints.map(|one| json!({
            "interface": one.interface.as_str(), "region": one.region, "url": one.url,
        })).collect::<Vec<_>>(),
    });
    found.fact(Topic::Services, name, value, format!("{versions}; {location}"), &source);
    if let Some(trouble) = &fact.trouble {
        found.problem(
            format!("{name} does not answer as it should: {}", first_line(trouble)),
            "check that the service is running and that its catalog endpoint points to it; its \
             tests will run and fail",
        );
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
