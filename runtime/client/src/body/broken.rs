//! Naming what is wrong with a body that should be JSON and is not.
//!
//! Each cause has its own remedy (an encoding, a proxy that compresses, an endpoint
//! that leads to a dashboard), and the JSON reader alone sees only an unexpected
//! character. Nothing of the body is cited but the name of a page: it may be secret.

use std::fmt::Write as _;

use serde_json::Value;

/// How much of a page's title is shown.
const TITLE: usize = 60;

/// Returns what the bytes are instead of JSON, as it reads after "found".
pub(super) fn describe(bytes: &[u8]) -> String {
    if let Some(text) = by_first_bytes(bytes) {
        return text;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return not_utf8(bytes, error.valid_up_to()),
    };
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return "only white space".to_owned();
    }
    if trimmed.starts_with('<') {
        return markup(trimmed);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(_) => "JSON that is labelled as something else".to_owned(),
        Err(error) => syntax(text, &error),
    }
}

fn by_first_bytes(bytes: &[u8]) -> Option<String> {
    let what = match bytes {
        [] => "nothing",
        [0xef, 0xbb, 0xbf, ..] => "a byte order mark (BOM) before the JSON",
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, b'{' | b'[', ..] | [b'{' | b'[', 0, ..] => {
            "text in UTF-16 or UTF-32 instead of UTF-8"
        }
        [0x1f, 0x8b, ..] => "a body compressed with gzip, which was not requested",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "a body compressed with zstd, which was not requested",
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => {
            "a body compressed with deflate, which was not requested"
        }
        _ => return None,
    };
    Some(what.to_owned())
}

fn not_utf8(bytes: &[u8], at: usize) -> String {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let mut text = format!("text that is not UTF-8: byte 0x{byte:02x} at {}", place(bytes, at));
    let latin: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    if serde_json::from_str::<Value>(&latin).is_ok() {
        text.push_str("; read as Latin-1 (ISO 8859-1) it would be JSON");
    }
    text
}

fn markup(text: &str) -> String {
    let lower = text.get(..512).unwrap_or(text).to_ascii_lowercase();
    if !lower.contains("<html") && !lower.starts_with("<!doctype html") {
        return "XML instead of JSON".to_owned();
    }
    let title = lower.find("<title>").and_then(|at| {
        let title = text[at + "<title>".len()..].split('<').next()?.trim();
        Some(title.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    let mut page = "an HTML page".to_owned();
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        let shown: String = title.chars().take(TITLE).collect();
        // Writing to a string cannot fail.
        let _ = write!(page, " titled `{shown}`");
    }
    page.push_str(": the URL may lead to a dashboard, a login page or a proxy");
    page
}

fn syntax(text: &str, error: &serde_json::Error) -> String {
    let at = format!("line {}, column {}", error.line(), error.column());
    if error.is_eof() {
        return format!("JSON that ends in the middle, at {at}: the body was cut off");
    }
    let said = error.to_string();
    if said.contains("surrogate") || said.contains("hex escape") {
        return format!("a lone surrogate escape (half of a `\\ud800` pair) at {at}");
    }
    if said.contains("recursion limit") {
        return format!("JSON that is nested too deeply, at {at}");
    }
    let rest = from_place(text, error.line(), error.column());
    for word in ["NaN", "-Infinity", "Infinity", "nan", "inf", "None", "True", "False"] {
        if rest.starts_with(word) {
            return format!("`{word}` at {at}, which JSON does not have");
        }
    }
    if rest.starts_with('\'') {
        return format!("text in single quotes at {at}, where JSON has double quotes");
    }
    if said.contains("trailing characters") {
        return format!("more text behind the JSON, at {at}");
    }
    // The reader's own words name characters that it expected and no values.
    let said = said.split(" at line ").next().unwrap_or_default();
    format!("text that is not JSON: {said} at {at}")
}

/// Returns the text around a place of the reader's, from the start of a word there.
fn from_place(text: &str, line: usize, column: usize) -> &str {
    let Some(line) = text.split('\n').nth(line.saturating_sub(1)) else { return "" };
    let mut at = column.saturating_sub(1).min(line.len());
    // The reader may have gone into the word before it saw that it is none.
    let of_word = |byte: u8| byte.is_ascii_alphabetic() || byte == b'-';
    while at > 0 && of_word(line.as_bytes()[at - 1]) {
        at -= 1;
    }
    line.get(at..).unwrap_or_default()
}

fn place(bytes: &[u8], at: usize) -> String {
    let line = bytes[..at].split(|byte| *byte == b'\n').count();
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    format!("line {line}, column {}", at - start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_named() {
        let cut = br#"{"server": {"name": "a"#;
        for (bytes, expected) in [
            (&b"\xef\xbb\xbf{}"[..], "a byte order mark (BOM) before the JSON"),
            (b"\xff\xfe{\0", "text in UTF-16 or UTF-32 instead of UTF-8"),
            (b"{\0", "text in UTF-16 or UTF-32 instead of UTF-8"),
            (b"\x1f\x8b\x08", "a body compressed with gzip, which was not requested"),
            (b"\x28\xb5\x2f\xfd\0", "a body compressed with zstd, which was not requested"),
            (b"\x78\x9c\0", "a body compressed with deflate, which was not requested"),
            (
                b"{\"a\":\n \"\xe9\"}",
                "text that is not UTF-8: byte 0xe9 at line 2, column 3; read as Latin-1 (ISO \
                 8859-1) it would be JSON",
            ),
            (cut, "JSON that ends in the middle, at line 1, column 22: the body was cut off"),
            (b"{\"a\": NaN}", "`NaN` at line 1, column 7, which JSON does not have"),
            (b"{\"a\": -Infinity}", "`-Infinity` at line 1, column 8, which JSON does not have"),
            (b"{\"a\": Infinity}", "`Infinity` at line 1, column 7, which JSON does not have"),
            (b"[nan]", "`nan` at line 1, column 3, which JSON does not have"),
            (b"[inf]", "`inf` at line 1, column 2, which JSON does not have"),
            (b"[None]", "`None` at line 1, column 2, which JSON does not have"),
            (b"[True]", "`True` at line 1, column 2, which JSON does not have"),
            (b"[False]", "`False` at line 1, column 2, which JSON does not have"),
            (
                b"{'a': 1}",
                "text in single quotes at line 1, column 2, where JSON has double quotes",
            ),
            (b"{} {}", "more text behind the JSON, at line 1, column 4"),
            (b"", "nothing"),
            (b" \n", "only white space"),
            (b"<?xml version='1.0'?><a/>", "XML instead of JSON"),
            (
                b"<!DOCTYPE html><html><head><title>Login -\n OpenStack</title>",
                "an HTML page titled `Login - OpenStack`: the URL may lead to a dashboard, a login \
                 page or a proxy",
            ),
            (b"hello", "text that is not JSON: expected value at line 1, column 1"),
        ] {
            assert_eq!(describe(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
        let lone = describe(br#"{"a": "\ud800x"}"#);
        assert!(lone.starts_with("a lone surrogate escape"), "{lone}");
        let deep = describe("[".repeat(1000).as_bytes());
        assert!(deep.starts_with("JSON that is nested too deeply"), "{deep}");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_described(bytes in proptest::collection::vec(0_u8.., 0..40)) {
            proptest::prop_assert!(!describe(&bytes).is_empty());
        }
    }
}
