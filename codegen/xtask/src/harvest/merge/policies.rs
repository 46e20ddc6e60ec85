//! Determines the policy rules of an operation, and the operations of a documented rule.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use squall_model::Gate;

use super::facts::{Documented, Facts, Operation, Policy, Source};
use super::path::template;

/// A rule of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guard {
    pub(super) rule: String,
    pub(super) gate: Gate,
}

/// An operation as documentation identifies it: method, path, action.
type Key = (String, String, String);

/// Finds operations by method, path and action.
pub(super) struct Index<'a>(BTreeMap<Key, &'a Operation>);

/// The match of a documented entry.
pub(super) enum Match<'a> {
    Operation(&'a Operation),
    /// There is no such operation, neither kept nor left out.
    Nothing,
}

impl<'a> Index<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
        let keyed = facts.operations.iter().map(|op| {
            let key = (
                op.method.clone(),
                normal(&op.path),
                op.action.as_deref().map(plain_action).unwrap_or_default(),
            );
            (key, op)
        });
        Self(keyed.collect())
    }

    /// Returns the match of each method of a documented entry.
    ///
    /// Routers handle HEAD like GET, so a documented HEAD without its own operation matches
    /// the GET.
    pub(super) fn find(&self, entry: &Documented) -> Vec<(String, Match<'a>)> {
        let (path, action) = split_action(&entry.path);
        let at = |method: &str| {
            self.0.get(&(method.to_owned(), normal(path), plain_action(action))).copied()
        };
        let found = entry.method.all().iter().map(|method| {
            let method = method.trim().to_ascii_uppercase();
            let op = at(&method).or_else(|| (method == "HEAD").then(|| at("GET")).flatten());
            (method, op.map_or(Match::Nothing, Match::Operation))
        });
        found.collect()
    }
}

/// Normalises a path for comparison: without version, query and parameter names, and with
/// dashes for underscores, which documentation confuses.
fn normal(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default().trim().trim_end_matches('/');
    let path = ["/v2.1", "/v2.0", "/v3", "/v2", "/v1"]
        .iter()
        .find_map(|version| path.strip_prefix(version).filter(|rest| rest.starts_with('/')))
        .unwrap_or(path);
    template(path).replace('_', "-")
}

/// Splits `/servers/{server_id}/action (os-migrateLive)`.
fn split_action(path: &str) -> (&str, &str) {
    match path.split_once('(') {
        Some((path, action)) => (path.trim(), action.trim_end().trim_end_matches(')')),
        None => (path, ""),
    }
}

fn plain_action(action: &str) -> String {
    action.trim().to_ascii_lowercase().replace('_', "-")
}

/// Returns the rules of an operation: those found in its code, and those documented for it.
///
/// - A rule that the code checks under a condition is conditional.
/// - Otherwise, the only rule of an operation is a gate.
/// - A rule whose name extends another one's (`…:create:forced_host` and `…:create`) is
///   conditional: it applies to a part of the request.
/// - A rule that is only documented is conditional if other rules were found in the code.
/// - Any other rule is a gate.
pub(super) fn guards(
    op: &Operation,
    id: &str,
    policies: &[Policy],
    index: &Index,
    strays: &Strays,
) -> Vec<Guard> {
    let mut found: BTreeMap<&str, (Source, bool)> = BTreeMap::new();
    for used in &op.policies {
        let entry = found.entry(&used.rule).or_insert((used.source, used.conditional));
        if used.source == Source::Code {
            *entry = (Source::Code, used.conditional);
        }
    }
    for policy in policies {
        let speaks = policy.operations.iter().flat_map(|entry| index.find(entry));
        for (_, matched) in speaks {
            if matches!(matched, Match::Operation(other) if std::ptr::eq(other, op)) {
                found.entry(&policy.name).or_insert((Source::Documented, false));
            }
        }
    }
    for ((rule, ..), (_, meant)) in strays {
        if meant.iter().any(|other| other == id) {
            found.entry(rule).or_insert((Source::Documented, false));
        }
    }
    let in_code = found.values().any(|(source, _)| *source == Source::Code);
    let alone = found.len() == 1;
    let names: Vec<&str> = found.keys().copied().collect();
    let guards = found.iter().map(|(rule, (source, conditional))| {
        let continues = names
            .iter()
            .any(|other| rule.strip_prefix(other).is_some_and(|rest| rest.starts_with([':', '.'])));
        let documented_only = *source == Source::Documented && in_code;
        let partial = *conditional || !alone && (continues || documented_only);
        let gate = if partial { Gate::Conditional } else { Gate::Gate };
        Guard { rule: (*rule).to_owned(), gate }
    });
    guards.collect()
}

/// Documented entries that match no operation, by rule, method and path: the reason, and the
/// operations that are meant.
pub(super) type Strays = BTreeMap<(String, String, String), (String, Vec<String>)>;

/// Builds `policies.yaml`. Also returns the entries that match no operation and have no reason.
pub(super) fn document(
    facts: &Facts,
    index: &Index,
    ids: &BTreeMap<*const Operation, String>,
    strays: &Strays,
) -> (Value, Vec<String>) {
    let mut unexplained = Vec::new();
    let rules: Vec<Value> = facts
        .policies
        .iter()
        .map(|policy| {
            let mut rule = json!({"name": policy.name, "check": policy.check});
            if let Some(scopes) = &policy.scope_types {
                rule["scope-types"] = json!(scopes);
            }
            let mut operations = Vec::new();
            for entry in &policy.operations {
                for (method, found) in index.find(entry) {
                    let mut line = json!({"method": method, "path": entry.path});
                    let key = (policy.name.clone(), method.clone(), entry.path.clone());
                    match found {
                        Match::Operation(op) => match ids.get(&std::ptr::from_ref(op)) {
                            Some(id) => line["operation"] = json!(id),
                            None => line["left-out"] = json!(true),
                        },
                        Match::Nothing => match strays.get(&key) {
                            Some((reason, meant)) => {
                                line["reason"] = json!(reason);
                                if !meant.is_empty() {
                                    line["means"] = json!(meant);
                                }
                            }
                            None => unexplained
                                .push(format!("{}: {method} {}", policy.name, entry.path)),
                        },
                    }
                    operations.push(line);
                }
            }
            if !operations.is_empty() {
                rule["operations"] = Value::Array(operations);
            }
            if let Some(old) = &policy.deprecated {
                rule["deprecated"] = json!({"name": old.name});
                for (key, value) in [("check", &old.check), ("since", &old.since)] {
                    if let Some(value) = value {
                        rule["deprecated"][key] = json!(value);
                    }
                }
            }
            if policy.deprecated_for_removal {
                rule["deprecated-for-removal"] = json!(true);
            }
            rule
        })
        .collect();
    let document = json!({"service": facts.service, "source": facts.source(), "rules": rules});
    (document, unexplained)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let body = json!({"state": "unknown"});
        let op = |method: &str, path: &str, action: Value, policies: Value| {
            json!({
                "method": method, "path": path, "action": action, "policies": policies,
                "request": body, "query": body, "response": body,
            })
        };
        let code = |rule: &str, conditional: bool| json!({"rule": rule, "source": "code", "conditional": conditional});
        serde_json::from_value(json!({
            "service": "test", "packages": [], "schemas": {},
            "operations": [
                op("POST", "/things", json!(null), json!([
                    code("things:create", false), code("things:create:host", false),
                    code("things:quick", true),
                ])),
                op("GET", "/things/{id}", json!(null), json!([])),
                op("POST", "/things/{id}/action", json!("os-moveOn"), json!([])),
            ],
            "policies": [
                {"name": "things:create", "check": "", "operations": [
                    {"method": "POST", "path": "/v3/things"}
                ]},
                {"name": "things:old", "check": "", "operations": [
                    {"method": ["POST"], "path": "/things"}
                ]},
                {"name": "things:show", "check": "", "operations": [
                    {"method": ["GET", "HEAD"], "path": "/things/{thing_id}"}
                ]},
                {"name": "things:move", "check": "", "operations": [
                    {"method": "POST", "path": "/things/{thing_id}/action (os-moveOn)"},
                    {"method": "PUT", "path": "/thing"}
                ]},
            ],
        }))
        .unwrap()
    }

    #[test]
    fn a_rule_is_a_gate_unless_it_applies_to_a_part() {
        let facts = facts();
        let index = Index::new(&facts);
        let of = |at: usize| {
            let guards = guards(&facts.operations[at], "", &facts.policies, &index, &Strays::new());
            guards.into_iter().map(|g| (g.rule, g.gate)).collect::<Vec<_>>()
        };
        let rule = |name: &str, gate| (name.to_owned(), gate);
        assert_eq!(
            of(0),
            [
                rule("things:create", Gate::Gate),
                rule("things:create:host", Gate::Conditional),
                rule("things:old", Gate::Conditional),
                rule("things:quick", Gate::Conditional),
            ]
        );
        assert_eq!(of(1), [rule("things:show", Gate::Gate)]);
        assert_eq!(of(2), [rule("things:move", Gate::Gate)]);
    }

    #[test]
    fn a_documented_entry_without_operation_needs_a_reason() {
        let facts = facts();
        let (index, ids) = (Index::new(&facts), BTreeMap::new());
        let (_, unexplained) = document(&facts, &index, &ids, &Strays::new());
        assert_eq!(unexplained, ["things:move: PUT /thing"]);
        let key = ["things:move", "PUT", "/thing"].map(str::to_owned).into();
        let strays = Strays::from([(key, ("a slip".to_owned(), Vec::new()))]);
        assert!(document(&facts, &index, &ids, &strays).1.is_empty());
    }
}
