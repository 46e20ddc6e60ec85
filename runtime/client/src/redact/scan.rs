//! Finding secrets in running text by what stands before them.
//!
//! Services put secrets into messages, logs and URLs: `password=…`,
//! `'adminPass': '…'`, `X-Auth-Token: …`, `?token=…` (also inside another URL, as
//! `%3Ftoken%3D…`), `rabbit://user:password@host`, `<password>…</password>`. Some
//! are known by their own form: fernet and web tokens, private keys.
//!
//! Each byte is looked at once; only the few that can end a name (`=`, `:`, `%`,
//! `>`, a space) or begin such a form lead to a closer look.

use std::ops::Range;

use super::HIDDEN;
use super::known::{is_uuid, looks_random};
use super::names::{Secrecy, secrecy};

/// Words after which a value that looks random is a secret, in lower case.
const WORDS: [&str; 8] =
    ["bearer", "passcode", "passphrase", "password", "psk", "secret", "signature", "token"];

/// What stands for no value at all.
const NOTHING: [&str; 6] = ["None", "null", "true", "false", "True", "False"];

/// How far back a name may begin.
const LONGEST_NAME: usize = 64;

/// Returns where secrets stand in a text, in order and apart.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let range = match bytes[at] {
            b'=' => assigned(text, at, at + 1, false),
            b'%' => percent_equals(bytes, at).and_then(|value| assigned(text, at, value, true)),
            b':' if bytes[at + 1..].starts_with(b"//") => user_of_url(bytes, at + 3),
            b':' => labelled(text, at),
            b' ' => after_word(text, at),
            b'>' => in_element(bytes, at),
            b'-' => private_key(text, at),
            b'g' | b'e' if is_start(bytes, at) => token(bytes, at),
            _ => None,
        };
        match range.filter(|range| !range.is_empty() && &text[range.clone()] != HIDDEN) {
            Some(range) => {
                at = range.end;
                found.push(range);
            }
            None => at += 1,
        }
    }
    found
}

/// The value in `name=value`, which ends before `&` or a blank.
fn assigned(text: &str, at: usize, value: usize, encoded: bool) -> Option<Range<usize>> {
    let name = name_before(text.as_bytes(), at)?;
    let secrecy = secrecy(&text[name.range])?;
    let range = value_at(text, value, encoded)?;
    let shown = &text[range.clone()];
    let counts = match secrecy {
        Secrecy::Weak => looks_random(shown),
        Secrecy::Credential | Secrecy::Content => !NOTHING.contains(&shown),
    };
    counts.then_some(range)
}

/// The value in `name: value`, `"name": "value"` or a header's line.
fn labelled(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let name = name_before(bytes, at)?;
    let word = &text[name.range.clone()];
    let secrecy = secrecy(word)?;
    let is_header = word.starts_with("X-") || word.starts_with("x-");
    if !name.quoted && (ends_with(word, "authorization") || ends_with(word, "cookie")) {
        // These have several parts, up to the end of the line.
        let start = at + 1 + bytes[at + 1..].iter().take_while(|byte| **byte == b' ').count();
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
        return Some(start..end);
    }
    let range = value_at(text, at + 1, false)?;
    let shown = &text[range.clone()];
    let counts = match secrecy {
        Secrecy::Weak => looks_random(shown),
        _ if name.quoted || is_header => !NOTHING.contains(&shown),
        // A sentence may go on behind the colon: `Invalid token: must be …`.
        _ => !is_word(shown),
    };
    counts.then_some(range)
}

/// The value in `--password value` and `password value`.
fn after_word(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let last = *bytes.get(at.checked_sub(1)?)?;
    if !last.is_ascii_alphabetic() {
        return None;
    }
    let name = name_before(bytes, at)?;
    let word = &text[name.range];
    let option = word.starts_with("--");
    if option {
        secrecy(word)?;
    } else if !WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        return None;
    }
    let rest = &text[at + 1..];
    let skip = if rest.starts_with("is ") { 3 } else { 0 };
    let range = value_at(text, at + 1 + skip, false)?;
    let shown = &text[range.clone()];
    let mixed = shown.len() >= 6
        && shown.bytes().any(|byte| byte.is_ascii_digit())
        && shown.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !is_uuid(shown.trim_end_matches(['.', ',']));
    (mixed || option && !shown.starts_with('-')).then_some(range)
}

/// The text of `<password>…</password>`.
fn in_element(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let from = at.saturating_sub(LONGEST_NAME);
    let open = from + bytes[from..at].iter().rposition(|byte| *byte == b'<')?;
    let name = std::str::from_utf8(&bytes[open + 1..at]).ok()?;
    if name.starts_with('/') || name.contains(' ') || secrecy(name)? == Secrecy::Weak {
        return None;
    }
    let length = bytes[at + 1..].iter().position(|byte| *byte == b'<')?;
    Some(at + 1..at + 1 + length)
}

/// The user and password of a URL.
fn user_of_url(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let ends = |byte: &u8| b"?#\"'<> \\,;".contains(byte) || byte.is_ascii_control();
    let end = bytes[start..].iter().position(ends).map_or(bytes.len(), |end| start + end);
    let url = &bytes[start..end];
    let host = url.iter().position(|byte| *byte == b'/').unwrap_or(url.len());
    // A slash in a password should be encoded and often is not: then what stands before
    // it ends in something that is no port.
    let has_port = match url[..host].iter().position(|byte| *byte == b':') {
        Some(colon) => url[colon + 1..host].iter().all(u8::is_ascii_digit),
        None => true,
    };
    let searched = if has_port { &url[..host] } else { url };
    let at = searched.iter().rposition(|byte| *byte == b'@')?;
    Some(start..start + at)
}

/// A private key, from its first line to its last.
fn private_key(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let header = rest.strip_prefix("-----BEGIN ")?;
    let kind = header.find("-----")?;
    if kind > LONGEST_NAME || !header[..kind].ends_with("PRIVATE KEY") {
        return None;
    }
    let body = "-----BEGIN ".len() + kind + "-----".len();
    let end = if let Some(end) = rest[body..].find("-----END ") {
        let last = body + end + "-----END ".len();
        rest[last..].find("-----").map_or(last, |dashes| last + dashes + "-----".len())
    } else {
        // It was cut off.
        let coded = |c: char| {
            !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\\' | '\n' | '\r'))
        };
        rest[body..].find(coded).map_or(rest.len(), |end| body + end)
    };
    Some(at..at + end)
}

/// A fernet token or a JSON web token.
fn token(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = &bytes[at..];
    let part = |from: usize| {
        let of_token = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        rest.get(from..).unwrap_or_default().iter().take_while(of_token).count()
    };
    if rest.starts_with(b"gAAAAA") {
        let length = part(0);
        let padding = rest[length..].iter().take_while(|byte| **byte == b'=').count();
        return (length >= 50).then_some(at..at + length + padding);
    }
    if rest.starts_with(b"eyJ") {
        let mut length = part(0);
        let mut dots = 0;
        while dots < 2 && rest.get(length) == Some(&b'.') {
            length += 1 + part(length + 1);
            dots += 1;
        }
        return (dots == 2).then_some(at..at + length);
    }
    None
}

/// A name, and whether it stands in quotes.
struct Name {
    range: Range<usize>,
    quoted: bool,
}

/// Returns the name that ends before `at`.
fn name_before(bytes: &[u8], at: usize) -> Option<Name> {
    let mut end = at;
    while end > 0 && bytes[end - 1] == b' ' && at - end < 2 {
        end -= 1;
    }
    let mut quoted = false;
    while end > 0 && matches!(bytes[end - 1], b'"' | b'\'' | b'`' | b'\\' | b']') && at - end < 6 {
        end -= 1;
        quoted = true;
    }
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let from = end.saturating_sub(LONGEST_NAME);
    let mut start =
        bytes[from..end].iter().rposition(|byte| !of_name(byte)).map_or(from, |at| from + at + 1);
    // The hexadecimal digits of `%3F` and `%26` are no part of the name.
    if start > 0 && bytes[start - 1] == b'%' {
        start = (start + 2).min(end);
    }
    (start < end).then_some(Name { range: start..end, quoted })
}

/// Returns the value that begins at or behind `at`: in quotes, in brackets or bare.
fn value_at(text: &str, at: usize, encoded: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut start = at;
    while start < bytes.len() && bytes[start] == b' ' && start - at < 4 {
        start += 1;
    }
    // Python's `u'…'` and `b'…'`.
    if matches!(bytes.get(start), Some(b'u' | b'b')) && bytes.get(start + 1) == Some(&b'\'') {
        start += 1;
    }
    // A quote inside of a string may be escaped once or more.
    let escapes = bytes[start.min(bytes.len())..].iter().take_while(|b| **b == b'\\').count();
    let quote = bytes.get(start + escapes).copied().filter(|b| matches!(b, b'"' | b'\'' | b'`'));
    if let Some(quote) = quote {
        let start = start + escapes + 1;
        let mut end = start;
        while end < bytes.len() {
            if bytes[end] == quote {
                return Some(start..end - escapes.min(end - start));
            }
            end += if bytes[end] == b'\\' && escapes == 0 { 2 } else { 1 };
        }
        return Some(start..bytes.len());
    }
    let close = match bytes.get(start)? {
        b'[' => Some(b']'),
        // An object is looked into.
        b'{' => return None,
        _ => None,
    };
    if let Some(close) = close {
        let end = bytes[start..].iter().position(|byte| *byte == close)?;
        return Some(start + 1..start + end);
    }
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || b"&;,\"'`<>)]}\\".contains(byte)
            || byte.is_ascii_control()
            || encoded && *byte == b'%'
    };
    let end = bytes[start..].iter().position(ends).map_or(bytes.len(), |end| start + end);
    Some(start..end)
}

/// Returns where the value behind `%3D` or `%253D` begins.
fn percent_equals(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes[at + 1..].strip_prefix(b"25").unwrap_or(&bytes[at + 1..]);
    let is = rest.len() >= 2 && rest[0] == b'3' && rest[1].eq_ignore_ascii_case(&b'd');
    is.then(|| bytes.len() - rest.len() + 2)
}

fn is_start(bytes: &[u8], at: usize) -> bool {
    at == 0 || !bytes[at - 1].is_ascii_alphanumeric()
}

fn ends_with(word: &str, end: &str) -> bool {
    let from = word.len().saturating_sub(end.len());
    word.get(from..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// Whether a value is an ordinary word.
fn is_word(value: &str) -> bool {
    let value = value.trim_end_matches(['.', '!', '?']);
    let rest = value.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(value);
    rest.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::known::replace;
    use super::*;

    fn hide(text: &str) -> String {
        replace(text, &secrets(text)).into_owned()
    }

    #[test]
    fn secrets_in_text_are_found_by_what_stands_before_them() {
        for (text, expected) in [
            ("password=hunter2", "password=***"),
            ("a password = 'hunter 2' b", "a password = '***' b"),
            ("{'adminPass': u'hunter2', 'id': '1'}", "{'adminPass': u'***', 'id': '1'}"),
            (r#"{\"auth_password\": \"hunter2\"}"#, r#"{\"auth_password\": \"***\"}"#),
            ("X-Auth-Token: hunter\nX-Other: a", "X-Auth-Token: ***\nX-Other: a"),
            ("Authorization: AWS4 Credential=a, b\nnext", "Authorization: ***\nnext"),
            ("http://h/x?token=a1&limit=2", "http://h/x?token=***&limit=2"),
            ("h/vnc?path=%3Ftoken%3Da1b2%26x%3D1", "h/vnc?path=%3Ftoken%3D***%26x%3D1"),
            ("rabbit://me:hunter2@host:5672/", "rabbit://***@host:5672/"),
            ("swift+https://a:b@h/c, d", "swift+https://***@h/c, d"),
            ("amqp://me:a/b+c@host:5672//", "amqp://***@host:5672//"),
            ("<adminPass>hunter2</adminPass>", "<adminPass>***</adminPass>"),
            ("openstack --os-password hunter token", "openstack --os-password *** token"),
            ("bad password a1b2c3 for user", "bad password *** for user"),
            ("DB_PASSWORD=hunter", "DB_PASSWORD=***"),
            ("passwords: ['a', 'b']", "passwords: [***]"),
            ("x eyJhbGciOi.eyJzdWIi.c2ln y", "x *** y"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n", "***\n"),
            ("-----BEGIN PRIVATE KEY-----\\nMIIE", "***"),
        ] {
            assert_eq!(hide(text), expected);
            assert_eq!(hide(expected), expected, "hiding twice changes nothing");
        }
        // One that nothing announces is known by its form.
        let fernet = format!("saw gAAAAAB{}== there", "x".repeat(60));
        assert_eq!(hide(&fernet), "saw *** there");
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "http://host/mail/a@b",
            "http://host:8080/mail/a@b",
            "Invalid token: must be a string",
            "The token has expired",
            "No secret 5d1f3d1e-0b0f-4a36-9c3e-8d6f1a2b3c4d there",
            "key=name&marker=5d1f3d1e",
            "password=None",
            "{'password': {'type': 'string'}}",
            "at 2026-11-24T06:00:00Z: limit=1",
            "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
            "secret_ref: http://h/v1/secrets/1",
        ] {
            assert_eq!(hide(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "[ -~é\n\\\\\"'=:%<>@/-]{0,60}") {
            let _ = hide(&text);
            let _ = hide(&format!("password{text}"));
        }
    }
}
