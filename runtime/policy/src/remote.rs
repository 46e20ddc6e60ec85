//! Checks by a remote server: `http:` and `https:`.

use serde_json::{Map, Value as Json};

/// Asks remote servers for rules that have `http:` or `https:` checks.
///
/// An implementation bounds the time and the size of the answer. Without one such a check fails.
pub trait Remote: Send + Sync {
    /// Posts the question and returns the text of the answer.
    ///
    /// # Errors
    ///
    /// If there is no answer in time; the check then fails, as it does in oslo.policy.
    fn ask(&self, question: &Question<'_>) -> Result<String, String>;
}

/// What a remote server is asked. oslo.policy posts the three of them as the fields `rule`,
/// `target` and `credentials` of a form, each as JSON (`oslo_policy._external.HttpCheck`).
#[derive(Debug)]
pub struct Question<'q> {
    /// The URL, with the target's attributes put in.
    pub url: &'q str,
    /// The rule that is checked, not one that it refers to.
    pub rule: &'q str,
    /// The target.
    pub target: Json,
    /// The credentials of the caller.
    pub credentials: &'q Map<String, Json>,
}

/// Whether an answer allows: `True`, with or without quotes.
pub(crate) fn allows(answer: &str) -> bool {
    answer.trim_matches('"') == "True"
}
