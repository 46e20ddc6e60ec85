//! What is odd about a cloud's policy files: rules that do nothing, or not what they seem to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use squall_model::{Diagnostic, PolicyRule, ScopeType, Severity, suggest};

use crate::file::{self, FileRule, diagnostic};
use crate::policy::{Builder, Policy};
use crate::syntax::{Expression, Problem, parse};

/// Something odd about a rule of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What kind of oddity it is.
    pub kind: RemarkKind,
    /// The file.
    pub file: String,
    /// The line in the file.
    pub line: Option<usize>,
    /// The rule, as a JSON pointer into the file.
    pub pointer: String,
    /// What is odd.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// What kind of oddity a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemarkKind {
    /// The rule is wrong: see [`Builder::build`].
    Error,
    /// No operation and no rule asks for the rule.
    Dead,
    /// Another rule comes before it.
    Shadowed,
    /// The default is the same.
    Redundant,
    /// The name or the rule is deprecated.
    Deprecated,
    /// A part of the check decides nothing.
    Unreachable,
}

impl RemarkKind {
    /// Returns it in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Dead => "dead",
            Self::Shadowed => "shadowed",
            Self::Redundant => "redundant",
            Self::Deprecated => "deprecated",
            Self::Unreachable => "unreachable",
        }
    }
}

impl Builder {
    /// Returns what is odd about the files, in their order.
    pub fn lint(self) -> Vec<Remark> {
        let mut linter = Linter { remarks: Vec::new(), active: BTreeMap::new() };
        linter.read(&self);
        let defaults = self.default_rules().to_vec();
        let only = self.has_new_defaults_only();
        let (policy, found) = self.build_anyway();
        for one in found.into_iter().filter(|one| one.severity == Severity::Error) {
            linter.add(RemarkKind::Error, one);
        }
        let active = std::mem::take(&mut linter.active);
        for (name, (file, rule)) in &active {
            let at = At { file, rule };
            match defaults.iter().find(|default| default.name == *name) {
                Some(default) => linter.replacement(&at, default, only),
                None => linter.own(&at, &policy, &defaults, &active),
            }
            linter.parts(&at, &policy);
        }
        let order = |remark: &Remark| (remark.file.clone(), remark.line, remark.kind);
        linter.remarks.sort_by_key(order);
        linter.remarks
    }
}

/// A rule and the file that it is in.
struct At<'r> {
    file: &'r str,
    rule: &'r FileRule,
}

struct Linter {
    remarks: Vec<Remark>,
    /// The rules that count, each with its file.
    active: BTreeMap<String, (String, FileRule)>,
}

impl Linter {
    /// Reads the files; a later one comes before an earlier one.
    fn read(&mut self, builder: &Builder) {
        for (name, text) in builder.policy_files() {
            for rule in file::read(name, text).unwrap_or_default() {
                let later = format!("{name}:{}", rule.line);
                let before = self.active.insert(rule.name.clone(), (name.clone(), rule));
                if let Some((file, rule)) = before {
                    let message = format!("the rule is in {later} as well, which counts");
                    self.say(
                        &At { file: &file, rule: &rule },
                        RemarkKind::Shadowed,
                        message,
                        REMOVE,
                    );
                }
            }
        }
    }

    /// A rule that replaces a default.
    fn replacement(&mut self, at: &At<'_>, default: &PolicyRule, only: bool) {
        let same = parse(&default.check, &mut Vec::new()) == at.rule.expression;
        // While the old defaults hold as well, the same rule in a file ends that.
        let ends =
            !only && default.deprecated.as_ref().is_some_and(|old| old.check != default.check);
        if same && !ends {
            self.say(at, RemarkKind::Redundant, "the rule is the service's default", REMOVE);
        }
        if default.deprecated_for_removal {
            self.say(
                at,
                RemarkKind::Deprecated,
                "the service will remove the rule",
                "change the rules that refer to it, and remove it",
            );
        }
    }

    /// A rule that the service does not have under this name.
    fn own(
        &mut self,
        at: &At<'_>,
        policy: &Policy,
        defaults: &[PolicyRule],
        active: &BTreeMap<String, (String, FileRule)>,
    ) {
        let name = &at.rule.name;
        let former = |default: &&PolicyRule| {
            default.deprecated.as_ref().is_some_and(|before| before.name == **name)
        };
        let renamed: Vec<&PolicyRule> = defaults.iter().filter(former).collect();
        let referred = policy.rule(name).is_some_and(|rule| policy.referred().contains(&rule));
        let Some(first) = renamed.first() else {
            if !referred && name != "default" {
                let names = defaults.iter().map(|default| &*default.name);
                let near = suggest::did_you_mean(name, names);
                let help = near.unwrap_or_else(|| "remove it, or refer to it with `rule:`".into());
                let message = "the service has no such rule, and no other rule refers to it";
                self.say(at, RemarkKind::Dead, message, help);
            }
            return;
        };
        let names: Vec<String> =
            renamed.iter().take(3).map(|default| format!("`{}`", default.name)).collect();
        let more = if renamed.len() > 3 {
            format!(" and {} more", renamed.len() - 3)
        } else {
            String::new()
        };
        let now = format!("{}{more}", names.join(", "));
        let counts = |default: &&PolicyRule| !active.contains_key(&*default.name);
        let unchanged = renamed.iter().all(|default| {
            let before = default.deprecated.as_ref().map(|old| parse(&old.check, &mut Vec::new()));
            before.as_ref() == Some(&at.rule.expression)
                || at.rule.expression.to_string() == format!("rule:{}", default.name)
        });
        if !renamed.iter().any(counts) {
            let message = format!("the file has {now} as well, and its former name does not count");
            self.say(at, RemarkKind::Shadowed, message, REMOVE);
        } else if unchanged && !referred {
            let message = format!("this is what {now} was before, and changes nothing");
            self.say(at, RemarkKind::Redundant, message, REMOVE);
        } else {
            let since =
                first.deprecated.as_ref().map(|old| old.since.to_string()).unwrap_or_default();
            let message = format!("the name is deprecated since {since}: it is now {now}");
            self.say(at, RemarkKind::Deprecated, message, "use the new name");
        }
    }

    /// Parts of a check that decide nothing.
    fn parts(&mut self, at: &At<'_>, policy: &Policy) {
        let scopes = policy.rule(&at.rule.name).map(|rule| policy.info(rule).scope_types.clone());
        let mut seen = BTreeSet::new();
        let mut judge = Judge { policy, scopes: scopes.unwrap_or_default(), found: Vec::new() };
        judge.truth(&at.rule.expression);
        for (message, help) in judge.found {
            if seen.insert(message.clone()) {
                self.say(at, RemarkKind::Unreachable, message, help);
            }
        }
    }

    fn say(
        &mut self,
        at: &At<'_>,
        kind: RemarkKind,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let problem = Problem::new(message, help);
        let found =
            diagnostic(at.file, Some(at.rule.line), &at.rule.name, Severity::Warning, problem);
        self.add(kind, found);
    }

    fn add(&mut self, kind: RemarkKind, one: Diagnostic) {
        let Diagnostic { file, line, pointer, message, help, .. } = one;
        self.remarks.push(Remark { kind, file, line, pointer, message, help });
    }
}

const REMOVE: &str = "remove it";

/// What is known of a check whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Always,
    Never,
    Depends,
}

/// Looks for parts that decide nothing.
struct Judge<'p> {
    policy: &'p Policy,
    /// The scopes that get as far as the check; empty for all.
    scopes: Vec<ScopeType>,
    found: Vec<(String, String)>,
}

impl Judge<'_> {
    fn truth(&mut self, expression: &Expression) -> Truth {
        match expression {
            Expression::True => Truth::Always,
            Expression::False => Truth::Never,
            Expression::Not(inner) => match self.truth(inner) {
                Truth::Always => Truth::Never,
                Truth::Never => Truth::Always,
                Truth::Depends => Truth::Depends,
            },
            Expression::And(parts) => self.joined(parts, "and", Truth::Never, Truth::Always),
            Expression::Or(parts) => self.joined(parts, "or", Truth::Always, Truth::Never),
            Expression::Check { kind, value } => self.check(kind, value),
        }
    }

    /// `ends` is what decides at once, and `adds_nothing` what never does.
    fn joined(
        &mut self,
        parts: &[Expression],
        word: &str,
        ends: Truth,
        adds_nothing: Truth,
    ) -> Truth {
        let mut result = adds_nothing;
        for (at, part) in parts.iter().enumerate() {
            if result == ends {
                self.found.push((
                    format!("`{part}` is never asked: what comes before it decides"),
                    "remove one of them".to_owned(),
                ));
                continue;
            }
            if parts[..at].contains(part) {
                self.found.push((
                    format!("`{part}` is there twice, joined by `{word}`"),
                    "remove one of them".to_owned(),
                ));
                continue;
            }
            // `a or (a and b)` is `a`, and `a and (a or b)` as well.
            let inner = match (word, part) {
                ("or", Expression::And(inner)) | ("and", Expression::Or(inner)) => &**inner,
                _ => &[],
            };
            if let Some(outer) = parts.iter().find(|outer| inner.contains(outer)) {
                self.found.push((
                    format!("`{part}` decides nothing beside `{outer}`"),
                    "remove it".to_owned(),
                ));
                continue;
            }
            let truth = self.truth(part);
            if truth == adds_nothing && matches!(part, Expression::True | Expression::False) {
                self.found.push((
                    format!("`{part}` decides nothing, joined by `{word}`"),
                    "remove it".to_owned(),
                ));
            }
            if truth == ends {
                result = ends;
            } else if truth == Truth::Depends {
                result = Truth::Depends;
            }
        }
        result
    }

    fn check(&mut self, kind: &str, value: &str) -> Truth {
        let scope = match kind {
            "system_scope" | "system" => Some(ScopeType::System),
            "domain_id" if value != "None" => Some(ScopeType::Domain),
            _ => None,
        };
        if let Some(scope) = scope
            && !self.scopes.is_empty()
            && !self.scopes.contains(&scope)
        {
            let list: Vec<&str> = self.scopes.iter().map(|scope| scope.name()).collect();
            self.found.push((
                format!(
                    "`{kind}:{value}` never holds: the rule is for tokens of {} scope only",
                    list.join(" or ")
                ),
                "remove it: a file cannot change the scopes of a rule".to_owned(),
            ));
            return Truth::Never;
        }
        if kind != "rule" && value.len() > 1 && value.starts_with('\'') && value.ends_with('\'') {
            self.found.push((
                format!("the quotes of `{kind}:{value}` are compared as well"),
                format!("write `{kind}:{}`", value.trim_matches('\'')),
            ));
            return Truth::Never;
        }
        match self.policy.rule(value).filter(|_| kind == "rule").map(|rule| self.policy.info(rule))
        {
            Some(rule) => match rule.check.as_str() {
                "" | "@" => Truth::Always,
                "!" => Truth::Never,
                _ => Truth::Depends,
            },
            None => Truth::Depends,
        }
    }
}
