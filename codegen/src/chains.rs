//! Looks for what does not fit together along the versions of an operation's schemas.
//!
//! Each version of a schema may be right by itself and the chain of them still be wrong: a
//! field that disappears and comes back, or a key that is required and later is not, is
//! usually a slip of the harvest or of the service. What is right all the same is explained
//! under `oddities` in `overrides.yaml`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use squall_model::operation::intervals;
use squall_model::{Merged, Microversion, VersionRange};

use crate::model::{Operation, Service};

/// Something odd along the versions of a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Oddity {
    /// The operation's id.
    pub operation: String,
    /// Its part: `request`, `query`, or `response` with the status.
    pub part: String,
    /// The field, as in `/server/tags`; items of a list are `*`.
    pub field: String,
    /// What is odd.
    pub kind: OddityKind,
}

/// The kinds of oddities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OddityKind {
    /// The field is absent from `gone` on, and there again from `back` on.
    ComesBack {
        /// The first version without the field.
        gone: Option<Microversion>,
        /// The first version that has it again.
        back: Option<Microversion>,
    },
    /// The field is required, and from `since` on optional.
    Loosened {
        /// The first version at which it is optional.
        since: Option<Microversion>,
    },
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, part, field, kind } = self;
        let at = |version: Option<Microversion>| version.map(|v| v.to_string()).unwrap_or_default();
        match kind {
            OddityKind::ComesBack { gone, back } => write!(
                f,
                "{operation} {part}: {field} is gone at {} and back at {}",
                at(*gone),
                at(*back)
            ),
            OddityKind::Loosened { since } => write!(
                f,
                "{operation} {part}: {field} is required, and optional from {}",
                at(*since)
            ),
        }
    }
}

/// Why oddities are right: an entry under `oddities` in `overrides.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The operation's id.
    pub operation: String,
    /// Its part, as in [`Oddity::part`].
    pub part: String,
    /// The fields, as in [`Oddity::field`].
    pub fields: Vec<String>,
    /// The reason, with what it is known from.
    pub reason: String,
}

impl Explanation {
    fn covers(&self, oddity: &Oddity) -> bool {
        self.operation == oddity.operation
            && self.part == oddity.part
            && self.fields.contains(&oddity.field)
    }
}

/// Returns the oddities of a service that are not explained, and the fields that are explained
/// and not odd, a line for each.
pub fn problems(service: &Service, explanations: &[Explanation]) -> Vec<String> {
    let oddities = of(service);
    let unexplained = oddities
        .iter()
        .filter(|oddity| !explanations.iter().any(|explanation| explanation.covers(oddity)))
        .map(ToString::to_string);
    let unneeded = explanations.iter().flat_map(|explanation| {
        let needed = |field: &&String| {
            oddities.iter().any(|odd| odd.field == **field && explanation.covers(odd))
        };
        let (operation, part) = (&explanation.operation, &explanation.part);
        let fields = explanation.fields.iter().filter(move |field| !needed(field));
        fields.map(move |field| format!("{operation} {part}: {field} is explained, but not odd"))
    });
    unexplained.chain(unneeded).collect()
}

/// Returns the oddities of all operations of a service, in order.
pub fn of(service: &Service) -> Vec<Oddity> {
    let mut found: Vec<Oddity> =
        service.operations.iter().flat_map(|operation| of_operation(service, operation)).collect();
    found.sort();
    found
}

fn of_operation(service: &Service, operation: &Operation) -> Vec<Oddity> {
    let Some(whole) = service.versions.intersect(&operation.versions) else { return Vec::new() };
    let schemas = &operation.schemas;
    let mut parts: Vec<(String, VersionRange, &Merged)> = Vec::new();
    parts.extend(schemas.request.schema().map(|schema| ("request".to_owned(), whole, schema)));
    parts.extend(schemas.query.as_ref().map(|schema| ("query".to_owned(), whole, schema)));
    for response in &schemas.responses {
        let versions = response.versions.intersect(&whole);
        if let Some((versions, schema)) = versions.zip(response.body.schema()) {
            parts.push((format!("response {}", response.status), versions, schema));
        }
    }
    let mut found = Vec::new();
    for (part, versions, schema) in parts {
        found.extend(of_schema(schema, versions).into_iter().map(|(field, kind)| Oddity {
            operation: operation.id.clone(),
            part: part.clone(),
            field,
            kind,
        }));
    }
    found
}

/// Returns the fields of one schema that are odd, in order.
fn of_schema(schema: &Merged, whole: VersionRange) -> Vec<(String, OddityKind)> {
    let boundaries: Vec<Microversion> = schema.boundaries().into_iter().collect();
    let cells: Vec<(Option<Microversion>, BTreeMap<String, bool>)> = intervals(whole, &boundaries)
        .into_iter()
        .filter_map(|cell| {
            let mut fields = BTreeMap::new();
            collect(&schema.at(cell.min.or(cell.max))?, "", &mut fields);
            Some((cell.min, fields))
        })
        .collect();
    let mut names: Vec<&String> = cells.iter().flat_map(|(_, fields)| fields.keys()).collect();
    names.sort();
    names.dedup();
    names.into_iter().filter_map(|name| Some((name.clone(), odd(name, &cells)?))).collect()
}

fn odd(name: &str, cells: &[(Option<Microversion>, BTreeMap<String, bool>)]) -> Option<OddityKind> {
    let holder = name.rsplit_once('/').map_or("", |(holder, _)| holder);
    let (mut seen, mut gone) = (false, None);
    let mut required = false;
    for (version, fields) in cells {
        // Without the object around it there is no field to miss.
        let has_holder = holder.is_empty() || fields.contains_key(holder);
        match fields.get(name) {
            Some(_) if gone.is_some() => {
                return Some(OddityKind::ComesBack { gone: gone?, back: *version });
            }
            Some(false) if required => return Some(OddityKind::Loosened { since: *version }),
            Some(is_required) => (seen, required) = (true, *is_required),
            None if has_holder && seen && gone.is_none() => gone = Some(*version),
            None => {}
        }
    }
    None
}

/// Collects the fields of a schema for one version, and whether each is required.
fn collect(schema: &Value, at: &str, fields: &mut BTreeMap<String, bool>) {
    let required = schema.get("required").and_then(Value::as_array);
    for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let field = format!("{at}/{name}");
        let is_required = required.is_some_and(|list| list.iter().any(|one| one == name));
        collect(inner, &field, fields);
        fields.insert(field, is_required);
    }
    if let Some(items) = schema.get("items") {
        let field = format!("{at}/*");
        fields.insert(field.clone(), false);
        collect(items, &field, fields);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn oddities(schema: Value) -> Vec<String> {
        let whole =
            VersionRange::new(Some(Microversion::new(2, 1)), Some(Microversion::new(2, 20)));
        let found = of_schema(&Merged(schema), whole).into_iter().map(|(field, kind)| Oddity {
            operation: "o".to_owned(),
            part: "p".to_owned(),
            field,
            kind,
        });
        found.map(|oddity| oddity.to_string()).collect()
    }

    #[test]
    fn a_field_that_comes_back_is_odd() {
        let tag = |min: &str, max: &str| json!({"min-ver": min, "max-ver": max, "schema": {}});
        let variants = json!({"variants": [tag("2.2", "2.4"), tag("2.7", "2.20")]});
        let item = json!({"properties": {"tag": {"x-openstack": variants}, "id": {}}});
        let found = oddities(json!({"properties": {"list": {"items": item}}}));
        assert_eq!(found, ["o p: /list/*/tag is gone at 2.5 and back at 2.7"]);
    }

    #[test]
    fn a_field_that_is_no_longer_required_is_odd() {
        let required = json!([{"name": "a", "max-ver": "2.8"}, {"name": "b", "min-ver": "2.9"}]);
        let found = oddities(json!({
            "properties": {"a": {}, "b": {}},
            "x-openstack": {"required": required},
        }));
        assert_eq!(found, ["o p: /a is required, and optional from 2.9"]);
    }

    #[test]
    fn a_field_that_ends_with_its_object_is_not_odd() {
        let object = json!({"x-openstack": {"max-ver": "2.8"}, "properties": {"a": {}}});
        assert_eq!(oddities(json!({"properties": {"o": object}})), [""; 0]);
    }
}
