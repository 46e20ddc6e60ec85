//! Who we are at a cloud, and which services it says it has.

use std::sync::{Mutex, PoisonError};

use serde_json::json;
use squall_model::service::aliases;

use super::{Found, Topic};
use crate::client::auth::Token;
use crate::client::{Exchange, Observer, Session, catalog, endpoint};
use crate::environment::{Fact, Facts};
use crate::features::Source;
use crate::services;

/// Keeps which requests a session sent by itself, which nobody else is told of.
#[derive(Debug, Default)]
pub(super) struct Witness(Mutex<Vec<(String, String, Option<String>)>>);

impl Observer for Witness {
    fn after(&self, exchange: &Exchange) {
        let Exchange { operation, url, request_id, .. } = exchange;
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((operation.clone(), url.clone(), request_id.clone()));
    }
}

impl Witness {
    /// Names the last request of an operation to a place.
    fn source(&self, operation: &str, place: impl Fn(&str) -> bool) -> Source {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of =
            |(what, url, _): &&(String, String, Option<String>)| what == operation && place(url);
        let id = seen.iter().rev().find(of).and_then(|(_, _, id)| id.clone());
        Source::answer(operation, id.as_deref())
    }
}

/// Tells whom the token is of, and what its catalog and the services' version documents
/// say.
pub(super) fn found(session: &Session, token: &Token, facts: &Facts, witness: &Witness) -> Found {
    let mut found = Found::default();
    let entered = witness.source("session.authenticate", |_| true);
    let mut say = |name: &str, id: &str, told: &str| {
        found.fact(Topic::Identity, name, json!({ "id": id, "name": told }), told, &entered);
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
        service(&mut found, session, token, witness, name, fact);
    }
    for spec in services::all() {
        if !facts.has(spec.name) {
            let told = "not in the catalog";
            found.fact(Topic::Services, spec.name, json!(null), told, &entered);
        }
    }
    found
}

fn service(
    found: &mut Found,
    session: &Session,
    token: &Token,
    witness: &Witness,
    name: &str,
    fact: &Fact,
) {
    let types: Vec<&str> =
        aliases(services::named(name).map_or(name, |spec| spec.service_type)).collect();
    let endpoints = token.catalog.endpoints().iter();
    let endpoints = endpoints.filter(|one| types.contains(&one.service_type.as_str()));
    let wanted = |one: &&catalog::Endpoint| {
        one.interface == session.interface() && session.region().is_none_or(|in_| in_ == one.region)
    };
    let endpoint = endpoints.clone().find(wanted);
    let root = endpoint.map(|one| endpoint::version_documents(&one.url, "").concat());
    let source = witness.source("session.discover", |url| {
        root.as_deref().is_some_and(|root| url.starts_with(root))
    });
    let is_ranged = fact.versions != squall_model::VersionRange::ALL;
    let versions = match (&fact.trouble, is_ranged) {
        (Some(_), _) => "does not answer".to_owned(),
        (None, false) => "answers, without microversions".to_owned(),
        (None, true) => fact.versions.to_string(),
    };
    let place = endpoint.map_or_else(
        || format!("no {} endpoint", session.interface()),
        |one| format!("{} in {}, {}", one.interface, one.region, one.url),
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
    found.fact(Topic::Services, name, value, format!("{versions}; {place}"), &source);
    if let Some(trouble) = &fact.trouble {
        found.problem(
            format!("{name} does not answer: {}", trouble.lines().next().unwrap_or_default()),
            "see that the service runs and that its endpoint in the catalog leads to it; its \
             tests run and fail of this",
        );
    }
}
