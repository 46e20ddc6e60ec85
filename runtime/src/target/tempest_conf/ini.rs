//! Reads the configuration format of OpenStack's services (`oslo.config`).
//!
//! - `[group]`, `option = value` or `option: value`, `#` and `;` begin a comment line.
//! - A line that begins with a space continues the value before it.
//! - Options before any group are of the group `DEFAULT`.
//!
//! Crates for INI files return values without their lines, which are needed here.

use std::ops::Range;

use super::Setting;

/// A line that such a file cannot have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// Reads a text: every option in its order, or every bad line.
pub(super) fn read(text: &str) -> Result<Vec<Setting>, Vec<BadLine>> {
    let mut settings: Vec<Setting> = Vec::new();
    let mut bad = Vec::new();
    let mut group = "DEFAULT".to_owned();
    let mut at = 0;
    // A value goes on only right below itself.
    let mut open = false;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let (start, line) = (at, number + 1);
        at += whole.len();
        let content = whole.trim();
        let mut wrong = |what| {
            bad.push(BadLine { line, what, span: start..start + whole.trim_end().len() });
        };
        if content.is_empty() || content.starts_with(['#', ';']) {
            open = open && !content.is_empty();
        } else if whole.starts_with([' ', '\t']) {
            match settings.last_mut().filter(|_| open) {
                Some(setting) => {
                    setting.value.push('\n');
                    setting.value.push_str(content);
                }
                None => wrong("this line continues a value, and there is none before it"),
            }
        } else if let Some(rest) = content.strip_prefix('[') {
            open = false;
            match rest.strip_suffix(']') {
                Some(name) => name.trim().clone_into(&mut group),
                None => wrong("a group must end with `]`"),
            }
        } else if let Some((option, value)) = content.split_once(['=', ':']) {
            open = true;
            settings.push(Setting {
                group: group.clone(),
                option: option.trim().to_owned(),
                value: unquoted(value.trim()).to_owned(),
                line,
                unresolved: None,
            });
        } else {
            open = false;
            wrong("an option needs a value, as in `option = value`");
        }
    }
    if bad.is_empty() { Ok(settings) } else { Err(bad) }
}

/// Takes off the quotes that may stand around a whole value.
fn unquoted(value: &str) -> &str {
    let between = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    between('"').or_else(|| between('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_go_on_and_keep_their_first_line() {
        let text = "debug = true\n[a]\n# no\nx: 'one = 1'\n\ny = first\n   second\nz =\n";
        let read = read(text).unwrap();
        let seen: Vec<_> = read
            .iter()
            .map(|s| (s.group.as_str(), s.option.as_str(), s.value.as_str(), s.line))
            .collect();
        assert_eq!(
            seen,
            [
                ("DEFAULT", "debug", "true", 1),
                ("a", "x", "one = 1", 4),
                ("a", "y", "first\nsecond", 6),
                ("a", "z", "", 8),
            ]
        );
    }

    proptest! {
        /// Whatever stands in a file, it is read or refused with lines that are in it.
        #[test]
        fn no_text_is_too_strange(text in "(\\PC|\n| |\\[|\\]|=|#){0,80}") {
            if let Err(bad) = read(&text) {
                for BadLine { line, span, .. } in bad {
                    prop_assert!(line >= 1 && line <= text.split('\n').count());
                    prop_assert!(text.get(span).is_some());
                }
            }
        }
    }
}
