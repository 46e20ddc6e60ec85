//! Decides: evaluates compiled checks.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::compile::{Field, NodeId, NodeKind, Owner, Program, Wanted};
use crate::credentials::{Attribute, find};
use crate::remote::{self, Question, Remote};
use crate::syntax::{Left, Piece, Template};
use crate::value::Compare;
use crate::{Credentials, Target, Value};

/// What a policy says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The rule allows it.
    Allow,
    /// The rule denies it.
    Deny,
    /// The rule is not for tokens of this scope, which services answer like a denial.
    WrongScope,
    /// The service cannot evaluate the rule and answers 500: Python raises an exception that is
    /// no refusal.
    Fails,
}

impl Decision {
    /// Whether the request is allowed.
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }

    /// Returns it in a word or two, for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Allow => "allowed",
            Self::Deny => "denied",
            Self::WrongScope => "denied: wrong scope",
            Self::Fails => "fails",
        }
    }
}

/// Why an evaluation ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Python's `KeyError`. The nearest `rule:` around it catches it and denies
    /// (`oslo_policy._checks.RuleCheck`), also if it was raised by what that rule contains.
    Missing,
    /// Any other exception.
    Failed(&'static str),
}

pub(crate) type Answer = Result<bool, Stop>;

/// Sees each check while it is evaluated.
pub(crate) trait Trace {
    fn enter(&mut self, node: NodeId);
    fn leave(&mut self, node: NodeId, answer: Answer);
}

impl Trace for () {
    fn enter(&mut self, _node: NodeId) {}
    fn leave(&mut self, _node: NodeId, _answer: Answer) {}
}

/// How deep rules may refer to each other before evaluation fails; Python's limit is about here.
pub(crate) const DEEPEST: u32 = 400;

/// How many checks one evaluation may take.
pub(crate) const MOST_STEPS: u32 = 1_000_000;

pub(crate) struct Evaluation<'e, T> {
    pub(crate) program: &'e Program,
    pub(crate) remote: Option<&'e dyn Remote>,
    /// The name of the rule that is asked for.
    pub(crate) rule: &'e str,
    pub(crate) credentials: &'e Credentials,
    pub(crate) target: &'e dyn Target,
    pub(crate) trace: T,
    pub(crate) steps: u32,
    pub(crate) depth: u32,
}

impl<T: Trace> Evaluation<'_, T> {
    pub(crate) fn run(&mut self, id: NodeId) -> Answer {
        if self.steps == MOST_STEPS || self.depth == DEEPEST {
            return Err(Stop::Failed(if self.depth == DEEPEST {
                "the rules refer to each other too deeply or in a circle"
            } else {
                "the rules take too many checks to evaluate"
            }));
        }
        self.steps += 1;
        self.depth += 1;
        self.trace.enter(id);
        let answer = self.evaluate(id);
        self.trace.leave(id, answer);
        self.depth -= 1;
        answer
    }

    fn evaluate(&mut self, id: NodeId) -> Answer {
        let program = self.program;
        match &program.node(id).kind {
            NodeKind::Allow => Ok(true),
            NodeKind::Deny | NodeKind::Rule(None) => Ok(false),
            NodeKind::Fails(why) => Err(Stop::Failed(why)),
            NodeKind::Not(inner) => self.run(*inner).map(|answer| !answer),
            NodeKind::All(parts) => {
                for part in parts {
                    if !self.run(*part)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            NodeKind::Any(parts) => {
                for part in parts {
                    if self.run(*part)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            NodeKind::Rule(Some(rule)) => match self.run(program.root(*rule)) {
                Err(Stop::Missing) => Ok(false),
                answer => answer,
            },
            NodeKind::Role(role) => self.role(role),
            NodeKind::Generic { left, right } => self.generic(left, right),
            NodeKind::IsAdmin(wanted) => match self.credentials.get("is_admin") {
                None => Err(Stop::Missing),
                Some(Attribute::Leaf { truth, .. }) => Ok(*truth == Some(*wanted)),
                Some(_) => Ok(false),
            },
            NodeKind::Owner(owner) => self.owner(owner),
            NodeKind::Field(field) => self.field(field),
            NodeKind::Remote(url) => self.remote(url),
        }
    }

    /// `oslo_policy._checks.RoleCheck`.
    fn role(&self, role: &Template) -> Answer {
        if let Some(role) = role.literal() {
            return Ok(self.credentials.has_role(role));
        }
        let mut equal = false;
        // Lower case of a whole text is not that of its characters (a final sigma), so this is
        // the one check that allocates. No rule of a service has an attribute here.
        let mut text = String::new();
        match self.format(role, &mut text) {
            Err(Stop::Missing) => return Ok(false),
            stop => stop?,
        }
        if !self.credentials.roles().is_empty() {
            equal = self.credentials.has_role(&text.to_lowercase());
        }
        Ok(equal)
    }

    /// `oslo_policy._checks.GenericCheck`.
    fn generic(&self, left: &Left, right: &Template) -> Answer {
        // What is missing denies before anything else is looked at; what is broken fails.
        for piece in &right.pieces {
            match piece {
                Piece::Attribute(name) if self.target.get(name).is_none() => return Ok(false),
                Piece::Broken => return Err(Stop::Failed("the attribute cannot be read")),
                Piece::Attribute(_) | Piece::Text(_) => {}
            }
        }
        match left {
            Left::Literal(text) => Ok(self.equals(text, right)),
            Left::Unreadable => Err(Stop::Failed("Python cannot parse what is compared")),
            Left::Path(keys) => {
                let Some((first, rest)) = keys.split_first() else { return Ok(false) };
                match self.credentials.get(first) {
                    None => Ok(false),
                    Some(value) => self.any_in(value, rest, right),
                }
            }
        }
    }

    /// `GenericCheck._find_in_dict`: of a list each item is tried.
    fn any_in(&self, value: &Attribute, keys: &[Box<str>], right: &Template) -> Answer {
        if let Attribute::List { items, .. } = value {
            for item in items {
                if self.find(item, keys, right)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        self.find(value, keys, right)
    }

    fn find(&self, value: &Attribute, keys: &[Box<str>], right: &Template) -> Answer {
        let Some((first, rest)) = keys.split_first() else {
            return Ok(self.equals(value.text(), right));
        };
        match value {
            Attribute::Map { fields, .. } => match find(fields, first) {
                None => Ok(false),
                Some(value) => self.any_in(value, rest, right),
            },
            // Python raises a TypeError that nothing catches.
            Attribute::Leaf { .. } | Attribute::List { .. } => {
                Err(Stop::Failed("the credentials have no fields at this place"))
            }
        }
    }

    fn equals(&self, text: &str, right: &Template) -> bool {
        let mut compare = Compare::with(text);
        self.format(right, &mut compare).is_ok() && compare.is_equal()
    }

    /// Writes a template with the target's attributes.
    fn format(&self, template: &Template, to: &mut impl Write) -> Result<(), Stop> {
        for piece in &template.pieces {
            let written = match piece {
                Piece::Text(text) => to.write_str(text),
                Piece::Attribute(name) => {
                    let value = self.target.get(name).ok_or(Stop::Missing)?;
                    match value.text() {
                        Some(text) => to.write_str(text),
                        None => write!(to, "{value}"),
                    }
                }
                Piece::Broken => return Err(Stop::Failed("the attribute cannot be read")),
            };
            written.map_err(|_| Stop::Failed("the attribute cannot be printed"))?;
        }
        Ok(())
    }

    /// neutron 29.0.0, `neutron.policy.OwnerCheck.__call__`.
    fn owner(&self, owner: &Owner) -> Answer {
        let value = match self.target.get(&owner.attribute) {
            Some(value) => value,
            None => self.of_parent(&owner.attribute)?,
        };
        let Some(own) = self.credentials.get(&owner.kind) else { return Ok(false) };
        let mut compare = Compare::with(own.text());
        let written = write!(compare, "{value}");
        Ok(written.is_ok() && compare.is_equal())
    }

    /// Returns a field of the resource that the target refers to: `network:project_id`.
    fn of_parent(&self, name: &str) -> Result<Value<'_>, Stop> {
        let (parent, field) = name
            .split_once(':')
            .or_else(|| name.split_once('_'))
            .ok_or(Stop::Failed("network finds no resource in the attribute's name"))?;
        // `_RESOURCE_FOREIGN_KEYS`, and `EXT_PARENT_RESOURCE_MAPPING` of neutron-lib.
        let (resource, key) = match parent {
            "network" => ("network", "network_id"),
            "security_group" => ("security_group", "security_group_id"),
            "ext_parent" => EXT_PARENTS
                .into_iter()
                .find(|(_, key)| self.target.get(key).is_some())
                .ok_or(Stop::Failed("network does not know the parent of the target"))?,
            _ => return Err(Stop::Failed("network does not know this parent resource")),
        };
        let id = self.target.get(key).ok_or(Stop::Missing)?;
        let id = id.text().ok_or(Stop::Failed("the id of the parent is not a text"))?;
        self.target
            .parent(resource, id, field)
            .ok_or(Stop::Failed("network does not find the parent"))
    }

    /// neutron 29.0.0, `neutron.policy.FieldCheck.__call__`.
    fn field(&self, field: &Field) -> Answer {
        let found = self.target.get(&field.name).or_else(|| {
            // Of any resource, `networks:shared` is that of its network.
            if (&*field.resource, &*field.name) != ("networks", "shared") {
                return None;
            }
            let id = self.target.get("network_id")?;
            self.target.parent("network", id.text().filter(|id| !id.is_empty())?, "shared")
        });
        let Some(value) = found.filter(|value| !value.is_none()) else { return Ok(false) };
        let text = value.text();
        match (&field.wanted, text) {
            (Wanted::Text(wanted), text) => Ok(text == Some(wanted)),
            (Wanted::Prefix(prefix), Some(text)) => Ok(text.starts_with(&**prefix)),
            (Wanted::Regex(regex), Some(text)) => Ok(regex.is_match(text)),
            (Wanted::Prefix(_) | Wanted::Regex(_), None) => {
                Err(Stop::Failed("a regular expression needs a text"))
            }
            (Wanted::Number(wanted), _) => Ok(number(value) == Some(*wanted)),
        }
    }

    /// `oslo_policy._external.HttpCheck`.
    fn remote(&self, url: &Template) -> Answer {
        let mut text = String::new();
        self.format(url, &mut text)?;
        let remote = self.remote.ok_or(Stop::Failed("remote checks are not allowed"))?;
        let question = Question {
            url: &text,
            rule: self.rule,
            target: self.target.json(),
            credentials: self.credentials.json(),
        };
        match remote.ask(&question) {
            Ok(answer) => Ok(remote::allows(&answer)),
            Err(_) => Err(Stop::Failed("the remote server did not answer")),
        }
    }
}

/// Returns what a number or a boolean compares equal to: `True == 1` for Python.
fn number(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Bool(value) | Value::Json(&Json::Bool(value)) => Some(f64::from(value)),
        Value::Integer(value) => i32::try_from(value).ok().map(f64::from),
        Value::Json(json) => json.as_f64(),
        Value::None | Value::Text(_) => None,
    }
}

/// The resources that may be the parent of another (neutron-lib 5.0.1,
/// `neutron_lib.services.constants.EXT_PARENT_RESOURCE_MAPPING`), and the key of their id.
const EXT_PARENTS: [(&str, &str); 4] = [
    ("floatingip", "ext_parent_floatingip_id"),
    ("router", "ext_parent_router_id"),
    ("local_ip", "ext_parent_local_ip_id"),
    ("policy", "ext_parent_policy_id"),
];
