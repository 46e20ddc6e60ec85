//! Lowers error responses: the forms of a service, and which of them an operation has.

use std::collections::BTreeMap;

use openapiv3::{self as openapi, ReferenceOr};
use squall_model::{ErrorBody, ErrorForm, ErrorSchema, FormSource, Merged, VersionRange};

use super::Lower;
use super::extension::{self, BodyMark, ReferenceExtension, ResponseExtension};
use crate::diagnostic::pointer;

/// The start of a reference to a form of the service.
const FORMS: &str = "#/components/responses/";

impl Lower<'_> {
    /// Lowers the forms of the service, which are the responses among the components.
    pub(super) fn forms(
        &mut self,
        components: &openapi::Components,
    ) -> BTreeMap<String, ErrorForm> {
        let mut out = BTreeMap::new();
        for (name, response) in &components.responses {
            let at = pointer("/components/responses", name);
            let ReferenceOr::Item(response) = response else {
                self.sink.error(at, "a shared response must not be a `$ref`", "write it here");
                continue;
            };
            let marks = response.extensions.get("x-openstack");
            let marks: ResponseExtension =
                extension::read(marks, &pointer(&at, "x-openstack"), self.sink);
            if marks.min_ver.is_some() || marks.max_ver.is_some() {
                self.sink.error(
                    pointer(&at, "x-openstack"),
                    "a shared response has no versions of its own",
                    "write the versions beside the `$ref`, or in the schema of the body",
                );
            }
            out.insert(name.clone(), self.form(response, marks.body, &at));
        }
        out
    }

    /// Lowers an error response of an operation.
    pub(super) fn error(
        &mut self,
        status: u16,
        response: &ReferenceOr<openapi::Response>,
        at: &str,
    ) -> Option<ErrorSchema> {
        match response {
            ReferenceOr::Item(response) => {
                let marks = self.response_marks(response, at);
                let versions = VersionRange::new(marks.min_ver, marks.max_ver);
                let form = FormSource::Own(self.form(response, marks.body, at));
                Some(ErrorSchema { status, versions, form })
            }
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix(FORMS)?;
                let raw = self.raw;
                let marks = raw.pointer(&pointer(at, "x-openstack"));
                let marks: ReferenceExtension =
                    extension::read(marks, &pointer(at, "x-openstack"), self.sink);
                let versions = VersionRange::new(marks.min_ver, marks.max_ver);
                Some(ErrorSchema { status, versions, form: FormSource::Shared(name.to_owned()) })
            }
        }
    }

    /// Reports a reference of a response that does not lead to a form.
    pub(super) fn check_form(&mut self, status: u16, reference: &str, at: &str) {
        let known = self.raw.pointer("/components/responses");
        let is_known = |name: &str| known.is_some_and(|known| known.get(name).is_some());
        let (message, help) = match reference.strip_prefix(FORMS) {
            _ if status < 400 => (
                "a response of success must not be a `$ref`".to_owned(),
                "write it here: only errors share their responses".to_owned(),
            ),
            Some(name) if is_known(name) => return,
            Some(name) => {
                let names = known.and_then(serde_json::Value::as_object).into_iter().flatten();
                let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
                let help = if names.is_empty() {
                    "add it under `components/responses`".to_owned()
                } else {
                    format!("add it under `components/responses`; known: {}", names.join(", "))
                };
                (format!("there is no shared response `{name}`"), help)
            }
            None => (
                format!("`{reference}` does not lead to a shared response"),
                format!("write `$ref: '{FORMS}NAME'`, or the response itself"),
            ),
        };
        self.sink.error(at, message, help);
    }

    fn form(
        &mut self,
        response: &openapi::Response,
        body: Option<BodyMark>,
        at: &str,
    ) -> ErrorForm {
        let mut content = BTreeMap::new();
        for media_type in response.content.keys() {
            if let Some(schema) = self.media(&response.content, media_type, at) {
                content.insert(media_type.clone(), Merged(schema));
            }
        }
        let body = match (content.is_empty(), body) {
            (true, Some(BodyMark::None)) => ErrorBody::None,
            (true, _) => ErrorBody::Unknown,
            (false, Some(BodyMark::None | BodyMark::Unknown)) => {
                self.sink.error(
                    pointer(&pointer(at, "x-openstack"), "body"),
                    "the response has `content`, and `body` says that there is none",
                    "write `body: optional` if there may be none, or remove one of the two",
                );
                ErrorBody::Unknown
            }
            (false, mark) => {
                ErrorBody::Described { content, optional: mark == Some(BodyMark::Optional) }
            }
        };
        ErrorForm { body, headers: self.response_headers(&response.headers, at) }
    }
}
