//! What is left out of a spec, by which rule, and why.

use serde_json::{Value, json};

use super::facts::Operation;

/// An operation that the spec does not have.
#[derive(Debug, Clone)]
pub(super) struct LeftOut {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) action: Option<String>,
    pub(super) rule: &'static str,
    pub(super) reason: String,
}

/// Applies the rules; the first that holds gives the reason.
///
/// - `removed`: upstream keeps the route but marks the handler removed; it answers
///   410 at every version, so there is nothing to call or to test against a schema.
/// - `phantom`: the router makes the route, but no handler can answer it.
/// - `alias`: another path leads to the same handler and is the one we keep.
pub(super) fn left_out(op: &Operation) -> Option<LeftOut> {
    let gone = || "removed upstream, answers 410".to_owned();
    let (rule, reason) = match (&op.removed, &op.phantom, &op.alias) {
        // Upstream's own words are not carried over.
        (Some(_), ..) => ("removed", gone()),
        (_, Some(reason), _) => ("phantom", reason.clone()),
        (_, _, Some(reason)) => ("alias", reason.clone()),
        (None, None, None) => return None,
    };
    let (method, path, action) = (op.method.clone(), op.path.clone(), op.action.clone());
    Some(LeftOut { method, path, action, rule, reason })
}

impl LeftOut {
    pub(super) fn to_value(&self) -> Value {
        let mut value = json!({
            "method": self.method, "path": self.path, "rule": self.rule, "reason": self.reason,
        });
        if let Some(action) = &self.action {
            value["action"] = json!(action);
        }
        value
    }
}
