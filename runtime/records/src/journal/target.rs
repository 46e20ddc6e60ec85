//! Which cloud a run used, so that no other one is cleaned up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Entry, Event, Header};

/// The cloud that a run used, as its journal records it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Target {
    /// The URL of its identity service.
    pub auth_url: String,
    /// The endpoint that the run used for each service type, without the project's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub endpoints: BTreeMap<String, String>,
}

/// How a cloud compares with the one that a run used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// It is the same.
    Same {
        /// The service types whose endpoint is another one, or gone: with the run's.
        moved: BTreeMap<String, String>,
    },
    /// It is another cloud.
    Other,
}

impl Target {
    /// Returns the cloud that a run used, as far as its journal says.
    pub fn of_run(entries: &[Entry]) -> Option<Self> {
        let mut target: Option<Self> = None;
        for entry in entries {
            match &entry.event {
                Event::RunStarted(Header { auth_url: Some(auth_url), .. }) => {
                    target.get_or_insert_default().auth_url.clone_from(auth_url);
                }
                Event::CloudReady { auth_url, endpoints, .. } => {
                    let target = target.get_or_insert_default();
                    target.auth_url.clone_from(auth_url);
                    if target.endpoints.is_empty() {
                        target.endpoints.clone_from(endpoints);
                    }
                }
                _ => {}
            }
        }
        target
    }

    /// Compares the cloud of a run with another one.
    ///
    /// It is the same if the identity service has the same URL, or if every service has:
    /// one cloud may be reached at several addresses.
    pub fn compare(&self, now: &Self) -> Match {
        let same_services = !self.endpoints.is_empty() && self.endpoints == now.endpoints;
        if normalised(&self.auth_url) != normalised(&now.auth_url) && !same_services {
            return Match::Other;
        }
        let moved = self.endpoints.iter().filter(|(service, url)| {
            now.endpoints.get(*service).is_none_or(|now| normalised(now) != normalised(url))
        });
        Match::Same { moved: moved.map(|(name, url)| (name.clone(), url.clone())).collect() }
    }
}

/// An identity URL without what clouds.yaml files write in different ways.
fn normalised(url: &str) -> String {
    let url = url.trim().trim_end_matches('/');
    let url = url.strip_suffix("/v3").unwrap_or(url).trim_end_matches('/');
    // Parsing lowers the host's case and leaves out default ports.
    url::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(auth_url: &str, endpoints: &[(&str, &str)]) -> Target {
        let endpoints =
            endpoints.iter().map(|(name, url)| ((*name).to_owned(), (*url).to_owned())).collect();
        Target { auth_url: auth_url.to_owned(), endpoints }
    }

    #[test]
    fn a_cloud_is_known_by_its_identity_service_however_it_is_written() {
        let run = target("https://Cloud.test:443/v3/", &[]);
        let same = Match::Same { moved: BTreeMap::new() };
        assert_eq!(run.compare(&target("https://cloud.test", &[])), same);
        assert_eq!(run.compare(&target("https://other.test/v3", &[])), Match::Other);
        assert_eq!(run.compare(&target("https://cloud.test:444/v3", &[])), Match::Other);
    }

    #[test]
    fn a_run_used_the_cloud_that_it_was_started_on() {
        let started = |auth_url: Option<&str>| {
            let header = serde_json::json!({
                "run": "r", "squall": "0", "cloud": "c", "auth-url": auth_url, "seed": 1, "jobs": 1,
                "timeout-scale": 1.0, "selection": "", "tests": [],
            });
            Entry::now(Event::RunStarted(serde_json::from_value(header).unwrap()))
        };
        let ready = |auth_url: &str, compute: &str| {
            let Target { auth_url, endpoints } = target(auth_url, &[("compute", compute)]);
            let (offers, features) = (Vec::new(), crate::features::Features::default());
            Entry::now(Event::CloudReady { auth_url, endpoints, offers, features })
        };
        assert_eq!(Target::of_run(&[started(None)]), None);
        // A run that died before it reached its cloud was on that cloud all the same.
        assert_eq!(Target::of_run(&[started(Some("http://a"))]), Some(target("http://a", &[])));
        let resumed = [
            started(Some("http://a")),
            ready("http://a", "http://first"),
            ready("http://a", "http://later"),
        ];
        assert_eq!(
            Target::of_run(&resumed),
            Some(target("http://a", &[("compute", "http://first")]))
        );
    }

    #[test]
    fn a_cloud_is_known_by_all_its_services_and_a_moved_one_is_named() {
        let run = target("http://a/v3", &[("compute", "http://c/v2.1"), ("volumev3", "http://v")]);
        let other_address = Target { auth_url: "http://b/v3".to_owned(), ..run.clone() };
        assert_eq!(run.compare(&other_address), Match::Same { moved: BTreeMap::new() });
        let gone = target("http://a/v3", &[("compute", "http://elsewhere/v2.1")]);
        let moved = run.endpoints.clone();
        assert_eq!(run.compare(&gone), Match::Same { moved });
    }
}
