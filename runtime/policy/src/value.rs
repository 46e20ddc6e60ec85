//! Values of targets and credentials, as Python prints them.
//!
//! oslo.policy compares texts: `str()` of a value of the credentials with the target's values
//! formatted by `%s`, which is `str()` as well. So `True`, `None` and `1.0` are spelt Python's way.

use std::fmt::{self, Write};

use serde_json::Value as Json;

/// A value of a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'v> {
    /// Python's `None`.
    None,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(&'v str),
    /// Anything that JSON can hold.
    Json(&'v Json),
}

impl Value<'_> {
    /// Returns the text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(json) => json.as_str(),
            Self::None | Self::Bool(_) | Self::Integer(_) => None,
        }
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None | Self::Json(Json::Null))
    }
}

/// As Python's `str()`.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(value) => f.write_str(python_bool(*value)),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
            Self::Json(json) => print(json, f, false),
        }
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(text)
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Self::Text(text)
    }
}

impl<'v> From<&'v Json> for Value<'v> {
    fn from(json: &'v Json) -> Self {
        Self::Json(json)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// Prints JSON as Python's `str()`, or `repr()`, of the same value.
fn print(json: &Json, f: &mut fmt::Formatter<'_>, repr: bool) -> fmt::Result {
    match json {
        Json::Null => f.write_str("None"),
        Json::Bool(value) => f.write_str(python_bool(*value)),
        Json::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => write!(f, "{}", Float(float)),
            _ => write!(f, "{number}"),
        },
        Json::String(text) if repr => quote(text, f),
        Json::String(text) => f.write_str(text),
        Json::Array(items) => {
            f.write_char('[')?;
            for (at, item) in items.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { ", " })?;
                print(item, f, true)?;
            }
            f.write_char(']')
        }
        Json::Object(fields) => {
            f.write_char('{')?;
            for (at, (key, value)) in fields.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { ", " })?;
                quote(key, f)?;
                f.write_str(": ")?;
                print(value, f, true)?;
            }
            f.write_char('}')
        }
    }
}

/// As `repr()` of a Python text.
fn quote(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c == quote => write!(f, "\\{c}")?,
            // Python escapes what Unicode does not call printable; the space is.
            c if c != ' ' && (c.is_control() || c.is_whitespace() || c == '\u{ad}') => {
                match u32::from(c) {
                    code @ 0..=0xff => write!(f, "\\x{code:02x}")?,
                    code => write!(f, "\\u{code:04x}")?,
                }
            }
            c => f.write_char(c)?,
        }
    }
    f.write_char(quote)
}

/// A float as Python prints it: with an exponent below 1e-4 and from 1e16.
pub(crate) struct Float(pub(crate) f64);

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if self.0.is_nan() {
            f.write_str("nan")
        } else if self.0.is_infinite() {
            f.write_str(if self.0 > 0.0 { "inf" } else { "-inf" })
        } else if size != 0.0 && !(1e-4..1e16).contains(&size) {
            let mut digits = Digits::default();
            write!(digits, "{:e}", self.0)?;
            let (mantissa, exponent) = digits.as_str().split_once('e').unwrap_or_default();
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            write!(f, "{mantissa}e{sign}{exponent:0>2}")
        } else {
            // Debug prints a point and a zero after a whole number, as Python does.
            write!(f, "{:?}", self.0)
        }
    }
}

/// Room for the digits of a float, without the heap.
#[derive(Default)]
struct Digits {
    bytes: [u8; 32],
    length: usize,
}

impl Digits {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Compares what is written to it with a text, without the heap.
pub(crate) struct Compare<'t> {
    /// What is still to come; `None` once something differed.
    rest: Option<&'t str>,
}

impl<'t> Compare<'t> {
    pub(crate) fn with(text: &'t str) -> Self {
        Self { rest: Some(text) }
    }

    /// Whether all of the text was written, and nothing else.
    pub(crate) fn is_equal(&self) -> bool {
        self.rest == Some("")
    }
}

impl Write for Compare<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.rest = self.rest.and_then(|rest| rest.strip_prefix(text));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_printed_as_python_prints_them() {
        for (json, expected) in [
            (json!(null), "None"),
            (json!(true), "True"),
            (json!(-3), "-3"),
            (json!(1.0), "1.0"),
            (json!(0.1), "0.1"),
            (json!(1e16), "1e+16"),
            (json!(123_456_789_012_345.0), "123456789012345.0"),
            (json!(0.0001), "0.0001"),
            (json!(0.000_01), "1e-05"),
            (json!(-2.5e-300), "-2.5e-300"),
            (json!(-0.0), "-0.0"),
            (json!("it's"), "it's"),
            (json!(["it's", "a\"'", "\n\u{7f}\u{a0}é"]), "[\"it's\", 'a\"\\'', '\\n\\x7f\\xa0é']"),
            (json!({"a": [1, null], "b": {}}), "{'a': [1, None], 'b': {}}"),
        ] {
            assert_eq!(Value::Json(&json).to_string(), expected);
        }
    }

    #[test]
    fn texts_are_compared_piece_by_piece() {
        let mut compare = Compare::with("ab");
        compare.write_str("a").unwrap();
        assert!(!compare.is_equal());
        compare.write_str("b").unwrap();
        assert!(compare.is_equal());
        compare.write_str("c").unwrap();
        assert!(!compare.is_equal());
    }
}
