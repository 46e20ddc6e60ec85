//! The left side of a generic check: a Python literal, or a path into the credentials.
//!
//! `oslo_policy._checks.GenericCheck` hands it to `ast.literal_eval`: a value is compared as
//! `str()` of it, a `ValueError` means a path, and a `SyntaxError` is not caught, so that the
//! service answers 500.

use crate::value::Float;

/// What a generic check compares with the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Left {
    /// A literal, as Python's `str()` of it.
    Literal(Box<str>),
    /// The keys that lead to a value of the credentials.
    Path(Box<[Box<str>]>),
    /// Python cannot parse it, or it is an expression that is not read here.
    Unreadable,
}

impl Left {
    pub(crate) fn read(text: &str) -> Self {
        if matches!(text, "None" | "True" | "False") {
            return Self::Literal(text.into());
        }
        if let Some(literal) = quoted(text) {
            return Self::Literal(literal.into());
        }
        if let Some(literal) = number(text) {
            return Self::Literal(literal.into());
        }
        // `a-b` is a subtraction for Python, which is an expression but not a literal.
        let names = text.split('-').all(|part| {
            !part.is_empty() && (part.split('.').all(is_name) || integer(part).is_some())
        });
        if names { Self::Path(text.split('.').map(Box::from).collect()) } else { Self::Unreadable }
    }
}

/// A text in quotes that holds neither its quotes nor an escape.
fn quoted(text: &str) -> Option<&str> {
    ['\'', '"'].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains([quote, '\\', '\n', '\r', '\0'])).then_some(inner)
    })
}

/// A number, as Python prints it.
fn number(text: &str) -> Option<String> {
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if let Some(whole) = integer(digits) {
        return Some(if minus && whole != "0" { format!("-{whole}") } else { whole });
    }
    let float = digits.contains(['.', 'e', 'E'])
        && digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || ".eE+-".contains(c));
    let value: f64 = float.then(|| digits.parse().ok()).flatten()?;
    Some(Float(if minus { -value } else { value }).to_string())
}

/// A whole number in decimal, without underscores. A leading zero is an error for Python.
fn integer(text: &str) -> Option<String> {
    let digits = !text.is_empty() && text.len() <= 4000 && text.bytes().all(|b| b.is_ascii_digit());
    let zeros = text.trim_start_matches('0');
    (digits && (zeros.is_empty() || zeros.len() == text.len()))
        .then(|| if zeros.is_empty() { "0".to_owned() } else { text.to_owned() })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !KEYWORDS.contains(&text)
}

/// `keyword.kwlist` of Python 3.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_compared_as_python_prints_them() {
        for (text, expected) in [
            ("None", "None"),
            ("'a b'", "a b"),
            ("\"\"", ""),
            ("1", "1"),
            ("00", "0"),
            ("-0", "0"),
            ("+7", "7"),
            ("-1.50", "-1.5"),
            ("1e5", "100000.0"),
            (".5", "0.5"),
            ("1.", "1.0"),
        ] {
            assert_eq!(Left::read(text), Left::Literal(expected.into()), "{text}");
        }
    }

    #[test]
    fn names_are_paths_and_keywords_are_not() {
        for (text, keys) in [
            ("user_id", vec!["user_id"]),
            ("token.project.domain", vec!["token", "project", "domain"]),
            ("OS-TRUST", vec!["OS-TRUST"]),
            ("a-1", vec!["a-1"]),
        ] {
            let keys = keys.into_iter().map(Box::from).collect();
            assert_eq!(Left::read(text), Left::Path(keys), "{text}");
        }
        for text in ["", "is", "a.None", "a.", "007", "'a", "a b", "1a", "a-"] {
            assert_eq!(Left::read(text), Left::Unreadable, "{text}");
        }
    }
}
