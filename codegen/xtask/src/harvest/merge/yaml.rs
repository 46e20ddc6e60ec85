//! Writes YAML deterministically, in block style, and in flow style for small values that fit on
//! a line.
//!
//! The files are reviewed line by line, so keys have a readable order, and every string is
//! quoted that a YAML reader could take for a number (`2.10`), a boolean (`on`) or a date.

use serde_json::{Map, Value};

const WIDTH: usize = 100;

/// Keys that come first in a map, in this order; the others are sorted by name.
const FIRST: [&str; 61] = [
    "openapi",
    "info",
    "version",
    "kind",
    "servers",
    "service",
    "service-type",
    "source",
    "min-ver",
    "max-ver",
    "id",
    "method",
    "path",
    "action",
    "rule",
    "name",
    "in",
    "gate",
    "operation",
    "operationId",
    "check",
    "scope-types",
    "title",
    "summary",
    "description",
    "tags",
    "code",
    "$ref",
    "type",
    "nullable",
    "format",
    "enum",
    "schema",
    "value",
    "required",
    "properties",
    "additionalProperties",
    "parameters",
    "requestBody",
    "responses",
    "headers",
    "content",
    "body",
    "query",
    "policies",
    "unenforced",
    "extension",
    "paging",
    "collection",
    "field",
    "holes",
    "provenance",
    "unknown",
    "reason",
    "x-openstack",
    "actions",
    "rules",
    "request-headers",
    "response-headers",
    "paths",
    "components",
];

/// Keys whose maps have arbitrary names as keys.
const NAMED: [&str; 14] = [
    "actions",
    "content",
    "definitions",
    "defs",
    "dependent-schemas",
    "headers",
    "keywords",
    "paths",
    "pattern-properties",
    "properties",
    "request-headers",
    "response-headers",
    "responses",
    "schemas",
];

/// The order of methods in a path item.
const METHODS: [&str; 8] = ["head", "get", "post", "put", "patch", "delete", "copy", "options"];

/// Writes a document.
pub(super) fn write(document: &Value) -> String {
    let mut out = String::new();
    block(document, 0, false, &mut out);
    out
}

/// Writes a map or list as a block. `named` is whether the keys are arbitrary names.
fn block(value: &Value, indent: usize, named: bool, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in ordered(map, named) {
                pad(indent, out);
                out.push_str(&scalar(key, false));
                out.push(':');
                below(value, indent, key.len() + 1, !named && NAMED.contains(&key.as_str()), out);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for value in list {
                pad(indent, out);
                out.push('-');
                item(value, indent, out);
            }
        }
        other => {
            out.push_str(&flow(other, false));
            out.push('\n');
        }
    }
}

/// Writes the value after `key:`, on the same line if it fits.
fn below(value: &Value, indent: usize, used: usize, named: bool, out: &mut String) {
    let line = flow(value, named);
    if !is_block(value) || (indent + used + 1 + line.len() <= WIDTH && is_small(value)) {
        out.push(' ');
        out.push_str(&line);
        out.push('\n');
        return;
    }
    out.push('\n');
    let deeper = if value.is_array() { indent } else { indent + 2 };
    block(value, deeper, named, out);
}

/// Writes the value after a list's dash.
fn item(value: &Value, indent: usize, out: &mut String) {
    let line = flow(value, false);
    if !is_block(value) || (indent + 2 + line.len() <= WIDTH && is_small(value)) {
        out.push(' ');
        out.push_str(&line);
        out.push('\n');
        return;
    }
    // A block in a list starts on the line of the dash.
    let mut inner = String::new();
    block(value, indent + 2, false, &mut inner);
    out.push(' ');
    out.push_str(inner.trim_start_matches(' '));
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    }
}

/// Whether a map or list is small enough for flow style.
fn is_small(value: &Value) -> bool {
    fn depth(value: &Value) -> usize {
        match value {
            Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
            Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
    depth(value) <= 3
}

fn ordered(map: &Map<String, Value>, named: bool) -> Vec<(&String, &Value)> {
    let rank = |key: &str| {
        let known = FIRST.iter().chain(&METHODS).position(|first| *first == key);
        known.filter(|_| !named).unwrap_or(usize::MAX)
    };
    let mut entries: Vec<(&String, &Value)> = map.iter().collect();
    entries.sort_by_key(|(key, _)| (rank(key), *key));
    entries
}

fn flow(value: &Value, named: bool) -> String {
    match value {
        Value::Object(map) => {
            let entries = ordered(map, named).into_iter().map(|(key, value)| {
                let named = !named && NAMED.contains(&key.as_str());
                format!("{}: {}", scalar(key, true), flow(value, named))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => {
            let entries = list.iter().map(|value| flow(value, false));
            format!("[{}]", entries.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => scalar(text, true),
        other => other.to_string(),
    }
}

/// Writes a string, quoted unless it can only be read as a string.
fn scalar(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) {
        return text.to_owned();
    }
    if text.chars().any(|c| c.is_control() || ('\u{7f}'..='\u{a0}').contains(&c) || is_odd(c)) {
        return escaped(text);
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether some readers refuse a character unescaped, such as line separators.
fn is_odd(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}' | '\u{fffe}'..='\u{ffff}')
}

fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || is_odd(c) || ('\u{7f}'..='\u{a0}').contains(&c) => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    let first = text.chars().next();
    let starts = first.is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '_' || c == '$');
    let inside = |c: char| {
        c.is_ascii_alphanumeric()
            || "_-./ $()".contains(c)
            || (!in_flow && "{},:'".contains(c))
            || (in_flow && ":'".contains(c))
    };
    starts
        && text.chars().all(inside)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(":,")
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Words that some version of YAML does not read as a string.
const WORDS: [&str; 11] =
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"];

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn back(text: &str) -> Value {
        squall_yaml::from_str(text).unwrap()
    }

    #[test]
    fn a_version_is_always_quoted() {
        let text = write(&json!({"x-openstack": {"min-ver": "2.10"}, "a": ["2.1", "1e3", "0x1"]}));
        assert_eq!(text, "x-openstack: {min-ver: '2.10'}\na: ['2.1', '1e3', '0x1']\n");
        assert_eq!(back(&text)["x-openstack"]["min-ver"], "2.10");
    }

    #[test]
    fn every_document_reads_back() {
        let words = [
            "",
            " ",
            "a b",
            "a: b",
            "a:",
            "- a",
            "# a",
            "a #b",
            "null",
            "True",
            "on",
            "2026-01-01",
            "12:30",
            "^(?! )[a-z']+$",
            "a\nb",
            "\u{2028}",
            "{id}",
            "/servers/{id}",
            "*",
            "&a",
            "!t",
            "%",
            "@",
            "`",
            "é",
            "\u{1F600}",
            "\u{7f}",
            "\"",
            "\\",
            "~",
            "=",
            "<<",
            "a, b",
            "[x]",
            "it's",
            "x'",
            "?",
            ":a",
            "-",
            "---",
            "...",
            "1_000",
            ".5",
            "+1",
            "\t",
        ];
        let nested = json!([[], {}, [[1]], [{"a": [{"b": 1}, 2]}], null, true, -1.5, 1e300]);
        let named: Map<String, Value> = words.iter().map(|w| ((*w).to_owned(), json!(w))).collect();
        let document = json!({"list": &words[..], "map": named, "nested": nested, "properties": {
            "type": {"type": "string"}, "long": {"enum": &words[..], "description": "x ".repeat(90)},
        }});
        assert_eq!(back(&write(&document)), document);
    }

    /// `SQUALL_BLESS=1 cargo test -p xtask` rewrites files that were edited by hand.
    #[test]
    fn the_committed_specs_have_this_form() {
        let specs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs");
        let mut wrong = Vec::new();
        for folder in std::fs::read_dir(specs).unwrap().map(|entry| entry.unwrap().path()) {
            for name in ["openapi.yaml", "policies.yaml", "history.yaml"] {
                let path = folder.join(name);
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                let mut sink = squall_codegen::diagnostic::Diagnostics::new(name);
                let document = squall_codegen::read::value(&text, &mut sink).unwrap();
                let written = write(&document);
                if written == text {
                    continue;
                }
                if std::env::var_os("SQUALL_BLESS").is_some() {
                    std::fs::write(&path, written).unwrap();
                } else {
                    wrong.push(path);
                }
            }
        }
        assert!(wrong.is_empty(), "not as the harvest would write them: {wrong:#?}");
    }

    #[test]
    fn keys_have_a_readable_order_and_names_are_sorted() {
        let document = json!({"responses": 1, "operationId": 2, "properties": {"type": 1, "a": 2}});
        assert_eq!(write(&document), "operationId: 2\nproperties: {a: 2, type: 1}\nresponses: 1\n");
    }
}
