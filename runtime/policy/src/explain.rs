//! Says why a policy allows or denies: the checks that were evaluated, in their order.

use std::fmt;

use serde::Serialize;

use crate::check::{Answer, Decision, Stop, Trace};
use crate::compile::{NodeId, NodeKind, RuleId};
use crate::credentials::Credentials;
use crate::policy::{Policy, RuleSource};
use crate::syntax::{Left, Piece, Template};
use crate::target::Target;

/// Why a policy allows or denies a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The rule that was asked for.
    pub rule: String,
    /// What it decides.
    pub decision: Decision,
    /// What decided it besides the rule's check; empty if nothing did.
    pub note: String,
    /// The check of the rule; `None` if it was not evaluated.
    pub step: Option<Step>,
}

/// A check that was evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The check as it was written, or `any of` and `all of` for what joins others.
    pub check: String,
    /// What came out.
    pub outcome: Outcome,
    /// The values that were compared, or where a rule comes from; empty if there is no more to
    /// say.
    pub detail: String,
    /// The checks within it that were evaluated. Those after the one that decided are not.
    pub steps: Vec<Step>,
}

/// What came out of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It cannot be evaluated.
    Fails,
}

impl Policy {
    /// Decides like [`check`](Self::check), and says why.
    pub fn explain(
        &self,
        rule: RuleId,
        credentials: &Credentials,
        target: &dyn Target,
    ) -> Explanation {
        let trace = Recorder {
            policy: self,
            credentials,
            target,
            open: Vec::new(),
            done: None,
            recorded: 0,
        };
        let (decision, why, trace) = self.trace(rule, credentials, target, true, trace);
        let info = self.info(rule);
        let note = match decision {
            Decision::WrongScope => {
                let scopes: Vec<&str> = info.scope_types.iter().map(|scope| scope.name()).collect();
                format!(
                    "the rule is for tokens of {}, and this one is of {} scope",
                    scopes.join(" or "),
                    credentials.scope().name()
                )
            }
            Decision::Allow if self.bypasses(credentials) => {
                "network lets administrators through while the new defaults are not enforced"
                    .to_owned()
            }
            _ => why.unwrap_or_default().to_owned(),
        };
        let step = trace.done.map(|step| Step {
            check: info.name.clone(),
            outcome: step.outcome,
            detail: source(self, rule),
            steps: vec![step],
        });
        Explanation { rule: info.name.clone(), decision, note, step }
    }
}

/// Says where a rule's check comes from.
fn source(policy: &Policy, rule: RuleId) -> String {
    match &policy.info(rule).source {
        RuleSource::Default => "default".to_owned(),
        RuleSource::DefaultOrDeprecated => "default, or the deprecated one".to_owned(),
        RuleSource::File { file, line, under: None } => format!("{file}:{line}"),
        RuleSource::File { file, line, under: Some(name) } => {
            format!("{file}:{line}, under its former name `{name}`")
        }
    }
}

/// Builds the steps while the checks are evaluated.
struct Recorder<'e> {
    policy: &'e Policy,
    credentials: &'e Credentials,
    target: &'e dyn Target,
    /// The steps of checks that are being evaluated, from the outside.
    open: Vec<Vec<Step>>,
    done: Option<Step>,
    recorded: usize,
}

/// An explanation ends somewhere: what comes after is evaluated and not recorded.
const MOST_STEPS: usize = 5_000;

impl Trace for Recorder<'_> {
    fn enter(&mut self, _node: NodeId) {
        self.open.push(Vec::new());
    }

    fn leave(&mut self, node: NodeId, answer: Answer) {
        let steps = self.open.pop().unwrap_or_default();
        let outcome = match answer {
            Ok(true) => Outcome::Yes,
            Ok(false) => Outcome::No,
            Err(_) => Outcome::Fails,
        };
        let (check, detail) = self.describe(node, answer);
        let step = Step { check, outcome, detail, steps };
        match self.open.last_mut() {
            Some(outer) if self.recorded < MOST_STEPS => {
                self.recorded += 1;
                outer.push(step);
            }
            Some(_) => {}
            None => self.done = Some(step),
        }
    }
}

impl Recorder<'_> {
    fn describe(&self, node: NodeId, answer: Answer) -> (String, String) {
        let node = self.policy.program().node(node);
        let text = || node.text.to_string();
        match &node.kind {
            NodeKind::Allow => ("@".into(), "allows everyone".into()),
            NodeKind::Deny => ("!".into(), "denies everyone".into()),
            NodeKind::Not(_) => ("not".into(), String::new()),
            NodeKind::All(_) => ("all of".into(), String::new()),
            NodeKind::Any(_) => ("any of".into(), String::new()),
            NodeKind::Rule(None) => (text(), "is not defined".into()),
            NodeKind::Rule(Some(rule)) => {
                let name = &self.policy.info(*rule).name;
                let from = source(self.policy, *rule);
                let named = node.text.strip_prefix("rule:") == Some(name);
                (text(), if named { from } else { format!("is not defined; `{name}`: {from}") })
            }
            NodeKind::Role(_) => {
                (text(), format!("the roles are {}", list(self.credentials.roles())))
            }
            NodeKind::Generic { left, right } => (text(), self.compared(left, right, answer)),
            NodeKind::IsAdmin(_) => (text(), self.own("is_admin")),
            NodeKind::Owner(owner) => {
                (text(), self.against(&owner.kind, &[&*owner.attribute], answer))
            }
            NodeKind::Field(field) => (text(), self.targets(&[&*field.name])),
            NodeKind::Remote(_) | NodeKind::Fails(_) => (text(), reason(answer)),
        }
    }

    fn compared(&self, left: &Left, right: &Template, answer: Answer) -> String {
        let names: Vec<&str> = right.attributes().collect();
        match left {
            Left::Literal(_) => self.targets(&names),
            Left::Unreadable => reason(answer),
            Left::Path(_) if right.pieces.contains(&Piece::Broken) => reason(answer),
            Left::Path(keys) => {
                let path: Vec<&str> = keys.iter().map(|key| &**key).collect();
                self.against(&path.join("."), &names, answer)
            }
        }
    }

    /// Says what both sides of a comparison are.
    fn against(&self, own: &str, names: &[&str], answer: Answer) -> String {
        let stop = reason(answer);
        if !stop.is_empty() {
            return stop;
        }
        let mut parts = vec![self.own(own)];
        if !names.is_empty() {
            parts.push(self.targets(names));
        }
        parts.join("; ")
    }

    fn own(&self, path: &str) -> String {
        let mut keys = path.split('.');
        let first = keys.next().and_then(|key| self.credentials.json().get(key));
        let value = keys.try_fold(first, |value, key| Some(value?.get(key))).flatten();
        match value {
            Some(value) => format!("the caller's `{path}` is {value}"),
            None => format!("the caller has no `{path}`"),
        }
    }

    fn targets(&self, names: &[&str]) -> String {
        let value = |name: &&str| match self.target.get(name) {
            Some(value) => match value.text() {
                Some(text) => format!("the target's `{name}` is \"{text}\""),
                None => format!("the target's `{name}` is {value}"),
            },
            None => format!("the target has no `{name}`"),
        };
        names.iter().map(value).collect::<Vec<_>>().join("; ")
    }
}

fn reason(answer: Answer) -> String {
    match answer {
        Err(Stop::Failed(why)) => why.to_owned(),
        Err(Stop::Missing) => "an attribute is missing".to_owned(),
        Ok(_) => String::new(),
    }
}

fn list(roles: &[Box<str>]) -> String {
    if roles.is_empty() {
        return "none".to_owned();
    }
    roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.decision.text())?;
        if !self.note.is_empty() {
            write!(f, " ({})", self.note)?;
        }
        if let Some(step) = &self.step {
            step.lines(f, 1)?;
        }
        Ok(())
    }
}

impl Step {
    fn lines(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let sign = match self.outcome {
            Outcome::Yes => "yes  ",
            Outcome::No => "no   ",
            Outcome::Fails => "fails",
        };
        write!(f, "\n{sign}{:width$}{}", "", self.check, width = depth * 2)?;
        if !self.detail.is_empty() {
            write!(f, "  ({})", self.detail)?;
        }
        self.steps.iter().try_for_each(|step| step.lines(f, depth + 1))
    }
}
