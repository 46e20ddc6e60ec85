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
    fn arguments_are_quoted_where_a_shell_would_change_them() {
        let arguments = ["--cloud", "my cloud", "service(a) & !tag('b')", "", "a=b/c.d"];
        assert_eq!(
            shell(arguments),
            r"--cloud 'my cloud' 'service(a) & !tag('\''b'\'')' '' a=b/c.d"
        );
    }
}
