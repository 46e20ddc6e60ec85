//! `overrides.yaml`: corrections and additions by hand, applied after the merge.
//!
//! An override that changes nothing is an error, so that it is removed once upstream has fixed
//! the defect.

use std::path::Path;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use serde::Deserialize;
use serde_json::Value;
use squall_codegen::chains::Explanation;
use squall_model::pointer::unescaped;

use super::Edition;
use super::policies::Strays;

/// The content of the file; empty if there is no file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Overrides {
    /// Changes to the merged document, in order.
    #[serde(default, rename = "overrides")]
    changes: Vec<Override>,
    /// Documented policy entries that do not match any operation, with reasons.
    #[serde(default)]
    policies_without_operation: Vec<Stray>,
    /// Read by `cargo xtask lint`.
    #[serde(default, rename = "oddities")]
    _oddities: Vec<Explanation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    op: Change,
    pointer: String,
    #[serde(default)]
    value: Value,
    reason: String,
    /// The upstream defect that this corrects, if any.
    #[serde(default)]
    upstream: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Change {
    Replace,
    Add,
    Remove,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stray {
    rule: String,
    method: String,
    path: String,
    reason: String,
    /// The ids of the operations that are meant, if known.
    #[serde(default)]
    operations: Vec<String>,
}

impl Overrides {
    pub(super) fn load(path: &Path) -> miette::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(error)
                    .into_diagnostic()
                    .wrap_err_with(|| format!("failed to read {}", path.display()));
            }
        };
        squall_yaml::from_str(&text)
            .into_diagnostic()
            .wrap_err_with(|| format!("{} does not have the format of overrides", path.display()))
    }

    /// Returns the known documented policy entries that do not match any operation.
    pub(super) fn strays(&self) -> Strays {
        let keyed = self.policies_without_operation.iter().map(|stray| {
            let key = (stray.rule.clone(), stray.method.clone(), stray.path.clone());
            (key, (stray.reason.clone(), stray.operations.clone()))
        });
        keyed.collect()
    }

    /// Applies the overrides. Every one that cannot be applied is reported, unless the release
    /// is an earlier one.
    pub(super) fn apply(&self, document: &mut Value, edition: Edition) -> miette::Result<usize> {
        let refused: Vec<String> = self
            .changes
            .iter()
            .filter_map(|change| {
                let error = change.apply(document).err()?;
                let upstream = change.upstream.as_deref().map(|u| format!(", for {u}"));
                let reason = &change.reason;
                Some(format!(
                    "{}: {error} ({reason}{})",
                    change.pointer,
                    upstream.unwrap_or_default()
                ))
            })
            .collect();
        if refused.is_empty() || edition == Edition::Past {
            return Ok(self.changes.len() - refused.len());
        }
        Err(miette!(
            help = "remove overrides that no longer change anything",
            "overrides cannot be applied:\n  {}",
            refused.join("\n  ")
        ))
    }
}

impl Override {
    fn apply(&self, document: &mut Value) -> Result<(), &'static str> {
        let before = document.pointer(&self.pointer).cloned();
        match (self.op, &before) {
            (Change::Replace | Change::Remove, None) => {
                return Err("there is nothing at this pointer");
            }
            (Change::Replace, Some(old)) if *old == self.value => {
                return Err("the value is already the same");
            }
            (Change::Add, Some(_)) => return Err("there is already a value at this pointer"),
            _ => {}
        }
        if self.op == Change::Replace {
            let place =
                document.pointer_mut(&self.pointer).ok_or("there is nothing at this pointer")?;
            *place = self.value.clone();
            return Ok(());
        }
        let (parent, token) = self.pointer.rsplit_once('/').ok_or("the pointer has no parent")?;
        let token = unescaped(token);
        match document.pointer_mut(parent) {
            Some(Value::Object(map)) if self.op == Change::Add => {
                map.insert(token, self.value.clone());
            }
            Some(Value::Object(map)) => {
                map.remove(&token);
            }
            Some(Value::Array(list)) if self.op == Change::Add && token == "-" => {
                list.push(self.value.clone());
            }
            Some(Value::Array(list)) => {
                let at: usize =
                    token.parse().map_err(|_| "the last token is not an index of the list")?;
                if self.op == Change::Remove {
                    list.remove(at);
                } else if at <= list.len() {
                    list.insert(at, self.value.clone());
                } else {
                    return Err("the index is past the end of the list");
                }
            }
            _ => return Err("the parent does not exist"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn overrides(text: &str) -> Overrides {
        squall_yaml::from_str(text).unwrap()
    }

    #[test]
    fn an_override_that_changes_nothing_is_an_error() {
        let file = overrides("overrides: [{op: replace, pointer: /a, value: 1, reason: r}]");
        assert!(file.apply(&mut json!({"a": 1}), Edition::Current).is_err());
        let past = file.apply(&mut json!({"a": 1}), Edition::Past);
        assert_eq!(past.ok(), Some(0), "an earlier release may have had nothing to correct");
        let mut document = json!({"a": 2});
        assert_eq!(file.apply(&mut document, Edition::Current).ok(), Some(1));
        assert_eq!(document, json!({"a": 1}));
    }

    #[test]
    fn add_and_remove_reach_into_maps_and_lists() {
        let file = overrides(
            "overrides:\n\
             - {op: add, pointer: /a~1b, value: 1, reason: r}\n\
             - {op: remove, pointer: /list/0, reason: r}\n\
             - {op: add, pointer: /list/-, value: 3, reason: r}\n",
        );
        let mut document = json!({"list": [1, 2]});
        assert_eq!(file.apply(&mut document, Edition::Current).ok(), Some(3));
        assert_eq!(document, json!({"list": [2, 3], "a/b": 1}));
    }
}
