//! Writes headers, error responses, and the forms of errors that the operations share.

use std::collections::{BTreeMap, BTreeSet};

use miette::{WrapErr as _, miette};
use serde_json::{Map, Value, json};
use squall_codegen::spelling;
use squall_model::VersionRange;

use super::cells::{self, range_marks};
use super::facts::{ErrorStatus, Facts, Form, Header};
use super::kept::Kept;
use super::phrases::phrase;

/// Returns the error responses of an operation by status.
pub(super) fn errors(facts: &Facts, one: &Kept) -> miette::Result<Vec<(u16, Value)>> {
    let found = &one.op.errors;
    let ranges = found.iter().map(|error| (error.code, error.versions));
    let statuses = cells::by_status(ranges, facts.range(), one.versions)
        .wrap_err("its error statuses cannot be merged")?;
    statuses
        .into_iter()
        .map(|(code, versions)| Ok((code, error(facts, found, code, versions)?)))
        .collect()
}

fn error(
    facts: &Facts,
    found: &[ErrorStatus],
    code: u16,
    versions: VersionRange,
) -> miette::Result<Value> {
    let of_code = || found.iter().filter(|error| error.code == code);
    let forms: BTreeSet<&String> = of_code().filter_map(|error| error.form.as_ref()).collect();
    let mut marks = range_marks(versions);
    let reasons: BTreeSet<&str> = of_code().filter_map(|error| error.reason.as_deref()).collect();
    let mut forms = forms.into_iter();
    let (form, response) = match (forms.next(), forms.next()) {
        (None, _) => return Ok(marked(json!({"description": phrase(code)}), marks)),
        (Some(form), None) => (form, json!({"$ref": format!("#/components/responses/{form}")})),
        (Some(one), Some(other)) => {
            return Err(miette!(
                help = "describe a form that allows both, by media type or by `oneOf`",
                "the status {code} has the forms {one} and {other}"
            ));
        }
    };
    if !facts.messages.forms.contains_key(form) {
        return Err(miette!("the status {code} has the form {form}, which the facts lack"));
    }
    if !reasons.is_empty() {
        let reasons: Vec<&str> = reasons.into_iter().collect();
        marks.insert("reason".to_owned(), json!(reasons.join("; ")));
    }
    Ok(marked(response, marks))
}

/// Returns the forms that operations refer to, as components.
pub(super) fn forms(facts: &Facts, kept: &[Kept]) -> Map<String, Value> {
    let errors = kept.iter().flat_map(|one| &one.op.errors);
    let used: BTreeSet<&String> = errors.filter_map(|error| error.form.as_ref()).collect();
    let all = facts.messages.forms.iter().filter(|(name, _)| used.contains(name));
    all.map(|(name, found)| (name.clone(), form(found))).collect()
}

fn form(form: &Form) -> Value {
    let mut out = json!({"description": form.description});
    if !form.headers.is_empty() {
        out["headers"] = Value::Object(headers(form.headers.iter()));
    }
    if !form.content.is_empty() {
        out["content"] = form
            .content
            .iter()
            .map(|(media_type, schema)| {
                (media_type.clone(), json!({"schema": spelling::write(schema)}))
            })
            .collect();
    }
    let body = match (form.content.is_empty(), form.optional) {
        (true, _) => Some("none"),
        (false, true) => Some("optional"),
        (false, false) => None,
    };
    if let Some(word) = body {
        out["x-openstack"] = json!({"body": word});
    }
    out
}

/// Writes headers by name.
pub(super) fn headers<'a>(found: impl Iterator<Item = &'a Header>) -> Map<String, Value> {
    let sorted: BTreeMap<&str, &Header> =
        found.map(|header| (header.name.as_str(), header)).collect();
    sorted.into_iter().map(|(name, found)| (name.to_owned(), header(found))).collect()
}

/// Writes the headers of a response of success with a status.
pub(super) fn of_success(one: &Kept, status: u16) -> Map<String, Value> {
    let has = |header: &&Header| header.codes.is_empty() || header.codes.contains(&status);
    headers(one.op.response_headers.iter().filter(has))
}

/// Writes the request headers of an operation as parameters, by name.
pub(super) fn parameters(found: &[Header]) -> Vec<Value> {
    let all = headers(found.iter()).into_iter();
    all.map(|(name, mut parameter)| {
        parameter["name"] = json!(name);
        parameter["in"] = json!("header");
        parameter
    })
    .collect()
}

fn header(header: &Header) -> Value {
    let mut out = json!({"schema": spelling::write(&header.schema)});
    if header.required {
        out["required"] = json!(true);
    }
    let mut marks = range_marks(header.versions.into());
    if let Some(why) = &header.omitted {
        marks.insert("omitted".to_owned(), json!(why));
    }
    marked(out, marks)
}

fn marked(mut value: Value, marks: Map<String, Value>) -> Value {
    if !marks.is_empty() {
        value["x-openstack"] = Value::Object(marks);
    }
    value
}

#[cfg(test)]
mod tests {
    use squall_codegen::generate::{self, Source};
    use squall_model::service::ServiceProfile;

    use super::super::report::MergeReport;
    use super::super::{Edition, document, keep, policies, yaml};
    use super::*;

    /// Facts with every part that this module writes.
    fn facts() -> Value {
        let text = json!({"type": "string"});
        let header = |name: &str, more: Value| {
            let mut header = json!({"name": name, "schema": text, "required": false,
                "min": null, "max": null, "omitted": null});
            header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            header
        };
        let body = |state: &str| json!({"state": state});
        let code = json!({"type": "string", "x-openstack": {"min-ver": "1.3"}});
        let error = json!({"type": "object", "properties": {"code": code}});
        json!({
            "service": "placement", "packages": [{"name": "placement", "version": "1"}],
            "min": "1.0", "max": "1.9", "schemas": {}, "policies": [],
            "messages": {
                "forms": {
                    "Error": {"description": "An error.", "optional": true, "headers": [],
                        "content": {"application/json": error, "text/html": text}},
                    "Empty": {"description": "Nothing.", "optional": false, "content": {},
                        "headers": [header("retry-after", json!({"required": true}))]},
                    "Unused": {"description": "Nothing.", "optional": false, "content": {},
                        "headers": []},
                },
                "request_headers": [header("x-auth-token", json!({}))],
                "response_headers": [header("x-version", json!({"required": true, "min": "1.2"}))],
            },
            "operations": [{
                "method": "PUT", "path": "/things/{id}",
                "request": body("none"), "query": body("none"), "response": body("none"),
                "statuses": [{"code": 200}, {"code": 201}],
                "errors": [
                    {"code": 404, "form": "Error"},
                    {"code": 404, "form": "Error", "min": "1.4"},
                    {"code": 409, "form": "Error", "min": "1.5", "reason": "a generation"},
                    {"code": 410},
                    {"code": 503, "form": "Empty"},
                ],
                "request_headers": [header("if-match", json!({"min": "1.6"}))],
                "response_headers": [
                    header("location", json!({"codes": [201], "required": true})),
                    header("etag", json!({"omitted": "a reason"})),
                ],
                "errors_provenance": "in-tree",
                "unknown": {"headers": "a reason"},
            }],
        })
    }

    fn written(facts: &Value) -> miette::Result<String> {
        let facts: Facts = serde_json::from_value(facts.clone()).unwrap();
        let mut report = MergeReport::default();
        let strays = policies::Strays::default();
        let (kept, _) = keep(&facts, &strays, Edition::Past, &mut report)?;
        let profile = ServiceProfile::of("placement");
        Ok(yaml::write(&document::document(&facts, profile, &kept, &[])?))
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = written(&facts()).unwrap();
        let outcome = generate::service(Source { file: "openapi.yaml", text: &text }, None);
        assert!(outcome.diagnostics.is_empty(), "{:#?}\n{text}", outcome.diagnostics);
        let service = outcome.service.unwrap();
        let forms: Vec<&String> = service.shared.forms.keys().collect();
        assert_eq!(forms, ["Empty", "Error"]);
        let names = |found: &[squall_model::HeaderSchema]| {
            found.iter().map(|header| header.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&service.shared.request_headers), ["x-auth-token"]);
        assert_eq!(names(&service.shared.response_headers), ["x-version"]);
        let schemas = &service.operations[0].schemas;
        assert!(schemas.no_query);
        assert_eq!(names(&schemas.request_headers), ["if-match"]);
        assert_eq!(names(&schemas.responses[0].headers), ["etag"]);
        assert_eq!(names(&schemas.responses[1].headers), ["etag", "location"]);
        let errors: Vec<String> =
            schemas.errors.iter().map(|e| format!("{} {}", e.status, e.versions)).collect();
        let all =
            ["404 every version", "409 1.5 and later", "410 every version", "503 every version"];
        assert_eq!(errors, all);
        assert_eq!(schemas.origins.errors, squall_model::Provenance::InTree);
        assert_eq!(service.operations[0].unknown.len(), 1);
    }

    #[test]
    fn a_status_has_one_form_that_the_facts_have() {
        let mut two = facts();
        two["operations"][0]["errors"][1]["form"] = json!("Empty");
        let mut unknown = facts();
        unknown["operations"][0]["errors"][2]["form"] = json!("Fault");
        for (facts, message) in [
            (two, "the status 404 has the forms Empty and Error"),
            (unknown, "the status 409 has the form Fault, which the facts lack"),
        ] {
            let report = written(&facts).unwrap_err();
            assert!(report.chain().any(|cause| cause.to_string() == message), "{report:?}");
        }
    }
}
