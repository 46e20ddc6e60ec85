//! Lowers request and response bodies: the schemas for validation, and the types for
//! callers.

use openapiv3::{self as openapi, ReferenceOr, StatusCode};
use squall_model::{BodySchema, Merged, Method, ResponseSchema, StatusRange, VersionRange};

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
                Some(BodyMark::Unknown) | None => BodySchema::Unknown,
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

    /// Lowers the success responses, and returns the schemas of all responses.
    pub(super) fn responses(
        &mut self,
        operation: &openapi::Operation,
        versions: VersionRange,
        at: &str,
    ) -> (Content, Vec<ResponseSchema>) {
        let mut schemas: Vec<ResponseSchema> = Vec::new();
        for (status, response, at) in self.each_response(operation, at) {
            let marks = self.response_marks(response, &at);
            let body = if response.content.is_empty() {
                match marks.body {
                    Some(BodyMark::None) => BodySchema::None,
                    None if status == 204 || status == 304 => BodySchema::None,
                    _ => BodySchema::Unknown,
                }
            } else {
                self.body(&response.content, &at)
            };
            if status >= 400 && body == BodySchema::Unknown {
                continue;
            }
            let versions = VersionRange::new(marks.min_ver, marks.max_ver);
            schemas.push(ResponseSchema { status, versions, body });
        }
        schemas.sort_by_key(|r| (r.status, r.versions.min));
        (self.answer(&schemas, versions), schemas)
    }

    /// Returns the statuses of success and those of failure.
    pub(super) fn statuses(
        &mut self,
        operation: &openapi::Operation,
        at: &str,
    ) -> (Vec<StatusRange>, Vec<StatusRange>) {
        let mut all = Vec::new();
        for (status, response, at) in self.each_response(operation, at) {
            let marks = self.response_marks(response, &at);
            all.push(StatusRange {
                status,
                versions: VersionRange::new(marks.min_ver, marks.max_ver),
            });
        }
        all.sort_by_key(|s| (s.status, s.versions.min));
        all.into_iter().partition(|s| s.status < 400)
    }

    fn each_response<'o>(
        &mut self,
        operation: &'o openapi::Operation,
        at: &str,
    ) -> Vec<(u16, &'o openapi::Response, String)> {
        let mut out = Vec::new();
        for (status, response) in &operation.responses.responses {
            let at = format!("{at}/responses/{status}");
            match (status, response) {
                (StatusCode::Code(code), ReferenceOr::Item(response)) => {
                    out.push((*code, response, at));
                }
                (StatusCode::Range(_), _) => self.sink.warning(
                    at,
                    "ranges of statuses are not supported, and this one is left out",
                    "list each status of the service",
                ),
                (_, ReferenceOr::Reference { .. }) => {
                    self.sink.error(at, "a response must not be a `$ref`", "write it here");
                }
            }
        }
        out
    }

    fn response_marks(&mut self, response: &openapi::Response, at: &str) -> ResponseExtension {
        let marks = response.extensions.get("x-openstack");
        extension::read(marks, &pointer(at, "x-openstack"), self.sink)
    }

    /// Reads one media type of a body, JSON if there is a choice.
    fn body(&mut self, content: &openapi::Content, at: &str) -> BodySchema {
        let at = pointer(at, "content");
        let json = content.iter().find(|(name, _)| is_json(name));
        let Some((media_type, media)) = json.or_else(|| content.iter().next()) else {
            return BodySchema::Unknown;
        };
        if content.len() > 1 {
            self.sink.warning(
                &at,
                format!("of {} media types only `{media_type}` is read", content.len()),
                "send and receive the others as bytes",
            );
        }
        let at = pointer(&pointer(&at, media_type), "schema");
        let spelled = match self.raw.pointer(&at) {
            Some(raw) => Some(raw.clone()),
            None => media.schema.as_ref().and_then(|schema| serde_json::to_value(schema).ok()),
        };
        let schema = match spelled {
            Some(spelled) => self.schema(&spelled, &at),
            None if is_json(media_type) => return BodySchema::Unknown,
            None => serde_json::json!({"type": "string", "format": "binary"}),
        };
        BodySchema::Described { media_type: media_type.clone(), schema: Merged(schema) }
    }

    /// Joins the bodies of all success responses into the content that callers receive.
    fn answer(&mut self, responses: &[ResponseSchema], versions: VersionRange) -> Content {
        let mut ty: Option<TypeId> = None;
        let (mut none, mut unknown) = (false, false);
        for response in responses.iter().filter(|r| r.status < 400) {
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
