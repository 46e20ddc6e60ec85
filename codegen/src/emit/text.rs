//! Writing Rust text as rustfmt would leave it, at the width of this repository.

use squall_model::{Microversion, VersionRange};

/// The width that no line of code passes where it can be broken.
pub(super) const WIDTH: usize = 100;

/// The first line of a generated file.
pub fn header(service: &str) -> String {
    format!(
        "// Made by squall-codegen from the spec of `{service}`: edit the spec, not this file.\n"
    )
}

/// Writes a doc comment, words filled into lines.
pub(super) fn doc(out: &mut String, indent: usize, text: &str) {
    let margin = " ".repeat(indent);
    for paragraph in text.split("\n\n") {
        if paragraph != text && !text.starts_with(paragraph) {
            out.push_str(&format!("{margin}///\n"));
        }
        for line in fill(&inert(paragraph), WIDTH - indent - 4) {
            out.push_str(&format!("{margin}/// {line}\n"));
        }
    }
}

/// Breaks a text into lines of at most `width`, between words.
pub(super) fn fill(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Keeps a document's text from being read as links, code or HTML by rustdoc,
/// outside of code spans that we write ourselves.
fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 {
            out.push_str(part);
        } else {
            out.push_str(&part.replace('<', "&lt;"));
        }
    }
    out
}

/// Writes `[a, b, c]` after a key, filled into lines where it is long.
pub(super) fn list(out: &mut String, indent: usize, key: &str, items: &[String]) {
    let margin = " ".repeat(indent);
    let whole = format!("{margin}{key}: [{}],\n", items.join(", "));
    if whole.len() <= WIDTH + 1 {
        out.push_str(&whole);
        return;
    }
    out.push_str(&format!("{margin}{key}: [\n"));
    let mut line = String::new();
    for item in items {
        if !line.is_empty() && indent + 4 + line.len() + item.len() + 2 > WIDTH {
            out.push_str(&format!("{margin}    {}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(&format!("{item}, "));
    }
    out.push_str(&format!("{margin}    {}\n{margin}],\n", line.trim_end()));
}

/// Writes a chain of calls, on one line or one call a line.
pub(super) fn chain(indent: usize, root: &str, calls: &[String]) -> String {
    let margin = " ".repeat(indent);
    let whole = format!("{margin}{root}{}\n", calls.concat());
    if whole.len() <= WIDTH + 1 {
        return whole;
    }
    let mut out = format!("{margin}{root}\n");
    for call in calls {
        out.push_str(&format!("{margin}    {call}\n"));
    }
    out
}

/// Writes the head of a function, its arguments on one line or one a line.
pub(super) fn signature(indent: usize, name: &str, arguments: &[String], result: &str) -> String {
    let margin = " ".repeat(indent);
    let whole = format!("{margin}pub fn {name}({}) -> {result} {{\n", arguments.join(", "));
    if whole.len() <= WIDTH + 1 {
        return whole;
    }
    let mut out = format!("{margin}pub fn {name}(\n");
    for argument in arguments {
        out.push_str(&format!("{margin}    {argument},\n"));
    }
    out.push_str(&format!("{margin}) -> {result} {{\n"));
    out
}

/// Writes a version as the tables do: `(2, 90)`.
pub(super) fn version(version: Microversion) -> String {
    format!("({}, {})", version.major, version.minor)
}

/// Writes a range as the tables do: `from (2, 1) to (2, 35)`; nothing where it is open.
pub(super) fn range(range: VersionRange) -> String {
    let end = |word: &str, end: Option<Microversion>| end.map(|v| format!("{word} {}", version(v)));
    let ends: Vec<String> =
        [end("from", range.min), end("to", range.max)].into_iter().flatten().collect();
    ends.join(" ")
}

/// Says a range in a sentence of its own; nothing where it is open.
pub(super) fn since(range: VersionRange) -> String {
    match (range.min, range.max) {
        (None, None) => String::new(),
        (Some(min), None) => format!("Since {min}."),
        (None, Some(max)) => format!("Until {max}."),
        (Some(min), Some(max)) if min == max => format!("Only at {min}."),
        (Some(min), Some(max)) => format!("From {min} to {max}."),
    }
}
