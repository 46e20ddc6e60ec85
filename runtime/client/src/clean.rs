//! Text that came from elsewhere, made safe to show.
//!
//! A service's message may hold control characters, which a terminal obeys and XML
//! does not allow, characters that reverse the direction of what follows, and lines
//! that a CI system takes for its own commands. [`text`] and [`json`] replace such
//! characters by visible escapes when text becomes part of an event, [`printed`]
//! breaks the commands when it is printed.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns a text whose control characters and the like are visible, as `\u{1b}`.
///
/// Line feeds and tabs stay.
///
/// ```
/// use squall_client::clean::text;
/// assert_eq!(text("\u{1b}[31mred\nnext"), "\\u{1b}[31mred\nnext");
/// ```
pub fn text(text: &str) -> Cow<'_, str> {
    let Some(first) = text.char_indices().find(|(_, c)| is_unsafe(*c)).map(|(at, _)| at) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        if is_unsafe(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Returns a JSON document whose strings are as [`text`] leaves them.
pub fn json(document: &str) -> Cow<'_, str> {
    let bytes = document.as_bytes();
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    let mut replace = |from: usize, to: usize, code: u32, done: &mut usize| {
        out.push_str(&document[*done..from]);
        let _ = write!(out, "\\\\u{{{code:x}}}");
        *done = to;
    };
    while at < bytes.len() {
        match bytes[at] {
            // The escapes that JSON needs most.
            b'\\' if matches!(bytes.get(at + 1), Some(b'"' | b'\\' | b'n')) => at += 2,
            b'\\' => {
                let (length, code) = escape(&document[at..]);
                if let Some(code) = code.filter(|code| char::from_u32(*code).is_none_or(is_unsafe))
                {
                    replace(at, at + length, code, &mut done);
                }
                at += length;
            }
            byte if byte.is_ascii() && byte != 0x7f => at += 1,
            _ => {
                let c = document[at..].chars().next().unwrap_or_default();
                if is_unsafe(c) {
                    replace(at, at + c.len_utf8(), u32::from(c), &mut done);
                }
                at += c.len_utf8();
            }
        }
    }
    if done == 0 {
        return Cow::Borrowed(document);
    }
    out.push_str(&document[done..]);
    Cow::Owned(out)
}

/// Returns a text to print: as [`text`] leaves it, but for colours that were put in by
/// us and are kept with `coloured`, and with no line that a CI system executes.
///
/// GitHub runs `::error::` at the start of a line and `##[…]`, Azure Pipelines
/// `##vso[…]`, `TeamCity` `##teamcity[…]`; GitLab folds at `section_start:`. A space is
/// put in where they begin.
///
/// ```
/// use squall_client::clean::printed;
/// assert_eq!(printed("a\n ::error::x\n##vso[task.complete]", false),
///     "a\n : :error::x\n# #vso[task.complete]");
/// ```
pub fn printed(text: &str, coloured: bool) -> Cow<'_, str> {
    let cleaned = if coloured { coloured_text(text) } else { self::text(text) };
    if !is_command_like(&cleaned) {
        return cleaned;
    }
    let mut out = String::with_capacity(cleaned.len() + 8);
    for line in cleaned.split_inclusive('\n') {
        let start = line.len() - line.trim_start().len();
        let (blank, rest) = line.split_at(start);
        out.push_str(blank);
        if is_workflow_command(rest) {
            out.push_str(": ");
            out.push_str(&rest[1..].replace("##", "# #"));
        } else {
            let rest = rest.replace("##", "# #");
            out.push_str(&rest.replace("section_start:", "section_start :"));
        }
    }
    Cow::Owned(out)
}

fn is_command_like(text: &str) -> bool {
    text.contains("##")
        || text.contains("section_start:")
        || text.contains("::") && text.lines().any(|line| is_workflow_command(line.trim_start()))
}

/// Whether a line is `::name::` or `::name key=value::`.
fn is_workflow_command(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("::") else { return false };
    rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains("::")
}

/// Cleans a text and keeps `ESC [ … m`, which sets colours and does nothing else.
fn coloured_text(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return self::text(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&self::text(&rest[..at]));
        let length = colour(&rest[at..]).unwrap_or(1);
        if length == 1 {
            out.push_str("\\u{1b}");
        } else {
            out.push_str(&rest[at..at + length]);
        }
        rest = &rest[at + length..];
    }
    out.push_str(&self::text(rest));
    Cow::Owned(out)
}

/// Returns the length of the sequence that sets a colour at the start of a text.
fn colour(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters[end..].starts_with('m').then_some(end + 3)
}

/// Whether a character does something, or is not allowed in XML, instead of being shown.
fn is_unsafe(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}

/// Returns the length of the escape at the start of a text, and the code of the
/// character that it stands for, where that is one that may have to be replaced.
fn escape(text: &str) -> (usize, Option<u32>) {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        Some(b'u') => {
            let digits = text.get(2..6).unwrap_or_default();
            let code = u32::from_str_radix(digits, 16).ok();
            // The two halves of a pair are one character, which is never unsafe.
            let pair = code.is_some_and(|code| (0xd800..0xdc00).contains(&code))
                && text.get(6..8) == Some("\\u");
            if pair { (12.min(text.len()), None) } else { (6.min(text.len()), code) }
        }
        Some(b'r') => (2, Some(0x0d)),
        Some(b'b') => (2, Some(0x08)),
        Some(b'f') => (2, Some(0x0c)),
        Some(byte) if byte.is_ascii() => (2, None),
        _ => (1, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\u{1b}[2J\u{7}\0 \u{8}\r \u{fffe}\u{ffff} \u{9b}31m \u{202e}x\u{7f}";

    #[test]
    fn what_acts_on_a_terminal_or_breaks_xml_is_shown_instead() {
        let cleaned = text(HOSTILE);
        assert!(cleaned.chars().all(|c| !is_unsafe(c)), "{cleaned}");
        assert!(cleaned.starts_with("\\u{1b}[2J\\u{7}\\u{0} \\u{8}\\u{d} \\u{fffe}"), "{cleaned}");
        assert_eq!(text("ä \u{1f680}\n\tline"), "ä \u{1f680}\n\tline");
        let controls = (0..0x20).chain(0x7f..0xa0).filter(|code| !matches!(code, 0x09 | 0x0a));
        let others = [0xfeff, 0xfffe, 0xffff, 0x200e, 0x200f, 0x061c, 0x2028, 0x2029];
        for code in controls.chain(others).chain(0x202a..=0x202e).chain(0x2066..=0x2069) {
            let c = char::from_u32(code).expect("a character");
            assert_eq!(text(&format!("<{c}>")), format!("<\\u{{{code:x}}}>"));
        }
    }

    #[test]
    fn a_document_of_json_is_cleaned_as_its_strings_are() {
        let value = serde_json::json!({ "text": HOSTILE, "kept": "a\\u001b \"q\" \n ä" });
        let document = value.to_string();
        let cleaned: serde_json::Value = serde_json::from_str(&json(&document)).expect("JSON");
        assert_eq!(cleaned["text"], text(HOSTILE).as_ref());
        assert_eq!(cleaned["kept"], value["kept"]);
    }

    #[test]
    fn lines_that_a_ci_system_executes_are_broken() {
        for (text, expected) in [
            ("::error file=a::b", ": :error file=a::b"),
            ("x ##[error]b", "x # #[error]b"),
            ("##vso[task.setvariable]b", "# #vso[task.setvariable]b"),
            ("##teamcity[x]", "# #teamcity[x]"),
            ("section_start:1:a", "section_start :1:a"),
        ] {
            assert_eq!(printed(text, false), expected);
        }
        for text in ["squall::run failed", "::1 is an address", "a ::b:: c", "# one"] {
            assert_eq!(printed(text, false), text);
        }
    }

    #[test]
    fn our_colours_stay_and_nothing_else_does() {
        let text = "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}";
        assert_eq!(printed(text, true), "\u{1b}[31mred\u{1b}[0m \\u{1b}]0;title\\u{7}");
    }

    proptest::proptest! {
        #[test]
        fn any_json_stays_json(text in "\\PC{0,20}[\u{0}-\u{ff}\u{2020}-\u{2070}]{0,20}") {
            let document = serde_json::json!([text]).to_string();
            let cleaned: serde_json::Value = serde_json::from_str(&json(&document))?;
            let expected = self::text(&text);
            proptest::prop_assert_eq!(cleaned[0].as_str(), Some(expected.as_ref()));
        }
    }
}
