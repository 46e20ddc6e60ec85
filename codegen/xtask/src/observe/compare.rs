//! Compares one answer with its spec.

use serde_json::Value;
use squall_client::validate::{
    Deviation, DeviationKind, ResponseParts, Schema, Validators, Violation,
};
use squall_client::{Error, OperationRef};
use squall_model::materialise::{Circumstances, Extensions};
use squall_model::schema::type_of;
use squall_records::observed::{KeptAnswer, Vocabulary, normal};

use super::change::Change;
use super::spec::Spec;
use super::table::Cell;

/// Compares the answers of one service.
pub(super) struct Comparer<'a> {
    spec: &'a Spec,
    validators: Validators,
}

/// What comparing an answer found.
pub(super) struct Compared {
    /// The cell that it confirms, if it matches a description.
    pub(super) confirmed: Option<Cell>,
    pub(super) differences: Vec<Difference>,
}

/// A difference between an answer and its spec.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    pub(super) change: Change,
    /// What the spec says.
    pub(super) expected: String,
    /// What was answered.
    pub(super) answered: String,
}

impl<'a> Comparer<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        Self { spec, validators: Validators::default() }
    }

    /// Compares an answer; `None` if the spec does not have the operation at its version.
    ///
    /// # Errors
    /// A schema of the spec cannot be compiled.
    pub(super) fn compare(&self, answer: &KeptAnswer) -> Result<Option<Compared>, Error> {
        let Some(operation) = self.spec.operation(&answer.operation) else {
            return Ok(None);
        };
        if !operation.versions.contains(answer.version) {
            // A test may ask at a version that lacks the operation; the refusal is not its own.
            return Ok(None);
        }
        let at = Circumstances {
            version: answer.version,
            extensions: answer.extensions.as_ref().map_or(Extensions::Unknown, Extensions::These),
            fields_selected: answer.fields_selected,
        };
        let (headers, body) = (answer.header_map(), answer.received());
        let parts = ResponseParts { status: answer.status, headers: &headers, body: &body };
        let compared = self.validators.compare(operation, &parts, &at)?;
        let mut differences = Vec::new();
        if !compared.deviations.is_empty() {
            let judge = self.judge(answer, operation, &at)?;
            let explained = compared.deviations.iter().flat_map(|found| judge.explain(found));
            differences.extend(explained);
        }
        differences.extend(answer.version_problem.as_ref().map(|problem| Difference {
            change: Change::KeepVersion,
            expected: "the microversion of the request".to_owned(),
            answered: problem.clone(),
        }));
        let is_declared = operation.declares(answer.status, answer.version);
        // A client does not object to an error where the spec does not claim to know all.
        let is_known = compared.deviations.iter().any(|d| d.kind == DeviationKind::Status);
        if !is_declared && !is_known && answer.status < 500 {
            differences.push(other_status(answer.status));
        }
        // What was altered was not compared, and of selected fields the others were not answered.
        let is_whole = answer.altered.is_empty() && !answer.fields_selected;
        let confirms = differences.is_empty() && is_declared && compared.described && is_whole;
        let model = self.spec.service.operations.iter().find(|o| o.id == answer.operation);
        let confirmed = model
            .filter(|_| confirms)
            .and_then(|model| Cell::of(&self.spec.service, model, answer.version, answer.status));
        Ok(Some(Compared { confirmed, differences }))
    }

    fn judge<'b>(
        &self,
        answer: &'b KeptAnswer,
        operation: &OperationRef,
        at: &Circumstances<'_>,
    ) -> Result<Judge<'b>, Error> {
        let described = self.validators.described(operation, answer.status, answer.version)?;
        let vocabulary = Vocabulary::of(&described.schemas);
        let schemas = described.schemas.iter().filter_map(|schema| schema.under(at)).collect();
        Ok(Judge { answer, schemas, vocabulary })
    }
}

fn other_status(status: u16) -> Difference {
    Difference {
        change: Change::DeclareStatus,
        expected: format!("no status {status}"),
        answered: format!("status {status}"),
    }
}

/// Says what each deviation of one answer means.
struct Judge<'a> {
    answer: &'a KeptAnswer,
    /// The schemas of its body.
    schemas: Vec<Value>,
    vocabulary: Vocabulary,
}

impl Judge<'_> {
    fn explain(&self, deviation: &Deviation) -> Vec<Difference> {
        let altered = &self.answer.altered;
        let message = || deviation.finding.message.clone();
        match &deviation.kind {
            DeviationKind::Status => vec![other_status(self.answer.status)],
            DeviationKind::UnexpectedBody => vec![Difference {
                change: Change::DescribeBody,
                expected: "no body".to_owned(),
                answered: "a body".to_owned(),
            }],
            DeviationKind::OtherBody => vec![Difference {
                change: Change::Look { at: String::new(), keyword: "content".to_owned() },
                expected: "a body of a described media type".to_owned(),
                answered: message(),
            }],
            DeviationKind::HeaderMissing(name) => vec![Difference {
                change: Change::HeaderOptional { name: name.clone() },
                expected: format!("the header `{name}` in every response"),
                answered: "no such header".to_owned(),
            }],
            DeviationKind::HeaderValue(name) if altered.contains(name) => Vec::new(),
            DeviationKind::HeaderValue(name) => {
                let values = self.answer.headers.get(name).map(|values| values.join(", "));
                vec![Difference {
                    change: Change::HeaderValue { name: name.clone() },
                    expected: format!("another value of the header `{name}`"),
                    answered: format!("`{}`: {}", values.unwrap_or_default(), message()),
                }]
            }
            DeviationKind::Value(violation) => {
                if altered.contains(&normal(&violation.pointer, &self.vocabulary)) {
                    return Vec::new();
                }
                let body = self.answer.received();
                let Some(body) = body.json() else { return Vec::new() };
                self.value(violation, body, None)
            }
        }
    }

    /// Explains a violation; `within` is the schema, unless it is one of the body's.
    fn value(
        &self,
        violation: &Violation,
        body: &Value,
        within: Option<&Value>,
    ) -> Vec<Difference> {
        let at = normal(&violation.pointer, &self.vocabulary);
        let value = body.pointer(&violation.pointer).unwrap_or(&Value::Null);
        let keyword = violation.keyword.as_str();
        let schemas = within.into_iter().chain(&self.schemas);
        let said = schemas
            .clone()
            .find_map(|schema| Some((schema, schema.pointer(&violation.schema_pointer)?)));
        let expected = match said {
            Some((_, said)) => format!("{keyword}: {}", shortened(said)),
            None => keyword.to_owned(),
        };
        let one =
            |change, answered| vec![Difference { change, expected: expected.clone(), answered }];
        let shown = || format!("{} {}", type_of(value), shortened(value));
        match keyword {
            "type" | "enum" | "const" | "anyOf" | "oneOf" if value.is_null() => {
                one(Change::Nullable { at }, "null".to_owned())
            }
            "type" => {
                let change = Change::Type { at, found: type_of(value).to_owned() };
                one(change, shown())
            }
            "enum" | "const" if !value.is_object() && !value.is_array() => {
                one(Change::EnumValue { at, value: value.clone() }, shown())
            }
            "additionalProperties" | "unevaluatedProperties" => {
                let name = |name: &String| Difference {
                    change: Change::AddProperty {
                        at: at.clone(),
                        name: name.clone(),
                        value: value.get(name).cloned().unwrap_or_default(),
                    },
                    expected: format!("no property `{name}`"),
                    answered: format!(
                        "`{name}`: {}",
                        shortened(value.get(name).unwrap_or(&Value::Null))
                    ),
                };
                violation.names.iter().map(name).collect()
            }
            "required" => {
                let name = |name: &String| Difference {
                    change: Change::Omit { at: at.clone(), name: name.clone() },
                    expected: format!("`{name}` in every answer"),
                    answered: format!("an object without `{name}`"),
                };
                violation.names.iter().map(name).collect()
            }
            "anyOf" | "oneOf" => {
                let nearer = said.and_then(|(root, branches)| {
                    self.branch(root, branches, violation, value, body)
                });
                nearer.unwrap_or_else(|| {
                    let change = Change::Look { at, keyword: keyword.to_owned() };
                    one(change, format!("{}: {}", shown(), violation.message))
                })
            }
            "format" | "pattern" | "minLength" | "maxLength" | "minimum" | "maximum"
            | "exclusiveMinimum" | "exclusiveMaximum" | "minItems" | "maxItems" | "uniqueItems"
            | "minProperties" | "maxProperties" => {
                one(Change::Loosen { at, keyword: keyword.to_owned() }, shown())
            }
            _ => {
                let change = Change::Look { at, keyword: keyword.to_owned() };
                one(change, format!("{}: {}", shown(), violation.message))
            }
        }
    }

    /// Explains what is wrong with the only branch that a value can mean: the one of its type, or
    /// that with the fewest violations.
    fn branch(
        &self,
        root: &Value,
        branches: &Value,
        violation: &Violation,
        value: &Value,
        body: &Value,
    ) -> Option<Vec<Difference>> {
        let mut best: Option<(Vec<Violation>, Value)> = None;
        for branch in branches.as_array()? {
            let mut schema = resolved(root, branch).as_object()?.clone();
            for shared in ["$defs", "definitions"] {
                if let Some(definitions) = root.get(shared) {
                    schema.entry(shared).or_insert_with(|| definitions.clone());
                }
            }
            let schema = Value::Object(schema);
            let found = Schema::compile(&schema).ok()?.violations(value);
            // More than one branch matches, and one was wanted.
            if found.is_empty() {
                return None;
            }
            let is_other_type = found.iter().any(|v| v.pointer.is_empty() && v.keyword == "type");
            let is_nearer = best.as_ref().is_none_or(|(least, _)| found.len() < least.len());
            if !is_other_type && is_nearer {
                best = Some((found, schema));
            }
        }
        let (found, schema) = best?;
        let explained = found.into_iter().flat_map(|inner| {
            let pointer = format!("{}{}", violation.pointer, inner.pointer);
            self.value(&Violation { pointer, ..inner }, body, Some(&schema))
        });
        Some(explained.collect())
    }
}

/// Follows references within a schema.
fn resolved<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    for _ in 0..8 {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|r| r.strip_prefix('#')).and_then(|at| root.pointer(at));
        match target {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Writes a value in at most one line.
fn shortened(value: &Value) -> String {
    const LONGEST: usize = 160;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
