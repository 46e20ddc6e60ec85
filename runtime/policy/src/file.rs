//! Reads a policy file: a mapping of rules to checks, in YAML or JSON.
//!
//! Services read both with `PyYAML` (`oslo_policy.policy.parse_file_contents`), which speaks YAML
//! 1.1: a plain `no` is false there, and what is false allows everyone.

use squall_model::{Diagnostic, Severity, pointer};
use squall_yaml::{DuplicateKeys, Node, Options};

use crate::syntax::{Expression, Problem, parse, parse_check, shown};

/// A rule of a file.
#[derive(Debug, Clone)]
pub(crate) struct FileRule {
    pub(crate) name: String,
    /// The check as it was written, or as oslo.policy would print it if it was no text.
    pub(crate) text: String,
    pub(crate) expression: Expression,
    pub(crate) line: u32,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a file. A rule that is there twice counts the last time.
///
/// # Errors
///
/// What keeps the file from being read at all; a service does not start with it.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<FileRule>, Diagnostic> {
    let problem = |line: Option<u32>, message: String, help: &str| Diagnostic {
        file: file.to_owned(),
        line: line.and_then(|line| usize::try_from(line).ok()),
        pointer: String::new(),
        severity: Severity::Error,
        message,
        help: help.to_owned(),
    };
    let options = Options::default().with_duplicate_keys(DuplicateKeys::Keep);
    let document = squall_yaml::read(text, &options).map_err(|error| {
        problem(
            error.line(),
            format!("cannot read the file as YAML: {}", error.what),
            "write one rule a line, as in `\"os_compute_api:servers:show\": \"role:reader\"`; \
             `@` and `!` need quotes",
        )
    })?;
    if document.is_null() {
        return Ok(Vec::new());
    }
    let entries = document.map().ok_or_else(|| {
        problem(
            Some(document.position.line),
            format!("a policy file is a mapping of rules to checks, not {}", document.name()),
            "write one rule a line, as in `\"os_compute_api:servers:show\": \"role:reader\"`",
        )
    })?;
    let mut rules: Vec<FileRule> = Vec::with_capacity(entries.len());
    let mut by_name = std::collections::HashMap::new();
    for entry in entries {
        let mut problems = Vec::new();
        let (expression, text) = rule(&entry.value, &mut problems);
        let line = entry.position.line;
        let mut rule = FileRule { name: entry.key.clone(), text, expression, line, problems };
        match by_name.get(&rule.name) {
            None => {
                by_name.insert(rule.name.clone(), rules.len());
                rules.push(rule);
            }
            Some(before) => {
                let before: &mut FileRule = &mut rules[*before];
                rule.problems.push(Problem::new(
                    format!("the rule is there twice; the first is in line {}", before.line),
                    "remove one of them; services use the last",
                ));
                *before = rule;
            }
        }
    }
    Ok(rules)
}

/// Reads the check of a rule: a text, or a list of lists (`oslo_policy._parser.parse_rule`).
fn rule(node: &Node, problems: &mut Vec<Problem>) -> (Expression, String) {
    let expression = match &node.kind {
        squall_yaml::Kind::Scalar(text, squall_yaml::Style::Quoted) => {
            return (parse(text, problems), text.clone());
        }
        squall_yaml::Kind::Scalar(text, squall_yaml::Style::Plain) => match meaning(node, text) {
            Plain::Text => return (parse(text, problems), text.clone()),
            Plain::False => {
                problems.push(Problem::new(
                    format!(
                        "`{text}` is no text for YAML, and services take it for a rule that \
                             allows everyone"
                    ),
                    "write `\"@\"` to allow everyone, or `\"!\"` to deny",
                ));
                Expression::True
            }
            Plain::Other => {
                problems.push(Problem::new(
                    format!("`{text}` is no text for YAML, and no check"),
                    "write a check in quotes, as in `\"role:admin\"`; services do not start with \
                     this file",
                ));
                Expression::False
            }
        },
        squall_yaml::Kind::List(items) => list(items.iter(), problems),
        // Python iterates over the keys of a mapping, as if they were a list.
        squall_yaml::Kind::Map(entries) => {
            problems.push(Problem::new(
                "a check is a text or a list of lists, not a mapping",
                "write a check in quotes, as in `\"role:admin\"`",
            ));
            let keys: Vec<Node> = entries.iter().map(|e| Node::of_text(e.key.clone())).collect();
            list(keys.iter(), problems)
        }
    };
    let text = expression.to_string();
    (expression, text)
}

enum Plain {
    Text,
    False,
    Other,
}

/// What a scalar without quotes is for `PyYAML`.
fn meaning(node: &Node, text: &str) -> Plain {
    const FALSE: [&str; 8] = ["no", "No", "NO", "off", "Off", "OFF", "False", "FALSE"];
    const TRUE: [&str; 8] = ["yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE"];
    match node.value() {
        serde_json::Value::Null | serde_json::Value::Bool(false) => Plain::False,
        serde_json::Value::Number(number) if number.as_f64() == Some(0.0) => Plain::False,
        serde_json::Value::Bool(true) | serde_json::Value::Number(_) => Plain::Other,
        _ if FALSE.contains(&text) => Plain::False,
        _ if TRUE.contains(&text) => Plain::Other,
        _ => Plain::Text,
    }
}

/// `oslo_policy._parser._parse_list_rule`: alternatives, each a list of checks that all have to
/// hold.
fn list<'n>(
    items: impl ExactSizeIterator<Item = &'n Node>,
    problems: &mut Vec<Problem>,
) -> Expression {
    if items.len() == 0 {
        return Expression::True;
    }
    let mut alternatives = Vec::new();
    for item in items {
        let checks: Vec<&Node> = match item.list() {
            Some(inner) => inner.iter().collect(),
            None => vec![item],
        };
        let mut all: Vec<Expression> = Vec::new();
        for check in checks.iter().filter(|_| !is_empty(item)) {
            let read = check.text().map(|text| parse_check(text, problems));
            all.push(read.unwrap_or_else(|| {
                problems.push(Problem::new(
                    format!("{} is no check", check.name()),
                    "write a check in quotes, as in `\"role:admin\"`; oslo.policy denies instead",
                ));
                Expression::False
            }));
        }
        if all.len() > 1 {
            alternatives.push(Expression::And(all));
        } else {
            alternatives.extend(all);
        }
    }
    match alternatives.len() {
        0 => {
            problems.push(Problem::new(
                format!("`{}` has no check in any of its lists, which denies", shown("[[]]")),
                "write `[]` to allow everyone, or `\"!\"` to deny",
            ));
            Expression::False
        }
        1 => alternatives.remove(0),
        _ => Expression::Or(alternatives),
    }
}

/// Whether Python takes an item for false: an inner list without checks, or an empty text.
fn is_empty(node: &Node) -> bool {
    match &node.kind {
        squall_yaml::Kind::List(items) => items.is_empty(),
        squall_yaml::Kind::Scalar(text, _) => text.is_empty() || node.is_null(),
        squall_yaml::Kind::Map(entries) => entries.is_empty(),
    }
}

/// Returns a diagnostic for a problem of a rule.
pub(crate) fn diagnostic(
    file: &str,
    line: Option<u32>,
    rule: &str,
    severity: Severity,
    problem: Problem,
) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        line: line.and_then(|line| usize::try_from(line).ok()),
        pointer: pointer::join("", rule),
        severity,
        message: problem.message,
        help: problem.help,
    }
}
