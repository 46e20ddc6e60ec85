//! The credentials of a caller, as a service hands them to its rules.

use serde_json::{Map, Value as Json};
use squall_model::ScopeType;

use crate::Value;

/// The attributes of a caller that rules can ask for, ready to be compared.
///
/// Texts are prepared when they are created, so that a check allocates nothing. See
/// [`Policy::credentials`](crate::Policy::credentials) for those of a service, and
/// [`from_json`](Self::from_json) for any others.
#[derive(Debug, Clone)]
pub struct Credentials {
    values: Vec<(Box<str>, Attribute)>,
    /// The roles in lower case: `oslo_policy._checks.RoleCheck` compares them so.
    roles: Vec<Box<str>>,
    scope: ScopeType,
    json: Map<String, Json>,
}

/// An attribute, with its text as Python's `str()` returns it.
#[derive(Debug, Clone)]
pub(crate) enum Attribute {
    /// What has no parts. `truth` is what a boolean compares equal to.
    Leaf {
        text: Box<str>,
        truth: Option<bool>,
    },
    List {
        text: Box<str>,
        items: Vec<Attribute>,
    },
    Map {
        text: Box<str>,
        fields: Vec<(Box<str>, Attribute)>,
    },
}

impl Credentials {
    /// Reads credentials of an object. A list of texts under `roles` are the roles.
    ///
    /// The scope is that of oslo.policy (`Enforcer._enforce_scope`): system if there is a
    /// `system_scope` or `system`, domain if there is a `domain_id`, and otherwise project,
    /// also for a token without a scope.
    pub fn from_json(mut json: Map<String, Json>) -> Self {
        // `Enforcer.enforce` copies it for services that ask for `system`.
        if let Some(scope) = json.get("system_scope").filter(|scope| is_true(scope)).cloned() {
            json.insert("system".into(), scope);
        }
        let scope = if json.get("system").is_some_and(is_true) {
            ScopeType::System
        } else if json.get("domain_id").is_some_and(is_true) {
            ScopeType::Domain
        } else {
            ScopeType::Project
        };
        let roles = json.get("roles").and_then(Json::as_array).into_iter().flatten();
        let roles = roles.filter_map(Json::as_str).map(|role| role.to_lowercase().into()).collect();
        Self { values: Attribute::fields(&json), roles, scope, json }
    }

    /// Returns the scope that rules for certain scopes go by.
    pub fn scope(&self) -> ScopeType {
        self.scope
    }

    /// Returns the attributes as they were given.
    pub fn json(&self) -> &Map<String, Json> {
        &self.json
    }

    /// Whether a role is among them, given in lower case.
    pub(crate) fn has_role(&self, lower: &str) -> bool {
        self.roles.iter().any(|role| **role == *lower)
    }

    pub(crate) fn roles(&self) -> &[Box<str>] {
        &self.roles
    }

    /// Whether an attribute is the boolean true.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Attribute::Leaf { truth: Some(true), .. }))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Attribute> {
        find(&self.values, name)
    }
}

impl Attribute {
    fn read(json: &Json) -> Self {
        let text = Value::Json(json).to_string().into();
        match json {
            Json::Array(items) => {
                Self::List { text, items: items.iter().map(Self::read).collect() }
            }
            Json::Object(fields) => Self::Map { text, fields: Self::fields(fields) },
            Json::Bool(value) => Self::Leaf { text, truth: Some(*value) },
            // `1 == True` and `0.0 == False` for Python.
            Json::Number(number) => {
                let number = number.as_f64();
                let truth = [(0.0, false), (1.0, true)]
                    .into_iter()
                    .find_map(|(equal, truth)| (number == Some(equal)).then_some(truth));
                Self::Leaf { text, truth }
            }
            Json::Null | Json::String(_) => Self::Leaf { text, truth: None },
        }
    }

    fn fields(fields: &Map<String, Json>) -> Vec<(Box<str>, Self)> {
        fields.iter().map(|(key, value)| (key.as_str().into(), Self::read(value))).collect()
    }

    /// Returns the text of the value, as Python prints it.
    pub(crate) fn text(&self) -> &str {
        let (Self::Leaf { text, .. } | Self::List { text, .. } | Self::Map { text, .. }) = self;
        text
    }
}

/// Returns the field of that name.
pub(crate) fn find<'f>(fields: &'f [(Box<str>, Attribute)], name: &str) -> Option<&'f Attribute> {
    fields.iter().find(|(key, _)| **key == *name).map(|(_, value)| value)
}

/// Whether Python takes a value for true.
fn is_true(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
    }
}
