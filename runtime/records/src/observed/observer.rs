//! Keeps the answers that an observer of calls receives.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use http::header::SERVER;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use squall_client::validate::{Deviation, DeviationKind, ResponseParts, Violation};
use squall_client::{AnswerInfo, Body, Bytes};
use squall_model::materialise::Extensions;
use squall_model::schema::type_of;
use squall_model::service::EMBEDDED_SERVER;
use squall_model::{Microversion, digest};

use super::answer::{Headers, header_map};
use super::condense::{Condenser, chosen, header};
use super::neutral::Level;
use super::{AnswerStore, KeptAnswer, KeptBody, Vocabulary, normal};

/// What is known of a cloud whose answers are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CloudUnderObservation {
    /// Whether it is the embedded one.
    pub embedded: bool,
    /// The package of each service and its version, as in `nova 34.0.0`.
    pub packages: BTreeMap<String, String>,
}

/// Keeps answers in a directory.
#[derive(Debug)]
pub struct AnswerKeeper {
    store: AnswerStore,
    cloud: CloudUnderObservation,
    /// Digests of the forms of answers that this process has seen.
    seen: Mutex<HashSet<String>>,
    described: Mutex<HashMap<Key, Arc<Described>>>,
    has_failed: AtomicBool,
}

/// An operation, a status and a version.
type Key = (String, u16, Option<Microversion>);

/// What the spec says of an answer.
#[derive(Debug)]
struct Described {
    headers: Vec<String>,
    vocabulary: Vocabulary,
}

impl AnswerKeeper {
    /// Keeps the answers of a cloud in a store.
    pub fn new(store: AnswerStore, cloud: CloudUnderObservation) -> Self {
        Self {
            store,
            cloud,
            seen: Mutex::default(),
            described: Mutex::default(),
            has_failed: AtomicBool::new(false),
        }
    }

    /// Keeps an answer, unless its like is kept.
    ///
    /// # Errors
    /// An answer cannot be kept. Only the first such failure is returned: the next ones have the
    /// same cause as a rule, a full disk for example.
    pub fn see(&self, info: &AnswerInfo<'_>) -> Result<(), String> {
        match self.try_to_see(info) {
            Err(error) if !self.has_failed.swap(true, Ordering::Relaxed) => Err(error),
            _ => Ok(()),
        }
    }

    fn try_to_see(&self, info: &AnswerInfo<'_>) -> Result<(), String> {
        let id = info.operation.id.as_ref();
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if !id.chars().all(is_part) || id.starts_with('.') {
            return Ok(());
        }
        let described = self.described(info)?;
        let deviations = match info.comparison {
            Some(comparison) => comparison.deviations.clone(),
            None => compare(info, info.parts)?,
        };
        let reduction = Reduction { info, described: &described };
        let differences = reduction.differences(&deviations);
        let outline = reduction.outline().to_string();
        let form = format!(
            "{id} {:?} {} {} {differences} {outline}",
            info.at.version, info.parts.status, info.at.fields_selected
        );
        if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(digest::of(&form)) {
            return Ok(());
        }
        let answer = KeptAnswer {
            embedded: self.cloud.embedded || is_embedded(info.parts.headers),
            package: self.cloud.packages.get(info.operation.service()).cloned(),
            ..reduction.answer(&deviations)?
        };
        let kept = self.store.keep(&answer, &differences);
        kept.map(drop).map_err(|error| format!("failed to keep an answer of {id}: {error}"))
    }

    fn described(&self, info: &AnswerInfo<'_>) -> Result<Arc<Described>, String> {
        let key = (info.operation.id.to_string(), info.parts.status, info.at.version);
        let lock = || self.described.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(described) = lock().get(&key) {
            return Ok(Arc::clone(described));
        }
        let found = info
            .validators
            .described(info.operation, info.parts.status, info.at.version)
            .map_err(|error| error.to_string())?;
        let vocabulary = Vocabulary::of(&found.schemas);
        let described = Arc::new(Described { headers: found.headers, vocabulary });
        lock().insert(key, Arc::clone(&described));
        Ok(described)
    }
}

/// Whether the embedded cloud answered, which may be served under any name.
fn is_embedded(headers: &HeaderMap) -> bool {
    headers.get(SERVER).is_some_and(|value| value == EMBEDDED_SERVER)
}

fn compare(info: &AnswerInfo<'_>, parts: &ResponseParts<'_>) -> Result<Vec<Deviation>, String> {
    let comparison = info.validators.compare(info.operation, parts, info.at);
    comparison.map(|comparison| comparison.deviations).map_err(|error| error.to_string())
}

fn violations(deviations: &[Deviation]) -> Vec<Violation> {
    let violation = |deviation: &Deviation| match &deviation.kind {
        DeviationKind::Value(violation) => Some(violation.clone()),
        _ => None,
    };
    deviations.iter().filter_map(violation).collect()
}

/// One answer, on its way to what is kept of it.
struct Reduction<'a> {
    info: &'a AnswerInfo<'a>,
    described: &'a Described,
}

impl Reduction<'_> {
    /// Describes what differs from the spec; equal for answers that differ in the same way.
    fn differences(&self, deviations: &[Deviation]) -> String {
        let vocabulary = &self.described.vocabulary;
        let one = |deviation: &Deviation| match &deviation.kind {
            DeviationKind::Value(v) => {
                let value = self.info.parts.body.at(&v.pointer);
                let kind = value.map_or("nothing", type_of);
                let word = chosen(v, value, vocabulary).unwrap_or_default();
                let pointer = normal(&v.pointer, vocabulary);
                format!("{pointer} {} {} {kind} {word}", v.keyword, v.names.join(","))
            }
            DeviationKind::HeaderMissing(name) => format!("without {name}"),
            DeviationKind::HeaderValue(name) => format!("value of {name}"),
            DeviationKind::Status => "status".to_owned(),
            DeviationKind::UnexpectedBody => "body".to_owned(),
            DeviationKind::OtherBody => "other body".to_owned(),
        };
        let version = self.info.version_finding.map(|finding| finding.message.clone());
        let all: BTreeSet<String> = deviations.iter().map(one).chain(version).collect();
        all.into_iter().collect::<Vec<_>>().join("; ")
    }

    /// Returns what answers of the same form have in common.
    fn outline(&self) -> Value {
        let body = match self.info.parts.body.json() {
            Some(body) => self.condenser(&|_| Vec::new()).outline(body),
            None => self.text().map_or(Value::Null, Value::String),
        };
        let headers = self.headers(&BTreeMap::new());
        serde_json::json!([body, headers])
    }

    fn condenser<'b>(&'b self, violations: &'b dyn Fn(&Value) -> Vec<Violation>) -> Condenser<'b> {
        let vocabulary = &self.described.vocabulary;
        Condenser { vocabulary, status: self.info.parts.status, violations }
    }

    /// Returns what is kept of a body that is not JSON.
    fn text(&self) -> Option<String> {
        let body = self.info.parts.body;
        (!body.is_empty()).then(|| "text".to_owned())
    }

    /// Returns the placeholders of the headers that the spec describes.
    fn headers(&self, levels: &BTreeMap<String, Level>) -> Headers {
        let version = self.info.at.version.map(|version| version.to_string());
        let mut found = BTreeMap::<String, BTreeSet<String>>::new();
        for (name, value) in self.info.parts.headers {
            let name = name.as_str();
            let family = |described: &&String| match described.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => **described == name,
            };
            let Some(described) = self.described.headers.iter().find(family) else {
                if name == "content-type" {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    found.entry(name.to_owned()).or_default().insert(value);
                }
                continue;
            };
            // The ending is a name of the user's.
            let kept = described.strip_suffix('*').map_or_else(
                || name.to_owned(),
                |start| {
                    if levels.contains_key(name) { name.to_owned() } else { format!("{start}key") }
                },
            );
            let level = levels.get(name).copied().unwrap_or(Level::Form);
            let value = String::from_utf8_lossy(value.as_bytes());
            let vocabulary = &self.described.vocabulary;
            let value = header(name, &value, level, vocabulary, version.as_deref());
            found.entry(kept).or_default().insert(value);
        }
        found.into_iter().map(|(name, values)| (name, values.into_iter().collect())).collect()
    }

    fn answer(&self, deviations: &[Deviation]) -> Result<KeptAnswer, String> {
        let AnswerInfo { operation, at, parts, .. } = *self.info;
        let named = &self.described.vocabulary.extensions;
        let extensions = match at.extensions {
            Extensions::These(all) if !named.is_empty() => {
                Some(named.intersection(all).cloned().collect())
            }
            _ => None,
        };
        let (headers, mut altered) = self.kept_headers(deviations)?;
        let body = match parts.body.json() {
            Some(body) => {
                let violated = |body: &Value| {
                    let body = Body::from(body.clone());
                    let parts = ResponseParts { body: &body, ..*parts };
                    violations(&compare(self.info, &parts).unwrap_or_default())
                };
                let found = violations(deviations);
                let (body, changed) = self.condenser(&violated).condense(body, &found);
                altered.extend(changed);
                Some(KeptBody::Json(body))
            }
            None => self.text().map(KeptBody::Text),
        };
        if let Some(KeptBody::Text(text)) = &body {
            let body = Body::received(Bytes::from(text.clone()), Some("text/plain"));
            let now = compare(self.info, &ResponseParts { body: &body, ..*parts })?;
            let keywords = |all: &[Deviation]| -> BTreeSet<String> {
                violations(all).into_iter().map(|violation| violation.schema_pointer).collect()
            };
            if keywords(&now) != keywords(deviations) {
                altered.insert(String::new());
            }
        }
        Ok(KeptAnswer {
            operation: operation.id.to_string(),
            version: at.version,
            status: parts.status,
            embedded: false,
            package: None,
            extensions,
            fields_selected: at.fields_selected,
            version_problem: self.info.version_finding.map(|finding| finding.message.clone()),
            headers,
            body,
            altered,
        })
    }

    /// Returns the headers to keep, and those whose placeholders match where they did not, or
    /// the other way round.
    fn kept_headers(
        &self,
        deviations: &[Deviation],
    ) -> Result<(Headers, BTreeSet<String>), String> {
        let parts = self.info.parts;
        let wrong = |all: &[Deviation]| -> BTreeSet<String> {
            let name = |deviation: &Deviation| match &deviation.kind {
                DeviationKind::HeaderValue(name) => Some(name.clone()),
                _ => None,
            };
            all.iter().filter_map(name).collect()
        };
        let expected = wrong(deviations);
        // The value that does not match has to be seen.
        let mut levels: BTreeMap<String, Level> =
            expected.iter().map(|name| (name.clone(), Level::Word)).collect();
        loop {
            let kept = self.headers(&levels);
            let map = header_map(&kept);
            let now = wrong(&compare(self.info, &ResponseParts { headers: &map, ..*parts })?);
            let mut raised = false;
            for name in now.symmetric_difference(&expected) {
                let level = levels.entry(name.clone()).or_insert(Level::Form);
                if *level < Level::Word {
                    *level = if *level == Level::Form { Level::Mask } else { Level::Word };
                    raised = true;
                }
            }
            if !raised {
                let changed = now.symmetric_difference(&expected).cloned().collect();
                return Ok((kept, changed));
            }
        }
    }
}
