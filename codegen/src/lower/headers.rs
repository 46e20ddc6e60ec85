//! Lowers headers: of responses, of requests, and those that all messages of a service have.

use openapiv3::{self as openapi, ReferenceOr};
use serde_json::{Map, Value};
use squall_model::{HeaderSchema, Merged, VersionRange};

use super::Lower;
use super::extension::{self, HeaderExtension};
use crate::diagnostic::pointer;
use crate::read;

impl Lower<'_> {
    /// Lowers the headers of a response, whose typed form is `headers`.
    pub(super) fn response_headers<'h>(
        &mut self,
        headers: impl IntoIterator<Item = (&'h String, &'h ReferenceOr<openapi::Header>)>,
        at: &str,
    ) -> Vec<HeaderSchema> {
        let at = pointer(at, "headers");
        let mut out = Vec::new();
        for (name, header) in headers {
            let at = pointer(&at, name);
            match header {
                ReferenceOr::Item(header) => out.push(self.header(name, header, &at)),
                ReferenceOr::Reference { .. } => {
                    self.sink.error(at, "a header must not be a `$ref`", "write it here");
                }
            }
        }
        out
    }

    /// Lowers the headers that all messages of the service have, from the document's mark.
    pub(super) fn shared_headers(
        &mut self,
        mark: &str,
        found: &Map<String, Value>,
    ) -> Vec<HeaderSchema> {
        let at = format!("/x-openstack/{mark}");
        let mut out = Vec::new();
        for (name, raw) in found {
            let at = pointer(&at, name);
            let Some(header) = read::header(raw, &at, self.sink) else { continue };
            let header = self.header(name, &header, &at);
            if mark == REQUEST {
                self.check_request_header(&header, &at);
            }
            out.push(header);
        }
        out
    }

    fn header(&mut self, name: &str, header: &openapi::Header, at: &str) -> HeaderSchema {
        let marks = header.extensions.get("x-openstack");
        let marks: HeaderExtension = extension::read(marks, &pointer(at, "x-openstack"), self.sink);
        self.described(name, header.required, &header.format, marks, at)
    }

    /// Lowers a parameter in a header. Names in a published document have capital letters.
    pub(super) fn request_header(
        &mut self,
        data: &openapi::ParameterData,
        at: &str,
    ) -> HeaderSchema {
        let marks = data.extensions.get("x-openstack");
        let marks: HeaderExtension = extension::read(marks, at, self.sink);
        let header = self.described(&data.name, data.required, &data.format, marks, at);
        self.check_request_header(&header, at);
        header
    }

    fn described(
        &mut self,
        name: &str,
        required: bool,
        format: &openapi::ParameterSchemaOrContent,
        marks: HeaderExtension,
        at: &str,
    ) -> HeaderSchema {
        let spelled = match format {
            openapi::ParameterSchemaOrContent::Schema(schema) => serde_json::to_value(schema).ok(),
            openapi::ParameterSchemaOrContent::Content(_) => None,
        };
        let schema_at = pointer(at, "schema");
        let spelled = self.raw.pointer(&schema_at).cloned().or(spelled).unwrap_or_default();
        let header = HeaderSchema {
            name: name.to_owned(),
            versions: VersionRange::new(marks.min_ver, marks.max_ver),
            required,
            omitted: marks.omitted,
            schema: Merged(self.schema(&spelled, &schema_at)),
        };
        if let Some(fault) = header.fault() {
            let (message, help) = fault.explained();
            self.sink.error(at, format!("`{name}`: {message}"), help);
        }
        header
    }

    /// Reports a mark that only says something of what a service answers.
    fn check_request_header(&mut self, header: &HeaderSchema, at: &str) {
        if header.omitted.is_some() {
            self.sink.error(
                at,
                format!("`{}`: `omitted` says why a response lacks a header", header.name),
                "remove it: a header of a request is optional unless it is `required`",
            );
        }
    }
}

/// The document's marks with headers.
pub(super) const REQUEST: &str = "request-headers";
pub(super) const RESPONSE: &str = "response-headers";
