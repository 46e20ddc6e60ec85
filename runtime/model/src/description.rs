//! The description of a service's resources: what each is, and how every operation is called
//! with a valid request.
//!
//! It stands beside the table of operations. Ledger and cleanup, waits, contract suites and
//! the embedded cloud read it. The guide "You describe a resource" has its form.

use serde_json::{Map, Value};

use crate::kind::Kind;
use crate::{Microversion, VersionRange};

/// What a service's resources are, and how its operations are called.
#[derive(Debug, Default)]
pub struct Description {
    /// The resources, in the order of the file.
    pub resources: &'static [Resource],
    /// The calls of operations that are not standard ones of a resource.
    pub calls: &'static [DescribedCall],
    /// What makes a service ask the policy rules that it does not ask for every request.
    pub conditions: &'static [Condition],
    /// The operations that no cloud we can bring up lets anybody call.
    pub unreachable: &'static [Unreachable],
}

/// A resource: a [`Kind`], and how its standard operations are called.
#[derive(Debug)]
pub struct Resource {
    /// How it is created, found again, waited for and deleted. Of a resource that nothing
    /// creates, or that is a part of another, only the name and the address mean anything.
    pub kind: &'static Kind,
    /// The group of its operations, as in `compute.servers`.
    pub group: &'static str,
    /// The JSON pointer to one in the answer to `create` and `show`; empty if it is the whole.
    pub object: &'static str,
    /// The JSON pointer to the list in the answer to `list`; empty if it is the whole.
    pub collection: &'static str,
    /// The JSON pointer, in the object, to its id.
    pub id: &'static str,
    /// Where one comes from.
    pub origin: ResourceOrigin,
    /// The kind that it is a part of, and with which it goes.
    pub within: Option<&'static str>,
    /// Whether what its request refers to is created for it alone, because it uses that up or
    /// can be there only once.
    pub fresh: bool,
    /// The other standard operations that the service has, each with its request.
    pub standard: &'static [DescribedRequest],
}

/// Where a resource comes from.
#[derive(Debug)]
pub enum ResourceOrigin {
    /// This request creates one.
    Created(DescribedRequest),
    /// This request makes a change, which has no id of its own.
    Changed(DescribedRequest),
    /// Nothing creates one: the first that this operation lists whose fields are these.
    Existing {
        /// The operation that lists.
        list: &'static str,
        /// JSON pointers into an item, and the text that has to stand there.
        fields: &'static [(&'static str, &'static str)],
    },
}

/// A valid request, with placeholders (`${…}`) for what is known only when it is sent.
#[derive(Debug, Clone, Copy)]
pub struct DescribedRequest {
    /// The operation.
    pub operation: &'static str,
    /// Who sends it.
    pub by: Sender,
    /// The path parameters that do not follow from the resource.
    pub path: &'static [(&'static str, &'static str)],
    /// The query.
    pub query: &'static [(&'static str, &'static str)],
    /// The headers.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body.
    pub body: DescribedBody,
    /// What is different at some versions, applied in this order.
    pub variants: &'static [Variant],
    /// The features that the cloud must have.
    pub features: &'static [&'static str],
}

/// The body of a described request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DescribedBody {
    /// None.
    None,
    /// JSON, as text, whole: the envelope is part of it.
    Json(&'static str),
    /// Text of a media type.
    Text {
        /// The text.
        text: &'static str,
        /// The media type.
        media: &'static str,
    },
}

/// What is different about a request at some versions.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// The versions.
    pub versions: VersionRange,
    /// A JSON merge patch (RFC 7396) of the whole body, as text.
    pub patch: Option<&'static str>,
    /// Path parameters that are added or replaced.
    pub path: &'static [(&'static str, &'static str)],
    /// Query parameters that are added or replaced.
    pub query: &'static [(&'static str, &'static str)],
    /// The status that these versions answer with instead of success, and the fact that says
    /// so.
    pub answers: Option<(u16, &'static str)>,
}

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// A member of the project that owns the resources.
    Member,
    /// A reader of it.
    Reader,
    /// A member of another project.
    Other,
    /// The administrator of the cloud.
    Admin,
}

/// A call of an operation that is not a standard one of a resource.
#[derive(Debug)]
pub struct DescribedCall {
    /// The request.
    pub request: DescribedRequest,
    /// The kind of the resource that it acts on.
    pub on: Option<&'static str>,
    /// Whether it takes a resource of its own, because it changes it.
    pub own: bool,
    /// Operations that are called first, on the same resource, in this order.
    pub before: &'static [&'static str],
    /// What is awaited afterwards.
    pub after: After,
    /// Why nothing has to be undone, for an operation whose name says that it creates.
    pub leaves_nothing: Option<&'static str>,
    /// The status of an operation that no release answers with success, and the fact that
    /// says so.
    pub answers: Option<(u16, &'static str)>,
    /// The request that undoes it.
    pub undone_by: Option<&'static DescribedRequest>,
}

/// How an operation is called, as its description says.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// It creates a resource, or makes its change.
    Creates(&'static Resource),
    /// It is a standard operation of a resource.
    Standard(&'static Resource, &'static DescribedRequest),
    /// It has a call of its own.
    Called(&'static DescribedCall),
}

/// What is awaited after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Any state in which the resource can be used, if it has states.
    Ready,
    /// This state.
    State(&'static str),
    /// That it is gone.
    Gone,
    /// Nothing.
    Nothing,
}

/// What makes a service ask a policy rule that it does not ask for every request.
#[derive(Debug)]
pub struct Condition {
    /// The rule.
    pub rule: &'static str,
    /// The kind of the resource that the call has to be about, if it is another than usual.
    pub on: Option<&'static str>,
    /// The whole request that makes the service ask.
    pub request: DescribedRequest,
    /// The fields of the resource in the answer that only those see whom the rule allows it;
    /// empty if the service refuses the others.
    pub shows: &'static [&'static str],
}

/// An operation that cannot be called on a cloud that we can bring up.
#[derive(Debug, Clone, Copy)]
pub struct Unreachable {
    /// The operation.
    pub operation: &'static str,
    /// Why it cannot be called.
    pub reason: &'static str,
    /// Where the released package says so.
    pub upstream: &'static str,
}

impl Description {
    /// Nothing: a service without a description.
    pub const EMPTY: Self = Self { resources: &[], calls: &[], conditions: &[], unreachable: &[] };

    /// Finds a resource by the name of its kind.
    pub fn resource(&self, kind: &str) -> Option<&'static Resource> {
        self.resources.iter().find(|resource| resource.kind.name == kind)
    }

    /// Finds how an operation is called. Of a group that several resources share, an operation
    /// is that of the resource which has its request.
    pub fn how(&self, operation: &str) -> Option<How> {
        if let Some(call) = self.call(operation) {
            return Some(How::Called(call));
        }
        self.resources.iter().find_map(|resource| {
            if resource.creating().is_some_and(|request| request.operation == operation) {
                return Some(How::Creates(resource));
            }
            let standard = resource.standard.iter().find(|one| one.operation == operation)?;
            Some(How::Standard(resource, standard))
        })
    }

    /// Finds the call of an operation.
    pub fn call(&self, operation: &str) -> Option<&'static DescribedCall> {
        self.calls.iter().find(|call| call.request.operation == operation)
    }
}

impl Resource {
    /// Finds the request of a standard operation by its verb, as in `show`.
    pub fn standard(&self, verb: &str) -> Option<&'static DescribedRequest> {
        self.standard.iter().find(|request| request.operation.rsplit('.').next() == Some(verb))
    }

    /// Returns the request that creates one, or makes the change.
    pub fn creating(&self) -> Option<&DescribedRequest> {
        match &self.origin {
            ResourceOrigin::Created(request) | ResourceOrigin::Changed(request) => Some(request),
            ResourceOrigin::Existing { .. } => None,
        }
    }

    /// Whether it has a ledger entry of its own: it is created, and no part of another.
    pub fn is_tracked(&self) -> bool {
        self.within.is_none() && !matches!(self.origin, ResourceOrigin::Existing { .. })
    }
}

impl DescribedRequest {
    /// Returns what is different at a version, in the order in which it applies.
    pub fn variants_at(
        &self,
        version: Option<Microversion>,
    ) -> impl DoubleEndedIterator<Item = &'static Variant> + use<> {
        self.variants.iter().filter(move |variant| variant.versions.contains(version))
    }

    /// Returns the JSON body at a version, with placeholders; `None` if the body is no JSON.
    ///
    /// # Errors
    /// The body or a patch is no JSON, which the reader of descriptions refuses.
    pub fn json_at(&self, version: Option<Microversion>) -> serde_json::Result<Option<Value>> {
        let DescribedBody::Json(text) = self.body else { return Ok(None) };
        let mut body = serde_json::from_str(text)?;
        for patch in self.variants_at(version).filter_map(|variant| variant.patch) {
            merge(&mut body, serde_json::from_str(patch)?);
        }
        Ok(Some(body))
    }

    /// Returns the status that it is answered with at a version instead of success.
    pub fn answer_at(&self, version: Option<Microversion>) -> Option<u16> {
        let answers = self.variants_at(version).filter_map(|variant| variant.answers);
        answers.map(|(status, _)| status).next_back()
    }

    /// Returns every text that may have placeholders, those of all versions; of JSON the whole.
    pub fn texts(&self) -> impl Iterator<Item = &'static str> + use<> {
        let variants = self.variants.iter();
        let pairs = [self.path, self.query, self.headers].into_iter();
        let pairs = pairs.chain(variants.clone().flat_map(|one| [one.path, one.query])).flatten();
        let body = match self.body {
            DescribedBody::None => None,
            DescribedBody::Json(text) | DescribedBody::Text { text, .. } => Some(text),
        };
        pairs.map(|(_, text)| *text).chain(body).chain(variants.filter_map(|one| one.patch))
    }

    /// A request with nothing but what follows from its resource, sent by a member.
    pub const fn new(operation: &'static str) -> Self {
        Self {
            operation,
            by: Sender::Member,
            path: &[],
            query: &[],
            headers: &[],
            body: DescribedBody::None,
            variants: &[],
            features: &[],
        }
    }
}

impl DescribedCall {
    /// A call that needs no resource and waits for nothing.
    pub const fn new(request: DescribedRequest) -> Self {
        Self {
            request,
            on: None,
            own: false,
            before: &[],
            after: After::Nothing,
            leaves_nothing: None,
            answers: None,
            undone_by: None,
        }
    }
}

/// Applies a JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            fields.remove(&key);
        } else {
            merge(fields.entry(key).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_replaces_adds_and_removes() {
        let mut body = json!({"server": {"name": "${name}", "networks": "none", "min": 1}});
        merge(&mut body, json!({"server": {"networks": null, "tags": ["a"], "min": {"b": 2}}}));
        assert_eq!(body, json!({"server": {"name": "${name}", "tags": ["a"], "min": {"b": 2}}}));
        let mut body = json!({"toy": {"name": "a", "size": 1}});
        merge(&mut body, json!({"toy": {"size": null, "colour": "red", "name": "b"}}));
        assert_eq!(body, json!({"toy": {"name": "b", "colour": "red"}}));
    }

    #[test]
    fn a_request_is_as_the_variants_of_its_version_say() {
        const EARLY: Microversion = Microversion::new(2, 1);
        const LATE: Microversion = Microversion::new(2, 9);
        const ALWAYS: Variant = Variant {
            versions: VersionRange::ALL,
            patch: Some(r#"{"toy": {"a": "${uuid}"}}"#),
            path: &[("id", "${target/id}")],
            query: &[("q", "${now}")],
            answers: Some((409, "as always")),
        };
        const REQUEST: DescribedRequest = DescribedRequest {
            body: DescribedBody::Json(r#"{"toy": {"name": "${name}"}}"#),
            variants: &[
                ALWAYS,
                Variant {
                    versions: VersionRange::since(LATE),
                    patch: Some(r#"{"toy": {"a": null}}"#),
                    answers: Some((410, "gone")),
                    ..ALWAYS
                },
            ],
            headers: &[("h", "${token}")],
            ..DescribedRequest::new("toys.toys.create")
        };
        let (early, late) = (Some(EARLY), Some(LATE));
        let body = |version| REQUEST.json_at(version).unwrap().unwrap();
        assert_eq!(body(early), json!({"toy": {"name": "${name}", "a": "${uuid}"}}));
        assert_eq!(body(late), json!({"toy": {"name": "${name}"}}));
        assert_eq!((REQUEST.answer_at(early), REQUEST.answer_at(late)), (Some(409), Some(410)));
        for word in ["${name}", "${uuid}", "${target/id}", "${now}", "${token}"] {
            assert!(REQUEST.texts().any(|text| text.contains(word)), "{word}");
        }
    }
}
