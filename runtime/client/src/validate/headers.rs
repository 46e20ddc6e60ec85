//! Validating the headers of a response.
//!
//! A header is text, and its schema is of what the text says (`squall_model::header`). Most
//! headers may have any text: only their presence is looked at, which costs a lookup each.

use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use squall_model::{Finding, HeaderSchema, Microversion};

use super::{Deviation, DeviationKind, Schema, SchemaError};

/// The headers of a response at one microversion, ready to be checked.
#[derive(Debug, Default)]
pub(super) struct HeaderChecks {
    checks: Vec<HeaderCheck>,
    /// Where the spec describes them, as it reads after "described in".
    place: String,
}

#[derive(Debug)]
struct HeaderCheck {
    /// The name; of a family, what every name of it starts with.
    name: String,
    is_family: bool,
    required: bool,
    value: ValueKind,
    /// The schema, unless it is the type alone.
    schema: Option<Schema>,
}

/// What the text of a header says.
#[derive(Debug, Clone, Copy)]
enum ValueKind {
    Text,
    Integer,
    Boolean,
}

impl HeaderChecks {
    /// Prepares the headers that the spec describes in `place`.
    pub(super) fn new(
        headers: &[HeaderSchema],
        version: Option<Microversion>,
        place: String,
    ) -> Result<Self, SchemaError> {
        let here = headers.iter().filter(|header| header.versions.contains(version));
        let checks = here.filter_map(|header| {
            let schema = header.schema.at(version)?;
            let value = match schema.get("type").and_then(Value::as_str) {
                Some("integer") => ValueKind::Integer,
                Some("boolean") => ValueKind::Boolean,
                _ => ValueKind::Text,
            };
            let says_more = schema.as_object().is_some_and(|keywords| keywords.len() > 1);
            let compiled = says_more.then(|| Schema::compile(&schema)).transpose();
            let (name, is_family) = match header.name.strip_suffix('*') {
                Some(start) => (start, true),
                None => (header.name.as_str(), false),
            };
            let name = name.to_owned();
            let required = header.required;
            Some(compiled.map(|schema| HeaderCheck { name, is_family, required, value, schema }))
        });
        Ok(Self { checks: checks.collect::<Result<_, _>>()?, place })
    }

    /// Returns what is wrong with the headers of a response; `own` are those of the operation,
    /// which hold in place of these where both describe a header.
    pub(super) fn deviations(
        &self,
        headers: &HeaderMap,
        own: Option<&Self>,
        id: &str,
    ) -> Vec<Deviation> {
        let mut found = Vec::new();
        for check in &self.checks {
            if own.is_some_and(|own| own.checks.iter().any(|other| other.name == check.name)) {
                continue;
            }
            let mut note = |kind: DeviationKind, code: &str, message: String| {
                let evidence = format!("described in {}", self.place);
                let finding = Finding::error(code, id, message).with_evidence(evidence);
                found.push(Deviation { kind, finding });
            };
            if check.is_family {
                for (name, value) in
                    headers.iter().filter(|(n, _)| n.as_str().starts_with(&check.name))
                {
                    if let Err(what) = check.value(value) {
                        let kind = DeviationKind::HeaderValue(name.to_string());
                        note(kind, WRONG, format!("the header `{name}` {what}"));
                    }
                }
                continue;
            }
            let mut values = headers.get_all(check.name.as_str()).iter().peekable();
            if check.required && values.peek().is_none() {
                let kind = DeviationKind::HeaderMissing(check.name.clone());
                note(kind, MISSING, format!("the response lacks the header `{}`", check.name));
            }
            for value in values {
                if let Err(what) = check.value(value) {
                    let kind = DeviationKind::HeaderValue(check.name.clone());
                    note(kind, WRONG, format!("the header `{}` {what}", check.name));
                }
            }
        }
        found
    }
}

/// The codes of findings about headers.
const MISSING: &str = "header-missing";
const WRONG: &str = "header-does-not-match";

impl HeaderCheck {
    /// Checks a value; the error reads after the name of the header.
    fn value(&self, value: &HeaderValue) -> Result<(), String> {
        if let (ValueKind::Text, None) = (self.value, &self.schema) {
            return Ok(());
        }
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown =
            || if value.is_sensitive() { "a secret".to_owned() } else { format!("{text:?}") };
        let read = match self.value {
            ValueKind::Text => Some(Value::from(text.as_ref())),
            ValueKind::Integer => decimal(&text).map(Value::from),
            ValueKind::Boolean => boolean(&text).map(Value::from),
        };
        let Some(read) = read else {
            let expected = match self.value {
                ValueKind::Boolean => "true or false",
                ValueKind::Integer | ValueKind::Text => "a number in decimal digits",
            };
            return Err(format!("is {}, expected {expected}", shown()));
        };
        match self
            .schema
            .as_ref()
            .map(|schema| schema.violations(&read))
            .unwrap_or_default()
            .first()
        {
            Some(violation) if value.is_sensitive() => {
                Err(format!("violates `{}` of its schema", violation.keyword))
            }
            Some(violation) => Err(format!("does not match: {}", violation.message)),
            None => Ok(()),
        }
    }
}

fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use squall_model::{Merged, VersionRange};

    use super::*;

    fn header(name: &str, required: bool, schema: Value) -> HeaderSchema {
        HeaderSchema {
            name: name.to_owned(),
            versions: VersionRange::since(Microversion::new(2, 5)),
            required,
            omitted: None,
            schema: Merged(schema),
        }
    }

    fn found(
        described: &HeaderSchema,
        minor: u16,
        answered: &[(&'static str, &str)],
    ) -> Vec<String> {
        let version = Some(Microversion::new(2, minor));
        let checks =
            HeaderChecks::new(std::slice::from_ref(described), version, String::new()).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in answered {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        crate::redact::mark(&mut headers);
        let found = checks.deviations(&headers, None, "a.b.c");
        found.into_iter().map(|deviation| deviation.finding.message).collect()
    }

    #[test]
    fn a_header_is_missed_at_the_versions_that_have_it() {
        let location = header("location", true, json!({"type": "string"}));
        assert_eq!(found(&location, 5, &[]), ["the response lacks the header `location`"]);
        assert!(found(&location, 4, &[]).is_empty());
        assert!(found(&location, 5, &[("location", "anywhere")]).is_empty());
        let optional = HeaderSchema { required: false, ..location };
        assert!(found(&optional, 5, &[]).is_empty());
    }

    #[test]
    fn each_value_is_checked_as_what_it_says() {
        let number = header("x-size", false, json!({"type": "integer", "minimum": 1}));
        assert!(found(&number, 5, &[("x-size", "12")]).is_empty());
        assert_eq!(
            found(&number, 5, &[("x-size", "12"), ("x-size", "many")]),
            ["the header `x-size` is \"many\", expected a number in decimal digits"]
        );
        assert_eq!(found(&number, 5, &[("x-size", "0")]).len(), 1);
        let yes = header("x-newest", false, json!({"type": "boolean"}));
        assert!(found(&yes, 5, &[("x-newest", "True")]).is_empty());
        assert_eq!(
            found(&yes, 5, &[("x-newest", "1")]),
            ["the header `x-newest` is \"1\", expected true or false"]
        );
        let date = header("x-date", false, json!({"type": "string", "format": "http-date"}));
        assert!(found(&date, 5, &[("x-date", "Sun, 29 Nov 2026 19:00:00 GMT")]).is_empty());
        assert_eq!(found(&date, 5, &[("x-date", "2026-11-29")]).len(), 1);
    }

    #[test]
    fn every_header_of_a_family_is_checked() {
        let family = header("x-meta-*", false, json!({"type": "string", "pattern": "^[a-z]+$"}));
        let answered = [("x-meta-color", "red"), ("x-meta-size", "1"), ("x-other", "2")];
        let found = found(&family, 5, &answered);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("the header `x-meta-size` does not match"), "{found:?}");
    }

    #[test]
    fn a_secret_is_not_shown() {
        let token =
            header("x-subject-token", false, json!({"type": "string", "pattern": "^[0-9]$"}));
        let found = found(&token, 5, &[("x-subject-token", "hunter2")]);
        assert_eq!(found, ["the header `x-subject-token` violates `pattern` of its schema"]);
    }
}
