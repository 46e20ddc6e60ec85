//! Formatting for terminals: colors, durations and counts.

use std::fmt::Display;

use crate::journal::Verdict;

/// Whether to use colors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    pub(super) fn green(self, text: impl Display) -> String {
        self.with(text, "32")
    }

    pub(super) fn red(self, text: impl Display) -> String {
        self.with(text, "1;31")
    }

    pub(super) fn yellow(self, text: impl Display) -> String {
        self.with(text, "33")
    }

    pub(super) fn dim(self, text: impl Display) -> String {
        self.with(text, "2")
    }

    pub(super) fn bold(self, text: impl Display) -> String {
        self.with(text, "1")
    }

    /// Returns a verdict's word, right-aligned and in its color.
    pub(super) fn verdict(self, verdict: &Verdict) -> String {
        let word = format!("{:>9}", verdict.word());
        match verdict {
            Verdict::Passed => self.green(word),
            Verdict::Skipped { .. } | Verdict::Flaky { .. } | Verdict::KnownBug { .. } => {
                self.yellow(word)
            }
            _ => self.red(word),
        }
    }

    fn with(self, text: impl Display, code: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}

/// Quotes arguments for a POSIX shell.
pub(super) fn shell<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@%+".contains(c);
    let quoted = |argument: &str| {
        if !argument.is_empty() && argument.chars().all(is_plain) {
            argument.to_owned()
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    };
    arguments.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Wraps lines at a width, at spaces only; continuations are indented a little further.
///
/// Escape sequences of colors have no width, and a word that is longer, such as a URL, stays whole.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let wrap = |line: &str| {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let continuation = " ".repeat(indent + 2);
        let options = textwrap::Options::new(width)
            .subsequent_indent(&continuation)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
        textwrap::fill(line, options)
    };
    text.split('\n').map(wrap).collect::<Vec<_>>().join("\n")
}

/// Truncates a line to a width, with an ellipsis.
pub(super) fn truncated(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// Formats a duration in seconds.
pub(super) fn seconds(millis: u64) -> String {
    let time = std::time::Duration::from_millis(millis);
    format!("{:.2} s", time.as_secs_f64())
}

/// Formats a count with its noun, in the singular or plural.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_at_spaces_only() {
        let text = "1. first\n   the same in 3 tests: compute.servers.boot, http://a/long-url/that-stays\n";
        let wanted = "1. first\n   the same in 3 tests:\n     compute.servers.boot,\n     \
                      http://a/long-url/that-stays\n";
        assert_eq!(wrapped(text, 26), wanted);
        let red = Paint(true).red("no columns");
        assert_eq!(wrapped(&red, 10), red);
    }

    #[test]
    fn a_truncated_line_ends_in_an_ellipsis() {
        assert_eq!(
            (truncated("abcdef", 6), truncated("abcdef", 4)),
            ("abcdef".into(), "abc…".into())
        );
    }

    #[test]
    fn arguments_are_quoted_where_a_shell_would_change_them() {
        let arguments = ["--cloud", "my cloud", "service(a) & !tag('b')", "", "a=b/c.d"];
        assert_eq!(
            shell(arguments),
            r"--cloud 'my cloud' 'service(a) & !tag('\''b'\'')' '' a=b/c.d"
        );
    }
}
