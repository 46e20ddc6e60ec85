//! Lowers request and response bodies: the schemas for validation, and the types for
//! callers.

use openapiv3::{self as openapi, ReferenceOr, StatusCode};
use serde_json::Value;
use squall_model::{BodySchema, ErrorSchema, Merged, Method, ResponseSchema, VersionRange};

use super::Lower;
use super::extension::{self, BodyMark, OperationExtension, ResponseExtension};
use crate::diagnostic::pointer;
use crate::model::{Content, Role, Type, TypeId};

impl Lower<'_> {
    /// Lowers the request body.
    pub(super) fn request(
        &mut self,
        operation: &openapi::Operation,
        method: Method,
        marks: &OperationExtension,
        at: &str,
    ) -> (Content, BodySchema) {
        let at = pointer(at, "requestBody");
        let body = match &operation.request_body {
            Some(ReferenceOr::Item(body)) => self.body(&body.content, &at),
            Some(ReferenceOr::Reference { .. }) => {
                self.sink.error(&at, "a request body must not be a `$ref`", "write it here");
                BodySchema::Unknown
            }
            None => match marks.body {
                Some(BodyMark::None) => BodySchema::None,
                None if method.is_safe() || method == Method::Delete => BodySchema::None,
                Some(BodyMark::Unknown | BodyMark::Optional) | None => BodySchema::Unknown,
            },
        };
        let content = match &body {
            BodySchema::None => Content::None,
            BodySchema::Unknown => Content::Unknown,
            BodySchema::Described { media_type, schema } => {
                self.content(media_type, schema, marks.versions(), Role::Request)
            }
        };
        (content, body)
    }

    /// Lowers the responses: the content that callers receive, the responses of success, and
    /// the errors.
    pub(super) fn responses(
        &mut self,
        operation: &openapi::Operation,
        versions: VersionRange,
        at: &str,
    ) -> (Content, Vec<ResponseSchema>, Vec<ErrorSchema>) {
        let mut schemas: Vec<ResponseSchema> = Vec::new();
        let mut errors: Vec<ErrorSchema> = Vec::new();
        for (status, response) in &operation.responses.responses {
            let at = format!("{at}/responses/{status}");
            let StatusCode::Code(status) = *status else {
                self.sink.warning(
                    at,
                    "ranges of statuses are not supported, and this one is left out",
                    "list each status of the service",
                );
                continue;
            };
            match response {
                ReferenceOr::Reference { reference } => self.check_form(status, reference, &at),
                ReferenceOr::Item(response) if status < 400 => {
                    schemas.push(self.success(status, response, &at));
                }
                ReferenceOr::Item(_) => {}
            }
            if status >= 400 {
                errors.extend(self.error(status, response, &at));
            }
        }
        schemas.sort_by_key(|r| (r.status, r.versions.min));
        errors.sort_by_key(|e| (e.status, e.versions.min));
        (self.answer(&schemas, versions), schemas, errors)
    }

    fn success(&mut self, status: u16, response: &openapi::Response, at: &str) -> ResponseSchema {
        let marks = self.response_marks(response, at);
        if marks.body == Some(BodyMark::Optional) {
            self.sink.error(
                pointer(&pointer(at, "x-openstack"), "body"),
                "`body: optional` is only known for errors",
                "describe the body with `nullable: true`, or remove the mark",
            );
        }
        let body = if response.content.is_empty() {
            match marks.body {
                Some(BodyMark::None) => BodySchema::None,
                None if status == 204 || status == 304 => BodySchema::None,
                _ => BodySchema::Unknown,
            }
        } else {
            self.body(&response.content, at)
        };
        let versions = VersionRange::new(marks.min_ver, marks.max_ver);
        ResponseSchema {
            status,
            versions,
            body,
            headers: self.response_headers(&response.headers, at),
        }
    }

    pub(super) fn response_marks(
        &mut self,
        response: &openapi::Response,
        at: &str,
    ) -> ResponseExtension {
        let marks = response.extensions.get("x-openstack");
        extension::read(marks, &pointer(at, "x-openstack"), self.sink)
    }

    /// Reads one media type of a body, JSON if there is a choice.
    fn body(&mut self, content: &openapi::Content, at: &str) -> BodySchema {
        let json = content.iter().find(|(name, _)| is_json(name));
        let Some((media_type, _)) = json.or_else(|| content.iter().next()) else {
            return BodySchema::Unknown;
        };
        if content.len() > 1 {
            self.sink.warning(
                pointer(at, "content"),
                format!("of {} media types only `{media_type}` is read", content.len()),
                "send and receive the others as bytes",
            );
        }
        match self.media(content, media_type, at) {
            Some(schema) => {
                BodySchema::Described { media_type: media_type.clone(), schema: Merged(schema) }
            }
            None => BodySchema::Unknown,
        }
    }

    /// Reads the schema of one media type of a body; `None` if JSON has no schema.
    pub(super) fn media(
        &mut self,
        content: &openapi::Content,
        media_type: &str,
        at: &str,
    ) -> Option<Value> {
        let at = pointer(&pointer(&pointer(at, "content"), media_type), "schema");
        let typed = || {
            let schema = content.get(media_type)?.schema.as_ref()?;
            serde_json::to_value(schema).ok()
        };
        match self.raw.pointer(&at).cloned().or_else(typed) {
            Some(spelled) => Some(self.schema(&spelled, &at)),
            None if is_json(media_type) => None,
            None => Some(serde_json::json!({"type": "string", "format": "binary"})),
        }
    }

    /// Joins the bodies of all success responses into the content that callers receive.
    fn answer(&mut self, responses: &[ResponseSchema], versions: VersionRange) -> Content {
        let mut ty: Option<TypeId> = None;
        let (mut none, mut unknown) = (false, false);
        for response in responses {
            match &response.body {
                BodySchema::None => none = true,
                BodySchema::Unknown => unknown = true,
                // An explanation of the status for people.
                BodySchema::Described { media_type, .. } if media_type == "text/html" => {
                    none = true;
                }
                BodySchema::Described { media_type, .. } if !is_json(media_type) => {
                    return Content::Bytes { media_type: media_type.clone() };
                }
                BodySchema::Described { schema, .. } => {
                    let range = versions.intersect(&response.versions).unwrap_or(versions);
                    let own = self.shape(&schema.0, range, Role::Response);
                    ty = Some(ty.map_or(own, |ty| self.types.join(ty, own)));
                }
            }
        }
        match ty {
            Some(ty) if *self.types.get(ty) == Type::Null => Content::None,
            Some(mut ty) => {
                if none {
                    let null = self.types.add(Type::Null);
                    ty = self.types.join(ty, null);
                }
                Content::Json { ty, envelope: None, beside: Vec::new(), media_type: None }
            }
            None if none && !unknown => Content::None,
            None => Content::Unknown,
        }
    }

    fn content(
        &mut self,
        media_type: &str,
        schema: &Merged,
        versions: VersionRange,
        role: Role,
    ) -> Content {
        if !is_json(media_type) {
            return Content::Bytes { media_type: media_type.to_owned() };
        }
        let ty = self.shape(&schema.0, versions, role);
        let media_type = (media_type != "application/json").then(|| media_type.to_owned());
        Content::Json { ty, envelope: None, beside: Vec::new(), media_type }
    }
}

/// Whether a media type is JSON, as `application/openstack-images-v2.1-json-patch` is.
fn is_json(media_type: &str) -> bool {
    media_type.contains("json")
}
