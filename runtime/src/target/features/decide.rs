//! Finds out which features a cloud has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::known::{How, how};
use super::{Feature, Features, ProbeAnswer, ProbeFailure, Source, State, ask};
use crate::client::by_id::Api;
use crate::journal::Offer;
use crate::services;
use crate::settings::CloudSettings;

/// Finds out which of these features a cloud has, and asks for nothing else.
///
/// - Extensions (`GET /extensions`), middlewares (`GET /info`) and import methods
///   (`GET /info/import`) are requested once, however many names need them.
/// - A service that is not offered has no features. If a service does not answer, its
///   features are unknown.
/// - The settings override what was found, which is kept next to it.
pub async fn decide<'a>(
    api: &dyn Api,
    offers: &[Offer],
    names: impl IntoIterator<Item = &'a str>,
    settings: &CloudSettings,
) -> Features {
    let names: BTreeSet<&str> = names.into_iter().collect();
    let mut answers = Answers { api, known: BTreeMap::new() };
    let mut features = Vec::with_capacity(names.len());
    for name in names {
        let found = find(&mut answers, offers, name, settings).await;
        features.push((name.to_owned(), with_setting(name, found, settings)));
    }
    features.into_iter().collect()
}

async fn find(
    answers: &mut Answers<'_>,
    offers: &[Offer],
    name: &str,
    settings: &CloudSettings,
) -> Feature {
    let Some(how) = how(name) else {
        let found = "not detectable; set it in squall.toml if the cloud has it".to_owned();
        return feature(State::Absent, found, Source::Unknown);
    };
    let (service, last) = (services::service_of(name), name.rsplit('.').next().unwrap_or_default());
    if let Some(set) = settings.services.get(service).filter(|set| !set.value) {
        let found = format!("the service {service} is set to false");
        return feature(State::Absent, found, Source::Hand(set.at.clone()));
    }
    if !offers.iter().any(|offer| offer.service == service) {
        let catalog = Source::answer("session.authenticate", None);
        return feature(State::Absent, format!("{service} is not in the catalog"), catalog);
    }
    let Some(question) = question(how) else {
        let (state, found) = match how {
            How::Declared => {
                (State::Absent, "assumed to be missing; set it in squall.toml if the cloud has it")
            }
            _ => (State::Present, "assumed"),
        };
        return feature(state, found.to_owned(), Source::Assumed);
    };
    match answers.of(question).await {
        Err(ProbeFailure { why, source, .. }) => {
            feature(State::Unknown, why.clone(), source.clone())
        }
        Ok(answer) => {
            let (has, found) = read(how, last, name, answer);
            feature(if has { State::Present } else { State::Absent }, found, answer.source.clone())
        }
    }
}

/// The answers so far, by question.
struct Answers<'a> {
    api: &'a dyn Api,
    known: BTreeMap<Question, Result<ProbeAnswer, ProbeFailure>>,
}

/// The operation, its query, and where the answer has what was asked for.
type Question = (&'static str, &'static [(&'static str, &'static str)], &'static str);

impl Answers<'_> {
    async fn of(&mut self, question: Question) -> &Result<ProbeAnswer, ProbeFailure> {
        if !self.known.contains_key(&question) {
            let (operation, query, pointer) = question;
            let answer = ask(self.api, operation, &[], query, pointer).await;
            self.known.insert(question, answer);
        }
        &self.known[&question]
    }
}

fn question(how: How) -> Option<Question> {
    match how {
        How::Extension => Some(("network.extensions.list", &[], "/extensions")),
        How::Middleware => Some(("object_storage.info.show", &[], "/swift")),
        How::Import => Some(("image.import_info.show", &[], "/import-methods/value")),
        How::Backups => Some(("volume.services.list", &[("binary", "cinder-backup")], "/services")),
        How::Computes(_) => {
            Some(("compute.services.list", &[("binary", "nova-compute")], "/services"))
        }
        How::External => {
            Some(("network.networks.list", &[("router:external", "True")], "/networks"))
        }
        How::Assumed | How::Declared => None,
    }
}

/// Evaluates an answer: whether the feature is present, and what was found.
fn read(how: How, last: &str, name: &str, answer: &ProbeAnswer) -> (bool, String) {
    match how {
        How::Extension => {
            let has = answer.list("/extensions").iter().any(|one| one["alias"] == last);
            (has, listed(has, "extension", last))
        }
        How::Middleware => middleware(name, &answer.body),
        How::Import => {
            let methods = answer.list("/import-methods/value");
            let has = methods.iter().any(|method| method == last);
            (has, listed(has, "import method", last))
        }
        How::Backups => counted(answer, "backup service", 1),
        How::Computes(most) => counted(answer, "compute service", most),
        How::External => match answer.list("/networks").first() {
            Some(network) => (true, format!("network {}", network["name"])),
            None => (false, "no external network".to_owned()),
        },
        How::Assumed | How::Declared => (how == How::Assumed, String::new()),
    }
}

/// Looks up `object_storage.tempurl`, or an item of one of its lists:
/// `object_storage.tempurl.sha512`.
fn middleware(name: &str, info: &Value) -> (bool, String) {
    let mut parts = name.split('.').skip(1);
    let (part, word) = (parts.next().unwrap_or_default(), parts.next());
    let Some(middleware) = info.get(part) else {
        return (false, format!("no `{part}` in /info"));
    };
    let Some(word) = word else { return (true, format!("`{part}` in /info")) };
    let lists = middleware.as_object().into_iter().flat_map(serde_json::Map::values);
    let has = lists.filter_map(Value::as_array).flatten().any(|one| one == word);
    let (which, of) = (if has { "" } else { "no " }, format!("`{word}` of `{part}` in /info"));
    (has, format!("{which}{of}"))
}

fn counted(answer: &ProbeAnswer, what: &str, needed: usize) -> (bool, String) {
    let up = answer.list("/services").iter().filter(|one| one["state"] == "up").count();
    let plural = if up == 1 { "" } else { "s" };
    (up >= needed, format!("{up} {what}{plural} up"))
}

fn listed(has: bool, what: &str, name: &str) -> String {
    if has { format!("{what} `{name}`") } else { format!("no {what} `{name}`") }
}

/// Overrides what was found with the settings.
fn with_setting(name: &str, found: Feature, settings: &CloudSettings) -> Feature {
    let Some(set) = settings.features.get(name) else { return found };
    let state = if set.value { State::Present } else { State::Absent };
    Feature {
        state,
        found: if set.value { "set to true" } else { "set to false" }.to_owned(),
        source: Source::Hand(set.at.clone()),
        instead_of: Some(Box::new(found)),
    }
}

fn feature(state: State, found: String, source: Source) -> Feature {
    Feature { state, found, source, instead_of: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use squall_model::VersionRange;

    use super::*;
    use crate::client::by_id::{Answer, Origin, Pending, Request, Unanswered};
    use crate::features::Line;
    use crate::settings::ByHand;

    /// A cloud that answers from a document: a status and a body by operation.
    struct Script(Value);

    impl Api for Script {
        fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a> {
            let answer = self.0.get(request.operation).map(|said| Answer {
                status: said[0].as_u64().unwrap().try_into().unwrap(),
                body: said[1].clone(),
                request_id: Some(format!("req-{}", request.operation)),
                origin: Origin::RequestId,
            });
            let silent = || Unanswered {
                message: "connection refused".into(),
                passing: true,
                not_offered: false,
            };
            Box::pin(async move { answer.ok_or_else(silent) })
        }
    }

    fn decided(script: Value, name: &str, settings: &CloudSettings) -> Feature {
        let offers = ["compute", "network", "object_storage", "volume", "image"]
            .map(|service| Offer { service: service.to_owned(), versions: VersionRange::ALL });
        let script = Script(script);
        let features = decide(&script, &offers, [name], settings);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(features).get(name).unwrap().clone()
    }

    #[test]
    fn every_kind_of_probe_tells_present_from_absent() {
        let cloud = json!({
            "network.extensions.list": [200, { "extensions": [{ "alias": "router" }] }],
            "object_storage.info.show":
                [200, { "swift": {}, "tempurl": { "allowed_digests": ["sha256"] }, "slo": {} }],
            "image.import_info.show": [200, { "import-methods": { "value": ["web-download"] } }],
            "volume.services.list": [200, { "services": [{ "state": "down" }] }],
            "compute.services.list":
                [200, { "services": [{ "state": "up" }, { "state": "up" }] }],
            "network.networks.list": [200, { "networks": [] }],
        });
        for (name, state, found) in [
            ("network.extension.router", State::Present, "extension `router`"),
            ("network.extension.trunk", State::Absent, "no extension `trunk`"),
            ("object_storage.slo", State::Present, "`slo` in /info"),
            ("object_storage.staticweb", State::Absent, "no `staticweb` in /info"),
            ("object_storage.tempurl.sha256", State::Present, "`sha256` of `tempurl` in /info"),
            ("object_storage.tempurl.sha512", State::Absent, "no `sha512` of `tempurl` in /info"),
            ("image.import.web-download", State::Present, "import method `web-download`"),
            ("image.import.copy-image", State::Absent, "no import method `copy-image`"),
            ("volume.backup", State::Absent, "0 backup services up"),
            ("compute.live_migration", State::Present, "2 compute services up"),
            ("network.external", State::Absent, "no external network"),
            ("compute.pause", State::Present, "assumed"),
            (
                "acme.turbo",
                State::Absent,
                "not detectable; set it in squall.toml if the cloud has it",
            ),
            (
                "image.cache",
                State::Absent,
                "assumed to be missing; set it in squall.toml if the cloud has it",
            ),
            ("identity.trusts", State::Absent, "identity is not in the catalog"),
        ] {
            let feature = decided(cloud.clone(), name, &CloudSettings::default());
            assert_eq!((feature.state, feature.found.as_str()), (state, found), "{name}");
        }
    }

    #[test]
    fn an_answer_is_kept_with_its_request_and_a_refusal_leaves_it_unknown() {
        let refused = json!({ "volume.services.list": [403, {}] });
        let feature = decided(refused, "volume.backup", &CloudSettings::default());
        assert_eq!(feature.state, State::Unknown);
        assert!(feature.is_met(), "a test that needs it runs");
        assert_eq!(feature.source.to_string(), "volume.services.list, req-volume.services.list");
        let silent = decided(json!({}), "volume.backup", &CloudSettings::default());
        assert_eq!((silent.state, silent.found.as_str()), (State::Unknown, "connection refused"));
    }

    #[test]
    fn what_is_not_the_services_own_answer_leaves_a_feature_unknown() {
        for (answer, found) in [
            (json!([200, null]), "the service answered 200 without JSON"),
            (json!([200, { "networks": [] }]), "the service answered 200 without `extensions`"),
            (json!([404, null]), "the service answered 404"),
            (json!([500, null]), "the service answered 500"),
        ] {
            let cloud = json!({ "network.extensions.list": answer });
            let feature = decided(cloud, "network.extension.router", &CloudSettings::default());
            assert_eq!((feature.state, feature.found.as_str()), (State::Unknown, found));
        }
    }

    #[test]
    fn a_setting_overrides_what_was_found_and_keeps_it() {
        let at = Line { file: "squall.toml".to_owned(), line: 12 };
        let services = [("volume".to_owned(), ByHand { value: false, at: at.clone() })].into();
        let features =
            [("network.extension.router".to_owned(), ByHand { value: false, at })].into();
        let settings = CloudSettings { services, features, ..CloudSettings::default() };
        let cloud = json!({
            "network.extensions.list": [200, { "extensions": [{ "alias": "router" }] }],
        });
        let feature = decided(cloud, "network.extension.router", &settings);
        assert_eq!(feature.state, State::Absent);
        assert_eq!(feature.source.to_string(), "set by squall.toml:12");
        assert_eq!(feature.instead_of.unwrap().state, State::Present);
        let of_service = decided(json!({}), "volume.backup", &settings);
        assert_eq!(of_service.state, State::Absent);
        assert!(of_service.source.is_by_hand(), "and not that the catalog lacks it");
    }
}
