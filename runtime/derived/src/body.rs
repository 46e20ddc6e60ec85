//! The constraints of a JSON body: its schema is walked along a valid instance.
//!
//! Where the instance has a value, the constraints on it are tested there. What it does not
//! have (an optional property, the other branch of a choice, an item of an empty list) is made
//! and put in first, and the change is then the whole of what was put in, with one thing in it
//! broken.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use squall_client::validate::Schema;
use squall_model::pointer;

use crate::broken::{self, Proposal};
use crate::change::set;
use crate::values::{DEPTH, Values, joined, required};
use crate::{Change, Constraint, ConstraintPlace, apply, bounds};

/// Returns the constraints of a body, those that a changed request breaks and those that it
/// keeps. Nothing is returned of a body that is not valid itself.
pub fn body(schema: &Value, compiled: &Schema, body: &Value) -> Vec<Constraint> {
    if !compiled.is_valid(body) {
        return Vec::new();
    }
    let mut walk = Walk {
        compiled,
        values: Values::new(schema),
        found: Vec::new(),
        sent: HashSet::from([same(&Change::Set { pointer: String::new(), value: body.clone() })]),
        original: body,
    };
    if !compiled.is_valid(&Value::Null) {
        walk.keep("body", "missing", &json!("required"), "", Change::NoBody, false);
    }
    walk.at(schema, &Here { document: body, pointer: "", install: None, inside: false, depth: 0 });
    walk.found
}

struct Walk<'s> {
    compiled: &'s Schema,
    values: Values<'s>,
    found: Vec<Constraint>,
    /// The changes so far: what looks the same is sent once.
    sent: HashSet<String>,
    original: &'s Value,
}

/// A place in a valid body.
#[derive(Clone, Copy)]
struct Here<'a> {
    /// The body: the original, or the original with something put in.
    document: &'a Value,
    /// The place in it.
    pointer: &'a str,
    /// Where something was put in.
    install: Option<&'a str>,
    /// Whether the schema here is one of several that the value may match, so that a violation
    /// is reported of the choice.
    inside: bool,
    depth: usize,
}

impl Walk<'_> {
    fn at(&mut self, schema: &Value, here: &Here<'_>) {
        let schema = self.values.resolved(schema).clone();
        let Value::Object(keywords) = &schema else { return };
        if here.depth > DEPTH {
            return;
        }
        let value = here.document.pointer(here.pointer).cloned();
        let kinds = broken::types_at(pointer::keys(here.pointer).count(), keywords);
        for proposal in broken::proposals(keywords, value.as_ref(), &self.values) {
            if proposal.keyword == "type" && !kinds.contains(&proposal.which.as_str()) {
                continue;
            }
            self.propose(here, keywords, proposal, false);
        }
        for proposal in bounds::proposals(keywords, value.as_ref(), &self.values) {
            self.propose(here, keywords, proposal, true);
        }
        let name = pointer::keys(here.pointer).next_back().unwrap_or_default();
        if let (Some(wide), "name" | "description") = (bounds::wide(value.as_ref()), &*name) {
            self.propose(here, keywords, wide, true);
        }
        match &value {
            Some(Value::Object(fields)) => self.object(keywords, fields, here),
            Some(Value::Array(items)) => self.items(keywords, items, here),
            _ => {}
        }
        self.choices(&schema, keywords, value.as_ref(), here);
    }

    /// Looks for a value that breaks a keyword, or one that sits at its bound.
    fn propose(
        &mut self,
        here: &Here<'_>,
        keywords: &Map<String, Value>,
        proposal: Proposal,
        valid: bool,
    ) {
        let says = keywords.get(proposal.keyword).cloned().unwrap_or_default();
        let says = match (proposal.keyword, valid) {
            // That one value is allowed does not change with the others.
            ("enum", true) => json!(proposal.which),
            _ => says,
        };
        let to = |value| Change::Set { pointer: here.pointer.to_owned(), value };
        let changes = proposal.values.into_iter().map(to).collect();
        self.try_all(
            here,
            here.pointer,
            (proposal.keyword, &proposal.which),
            &says,
            changes,
            valid,
        );
    }

    /// Keeps the first change that does what it should: breaks this keyword and no other, or at
    /// least this one too; or breaks none.
    fn try_all(
        &mut self,
        here: &Here<'_>,
        pointer: &str,
        (keyword, which): (&'static str, &str),
        says: &Value,
        changes: Vec<Change>,
        valid: bool,
    ) {
        let mut second = None;
        for change in changes {
            let Some(after) = apply(here.document, &change) else { continue };
            let change = whole(here, &after, change);
            if valid {
                if self.compiled.is_valid(&after) {
                    self.keep(keyword, which, says, pointer, change, true);
                    return;
                }
                continue;
            }
            let violations = self.compiled.violations(&after);
            let there = violations.iter().all(|one| one.pointer.starts_with(pointer));
            let names_it = violations.iter().any(|one| one.keyword == keyword);
            if violations.len() == 1 && there && names_it {
                self.keep(keyword, which, says, pointer, change, false);
                return;
            }
            // Inside of a choice the violation is one of the choice, if it is one at all.
            let also = !violations.is_empty() && (there && names_it || here.inside);
            if also && second.is_none() {
                second = Some(change);
            }
        }
        if let Some(change) = second {
            self.keep(keyword, which, says, pointer, change, false);
        }
    }

    fn keep(
        &mut self,
        keyword: &'static str,
        which: &str,
        says: &Value,
        pointer: &str,
        change: Change,
        valid: bool,
    ) {
        if apply(self.original, &change).as_ref() == Some(self.original)
            || !self.sent.insert(same(&change))
        {
            return;
        }
        self.found.push(Constraint {
            place: ConstraintPlace::Body,
            pointer: pointer.to_owned(),
            keyword,
            which: which.to_owned(),
            says: says.clone(),
            change,
            valid,
        });
    }

    fn object(
        &mut self,
        keywords: &Map<String, Value>,
        fields: &Map<String, Value>,
        here: &Here<'_>,
    ) {
        let needed = required(keywords);
        for name in needed.iter().filter(|name| fields.contains_key(**name)) {
            let at = pointer::join(here.pointer, name);
            let change = Change::Remove { pointer: at.clone() };
            self.try_all(here, here.pointer, ("required", name), &json!(true), vec![change], false);
        }
        let dependent = keywords.get("dependentRequired").and_then(Value::as_object);
        for (name, others) in dependent.into_iter().flatten() {
            let alone = json!({name: self.property(keywords, name)});
            let change = Change::Set { pointer: here.pointer.to_owned(), value: alone };
            let which = ("dependentRequired", name.as_str());
            self.try_all(here, here.pointer, which, others, vec![change], false);
        }
        self.unknown(keywords, here);
        let mut whole = fields.clone();
        for (name, schema) in self.values.members(keywords) {
            let at = pointer::join(here.pointer, &name);
            let inside = Here { pointer: &at, depth: here.depth + 1, ..*here };
            if fields.contains_key(&name) {
                self.at(schema, &inside);
                if !needed.contains(&name.as_str()) {
                    let change = Change::Remove { pointer: at.clone() };
                    self.try_all(here, &at, ("absent", ""), &json!(true), vec![change], true);
                }
                continue;
            }
            let Some(value) = self.values.least(schema) else { continue };
            whole.insert(name.clone(), value.clone());
            let mut document = here.document.clone();
            set(&mut document, &at, value.clone());
            if !self.compiled.is_valid(&document) {
                continue;
            }
            let change = Change::Set { pointer: at.clone(), value };
            self.try_all(here, &at, ("present", ""), &json!(true), vec![change], true);
            let install = here.install.unwrap_or(&at);
            self.at(schema, &Here { document: &document, install: Some(install), ..inside });
        }
        // Fields that are there under names that no member has: the keys of a map.
        let all = Change::Set { pointer: here.pointer.to_owned(), value: Value::Object(whole) };
        self.try_all(here, here.pointer, ("present", "all"), &json!(true), vec![all], true);
    }

    /// Returns a value of a property.
    fn property(&self, keywords: &Map<String, Value>, name: &str) -> Value {
        let schema = keywords.get("properties").and_then(|all| all.get(name));
        schema.and_then(|schema| self.values.least(schema)).unwrap_or_else(|| json!("squall"))
    }

    /// Adds a property that the schema does not know, and names that it does not allow.
    fn unknown(&mut self, keywords: &Map<String, Value>, here: &Here<'_>) {
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            if keywords.get(keyword) == Some(&Value::Bool(false)) {
                let at = pointer::join(here.pointer, "squall_unknown");
                let change = Change::Set { pointer: at, value: json!("squall") };
                self.try_all(here, here.pointer, (keyword, ""), &json!(false), vec![change], false);
            }
        }
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let names = keywords.get("propertyNames");
        let open = !matches!(
            keywords.get("additionalProperties"),
            Some(Value::Bool(false) | Value::Object(_))
        );
        if let Some(patterns) = patterns.filter(|_| open) {
            // What no pattern covers is allowed, whether or not the service knows what to do
            // with it.
            let value = patterns.values().next().and_then(|schema| self.values.least(schema));
            let at = pointer::join(here.pointer, "squall!");
            let change = Change::Set { pointer: at, value: value.unwrap_or(Value::Null) };
            let says = json!(patterns.keys().collect::<Vec<_>>());
            let which = ("present", "other-name");
            self.try_all(here, here.pointer, which, &says, vec![change], true);
        }
        let says = match (patterns, names) {
            (Some(patterns), None)
                if keywords.get("additionalProperties") == Some(&json!(false)) =>
            {
                json!(patterns.keys().collect::<Vec<_>>())
            }
            (_, Some(names)) => names.clone(),
            _ => return,
        };
        let value = patterns.and_then(|patterns| patterns.values().next());
        let value = value.and_then(|schema| self.values.least(schema));
        let value = value.unwrap_or_else(|| json!("squall"));
        for (which, name) in
            [("odd", "squall!".to_owned()), ("empty", String::new()), ("long", "a".repeat(256))]
        {
            let at = pointer::join(here.pointer, name);
            let change = Change::Set { pointer: at, value: value.clone() };
            let outside = Here { inside: true, ..*here };
            self.try_all(
                &outside,
                here.pointer,
                ("propertyNames", which),
                &says,
                vec![change],
                false,
            );
        }
    }

    fn items(&mut self, keywords: &Map<String, Value>, items: &[Value], here: &Here<'_>) {
        let prefix = keywords.get("prefixItems").and_then(Value::as_array);
        for (index, schema) in prefix.into_iter().flatten().enumerate() {
            let at = pointer::join(here.pointer, index);
            self.at(schema, &Here { pointer: &at, depth: here.depth + 1, ..*here });
        }
        let Some(schema) = keywords.get("items").filter(|items| items.is_object()) else { return };
        let at = pointer::join(here.pointer, prefix.map_or(0, Vec::len));
        let inside = Here { pointer: &at, depth: here.depth + 1, ..*here };
        if !items.is_empty() {
            self.at(schema, &inside);
            return;
        }
        let Some(item) = self.values.least(schema) else { return };
        let mut document = here.document.clone();
        set(&mut document, here.pointer, json!([item]));
        if self.compiled.is_valid(&document) {
            let install = here.install.unwrap_or(here.pointer);
            self.at(schema, &Here { document: &document, install: Some(install), ..inside });
        }
    }

    /// Walks the parts of which all, one or any have to match.
    fn choices(
        &mut self,
        schema: &Value,
        keywords: &Map<String, Value>,
        value: Option<&Value>,
        here: &Here<'_>,
    ) {
        let next = Here { depth: here.depth + 1, ..*here };
        for part in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.at(part, &next);
        }
        if let Some(unwanted) = keywords.get("not") {
            let to = |value| Change::Set { pointer: here.pointer.to_owned(), value };
            let changes = self.values.least(unwanted).map(to).into_iter().collect();
            self.try_all(here, here.pointer, ("not", ""), unwanted, changes, false);
        }
        for list in ["oneOf", "anyOf"] {
            let Some(Value::Array(branches)) = keywords.get(list) else { continue };
            let says = json!(branches);
            for (kind, value) in broken::of_each_type() {
                if here.depth > 3 && !["null", "object"].contains(&kind) {
                    continue;
                }
                let change = Change::Set { pointer: here.pointer.to_owned(), value };
                self.try_all(here, here.pointer, (list, kind), &says, vec![change], false);
            }
            for branch in branches {
                let inside = Here { inside: true, ..next };
                if value.is_some_and(|value| self.values.fits(branch, value)) {
                    self.at(branch, &inside);
                    continue;
                }
                let merged = joined(keywords, self.values.resolved(branch), list);
                let other = self.values.least(&merged);
                let Some(other) = other.filter(|other| self.values.fits(schema, other)) else {
                    continue;
                };
                let mut document = here.document.clone();
                set(&mut document, here.pointer, other);
                if self.compiled.is_valid(&document) {
                    let install = here.install.unwrap_or(here.pointer);
                    self.at(
                        branch,
                        &Here { document: &document, install: Some(install), ..inside },
                    );
                }
            }
        }
    }
}

/// Returns the change of the original: what was put in is part of it.
fn whole(here: &Here<'_>, after: &Value, change: Change) -> Change {
    let Some(install) = here.install else { return change };
    match after.pointer(install) {
        Some(value) => Change::Set { pointer: install.to_owned(), value: value.clone() },
        None => change,
    }
}

/// Returns a key by which two changes are the same.
fn same(change: &Change) -> String {
    match change {
        Change::Set { pointer, value } => format!("{pointer}={value}"),
        Change::Remove { pointer } => format!("-{pointer}"),
        Change::NoBody => "nothing".to_owned(),
    }
}
