//! The constraints of an operation over its versions: which there are, and since when each is
//! as it is.

use std::collections::BTreeMap;

use serde_json::Value;
use squall_client::validate::Schema;
use squall_model::description::DescribedRequest;
use squall_model::operation::intervals;
use squall_model::{BodySchema, Merged, Microversion, OperationSchemas, VersionRange};

use crate::constraint::distinct;
use crate::lists::ListedConstraint;
use crate::standin::{stand_ins, texts_of};
use crate::{Constraint, body, query};

/// An operation with its described request.
#[derive(Debug, Clone, Copy)]
pub struct ConstrainedRequest<'a> {
    /// The operation's id.
    pub operation: &'a str,
    /// The versions that the service and the operation have.
    pub versions: VersionRange,
    /// The schemas of its messages.
    pub schemas: &'a OperationSchemas,
    /// How it is called.
    pub described: &'a DescribedRequest,
}

/// Returns the constraints of a request at one version, each with its id, of which no two are
/// the same.
///
/// `sent` is the JSON body, and `parameters` the query, of a valid request.
pub fn derive(
    schemas: &OperationSchemas,
    version: Option<Microversion>,
    sent: Option<&Value>,
    parameters: &[(String, String)],
) -> Vec<(String, Constraint)> {
    let mut found = Vec::new();
    if let (Some(schema), Some(sent)) = (json_schema(schemas, version), sent)
        && let Ok(compiled) = Schema::compile(&schema)
    {
        found.extend(body(&schema, &compiled, sent));
    }
    if let Some(schema) = schemas.query.as_ref().and_then(|schema| schema.at(version)) {
        found.extend(query(&schema, parameters));
    }
    distinct(found)
}

/// Returns the schema of a JSON body at a version.
fn json_schema(schemas: &OperationSchemas, version: Option<Microversion>) -> Option<Value> {
    match &schemas.request {
        BodySchema::Described { media_type, schema } if media_type.contains("json") => {
            schema.at(version)
        }
        _ => None,
    }
}

impl ConstrainedRequest<'_> {
    /// Lists the constraints over all versions: each at the newest, and where it says something
    /// else in earlier versions, each run of those.
    pub fn list(&self) -> Vec<ListedConstraint<'static>> {
        let body = self.schemas.request.schema().map(Merged::boundaries);
        let query = self.schemas.query.as_ref().map(Merged::boundaries);
        let variants = self.described.variants.iter().flat_map(|variant| variant.versions.ends());
        let cuts: Vec<Microversion> =
            body.into_iter().chain(query).flatten().chain(variants).collect();
        let mut runs: BTreeMap<(String, bool), Vec<Run>> = BTreeMap::new();
        let intervals = match self.versions.min {
            Some(_) => intervals(self.versions, &cuts),
            None => vec![VersionRange::ALL],
        };
        let last = intervals.len().saturating_sub(1);
        for (at, interval) in intervals.iter().enumerate() {
            let version = if at == last { interval.max.or(interval.min) } else { interval.min };
            for (id, constraint) in self.at(version) {
                let says = constraint.says;
                let runs = runs.entry((id, constraint.valid)).or_default();
                match runs.last_mut() {
                    Some(run) if run.last + 1 == at && run.says == says => {
                        run.last = at;
                        run.versions.max = interval.max;
                    }
                    _ => runs.push(Run { says, last: at, versions: *interval }),
                }
            }
        }
        let operation = self.operation.to_owned();
        let all = runs.into_iter().flat_map(|((id, valid), runs)| {
            let operation = operation.clone();
            runs.into_iter().map(move |run| ListedConstraint {
                operation: operation.clone().into(),
                id: id.clone().into(),
                valid,
                newest: run.last == last,
                versions: run.versions,
            })
        });
        all.collect()
    }

    /// Returns the constraints at one version, with values in the place of placeholders.
    pub fn at(&self, version: Option<Microversion>) -> Vec<(String, Constraint)> {
        if self.described.answer_at(version).is_some() {
            return Vec::new();
        }
        let sent = self.described.json_at(version).ok().flatten().and_then(|body| {
            let schema = json_schema(self.schemas, version)?;
            stand_ins(&body, &Schema::compile(&schema).ok()?)
        });
        let mut parameters: Vec<(String, String)> = Vec::new();
        let variants = self.described.variants_at(version);
        for (name, text) in self.described.query.iter().chain(variants.flat_map(|one| one.query)) {
            parameters.retain(|(held, _)| held != name);
            parameters.push(((*name).to_owned(), (*text).to_owned()));
        }
        let parameters = self.filled(version, parameters);
        derive(self.schemas, version, sent.as_ref(), &parameters)
    }

    /// Returns the parameters with values in the place of placeholders, such that the query is
    /// valid if it can be.
    fn filled(
        &self,
        version: Option<Microversion>,
        parameters: Vec<(String, String)>,
    ) -> Vec<(String, String)> {
        let schema = self.schemas.query.as_ref().and_then(|schema| schema.at(version));
        let fits = |name: &str, text: &str| {
            let part = schema.as_ref()?.get("properties")?.get(name)?;
            Some(Schema::compile(part).ok()?.is_valid(&Value::from(text)))
        };
        let fill = |(name, text): (String, String)| {
            let choices = texts_of(&text);
            let fitting = choices.iter().find(|text| fits(&name, text) == Some(true));
            let text = fitting.or(choices.first()).cloned().unwrap_or(text);
            (name, text)
        };
        parameters.into_iter().map(fill).collect()
    }
}

/// Intervals that follow each other and say the same.
struct Run {
    says: Value,
    /// The index of the last interval.
    last: usize,
    versions: VersionRange,
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use squall_model::description::DescribedBody;

    use super::*;

    #[test]
    fn a_constraint_is_listed_at_the_newest_version_and_where_it_was_another() {
        let schema = json!({"type": "object", "properties": {"name": {"x-openstack": {"variants": [
            {"max-ver": "2.9", "schema": {"type": "string", "maxLength": 3}},
            {"min-ver": "2.10", "schema": {"type": "string", "maxLength": 5}},
        ]}}}});
        let schemas = OperationSchemas {
            request: BodySchema::Described {
                media_type: "application/json".to_owned(),
                schema: Merged(schema),
            },
            ..OperationSchemas::default()
        };
        let described = DescribedRequest {
            body: DescribedBody::Json(r#"{"name": "a"}"#),
            ..DescribedRequest::new("toys.toys.create")
        };
        let v = |minor| Some(Microversion::new(2, minor));
        let versions = VersionRange::new(v(1), v(20));
        let request = ConstrainedRequest {
            operation: "toys.toys.create",
            versions,
            schemas: &schemas,
            described: &described,
        };
        let all = request.list();
        let of = |id: &str| -> Vec<(bool, String)> {
            let found = all.iter().filter(|one| one.id == id && !one.valid);
            found.map(|one| (one.newest, one.versions.to_string())).collect()
        };
        assert_eq!(
            of("body.name.maxlength"),
            [(false, "2.1 to 2.9".to_owned()), (true, "2.10 to 2.20".to_owned())]
        );
        assert_eq!(of("body.name.type-null"), [(true, "2.1 to 2.20".to_owned())]);
    }
}
