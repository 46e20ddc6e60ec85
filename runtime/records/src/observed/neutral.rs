//! Placeholders for the values of one cloud.
//!
//! A placeholder is decided by the form of a value alone (an id, a time, an address, a number, a
//! text), so that it is the same in every run. Words of the API stay.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Number, Value};
use squall_client::redact;

use super::Vocabulary;

/// How much of a text a placeholder keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Its form: an id, a time, an address.
    Form,
    /// Its length and the kinds of its characters, for schemas that ask for them.
    Mask,
    /// The text itself, if it is a plain word, and the number itself; for schemas that allow
    /// only some.
    Word,
}

/// The longest text whose length a mask keeps.
const LONGEST: usize = 1024;

/// Returns the placeholder of a text that stands under a key.
pub fn text(text: &str, key: &str, level: Level, vocabulary: &Vocabulary) -> String {
    let is_secret = redact::is_secret(key);
    if is_literal(text) || !is_secret && vocabulary.values.contains(text) {
        return text.to_owned();
    }
    match level {
        Level::Word if !is_secret && is_word(text) => text.to_owned(),
        Level::Word | Level::Mask => mask(text),
        Level::Form => form(text).unwrap_or_else(|| plain(text).to_owned()),
    }
}

/// Returns the placeholder of a number that stands under a key. The status of the answer stays.
pub fn number(number: &Number, key: &str, level: Level, status: u16) -> Value {
    if level == Level::Word && !redact::is_secret(key) || number.as_u64() == Some(status.into()) {
        return Value::Number(number.clone());
    }
    if let Some(whole) = number.as_i64() {
        return whole.signum().into();
    }
    match number.as_f64() {
        Some(part) if part.fract() != 0.0 => (1.5 * part.signum()).into(),
        Some(whole) if whole < 0.0 => (-1).into(),
        _ => 1.into(),
    }
}

/// Returns the placeholder of a key of a map.
pub fn key(key: &str, level: Level, vocabulary: &Vocabulary) -> String {
    if vocabulary.keys.contains(key) || vocabulary.values.contains(key) {
        return key.to_owned();
    }
    match level {
        Level::Word if is_name(key) => key.to_owned(),
        Level::Word | Level::Mask => mask(key),
        Level::Form => form(key).unwrap_or_else(|| {
            if plain(key) == "TEXT" { "KEY".to_owned() } else { "key".to_owned() }
        }),
    }
}

/// Whether a key can be the name of a property: not an id, and no name that a test made.
pub fn is_name(key: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_:.-".contains(c);
    key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.len() <= 64
        && key.chars().all(is_part)
        && form(key).is_none()
        && !key.to_ascii_lowercase().starts_with("squall")
        && !key.to_ascii_lowercase().starts_with("custom_squall")
}

/// Whether a text can be a word of an API: letters, and what joins them.
pub fn is_word(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphabetic() || "_:.- ".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 40
        && text.chars().all(is_part)
        && !text.to_ascii_lowercase().starts_with("squall")
        && redact::mask(text) == text
}

/// Whether a text says no more than a literal of JSON does.
fn is_literal(text: &str) -> bool {
    text.is_empty()
        || ["true", "false", "null", "none"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// What stands for a text of no known form.
fn plain(text: &str) -> &'static str {
    let mut letters = text.chars().filter(char::is_ascii_alphabetic).peekable();
    if letters.peek().is_some() && letters.all(|c| c.is_ascii_uppercase()) {
        "TEXT"
    } else {
        "text"
    }
}

/// What stands for a UUID.
pub const UUID: &str = "00000000-0000-4000-8000-000000000000";

/// What stands for the day of a time.
pub const DAY: &str = "2026-01-01";

/// Whether a placeholder stands for a time of day.
pub fn is_time(placeholder: &str) -> bool {
    placeholder.strip_prefix(DAY).is_some_and(|rest| rest.starts_with('T'))
}

/// Returns the placeholder of a text of a known form.
fn form(text: &str) -> Option<String> {
    number_form(text)
        .or_else(|| id_form(text))
        .or_else(|| time_form(text))
        .or_else(|| address_form(text))
        .or_else(|| place_form(text))
}

fn number_form(text: &str) -> Option<String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    match digits.split_once('.') {
        None => Some(if digits.bytes().all(|byte| byte == b'0') { "0" } else { "1" }.to_owned()),
        Some((whole, part)) if !whole.is_empty() && !part.is_empty() && !part.contains('.') => {
            Some("1.0".to_owned())
        }
        Some(_) => None,
    }
}

/// A UUID with or without hyphens, a digest, possibly in quotes, or a request id.
fn id_form(text: &str) -> Option<String> {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_uuid = |text: &str| {
        text.len() == UUID.len()
            && text.split('-').map(str::len).eq(UUID.split('-').map(str::len))
            && text.split('-').all(is_hex)
    };
    if is_uuid(text) {
        return Some(UUID.to_owned());
    }
    if let Some(rest) = text.strip_prefix("req-") {
        return is_uuid(rest).then(|| format!("req-{UUID}"));
    }
    // Swift's: `swift.common.utils.generate_trans_id`.
    if let Some((random, time)) = text.strip_prefix("tx").and_then(|rest| rest.split_once('-')) {
        let is_id = random.len() == 21 && time.len() == 10 && is_hex(random) && is_hex(time);
        return is_id.then(|| format!("tx{}-{}", "0".repeat(21), "0".repeat(10)));
    }
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return id_form(inner).map(|id| format!("\"{id}\""));
    }
    let is_digest = [32, 40, 64, 96, 128].contains(&text.len()) && is_hex(text);
    is_digest.then(|| if text.len() == 32 { UUID.replace('-', "") } else { "0".repeat(text.len()) })
}

/// A time or a day, in the forms of ISO 8601 and of HTTP.
fn time_form(text: &str) -> Option<String> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if shape == "0000-00-00" {
        return Some(DAY.to_owned());
    }
    if text.ends_with(" GMT") && text.contains(", ") && text.len() == 29 {
        return Some("Thu, 01 Jan 2026 00:00:00 GMT".to_owned());
    }
    let joint = ["T", " "].into_iter().find(|joint| {
        shape.strip_prefix("0000-00-00").is_some_and(|rest| rest.starts_with(joint))
    })?;
    let rest = shape.get(11..)?.strip_prefix("00:00:00")?;
    let (part, zone) = match rest.strip_prefix('.') {
        Some(part) => (".000000", part.trim_start_matches('0')),
        None => ("", rest),
    };
    let zone = match zone {
        "" | "Z" => zone,
        "+00:00" | "-00:00" => "+00:00",
        "+0000" | "-0000" => "+0000",
        _ => return None,
    };
    Some(format!("{DAY}{joint}00:00:00{part}{zone}"))
}

/// An address of a network or of a machine in it.
fn address_form(text: &str) -> Option<String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(host(address).to_string());
    }
    if let Some((network, length)) = text.split_once('/')
        && let Ok(network) = network.parse::<IpAddr>()
        && length.parse::<u8>().is_ok()
    {
        let network = match network {
            IpAddr::V4(_) => "192.0.2.0/24",
            IpAddr::V6(_) => "2001:db8::/64",
        };
        return Some(network.to_owned());
    }
    let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let is_mac = text.split(':').count() == 6 && text.split(':').all(is_pair);
    is_mac.then(|| "02:00:00:00:00:01".to_owned())
}

/// An address out of those for documentation.
fn host(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => Ipv4Addr::new(192, 0, 2, 1).into(),
        IpAddr::V6(_) => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
    }
}

/// A URL, a device or another path.
fn place_form(text: &str) -> Option<String> {
    let path = if text.starts_with("/dev/") { "/dev/vda" } else { "/text" };
    url_form(text).or_else(|| text.starts_with('/').then(|| path.to_owned()))
}

fn url_form(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once("://")?;
    let is_scheme = !scheme.is_empty()
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then(|| format!("{scheme}://cloud.example/text"))
}

/// Returns a text of the same length and kinds of characters. An id, a time, an address or a URL
/// gets its placeholder: zeros would be none.
fn mask(text: &str) -> String {
    let form = id_form(text).or_else(|| time_form(text)).or_else(|| address_form(text));
    if let Some(form) = form.or_else(|| url_form(text)) {
        return form;
    }
    let mask = text.chars().take(LONGEST).map(|c| match c {
        '0'..='9' => '0',
        'A'..='Z' => 'X',
        c if c.is_ascii() && !c.is_ascii_alphabetic() => c,
        _ => 'x',
    });
    mask.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formed(value: &str) -> String {
        text(value, "name", Level::Form, &Vocabulary::default())
    }

    #[test]
    fn what_belongs_to_a_cloud_is_a_placeholder_of_its_form() {
        for (value, expected) in [
            ("3f0c9d1e-6a55-4c1b-9a30-7c5a8b8f0a11", UUID),
            ("3f0c9d1e6a554c1b9a307c5a8b8f0a11", "00000000000040008000000000000000"),
            (
                "req-3f0c9d1e-6a55-4c1b-9a30-7c5a8b8f0a11",
                "req-00000000-0000-4000-8000-000000000000",
            ),
            ("tx3f0c9d1e6a554c1b9a307-006a0b1c2d", "tx000000000000000000000-0000000000"),
            ("\"d41d8cd98f00b204e9800998ecf8427e\"", "\"00000000000040008000000000000000\""),
            ("2026-11-29T22:41:03Z", "2026-01-01T00:00:00Z"),
            ("2026-11-29T22:41:03.120417", "2026-01-01T00:00:00.000000"),
            ("2026-11-29 22:41:03+00:00", "2026-01-01 00:00:00+00:00"),
            ("Sun, 29 Nov 2026 22:41:03 GMT", "Thu, 01 Jan 2026 00:00:00 GMT"),
            ("10.1.2.3", "192.0.2.1"),
            ("fd00::17", "2001:db8::1"),
            ("10.1.0.0/16", "192.0.2.0/24"),
            ("fa:16:3e:00:11:22", "02:00:00:00:00:01"),
            ("http://127.0.0.1:20005/v2.1/servers?limit=1", "http://cloud.example/text"),
            // Nova's pattern of devices refuses any other path.
            ("/dev/xvdb1", "/dev/vda"),
            ("/home/ada", "/text"),
            ("20480", "1"),
            ("0", "0"),
            ("2.90", "1.0"),
            ("squall-3f9a1c boots", "text"),
            ("CUSTOM_SQUALL_17", "TEXT"),
            ("hunter2", "text"),
        ] {
            assert_eq!(formed(value), expected, "{value}");
        }
        for kept in ["", "True", "false", "null"] {
            assert_eq!(formed(kept), kept);
        }
    }

    #[test]
    fn words_of_the_api_stay_unless_they_stand_in_the_place_of_a_secret() {
        let vocabulary = Vocabulary {
            values: ["ACTIVE".to_owned()].into(),
            keys: ["status".to_owned()].into(),
            ..Vocabulary::default()
        };
        assert_eq!(text("ACTIVE", "status", Level::Form, &vocabulary), "ACTIVE");
        assert_eq!(text("ACTIVE", "adminPass", Level::Form, &vocabulary), "TEXT");
        // Its name is that of a secret, which a truth value cannot be.
        assert_eq!(text("True", "config_drive", Level::Form, &vocabulary), "True");
        assert_eq!(key("status", Level::Form, &vocabulary), "status");
        assert_eq!(key("my key", Level::Form, &vocabulary), "key");
        assert_eq!(key("my key", Level::Word, &vocabulary), "xx xxx");
    }

    #[test]
    fn a_text_itself_is_kept_only_if_it_is_a_plain_word() {
        let kept = |value, key| text(value, key, Level::Word, &Vocabulary::default());
        assert_eq!(kept("error_restoring", "status"), "error_restoring");
        assert_eq!(kept("hunter2", "status"), "xxxxxx0");
        assert_eq!(kept("squall-boot", "status"), "xxxxxx-xxxx");
        assert_eq!(kept("correct horse", "password"), "xxxxxxx xxxxx");
        redact::learn("battery staple");
        assert_eq!(kept("battery staple", "status"), "xxxxxxx xxxxxx");
    }

    #[test]
    fn numbers_keep_their_sign_and_the_answers_status() {
        let placed = |value: Value, level| match value {
            Value::Number(value) => number(&value, "size", level, 404),
            other => other,
        };
        assert_eq!(placed(20_480.into(), Level::Form), Value::from(1));
        assert_eq!(placed(0.into(), Level::Form), Value::from(0));
        assert_eq!(placed((-1).into(), Level::Form), Value::from(-1));
        assert_eq!(placed(404.into(), Level::Form), Value::from(404));
        assert_eq!(placed(0.25.into(), Level::Form), Value::from(1.5));
        assert_eq!(placed(60.into(), Level::Word), Value::from(60));
        let pin = Number::from(1234);
        assert_eq!(number(&pin, "password", Level::Word, 200), Value::from(1));
    }
}
