//! Static large objects: a manifest that names its segments, each held against
//! what is there when the manifest is stored.

use jiff::Timestamp;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::{Large, Object, State, bulk, content, listing, report};
use crate::byte_range::{Asked, parse};
use crate::fault::{Fault, title};
use crate::outcome::Reply;
use crate::request::RequestContext;
use crate::world::World;
use crate::world::object_storage::place::Place;

/// The most segments of a manifest.
pub(crate) const MAX_SEGMENTS: usize = 1000;

/// A segment, as a stored manifest has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    /// `/container/object`.
    pub(crate) name: String,
    pub(crate) hash: String,
    /// The whole segment's size, whatever the range.
    pub(crate) bytes: usize,
    pub(crate) content_type: String,
    pub(crate) modified: Timestamp,
    /// The part that counts, as `first-last`.
    pub(crate) range: Option<String>,
    /// Whether it is a static large object itself.
    pub(crate) nested: bool,
}

/// Reads a manifest and holds it against its segments; gives what is to be stored.
///
/// The problems of all segments are reported at once.
pub(crate) fn manifest(
    state: &State,
    context: &RequestContext,
    account: &str,
    now: Timestamp,
) -> Result<(Object, String), Fault> {
    let rows: Vec<Value> = serde_json::from_slice(&context.body)
        .map_err(|_| Fault::bad_request("Manifest must be valid JSON.\n"))?;
    if rows.is_empty() {
        return Err(Fault::bad_request("Manifest must contain at least one segment.\n"));
    }
    if rows.len() > MAX_SEGMENTS {
        return Err(Fault::new(
            413,
            format!("Number of object-backed segments must be <= {MAX_SEGMENTS}"),
        ));
    }
    let (mut segments, mut problems, mut length) = (Vec::new(), Vec::new(), 0);
    for (index, row) in rows.iter().enumerate() {
        let last = index + 1 == rows.len();
        match segment(state, account, row, last, now)? {
            Ok((segment, counts)) => {
                length += counts;
                segments.push(segment);
            }
            Err((path, why)) => problems.push(format!("{}, {why}", report::quoted(&path))),
        }
    }
    if !problems.is_empty() {
        return Err(Fault::bad_request(format!("Errors:\n{}\n", problems.join("\n"))));
    }
    let hashes = segments.iter().map(|segment| match &segment.range {
        Some(range) => format!("{}:{range};", segment.hash),
        None => segment.hash.clone(),
    });
    let etag = hex::encode(Md5::digest(hashes.collect::<String>().as_bytes()));
    if context.header("etag").is_some_and(|claimed| claimed.trim_matches('"') != etag) {
        return Err(Fault::new(422, "Unable to process the contained instructions"));
    }
    let stored = json!(segments.iter().map(shown).collect::<Vec<Value>>()).to_string();
    let mut object = Object::new(stored.into_bytes(), now);
    object.large = Some(Large::Static { segments, etag: etag.clone(), length });
    Ok((object, etag))
}

type Problem = (String, String);

/// Reads one row; the outer error refuses the manifest, the inner one is the segment's.
fn segment(
    state: &State,
    account: &str,
    row: &Value,
    last: bool,
    now: Timestamp,
) -> Result<Result<(Segment, usize), Problem>, Fault> {
    const KEYS: [&str; 4] = ["path", "etag", "size_bytes", "range"];
    let unknown = row.as_object().and_then(|row| row.keys().find(|k| !KEYS.contains(&k.as_str())));
    if let Some(key) = unknown {
        return Err(Fault::bad_request(format!("extraneous keys \"{key}\"\n")));
    }
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let Some(path) = text("path") else {
        return Err(Fault::bad_request("expected keys to include one of \"path\" or \"data\"\n"));
    };
    let Some(place) = Place::parse(account, path) else {
        return Err(Fault::bad_request("path does not refer to an object\n"));
    };
    let problem = |why: &str| Ok(Err((path.to_owned(), why.to_owned())));
    let Some(object) = state.object_at(&place, now) else {
        return problem(&format!("404 {}", title(404)));
    };
    let Ok(whole) = content::of(state, account, object, now) else {
        return problem(&format!("409 {}", title(409)));
    };
    let size = whole.bytes.len();
    if row.get("size_bytes").and_then(Value::as_u64).is_some_and(|claimed| claimed != size as u64) {
        return problem("Size Mismatch");
    }
    if text("etag").is_some_and(|claimed| claimed.trim_matches('"') != whole.etag) {
        return problem("Etag Mismatch");
    }
    let (range, counts) = match text("range").map(|range| parse(&format!("bytes={range}"), size)) {
        None => (None, size),
        Some(Asked::Part(part)) if part == (0..size) => (None, size),
        Some(Asked::Part(part)) => {
            (Some(format!("{}-{}", part.start, part.end - 1)), part.end - part.start)
        }
        Some(Asked::Outside) => return problem("Unsatisfiable Range"),
        Some(Asked::Unclear) => return Err(Fault::bad_request("invalid range\n")),
    };
    if counts == 0 && !last {
        return problem("Too small; each segment must be at least 1 byte.");
    }
    let segment = Segment {
        name: format!("/{}/{}", place.container, place.object),
        hash: whole.etag,
        bytes: size,
        content_type: object.content_type.clone(),
        modified: object.modified,
        range,
        nested: matches!(object.large, Some(Large::Static { .. })),
    };
    Ok(Ok((segment, counts)))
}

/// Returns a segment as `multipart-manifest=get` shows it.
fn shown(segment: &Segment) -> Value {
    let mut row = json!({
        "name": segment.name,
        "hash": segment.hash,
        "bytes": segment.bytes,
        "content_type": segment.content_type,
        "last_modified": listing::time(segment.modified),
    });
    if let Some(range) = &segment.range {
        row["range"] = json!(range);
    }
    if segment.nested {
        row["sub_slo"] = json!(true);
    }
    row
}

/// Returns a segment as a manifest is sent, for `format=raw`.
fn raw(segment: &Segment) -> Value {
    let mut row = json!({
        "path": segment.name,
        "etag": segment.hash,
        "size_bytes": segment.bytes,
    });
    if let Some(range) = &segment.range {
        row["range"] = json!(range);
    }
    row
}

/// Answers with the manifest in place of what it puts together.
pub(crate) fn show(segments: &[Segment], as_sent: bool) -> Reply {
    let rows = segments.iter().map(if as_sent { raw } else { shown });
    let text = Value::from(rows.collect::<Vec<Value>>()).to_string();
    Reply::bytes(200, text, "application/json; charset=utf-8")
}

/// Deletes a manifest with its segments, and reports.
pub(crate) fn delete(world: &mut World, context: &RequestContext) -> Result<Reply, Fault> {
    let now = world.clock.now();
    let place = Place::of(context);
    let state = &world.object_storage;
    let mut paths = Vec::new();
    match state.object_at(&place, now).map(|object| &object.large) {
        Some(Some(Large::Static { segments, .. })) => {
            gather(state, &place.account, segments, now, &mut paths);
        }
        Some(_) => {
            return Ok(Reply::json(
                200,
                json!({
                    "Response Status": "400 Bad Request",
                    "Response Body": "Not an SLO manifest",
                    "Number Deleted": 0,
                    "Number Not Found": 0,
                    "Errors": [],
                }),
            ));
        }
        None => {}
    }
    paths.push(format!("/{}/{}", place.container, place.object));
    Ok(bulk::delete_paths(world, context, &paths).answer(context))
}

fn gather(
    state: &State,
    account: &str,
    segments: &[Segment],
    now: Timestamp,
    paths: &mut Vec<String>,
) {
    for segment in segments {
        let nested = Place::parse(account, &segment.name);
        let nested = nested.and_then(|place| state.object_at(&place, now));
        if let Some(Some(Large::Static { segments, .. })) = nested.map(|object| &object.large) {
            gather(state, account, segments, now, paths);
        }
        if !paths.contains(&segment.name) {
            paths.push(segment.name.clone());
        }
    }
}
