//! Headers of requests and responses, as a spec describes them.
//!
//! A header is text. Its schema is of what the text says: `integer` are decimal digits,
//! `boolean` is true or false in any case, and everything else is the text itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Merged, Microversion, VersionRange};

/// A header, or a family of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct HeaderSchema {
    /// The name in lower case; a final `*` stands for any ending, as in `x-object-meta-*`.
    pub name: String,
    /// The versions that have it.
    #[serde(default, skip_serializing_if = "VersionRange::is_all")]
    pub versions: VersionRange,
    /// Whether every such message has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Why a message may lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub omitted: Option<String>,
    /// The schema of its value.
    pub schema: Merged,
}

impl HeaderSchema {
    /// Whether a header of this name, in lower case, is described.
    pub fn matches(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => self.name == name,
        }
    }

    /// Returns the versions at which it comes, goes or changes.
    pub fn boundaries(&self) -> BTreeSet<Microversion> {
        let mut found = self.schema.boundaries();
        found.extend(self.versions.ends());
        found
    }

    /// Returns what is wrong with the description, if anything.
    pub fn fault(&self) -> Option<HeaderFault> {
        let name = self.name.strip_suffix('*').unwrap_or(&self.name);
        let is_token = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if name.chars().any(|c| c.is_ascii_uppercase()) {
            return Some(HeaderFault::UpperCase(self.name.to_ascii_lowercase()));
        }
        if name.is_empty() || !name.chars().all(is_token) {
            return Some(HeaderFault::Name);
        }
        if self.required && name.len() < self.name.len() {
            return Some(HeaderFault::RequiredFamily);
        }
        if self.required && self.omitted.is_some() {
            return Some(HeaderFault::RequiredAndOmitted);
        }
        fault_of_schema(&self.schema.0)
    }
}

/// The types of values that a header may have.
const TYPES: [&str; 3] = ["string", "integer", "boolean"];
/// The formats of text that a header may have.
const FORMATS: [&str; 5] = ["date-time", "http-date", "uri", "uri-reference", "uuid"];
/// The keywords that say something of a text, a number or a boolean.
const KEYWORDS: [&str; 10] = [
    "type",
    "format",
    "enum",
    "const",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    crate::materialise::VERSIONS_KEY,
];

fn fault_of_schema(schema: &Value) -> Option<HeaderFault> {
    let Value::Object(keywords) = schema else { return Some(HeaderFault::Type) };
    if let Some(unknown) = keywords.keys().find(|key| !KEYWORDS.contains(&key.as_str())) {
        return Some(HeaderFault::Keyword(unknown.clone()));
    }
    let marks = keywords.get(crate::materialise::VERSIONS_KEY);
    if let Some(variants) = marks.and_then(|m| m.get("variants")).and_then(Value::as_array) {
        return variants.iter().filter_map(|v| v.get("schema")).find_map(fault_of_schema);
    }
    let is_known =
        |known: &[&str], value: &Value| value.as_str().is_some_and(|v| known.contains(&v));
    if !keywords.get("type").is_some_and(|ty| is_known(&TYPES, ty)) {
        return Some(HeaderFault::Type);
    }
    let format = keywords.get("format").filter(|format| !is_known(&FORMATS, format));
    format.map(|format| HeaderFault::Format(format.as_str().unwrap_or_default().to_owned()))
}

/// What is wrong with the description of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderFault {
    /// The name has capital letters; it would be this one without them.
    UpperCase(String),
    /// The name has characters that a header's name cannot have.
    Name,
    /// A family of headers is required.
    RequiredFamily,
    /// The header is required, and there is a reason why it is omitted.
    RequiredAndOmitted,
    /// The schema has no type that text can express.
    Type,
    /// The schema has a keyword that says nothing of a header.
    Keyword(String),
    /// The schema has a format that is not known.
    Format(String),
}

impl HeaderFault {
    /// Returns what is wrong, and what to do about it.
    pub fn explained(&self) -> (String, String) {
        let types = TYPES.join(", ");
        match self {
            Self::UpperCase(name) => (
                "the name of a header is written in lower case".to_owned(),
                format!("write `{name}`"),
            ),
            Self::Name => (
                "a header cannot have this name".to_owned(),
                "write lower-case letters, digits and `-`; a final `*` stands for any ending"
                    .to_owned(),
            ),
            Self::RequiredFamily => (
                "a family of headers cannot be required".to_owned(),
                "remove `required`, or name the header that every message has".to_owned(),
            ),
            Self::RequiredAndOmitted => (
                "the header is `required`, and `omitted` says why it may be missing".to_owned(),
                "remove one of the two".to_owned(),
            ),
            Self::Type => (
                "the schema of a header needs a type that text can express".to_owned(),
                format!("write `type`, one of {types}"),
            ),
            Self::Keyword(word) => (
                format!("`{word}` says nothing of a header, which is text"),
                "remove it, or describe the text by `pattern` or `enum`".to_owned(),
            ),
            Self::Format(word) => (
                format!("unknown format of a header `{word}`"),
                format!("known: {}", FORMATS.join(", ")),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn header(name: &str, schema: Value) -> HeaderSchema {
        HeaderSchema {
            name: name.to_owned(),
            versions: VersionRange::ALL,
            required: true,
            omitted: None,
            schema: Merged(schema),
        }
    }

    #[test]
    fn a_family_matches_every_ending() {
        let family = header("x-object-meta-*", json!({"type": "string"}));
        assert!(family.matches("x-object-meta-color") && !family.matches("x-object-metadata"));
        assert_eq!(family.fault(), Some(HeaderFault::RequiredFamily));
    }

    #[test]
    fn each_mistake_is_found() {
        let text = json!({"type": "string"});
        assert_eq!(header("etag", text.clone()).fault(), None);
        let by_version = json!({"x-openstack": {"variants": [{"schema": {"type": "array"}}]}});
        for (name, schema, fault) in [
            ("ETag", text.clone(), HeaderFault::UpperCase("etag".to_owned())),
            ("e tag", text.clone(), HeaderFault::Name),
            ("*", text, HeaderFault::Name),
            ("etag", json!({}), HeaderFault::Type),
            ("etag", json!({"type": "object"}), HeaderFault::Type),
            ("etag", by_version, HeaderFault::Type),
            (
                "etag",
                json!({"type": "string", "items": {}}),
                HeaderFault::Keyword("items".to_owned()),
            ),
            (
                "etag",
                json!({"type": "string", "format": "time"}),
                HeaderFault::Format("time".to_owned()),
            ),
        ] {
            assert_eq!(header(name, schema).fault(), Some(fault));
        }
        let omitted = header("etag", json!({"type": "string"}));
        let omitted = HeaderSchema { omitted: Some("a reason".to_owned()), ..omitted };
        assert_eq!(omitted.fault(), Some(HeaderFault::RequiredAndOmitted));
    }
}
