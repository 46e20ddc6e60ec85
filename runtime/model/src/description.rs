//! The description of a service's resources: what each is, and how every operation is called
//! with a valid request.
//!
//! It stands beside the table of operations. Ledger and cleanup, waits, contract suites and
//! the embedded cloud read it. The guide "You describe a resource" has its form.

use crate::VersionRange;
use crate::kind::Kind;

/// What a service's resources are, and how its operations are called.
#[derive(Debug, Default)]
pub struct Description {
    /// The resources, in the order of the file.
    pub resources: &'static [Resource],
    /// The calls of operations that are not standard ones of a resource.
    pub calls: &'static [DescribedCall],
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
#[derive(Debug)]
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
#[derive(Debug)]
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
    pub const EMPTY: Self = Self { resources: &[], calls: &[], unreachable: &[] };

    /// Finds a resource by the name of its kind.
    pub fn resource(&self, kind: &str) -> Option<&'static Resource> {
        self.resources.iter().find(|resource| resource.kind.name == kind)
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
