//! Requests: an operation, who calls it, its parameters and its body, with what is different at
//! some versions.

use serde_json::{Map, Value};
use squall_model::description::{DescribedBody, DescribedRequest, Sender, Variant};
use squall_model::pointer::join;
use squall_model::suggest::or_known;
use squall_model::{Microversion, VersionRange};

use crate::item::{Fields, Item};
use crate::leak;
use crate::operations::{OperationInfo, Table};
use crate::placeholder::{Piece, Placeholder, each_text, pieces};
use crate::problem::Problems;

/// The keys of a request.
pub(crate) const KEYS: [&str; 10] =
    ["operation", "as", "path", "query", "headers", "body", "text", "media", "versions", "needs"];

/// The keys of what is different at some versions.
pub(crate) const VARIANT_KEYS: [&str; 7] =
    ["since", "until", "body", "path", "query", "answers", "why"];

/// A request as it was read.
pub(crate) struct Request<'n, 'o> {
    pub(crate) item: Item<'n>,
    pub(crate) info: OperationInfo<'o>,
    pub(crate) by: Option<Sender>,
    pub(crate) path: Vec<(&'n str, &'n str)>,
    query: Vec<(&'n str, &'n str)>,
    headers: Vec<(&'n str, &'n str)>,
    pub(crate) body: Body<'n>,
    variants: Vec<RequestVariant<'n>>,
    needs: Vec<&'n str>,
    /// The kinds that it names, each with the text that does.
    pub(crate) references: Vec<(String, Item<'n>)>,
    /// The first text that needs the resource which the call is on.
    pub(crate) target: Option<Item<'n>>,
}

/// The body of a request; JSON is whole, with its envelope.
pub(crate) enum Body<'n> {
    None,
    Json(Value),
    Text(&'n str, &'n str),
}

struct RequestVariant<'n> {
    versions: VersionRange,
    patch: Option<Value>,
    path: Vec<(&'n str, &'n str)>,
    query: Vec<(&'n str, &'n str)>,
    answers: Option<(u16, &'static str)>,
}

/// What a request has if nothing else is written.
#[derive(Clone, Copy)]
pub(crate) struct Defaults<'d> {
    /// The operation.
    pub(crate) operation: Option<&'d str>,
    /// The keys around a body.
    pub(crate) envelope: &'d str,
}

/// Reads a request. The mapping may have other keys as well.
pub(crate) fn read<'n, 'o>(
    fields: &Fields<'n>,
    defaults: Defaults<'_>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Option<Request<'n, 'o>> {
    let info = match (fields.get("operation"), defaults.operation) {
        (Some(item), _) => table.own(item.text(problems)?, item, problems)?,
        (None, Some(operation)) => table.get(operation)?,
        (None, None) => {
            problems.at(&fields.item, "`operation` is missing", "name the operation to call");
            return None;
        }
    };
    let mut request = Request {
        item: fields.item.clone(),
        info,
        by: fields.get("as").and_then(|item| item.word(&SENDERS, problems)),
        path: path(fields, &info, problems),
        query: plain(fields.pairs("query", problems)),
        headers: plain(fields.pairs("headers", problems)),
        body: body(fields, defaults.envelope, problems),
        variants: variants(fields, &info, defaults.envelope, table, problems),
        needs: fields.texts("needs", problems).into_iter().map(|(text, _)| text).collect(),
        references: Vec::new(),
        target: None,
    };
    for key in ["path", "query", "headers", "body", "text", "versions"] {
        if let Some(item) = fields.get(key) {
            note(item, &mut request, problems);
        }
    }
    Some(request)
}

/// Reads path parameters.
fn path<'n>(
    fields: &Fields<'n>,
    info: &OperationInfo<'_>,
    problems: &mut Problems,
) -> Vec<(&'n str, &'n str)> {
    let pairs = fields.pairs("path", problems);
    for (key, _, item) in &pairs {
        if !info.parameters().any(|parameter| parameter == *key) {
            let message = format!("the path of `{}` has no parameter `{key}`", info.id);
            let help = match info.parameters().next() {
                Some(_) => or_known(key, info.parameters()),
                None => format!("it has none: it is `{}`", info.path),
            };
            problems.at(item, message, help);
        }
    }
    plain(pairs)
}

fn plain<'n>(pairs: Vec<(&'n str, &'n str, Item<'n>)>) -> Vec<(&'n str, &'n str)> {
    pairs.into_iter().map(|(key, text, _)| (key, text)).collect()
}

const SENDERS: [(&str, Sender); 4] = [
    ("member", Sender::Member),
    ("admin", Sender::Admin),
    ("other", Sender::Other),
    ("reader", Sender::Reader),
];

fn body<'n>(fields: &Fields<'n>, envelope: &str, problems: &mut Problems) -> Body<'n> {
    let media = fields.text("media", problems);
    match (fields.get("body"), fields.get("text")) {
        (Some(_), Some(text)) => {
            problems.at(text, "a request has `body` or `text`, not both", "remove one of them");
            Body::None
        }
        (Some(body), None) => {
            if let Some(media) = fields.get("media") {
                problems.at(
                    media,
                    "`media` is for `text` only",
                    "the spec has the media type of JSON",
                );
            }
            Body::Json(enveloped(body.node.value(), envelope))
        }
        (None, Some(text)) => {
            let text = text.text(problems).unwrap_or_default();
            Body::Text(text, media.unwrap_or("application/octet-stream"))
        }
        (None, None) => {
            if let Some(media) = fields.get("media") {
                problems.at(media, "`media` without `text`", "write the body as `text`");
            }
            Body::None
        }
    }
}

/// Reads the status of a request that no release answers with success, and why.
pub(crate) fn answers(fields: &Fields<'_>, problems: &mut Problems) -> Option<(u16, &'static str)> {
    let (answers, why) = (fields.get("answers"), fields.get("why"));
    match (answers, why) {
        (None, None) => None,
        (Some(answers), Some(why)) => {
            let status = answers.node.text().and_then(|text| text.parse::<u16>().ok());
            let status = status.filter(|status| (100..600).contains(status));
            if status.is_none() {
                answers.expected("a status, as in 410", problems);
            }
            Some((status?, leak::text(why.text(problems)?)))
        }
        (Some(answers), None) => {
            let help = "add `why`: the package and symbol of the release that says so";
            problems.at(answers, "`answers` without `why`", help);
            None
        }
        (None, Some(why)) => {
            let help = "add `answers`: the status that the service answers with";
            problems.at(why, "`why` without `answers`", help);
            None
        }
    }
}

/// Puts keys around a body.
fn enveloped(body: Value, envelope: &str) -> Value {
    let keys = envelope.rsplit('/').filter(|key| !key.is_empty());
    keys.fold(body, |inner, key| Value::Object(Map::from_iter([(key.to_owned(), inner)])))
}

fn variants<'n>(
    fields: &Fields<'n>,
    info: &OperationInfo<'_>,
    envelope: &str,
    table: &Table<'_>,
    problems: &mut Problems,
) -> Vec<RequestVariant<'n>> {
    let mut found = Vec::new();
    let has_body = fields.get("body").is_some();
    for item in fields.list("versions", problems) {
        let fields = item.fields("a variant", &VARIANT_KEYS, problems);
        let mut end = |key: &str| -> Option<Microversion> {
            let item = fields.get(key)?;
            let text = item.text(problems)?;
            let parsed = text.parse::<Microversion>();
            if let Err(error) = &parsed {
                problems.at(item, error.to_string(), "write it in quotes, as in \"2.90\"");
            }
            parsed.ok()
        };
        let versions = VersionRange::new(end("since"), end("until"));
        if fields.get("since").is_none() && fields.get("until").is_none() {
            problems.at(&item, "a variant without versions", "add `since`, `until` or both");
            continue;
        }
        if table.versions.min.is_none() {
            problems.at(
                &item,
                format!("{} has no microversions, so that nothing varies", table.service),
                "remove the variant",
            );
        } else if versions.min.zip(versions.max).is_some_and(|(min, max)| min > max)
            || versions.intersect(&info.versions).is_none()
        {
            let message = format!("no version of `{}` is in this range", info.id);
            problems.at(&item, message, format!("it has {}", info.versions));
        }
        let patch = fields.get("body").map(|body| {
            if !has_body {
                let message = "the body of a variant has no effect: it changes that of the request";
                problems.at(body, message, "add `body` to the request, `body: {}` if it is empty");
            }
            enveloped(body.node.value(), envelope)
        });
        let path = path(&fields, info, problems);
        let query = plain(fields.pairs("query", problems));
        let answers = answers(&fields, problems);
        if patch.is_none() && path.is_empty() && query.is_empty() && answers.is_none() {
            let help = "add `body`, `path`, `query` or `answers`";
            problems.at(&item, "a variant that changes nothing", help);
        }
        found.push(RequestVariant { versions, patch, path, query, answers });
    }
    found
}

/// Notes the placeholders in the texts of a value, keys included.
fn note<'n>(item: &Item<'n>, request: &mut Request<'n, '_>, problems: &mut Problems) {
    if let Some(text) = item.node.text() {
        note_text(text, item, request, problems);
    }
    for (key, inner) in item.entries() {
        note_text(key, &inner, request, problems);
        note(&inner, request, problems);
    }
    for inner in item.items() {
        note(&inner, request, problems);
    }
}

fn note_text<'n>(
    text: &str,
    item: &Item<'n>,
    request: &mut Request<'n, '_>,
    problems: &mut Problems,
) {
    match pieces(text) {
        Ok(found) => {
            for piece in found {
                match piece {
                    Piece::Placeholder(Placeholder::Field(field)) => {
                        request.references.push((field.kind.to_owned(), item.clone()));
                    }
                    Piece::Placeholder(Placeholder::Target(_)) => {
                        request.target.get_or_insert_with(|| item.clone());
                    }
                    Piece::Placeholder(Placeholder::Word(_)) | Piece::Text(_) => {}
                }
            }
        }
        Err(error) => problems.at(item, error.message, error.help),
    }
}

impl Request<'_, '_> {
    /// Returns the path parameter that is the new name.
    pub(crate) fn name_parameter(&self) -> Option<&str> {
        self.path.iter().find(|(_, text)| *text == NAME).map(|(parameter, _)| *parameter)
    }

    /// Returns the JSON pointers in the body to the texts that are exactly the new name.
    pub(crate) fn name_pointers(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Body::Json(body) = &self.body {
            pointers(body, "", &mut found);
        }
        found
    }

    /// Whether the new name is anywhere in the path or the body.
    pub(crate) fn has_name(&self) -> bool {
        let mut found = self.path.iter().any(|(_, text)| text.contains(NAME));
        match &self.body {
            Body::Json(body) => each_text(body, &mut |text| found |= text.contains(NAME)),
            Body::Text(text, _) => found |= text.contains(NAME),
            Body::None => {}
        }
        found
    }

    /// Returns the request of the model.
    pub(crate) fn finish(&self, sender: Sender, needs: &[&str]) -> DescribedRequest {
        let mut features: Vec<&'static str> = Vec::new();
        if let Some(alias) = self.info.extension {
            let service = self.info.id.split('.').next().unwrap_or_default();
            features.push(leak::text(&format!("{service}.extension.{alias}")));
        }
        features.extend(needs.iter().chain(&self.needs).map(|need| leak::text(need)));
        features.sort_unstable();
        features.dedup();
        let variant = |variant: &RequestVariant<'_>| Variant {
            versions: variant.versions,
            patch: variant.patch.as_ref().map(|patch| leak::text(&patch.to_string())),
            path: leak::pairs(&variant.path),
            query: leak::pairs(&variant.query),
            answers: variant.answers,
        };
        DescribedRequest {
            by: self.by.unwrap_or(sender),
            path: leak::pairs(&self.path),
            query: leak::pairs(&self.query),
            headers: leak::pairs(&self.headers),
            body: match &self.body {
                Body::None => DescribedBody::None,
                Body::Json(body) => DescribedBody::Json(leak::text(&body.to_string())),
                Body::Text(text, media) => {
                    DescribedBody::Text { text: leak::text(text), media: leak::text(media) }
                }
            },
            variants: leak::list(self.variants.iter().map(variant)),
            features: leak::list(features),
            ..DescribedRequest::new(leak::text(self.info.id))
        }
    }
}

/// The placeholder of a new unique name.
pub(crate) const NAME: &str = "${name}";

fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text == NAME => found.push(at.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                pointers(item, &join(at, key), found);
            }
        }
        _ => {}
    }
}
