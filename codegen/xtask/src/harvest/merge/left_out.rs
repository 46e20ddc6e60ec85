//! The operations that are left out of a spec, with rule and reason.

use serde_json::{Value, json};

use super::facts::Operation;

/// An operation that is left out of the spec.
#[derive(Debug, Clone)]
pub(super) struct LeftOut {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) action: Option<String>,
    pub(super) rule: &'static str,
    pub(super) reason: String,
}

/// Returns the entry of an operation to which one of these rules applies:
///
/// - `removed`: upstream keeps the route but marks the handler as removed. It responds with
///   410 at every version, so there is nothing to call or validate.
/// - `phantom`: the router has the route, but no handler.
/// - `alias`: the spec has another path with the same handler.
pub(super) fn left_out(op: &Operation) -> Option<LeftOut> {
    let gone = || "removed upstream, responds with 410".to_owned();
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
