//! Lowers the operations of a document, including actions.

use std::collections::BTreeMap;

use openapiv3::{self as openapi, Parameter, PathItem, ReferenceOr};
use serde_json::Value;
use squall_model::materialise::VERSIONS_KEY;
use squall_model::operation::path_parameters;
use squall_model::{
    BodySchema, Gate, HeaderSchema, Method, OperationSchemas, PolicyRef, Provenance, StatusRange,
    VersionRange,
};

use super::Lower;
use super::coverage::{self, Gap};
use super::extension::{
    self, DocumentExtension, OperationExtension, ParameterExtension, QueryMark,
};
use crate::diagnostic::{Diagnostics, pointer};
use crate::model::{Names, Operation, Part};
use crate::read::{self, Document};

/// Returns the operations of a path item, including COPY, which OpenAPI 3.0 lacks.
fn methods(
    item: &PathItem,
    raw: Option<&Value>,
    at: &str,
    sink: &mut Diagnostics,
) -> Vec<(Method, openapi::Operation, String)> {
    let mut out = Vec::new();
    for (name, operation) in item.iter() {
        let at = pointer(at, name);
        match Method::from_name(name) {
            Some(method) => out.push((method, operation.clone(), at)),
            None => sink.error(at, format!("unsupported method `{name}`"), "remove the operation"),
        }
    }
    if let Some(copy) = raw.and_then(|raw| raw.get("copy")) {
        let at = pointer(at, "copy");
        out.extend(read::operation(copy, &at, sink).map(|operation| (Method::Copy, operation, at)));
    }
    out
}

/// An operation and its position.
struct Source<'a> {
    path: &'a str,
    item: &'a PathItem,
    /// The parameters of the operation whose action this is.
    shared: &'a [ReferenceOr<Parameter>],
    method: Method,
    operation: &'a openapi::Operation,
    action: Option<&'a str>,
}

impl Lower<'_> {
    /// Lowers every operation of the document.
    pub(super) fn all(
        &mut self,
        document: &Document,
        service: &DocumentExtension,
    ) -> Vec<Operation> {
        let mut out = Vec::new();
        for (path, item) in document.typed.paths.iter() {
            let at = pointer("/paths", path);
            let ReferenceOr::Item(item) = item else {
                let help = "write its operations here";
                self.sink.error(at, "a path item must not be a `$ref`", help);
                continue;
            };
            for (method, operation, at) in methods(item, self.raw.pointer(&at), &at, self.sink) {
                let operation = &operation;
                let source = Source { path, item, shared: &[], method, operation, action: None };
                self.operation(&source, &at, &mut out);
            }
        }
        check_ids(&out, service, self.sink);
        out.into_iter().map(|(operation, _)| operation).collect()
    }

    fn operation(&mut self, source: &Source<'_>, at: &str, out: &mut Vec<(Operation, String)>) {
        let marks = source.operation.extensions.get("x-openstack");
        let marks_at = pointer(at, "x-openstack");
        let marks: OperationExtension = extension::read(marks, &marks_at, self.sink);
        if !marks.actions.is_empty() && source.action.is_none() {
            for (action, value) in &marks.actions {
                let at = pointer(&pointer(&marks_at, "actions"), action);
                if let Some(operation) = read::operation(value, &at, self.sink) {
                    let source = Source {
                        operation: &operation,
                        action: Some(action.as_str()),
                        shared: &source.operation.parameters,
                        ..*source
                    };
                    self.operation(&source, &at, out);
                }
            }
            // A body without the key of an action may be an operation too: neutron creates one
            // network or, under another key, several.
            if source.operation.operation_id.is_none() {
                return;
            }
        }
        let Some(id) = source.operation.operation_id.clone() else {
            self.sink.error(
                at,
                "the operation has no id",
                "write `operationId: service.resource.verb`",
            );
            return;
        };
        let operation = self.one(id, source, marks, at);
        out.push((operation, at.to_owned()));
    }

    fn one(
        &mut self,
        id: String,
        source: &Source<'_>,
        marks: OperationExtension,
        at: &str,
    ) -> Operation {
        let versions = marks.versions();
        let (query, request_headers) = self.parameters(source, &marks, at);
        let (request, schema) = self.request(source.operation, source.method, &marks, at);
        let (response, responses, error_schemas) = self.responses(source.operation, versions, at);
        let ranges = responses.iter().map(|r| (r.status, r.versions));
        let success = statuses(ranges);
        let errors = statuses(error_schemas.iter().map(|e| (e.status, e.versions)));
        let schemas = OperationSchemas {
            request: schema,
            query,
            no_query: matches!(marks.query, Some(QueryMark::None)),
            responses,
            errors: error_schemas,
            request_headers,
            origins: marks.provenance.origins(),
        };
        if let Some(whole) = self.versions.intersect(&versions).filter(|w| w.min.is_some()) {
            let gaps = coverage::gaps(whole, &success, &schemas, &marks.holes);
            self.report_gaps(&gaps, at);
        }
        self.check_paging(&marks, &schemas, at);
        self.check_unknown(&marks, &schemas, at);
        Operation {
            id,
            method: source.method,
            path: source.path.to_owned(),
            action: source.action.map(str::to_owned),
            summary: source.operation.summary.clone().unwrap_or_default(),
            versions,
            success,
            errors,
            policies: policies(&marks),
            unenforced: marks.unenforced,
            extension: marks.extension,
            paging: marks.paging.map(|mark| mark.0),
            unknown: marks.unknown,
            schemas,
            request,
            response,
            names: Names::default(),
        }
    }

    /// Reports the versions of which the document does not say what an operation takes or
    /// answers. A published document cannot mark them, so that there they are only warnings.
    fn report_gaps(&mut self, gaps: &[Gap], at: &str) {
        if gaps.is_empty() {
            return;
        }
        let list: Vec<String> = gaps.iter().map(ToString::to_string).collect();
        let message = format!("no {}", list.join(", no "));
        if self.is_ours {
            let help =
                "extend the versions of what is there, or mark missing schemas under `holes`";
            self.sink.error(pointer(at, VERSIONS_KEY), message, help);
        } else {
            let help = "extend the versions upstream; until then nothing is checked there";
            self.sink.warning(at, message, help);
        }
    }

    /// Checks that the response schema has what the paging refers to.
    fn check_paging(&mut self, marks: &OperationExtension, schemas: &OperationSchemas, at: &str) {
        let Some(paging) = marks.paging.as_ref().map(|mark| &mark.0) else { return };
        let success = schemas.responses.iter().filter(|response| response.status < 400);
        for schema in success.filter_map(|response| response.body.schema()) {
            if let Some(fault) = paging.fault(&schema.0) {
                self.sink.error(
                    pointer(&pointer(at, "x-openstack"), "paging"),
                    fault.to_string(),
                    "name the field of the items that is the marker, as a key or as a JSON \
                     pointer like `/keypair/name`, or remove `paging` if the list has no pages",
                );
                return;
            }
        }
    }

    /// Reports a reason for not describing a part that is described.
    fn check_unknown(&mut self, marks: &OperationExtension, schemas: &OperationSchemas, at: &str) {
        for (part, reason) in &marks.unknown {
            let is_described = match part {
                Part::Request => schemas.request != BodySchema::Unknown,
                Part::Query => schemas.query.is_some() || schemas.no_query,
                Part::Response => schemas.responses.iter().all(|r| r.body != BodySchema::Unknown),
                Part::Errors => schemas.origins.errors != Provenance::Unknown,
                Part::Headers => schemas.origins.headers != Provenance::Unknown,
            };
            let word = part.word();
            let at = pointer(&format!("{at}/x-openstack/unknown"), word);
            if is_described {
                let message = format!("`unknown` has a reason for `{word}`, which is described");
                self.sink.error(at, message, "remove the reason");
            } else if reason.trim().is_empty() {
                let help = "say in a few words why nothing is known of it";
                self.sink.error(at, format!("the reason for `{word}` is empty"), help);
            }
        }
    }

    /// Checks the path parameters, and returns the query as one object schema, and the headers.
    fn parameters(
        &mut self,
        source: &Source<'_>,
        marks: &OperationExtension,
        at: &str,
    ) -> (Option<squall_model::Merged>, Vec<HeaderSchema>) {
        let mut named = Vec::new();
        let mut headers = Vec::new();
        let mut properties = serde_json::Map::new();
        let mut required = Vec::new();
        let shared = source.item.parameters.iter().chain(source.shared);
        for parameter in shared.chain(&source.operation.parameters) {
            let Some(parameter) = self.parameter(parameter, at) else { continue };
            let data = parameter.parameter_data_ref();
            match &parameter {
                Parameter::Path { .. } => named.push(data.name.clone()),
                Parameter::Query { .. } => {
                    let schema = self.query_parameter(data, at);
                    properties.insert(data.name.clone(), schema);
                    if data.required {
                        required.push(data.name.clone());
                    }
                }
                Parameter::Header { .. } if self.is_ours => {
                    let at = pointer(&pointer(at, "parameters"), &data.name);
                    headers.push(self.request_header(data, &at));
                }
                Parameter::Header { .. } | Parameter::Cookie { .. } => self.sink.warning(
                    pointer(&pointer(at, "parameters"), &data.name),
                    format!(
                        "the parameter `{}` is left out: it is not in the path or query",
                        data.name
                    ),
                    "set headers with `Call::header`",
                ),
            }
        }
        for missing in path_parameters(source.path).filter(|p| !named.iter().any(|n| n == p)) {
            self.sink.error(
                at,
                format!("the path parameter `{missing}` is not declared"),
                format!(
                    "add `{{name: {missing}, in: path, required: true, schema: {{type: string}}}}`"
                ),
            );
        }
        let mut query = match &marks.query {
            Some(QueryMark::Schema(query)) => {
                let schema = self.schema(query, &format!("{at}/x-openstack/query"));
                return (Some(squall_model::Merged(schema)), headers);
            }
            _ if properties.is_empty() => return (None, headers),
            Some(QueryMark::None) => {
                self.sink.error(
                    format!("{at}/x-openstack/query"),
                    "`query: none`, but the operation has parameters in the query",
                    "remove one of the two",
                );
                return (None, headers);
            }
            None => serde_json::json!({"type": "object", "properties": properties}),
        };
        if !required.is_empty() {
            query["required"] = serde_json::json!(required);
        }
        (Some(squall_model::Merged(query)), headers)
    }

    fn parameter(&mut self, parameter: &ReferenceOr<Parameter>, at: &str) -> Option<Parameter> {
        match parameter {
            ReferenceOr::Item(parameter) => Some(parameter.clone()),
            ReferenceOr::Reference { reference } => {
                let target = crate::reference::target(self.raw, reference);
                let read = target.and_then(|raw| serde_json::from_value(raw.clone()).ok());
                if read.is_none() {
                    self.sink.error(
                        at,
                        format!("`{reference}` does not lead to a parameter"),
                        "add it under `components`, or correct the pointer",
                    );
                }
                read
            }
        }
    }

    fn query_parameter(&mut self, data: &openapi::ParameterData, at: &str) -> Value {
        let spelled = match &data.format {
            openapi::ParameterSchemaOrContent::Schema(schema) => serde_json::to_value(schema).ok(),
            openapi::ParameterSchemaOrContent::Content(_) => None,
        };
        let at = pointer(&pointer(at, "parameters"), &data.name);
        let spelled = spelled.unwrap_or_else(|| serde_json::json!({}));
        let mut schema = self.schema(&spelled, &at);
        let marks = data.extensions.get("x-openstack");
        let marks: ParameterExtension = extension::read(marks, &at, self.sink);
        let range = VersionRange::new(marks.min_ver, marks.max_ver);
        if let (Value::Object(map), true) = (&mut schema, range != VersionRange::ALL) {
            map.entry("x-openstack").or_insert_with(|| serde_json::json!(range));
        }
        schema
    }
}

fn statuses(found: impl Iterator<Item = (u16, VersionRange)>) -> Vec<StatusRange> {
    found.map(|(status, versions)| StatusRange { status, versions }).collect()
}

fn policies(marks: &OperationExtension) -> Vec<PolicyRef> {
    let mut rules: BTreeMap<&str, Gate> = BTreeMap::new();
    for policy in &marks.policies.0 {
        rules.entry(&policy.rule).or_insert(policy.gate);
    }
    rules.into_iter().map(|(rule, gate)| PolicyRef { rule: rule.to_owned().into(), gate }).collect()
}

/// Checks the form of every id, its service, and that it is unique.
fn check_ids(
    operations: &[(Operation, String)],
    service: &DocumentExtension,
    sink: &mut Diagnostics,
) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (operation, at) in operations {
        let place = pointer(at, "operationId");
        let parts: Vec<&str> = operation.id.split('.').collect();
        let plain = |part: &&str| !part.is_empty() && crate::name::snake(part) == **part;
        if parts.len() != 3 || !parts.iter().all(plain) || parts[0] != service.service {
            sink.error(
                &place,
                format!(
                    "`{}` is not a valid id of the service `{}`",
                    operation.id, service.service
                ),
                format!("write `{}.resource.verb`, each part in snake_case", service.service),
            );
        }
        if let Some(other) = seen.insert(&operation.id, at) {
            sink.error(
                &place,
                format!("`{}` is also the id of {other}", operation.id),
                "use a different id for each operation",
            );
        }
    }
}
