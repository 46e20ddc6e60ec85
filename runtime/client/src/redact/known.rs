//! The secrets that this process knows, and hiding them by their value.
//!
//! Names and places find secrets where services put them. A value finds them
//! everywhere else: in a message that echoes the request's token, in a panic, in
//! what a test prints. The set is one for the process and only grows.
//!
//! Searching looks at each position of a text once, whatever the number of
//! secrets: eight bytes from the middle of each are entered in a bit filter and a
//! table, so that learning one costs nothing but its entries. (An automaton would
//! have to be built again for each.)

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use super::HIDDEN;

/// A shorter value is not searched for: it may be part of any word.
const SHORTEST: usize = 8;

/// A longer value is not searched for: it is content, not a key.
const LONGEST: usize = 16 * 1024;

/// No more secrets are learned than this, so that a service cannot fill the memory.
const MOST: usize = 50_000;

/// Values that deployments use as passwords and everyone uses as words.
const WORDS: [&str; 12] = [
    "administrator",
    "changeme",
    "changeit",
    "credentials",
    "devstack",
    "disabled",
    "openstack",
    "password",
    "passwords",
    "required",
    "undefined",
    "username",
];

/// The size of the window that is looked up, in bytes.
const WINDOW: usize = 8;

/// The binary logarithm of the number of bits in the filter: 32 KiB fit a cache.
const FILTER_BITS: u32 = 18;

struct Known {
    filter: [AtomicU64; 1 << (FILTER_BITS - 6)],
    any: AtomicBool,
    table: OnceLock<RwLock<Table>>,
}

#[derive(Default)]
struct Table {
    values: HashSet<String>,
    needles: HashMap<u64, Vec<Needle>>,
    listener: Option<Listener>,
}

type Listener = Box<dyn Fn(&str) + Send + Sync>;

/// One form of a secret.
struct Needle {
    bytes: Box<[u8]>,
    /// Whether the form can stand in the text of a JSON string.
    in_json: bool,
}

static KNOWN: Known = Known {
    filter: [const { AtomicU64::new(0) }; 1 << (FILTER_BITS - 6)],
    any: AtomicBool::new(false),
    table: OnceLock::new(),
};

/// Adds a secret, so that it is hidden wherever it appears from now on.
///
/// Values of less than eight bytes and common words are ignored: hiding them would
/// hide the text around.
pub fn learn(value: &str) {
    let value = value.trim();
    let length = value.len();
    if !(SHORTEST..=LONGEST).contains(&length)
        || WORDS.iter().any(|word| word.eq_ignore_ascii_case(value))
        || KNOWN.table().read().unwrap_or_else(PoisonError::into_inner).values.contains(value)
    {
        return;
    }
    let mut table = KNOWN.table().write().unwrap_or_else(PoisonError::into_inner);
    if table.values.len() >= MOST || !table.values.insert(value.to_owned()) {
        return;
    }
    for (form, in_json) in forms(value) {
        let key = window(form.as_bytes(), (form.len() - WINDOW) / 2);
        KNOWN.enter(key);
        let needles = table.needles.entry(key).or_default();
        needles.push(Needle { bytes: form.into_bytes().into(), in_json });
    }
    KNOWN.any.store(true, Ordering::Release);
    if let Some(listener) = &table.listener {
        listener(value);
    }
}

/// Adds a value that may also be ordinary text: only if it looks random.
pub(crate) fn learn_if_random(value: &str) {
    if looks_random(value) {
        learn(value);
    }
}

/// Calls `listener` with each secret, those known already and those learned later:
/// a process that writes for this one has to know them too.
pub fn on_learned(listener: impl Fn(&str) + Send + Sync + 'static) {
    let mut table = KNOWN.table().write().unwrap_or_else(PoisonError::into_inner);
    for value in &table.values {
        listener(value);
    }
    table.listener = Some(Box::new(listener));
}

/// Hides the known secrets in a text.
pub fn mask(text: &str) -> Cow<'_, str> {
    replace(text, &found(text.as_bytes(), false))
}

/// Hides the known secrets in the text of a JSON document, which stays one.
pub fn mask_json(text: &str) -> Cow<'_, str> {
    replace(text, &found(text.as_bytes(), true))
}

/// Replaces ranges of a text, which must be in order and apart.
pub(super) fn replace<'t>(text: &'t str, ranges: &[Range<usize>]) -> Cow<'t, str> {
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        out.push_str(&text[at..range.start]);
        out.push_str(HIDDEN);
        at = range.end;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// Whether a value has the looks of a key: long, and of mixed characters.
pub(super) fn looks_random(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    value.len() >= 16
        && !value.contains(char::is_whitespace)
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !is_uuid(value)
}

/// Whether a value is an id as services make them, which is no secret.
pub(super) fn is_uuid(value: &str) -> bool {
    value.len() == 36
        && value.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

impl Known {
    fn table(&self) -> &RwLock<Table> {
        self.table.get_or_init(RwLock::default)
    }

    fn enter(&self, key: u64) {
        let bit = slot(key);
        self.filter[bit / 64].fetch_or(1 << (bit % 64), Ordering::Relaxed);
    }

    fn may_have(&self, key: u64) -> bool {
        let bit = slot(key);
        self.filter[bit / 64].load(Ordering::Relaxed) & (1 << (bit % 64)) != 0
    }
}

/// Returns where known secrets stand, in order and merged where they overlap.
fn found(text: &[u8], json: bool) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    if text.len() < WINDOW || !KNOWN.any.load(Ordering::Acquire) {
        return ranges;
    }
    let mut table = None;
    for (at, bytes) in text.windows(WINDOW).enumerate() {
        let key = window(bytes, 0);
        if !KNOWN.may_have(key) {
            continue;
        }
        let table = table
            .get_or_insert_with(|| KNOWN.table().read().unwrap_or_else(PoisonError::into_inner));
        for needle in table.needles.get(&key).into_iter().flatten() {
            let length = needle.bytes.len();
            let Some(start) = at.checked_sub((length - WINDOW) / 2) else { continue };
            let there = text.get(start..start + length) == Some(&needle.bytes);
            if there && (!json || needle.in_json && !is_escaped(text, start)) {
                ranges.push(start..start + length);
            }
        }
    }
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, held| {
        let overlap = next.start <= held.end;
        if overlap {
            held.end = held.end.max(next.end);
        }
        overlap
    });
    ranges
}

/// Whether the character at `start` belongs to an escape, as the `n` of `\n` does.
fn is_escaped(text: &[u8], start: usize) -> bool {
    start > 0 && text[start - 1] == b'\\' && b"nrtbfu\"\\/".contains(&text[start])
}

/// Returns the forms in which a value may appear, and whether each can stand in
/// the text of a JSON string.
fn forms(value: &str) -> Vec<(String, bool)> {
    let escaped = |text: &str| {
        let json = serde_json::Value::from(text).to_string();
        json[1..json.len() - 1].to_owned()
    };
    let once = escaped(value);
    let mut forms = vec![(value.to_owned(), once == value), (escaped(&once), true), (once, true)];
    forms.push((crate::endpoint::encode_query(value), true));
    forms.push((value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"), false));
    // A value inside of something that is encoded begins at any of three places.
    for shift in 0..3 {
        let coded = base64(value.as_bytes(), shift);
        if coded.len() >= SHORTEST + 4 {
            forms.push((coded.replace('+', "-").replace('/', "_"), true));
            forms.push((coded, true));
        }
    }
    let mut seen = HashSet::new();
    forms.retain(|(form, _)| form.len() >= SHORTEST && seen.insert(form.clone()));
    forms
}

/// Returns the characters of base64 that depend on the value alone, where it stands
/// `shift` bytes behind a multiple of three.
fn base64(value: &[u8], shift: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let skip = (3 - shift) % 3;
    let Some(rest) = value.get(skip..) else { return String::new() };
    let mut out = String::with_capacity(rest.len() / 3 * 4);
    for group in rest.chunks_exact(3) {
        let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
        for place in [18, 12, 6, 0] {
            out.push(char::from(ALPHABET[(bits >> place & 63) as usize]));
        }
    }
    out
}

fn window(bytes: &[u8], at: usize) -> u64 {
    let mut window = [0; WINDOW];
    window.copy_from_slice(&bytes[at..at + WINDOW]);
    u64::from_le_bytes(window)
}

/// Returns a key's place in the filter.
fn slot(key: u64) -> usize {
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - FILTER_BITS);
    usize::try_from(hash).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_secret_is_hidden_in_every_form() {
        learn("kno\"wn/sec&ret+1");
        let json = serde_json::json!({ "text": "a kno\"wn/sec&ret+1 b" }).to_string();
        for text in [
            "X-Auth-Token: kno\"wn/sec&ret+1",
            "?token=kno%22wn/sec%26ret%2B1&x=1",
            "Basic dXNlcjprbm8id24vc2VjJnJldCsx",
            "<b>kno\"wn/sec&amp;ret+1</b>",
            json.as_str(),
            serde_json::Value::from(json.as_str()).to_string().as_str(),
        ] {
            let masked = mask(text);
            assert!(masked.contains(HIDDEN) && !masked.contains("sec"), "{text}: {masked}");
        }
    }

    #[test]
    fn json_stays_json() {
        learn("needle-of-json");
        learn("back\\slash-1\\");
        for text in ["line\nneedle-of-json", "a back\\slash-1\\", "eedle-of-json\n"] {
            let document = serde_json::json!({ "text": text }).to_string();
            let masked = mask_json(&document);
            let value: serde_json::Value = serde_json::from_str(&masked).expect("still JSON");
            assert!(!value.to_string().contains("slash-1"), "{masked}");
        }
    }

    #[test]
    fn short_values_and_common_words_are_not_hidden() {
        for value in ["secret", "password", "OpenStack"] {
            learn(value);
            let text = format!("the {value} is wrong");
            assert_eq!(mask(&text), text);
        }
    }

    #[test]
    fn overlapping_secrets_are_hidden_as_one() {
        learn("overlap-one-two");
        learn("one-two-three-4");
        assert_eq!(mask("<overlap-one-two-three-4>"), "<***>");
    }

    #[test]
    fn a_listener_hears_of_secrets_known_and_learned_later() {
        use std::sync::{Arc, Mutex};
        learn("known-before-1");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let to = Arc::clone(&heard);
        on_learned(move |value| {
            if let Ok(mut heard) = to.lock() {
                heard.push(value.to_owned());
            }
        });
        learn("known-after-2");
        let heard = heard.lock().map(|heard| heard.clone()).unwrap_or_default();
        for value in ["known-before-1", "known-after-2"] {
            assert!(heard.iter().any(|held| held == value), "{value}");
        }
    }
}
