//! Validating responses: the body of a success, and the whole of an answer of either kind.

use std::collections::BTreeMap;

use serde_json::Value;
use squall_model::materialise::Circumstances;
use squall_model::{
    BodySchema, ErrorBody, ErrorSchema, Finding, FormSource, HeaderSchema, Merged, Method,
    Microversion, Operation, Provenance, Severity,
};

use super::cache::{Entry, UNKNOWN_KEY, deviations, place};
use super::{
    Deviation, DeviationKind, ResponseComparison, ResponseDescription, ResponseParts,
    ValidationOutcome, Validators,
};
use crate::body::{Body, is_json};
use crate::error::Error;
use crate::headers::media_type;
use crate::operation::OperationRef;

impl Validators {
    /// Validates a response: its status, its headers and its body; see
    /// [`compare`](Self::compare).
    ///
    /// # Errors
    /// A schema cannot be read or compiled.
    pub fn answer(
        &self,
        operation: &OperationRef,
        parts: &ResponseParts<'_>,
        at: &Circumstances<'_>,
    ) -> Result<ValidationOutcome, Error> {
        self.compare(operation, parts, at).map(ValidationOutcome::from)
    }

    /// Compares a response with its spec.
    ///
    /// - Of a success, the body is compared as by [`response_under`](Self::response_under).
    /// - A 2xx that the operation does not declare is a difference.
    /// - An error whose status the operation does not declare is one, unless it is a 5xx, which
    ///   no operation promises, or the spec does not claim to know the operation's errors.
    /// - The body of an error has to be of a media type that the form of its status has.
    ///
    /// # Errors
    /// A schema cannot be read or compiled.
    pub fn compare(
        &self,
        operation: &OperationRef,
        parts: &ResponseParts<'_>,
        at: &Circumstances<'_>,
    ) -> Result<ResponseComparison, Error> {
        let entry = self.entry(operation)?;
        if parts.status < 400 {
            let mut found = self.success(operation, parts.status, at, parts.body)?;
            found.deviations.extend(entry.header_deviations(operation, parts, at.version)?);
            found.deviations.extend(undeclared_success(operation, parts.status, at.version));
            return Ok(found);
        }
        if !operation.declares(parts.status, at.version) {
            let is_complete = entry.schemas.origins.errors != Provenance::Unknown;
            if parts.status >= 500 || !is_complete || operation.errors.is_empty() {
                return Ok(ResponseComparison::UNDESCRIBED);
            }
            let declared = operation.errors.iter().filter(|e| e.versions.contains(at.version));
            let statuses: Vec<String> = declared.map(|error| error.status.to_string()).collect();
            let finding = undeclared(operation, parts.status, at.version, &statuses);
            return Ok(one(DeviationKind::Status, finding));
        }
        let mut found = match entry.schemas.error(parts.status, at.version) {
            Some(error) => entry.error(operation, error, parts, at.version)?,
            None => ResponseComparison::UNDESCRIBED,
        };
        found.deviations.extend(entry.header_deviations(operation, parts, at.version)?);
        Ok(found)
    }

    /// Returns what the spec says of the responses of a status.
    ///
    /// # Errors
    /// The schemas cannot be read.
    pub fn described(
        &self,
        operation: &OperationRef,
        status: u16,
        version: Option<Microversion>,
    ) -> Result<ResponseDescription, Error> {
        let entry = self.entry(operation)?;
        let mut found = ResponseDescription::default();
        let mut own: &[HeaderSchema] = &[];
        if let Some(response) = entry.schemas.response(status, version) {
            found.schemas.extend(response.body.schema().cloned());
            own = &response.headers;
        } else if let Some(error) = entry.schemas.error(status, version)
            && let Some(form) = error.form(&entry.shared.schemas)
        {
            if let ErrorBody::Described { content, .. } = &form.body {
                found.schemas.extend(content.values().cloned());
            }
            own = &form.headers;
        }
        let all = own.iter().chain(&entry.shared.schemas.response_headers);
        found.headers = all.map(|header| header.name.clone()).collect();
        Ok(found)
    }

    /// Validates the body of a success, not knowing the cloud's extensions.
    ///
    /// # Errors
    /// As for [`response_under`](Self::response_under).
    pub fn response(
        &self,
        operation: &OperationRef,
        status: u16,
        version: Option<Microversion>,
        body: &Body,
    ) -> Result<ValidationOutcome, Error> {
        let at = Circumstances { version, ..Circumstances::default() };
        self.response_under(operation, status, &at, body)
    }

    /// Validates the body of a success.
    ///
    /// - A status or a body that the spec does not describe is [`ValidationOutcome::UNKNOWN`].
    /// - If the spec declares that there is no body, a body is a violation.
    /// - A body of another media type than JSON is not examined.
    ///
    /// # Errors
    /// A schema cannot be read or compiled.
    pub fn response_under(
        &self,
        operation: &OperationRef,
        status: u16,
        at: &Circumstances<'_>,
        body: &Body,
    ) -> Result<ValidationOutcome, Error> {
        self.success(operation, status, at, body).map(ValidationOutcome::from)
    }

    /// Compares the body of a success.
    fn success(
        &self,
        operation: &OperationRef,
        status: u16,
        at: &Circumstances<'_>,
        body: &Body,
    ) -> Result<ResponseComparison, Error> {
        let entry = self.entry(operation)?;
        let Some(response) = entry.schemas.response(status, at.version) else {
            return Ok(ResponseComparison::UNDESCRIBED);
        };
        let fail = |kind, message: &str| {
            let finding = Finding::error("response-does-not-match", place(operation), message);
            Ok(one(kind, finding))
        };
        let none = ResponseComparison::described(Vec::new());
        match &response.body {
            BodySchema::Unknown => Ok(ResponseComparison::UNDESCRIBED),
            // A response to HEAD has no body, whatever the spec says of GET.
            _ if operation.method == Method::Head => Ok(none),
            BodySchema::None if body.is_empty() => Ok(none),
            BodySchema::None => fail(DeviationKind::UnexpectedBody, "expected no body, found one"),
            BodySchema::Described { media_type, .. } if !is_json(media_type) => Ok(none),
            BodySchema::Described { schema, .. } => {
                // Nova's schemas describe an empty body as `null`: nova 34.0.0,
                // `nova.api.openstack.compute.schemas.servers.create_image_response`.
                let value = match body.json() {
                    Some(value) => value,
                    None if body.is_empty() => &Value::Null,
                    None => {
                        let found = body.problem().unwrap_or_default();
                        let message = format!("expected JSON, found {found}");
                        return fail(DeviationKind::OtherBody, &message);
                    }
                };
                let schema = entry.response_schema(operation, status, schema, at)?;
                let Some(schema) = schema else { return Ok(ResponseComparison::UNDESCRIBED) };
                let mut found = deviations(&schema, value, operation, "response", "");
                if self.warns_of_unknown_keys() {
                    let findings = found.iter_mut().map(|deviation| &mut deviation.finding);
                    findings.filter(|finding| finding.code == UNKNOWN_KEY).for_each(|finding| {
                        finding.severity = Severity::Warning;
                    });
                }
                if body.is_empty() && !found.is_empty() {
                    return fail(DeviationKind::OtherBody, "expected JSON, found no body");
                }
                Ok(ResponseComparison::described(found))
            }
        }
    }
}

/// The comparison that found one difference.
fn one(kind: DeviationKind, finding: Finding) -> ResponseComparison {
    ResponseComparison::described(vec![Deviation { kind, finding }])
}

impl Entry {
    /// Compares the body of an error of a declared status.
    fn error(
        &self,
        operation: &Operation,
        error: &ErrorSchema,
        parts: &ResponseParts<'_>,
        version: Option<Microversion>,
    ) -> Result<ResponseComparison, Error> {
        let body = parts.body;
        let Some(form) = error.form(&self.shared.schemas) else {
            return Ok(ResponseComparison::UNDESCRIBED);
        };
        let place_of_form = match &error.form {
            FormSource::Shared(name) => {
                format!("the form {name} of {} errors", operation.service())
            }
            FormSource::Own(_) => format!("the response {} of {}", error.status, operation.id),
        };
        let fail = |kind, message: String| {
            let finding = Finding::error(ERROR, place(operation), message);
            let evidence = format!("described in {place_of_form}");
            Ok(one(kind, finding.with_evidence(evidence)))
        };
        let none = ResponseComparison::described(Vec::new());
        match &form.body {
            ErrorBody::Unknown => Ok(ResponseComparison::UNDESCRIBED),
            _ if operation.method == Method::Head => Ok(none),
            ErrorBody::None | ErrorBody::Described { optional: true, .. } if body.is_empty() => {
                Ok(none)
            }
            ErrorBody::None => {
                let message = "expected an error without a body, found one".to_owned();
                fail(DeviationKind::UnexpectedBody, message)
            }
            ErrorBody::Described { content, .. } => {
                let fail = |message| fail(DeviationKind::OtherBody, message);
                let expected =
                    || content.keys().map(String::as_str).collect::<Vec<_>>().join(" or ");
                if body.is_empty() {
                    return fail(format!("expected an error as {}, found no body", expected()));
                }
                let Some((name, schema)) = of_media_type(content, media_type(parts.headers), body)
                else {
                    let found = body.problem().unwrap_or_else(|| "JSON".to_owned());
                    return fail(format!("expected an error as {}, found {found}", expected()));
                };
                let text;
                let value = if let Some(value) = body.json().filter(|_| is_json(name)) {
                    value
                } else {
                    text = Value::from(String::from_utf8_lossy(body.bytes()));
                    &text
                };
                let schema = self.error_schema(operation, error, name, schema, version)?;
                let Some(schema) = schema else { return Ok(ResponseComparison::UNDESCRIBED) };
                let found = deviations(&schema, value, operation, "error", &place_of_form);
                Ok(ResponseComparison::described(found))
            }
        }
    }
}

/// Returns the difference if a 2xx is not one of the declared statuses of success.
fn undeclared_success(
    operation: &Operation,
    status: u16,
    version: Option<Microversion>,
) -> Option<Deviation> {
    let is_declared = operation.success.is_empty() || operation.declares_success(status, version);
    if is_declared || !(200..300).contains(&status) {
        return None;
    }
    let message = format!("the spec declares no success status {status}");
    let finding = Finding::error(UNDECLARED, place(operation), message);
    Some(Deviation { kind: DeviationKind::Status, finding })
}

/// The code of a finding about a status.
const UNDECLARED: &str = "status-not-declared";

/// The code of a finding about the body of an error.
const ERROR: &str = "error-does-not-match";

/// Finds the schema of the media type that a body has. JSON is JSON by whatever name the
/// service sends it.
fn of_media_type<'a>(
    content: &'a BTreeMap<String, Merged>,
    media_type: Option<&str>,
    body: &Body,
) -> Option<(&'a str, &'a Merged)> {
    let is_one = |described: &str| !is_json(described) || body.json().is_some();
    let essence = media_type.and_then(|name| name.split(';').next()).unwrap_or_default().trim();
    let mut all = content.iter().map(|(described, schema)| (described.as_str(), schema));
    let exact = all.clone().find(|(name, _)| name.eq_ignore_ascii_case(essence) && is_one(name));
    exact.or_else(|| all.find(|(name, _)| is_json(name) && body.json().is_some()))
}

fn undeclared(
    operation: &Operation,
    status: u16,
    version: Option<Microversion>,
    declared: &[String],
) -> Finding {
    let at = version.map_or_else(String::new, |version| format!(" at {version}"));
    let message = if declared.is_empty() {
        format!("the spec declares no error status{at}, the service answered {status}")
    } else {
        format!("the spec declares no status {status}{at}, only {}", declared.join(", "))
    };
    Finding::error(UNDECLARED, place(operation), message)
        .with_evidence(format!("described in the responses of {}", operation.id))
}
