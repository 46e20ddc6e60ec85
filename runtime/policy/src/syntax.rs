//! The language of policy rules, as text: tokens, expressions, templates and literals.
//!
//! Everything follows oslo.policy 6.0.1 (`oslo_policy._parser`) to the letter. Where that denies
//! silently, this reports a [`Problem`] and yields the same expression.

pub(crate) mod expression;
pub(crate) mod literal;
pub(crate) mod template;
pub(crate) mod token;

pub(crate) use expression::{Expression, parse, parse_check};
pub(crate) use literal::Left;
pub(crate) use template::{Piece, Template};

/// What is wrong in the text of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What is wrong, in lower case and without a full stop.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: String,
}

impl Problem {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Returns a text for a message: shortened, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let mut out: String =
        text.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}
