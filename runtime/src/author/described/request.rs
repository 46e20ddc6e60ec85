//! A described request, made ready for one microversion: the variants of its version applied,
//! and every placeholder looked up.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;
use squall_description::placeholder::{
    Piece, Placeholder, PlaceholderError, Reference, each_text, fill, fill_all, pieces,
};
use squall_model::description::{DescribedBody, DescribedRequest};
use squall_model::kind::Kind;
use squall_model::{Microversion, Operation, ServiceSpec};

use super::instance::{Instance, OWN};
use super::sender::sender;
use super::words;
use crate::actor::Actor;
use crate::client::body::Content;
use crate::client::codec::DecodeError;
use crate::client::{Call, ServiceClient};
use crate::making::marks::AsDescribed;
use crate::{Context, Failure, Result, making, services};

/// The placeholder of the unique name, which is known only when the request is sent.
const NAME: Placeholder<'_> = Placeholder::Word("name");

/// A resource that is being created, with what it refers to.
pub(crate) type Obtaining<'a> = Pin<Box<dyn Future<Output = Result<Instance>> + Send + 'a>>;

/// Where what a request refers to comes from.
pub(crate) trait Obtain: Sync {
    /// Returns a resource of a kind: the shared one of this label, or one for this request
    /// alone.
    fn obtain<'a>(
        &'a self,
        ctx: &'a Context,
        kind: &'a str,
        label: &'a str,
        own: bool,
        version: Option<Microversion>,
    ) -> Obtaining<'a>;
}

/// For what a request is made ready.
#[derive(Clone, Copy)]
pub(crate) struct Purpose<'a> {
    /// The context that creates what is created.
    pub(crate) ctx: &'a Context,
    /// What is shared.
    pub(crate) pool: &'a dyn Obtain,
    /// The resource that it acts on.
    pub(crate) target: Option<&'a Instance>,
    /// Whether what it refers to must not be shared with others.
    pub(crate) own: bool,
    /// The microversion; `None` for the newest that spec and cloud have.
    pub(crate) version: Option<Microversion>,
}

impl Purpose<'_> {
    /// Returns the version of a request of an operation.
    pub(crate) fn version_of(
        &self,
        spec: &ServiceSpec,
        operation: &Operation,
    ) -> Option<Microversion> {
        if !spec.has_microversions() {
            return None;
        }
        let fits = |version: &Microversion| operation.versions.contains(Some(*version));
        self.version.filter(fits).or_else(|| {
            let offered = self.ctx.facts().versions(spec.name)?.intersect(&spec.versions)?;
            offered.intersect(&operation.versions)?.max
        })
    }
}

/// A request in which only the name is missing.
pub(crate) struct Ready {
    operation: &'static Operation,
    client: ServiceClient,
    version: Option<Microversion>,
    path: Vec<(&'static str, String)>,
    query: Vec<Pair>,
    headers: &'static [Pair],
    body: Body,
    /// The values of its placeholders, as these are written.
    values: BTreeMap<String, Value>,
    /// What it refers to, by label.
    refers: Vec<(String, Instance)>,
}

/// A name and its text.
type Pair = (&'static str, &'static str);

enum Body {
    None,
    Json(Value),
    Text(&'static str, &'static str),
}

/// A request that is complete but for who sends it.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    pub(crate) operation: &'static Operation,
    pub(crate) version: Option<Microversion>,
    path: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    pub(crate) body: FilledBody,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub(crate) enum FilledBody {
    None,
    Json(Value),
    /// Text of a media type.
    Text(String, &'static str),
}

impl Filled {
    /// Returns the path parameters.
    pub(crate) fn path(&self) -> &[(&'static str, String)] {
        &self.path
    }

    /// Returns the call.
    pub(crate) fn call(self, client: &ServiceClient) -> Call<Value> {
        let mut call = client.call(self.operation, anything).extension(AsDescribed);
        for (name, value) in self.path {
            call = call.path(name, value);
        }
        for (name, value) in self.headers {
            call = call.header(name, value);
        }
        call = match self.body {
            FilledBody::None => call,
            FilledBody::Text(content, media) => call.bytes(content, media),
            FilledBody::Json(body) => call.raw_body(body),
        };
        call = call.whole_query(self.query);
        match self.version {
            Some(version) => call.at(version),
            None => call,
        }
    }
}

/// Makes a request ready.
pub(crate) async fn prepare(
    request: &'static DescribedRequest,
    purpose: Purpose<'_>,
) -> Result<Ready> {
    let (spec, operation) = services::operation(request.operation).ok_or_else(|| {
        Failure::new(format!("no registered service has the operation `{}`", request.operation))
    })?;
    let actor = sender(purpose.ctx, request.by)?;
    let version = purpose.version_of(spec, operation);
    let mut query: Vec<Pair> = Vec::new();
    for (name, text) in
        request.query.iter().chain(request.variants_at(version).flat_map(|v| v.query))
    {
        query.retain(|(held, _)| held != name);
        query.push((name, text));
    }
    let body = match request.body {
        DescribedBody::None => Body::None,
        DescribedBody::Text { text, media } => Body::Text(text, media),
        DescribedBody::Json(_) => Body::Json(request.json_at(version)?.unwrap_or_default()),
    };
    let mut ready = Ready {
        operation,
        client: actor.service(spec),
        version,
        path: Vec::new(),
        query,
        headers: request.headers,
        body,
        values: BTreeMap::new(),
        refers: Vec::new(),
    };
    let path = || request.path.iter().chain(request.variants_at(version).flat_map(|v| v.path));
    for (_, text) in path() {
        ready.look_up(text, purpose, actor, spec.name).await?;
    }
    for text in ready.texts() {
        ready.look_up(&text, purpose, actor, spec.name).await?;
    }
    for name in operation.path_parameters() {
        let value = match path().rfind(|(held, _)| *held == name) {
            Some((_, text)) => (*text).to_owned(),
            None => ready.parameter(name, purpose, spec.name).await?,
        };
        ready.path.push((name, value));
    }
    Ok(ready)
}

impl Ready {
    /// Returns the texts in which placeholders may stand, except those of the path.
    fn texts(&self) -> Vec<String> {
        let pairs = self.query.iter().chain(self.headers);
        let mut texts: Vec<String> = pairs.map(|(_, text)| (*text).to_owned()).collect();
        match &self.body {
            Body::None => {}
            Body::Text(text, _) => texts.push((*text).to_owned()),
            Body::Json(body) => each_text(body, &mut |text| texts.push(text.to_owned())),
        }
        texts
    }

    /// Returns the call, with this name where one belongs.
    pub(crate) fn call(&self, name: &str) -> Call<Value> {
        self.filled(name).call(&self.client)
    }

    /// Returns the request with this name where one belongs.
    ///
    /// A text that cannot be filled is left as it is, which only a description that no check
    /// has seen can bring about.
    pub(crate) fn filled(&self, name: &str) -> Filled {
        let mut value_of = |placeholder: Placeholder<'_>| match placeholder {
            NAME => Ok::<_, PlaceholderError>(Value::String(name.to_owned())),
            other => Ok(self.values.get(&other.to_string()).cloned().unwrap_or_default()),
        };
        let mut text = |text: &str| match fill(text, &mut value_of) {
            Ok(Value::String(filled)) => filled,
            Ok(other) => other.to_string(),
            Err(_) => text.to_owned(),
        };
        let path = self.path.iter().map(|(name, value)| (*name, text(value))).collect();
        let query = self.query.iter().map(|(name, value)| ((*name).to_owned(), text(value)));
        let query = query.collect();
        let headers = self.headers.iter().map(|(name, value)| (*name, text(value))).collect();
        let body = match &self.body {
            Body::None => FilledBody::None,
            Body::Text(content, media) => FilledBody::Text(text(content), media),
            Body::Json(body) => {
                FilledBody::Json(fill_all(body, &mut value_of).unwrap_or_else(|_| body.clone()))
            }
        };
        Filled { operation: self.operation, version: self.version, path, query, headers, body }
    }

    /// Returns the parameters by which what the request creates is addressed.
    pub(crate) fn params(&self, name: &str, kind: &Kind) -> BTreeMap<String, String> {
        making::params(kind, &self.call(name))
    }

    /// Returns the operation.
    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the version at which it is sent.
    pub(crate) fn version(&self) -> Option<Microversion> {
        self.version
    }

    /// Returns the path parameters.
    pub(crate) fn path(&self) -> &[(&'static str, String)] {
        &self.path
    }

    /// Replaces the path parameters that it has, too, by these.
    pub(crate) fn at_path(mut self, path: &[(&'static str, String)]) -> Self {
        for (name, value) in &mut self.path {
            if let Some((_, other)) = path.iter().find(|(held, _)| held == name) {
                value.clone_from(other);
            }
        }
        self
    }

    /// Has it sent by another identity.
    pub(crate) fn sent_by(mut self, actor: &Actor) -> Self {
        self.set_sender(actor);
        self
    }

    /// Has it sent by another identity from now on.
    pub(crate) fn set_sender(&mut self, actor: &Actor) {
        self.client = actor.service(self.client.service().clone());
    }

    /// Returns what it refers to, by label.
    pub(crate) fn refers(&self) -> &[(String, Instance)] {
        &self.refers
    }

    /// Looks up the placeholders of a text, except the name.
    async fn look_up(
        &mut self,
        text: &str,
        purpose: Purpose<'_>,
        actor: &Actor,
        service: &str,
    ) -> Result<()> {
        for piece in pieces(text)? {
            let Piece::Placeholder(placeholder) = piece else { continue };
            let written = placeholder.to_string();
            if placeholder == NAME || self.values.contains_key(&written) {
                continue;
            }
            let value = match placeholder {
                Placeholder::Word(word) => {
                    words::value_of(word, purpose.ctx, actor, service).await?
                }
                Placeholder::Target(pointer) => {
                    let target = purpose.target.ok_or_else(|| {
                        Failure::new(format!(
                            "`{written}` stands for nothing: `{}` acts on no resource",
                            self.operation.id
                        ))
                    })?;
                    target.field(pointer)?
                }
                Placeholder::Field(field) => self.field(field, purpose).await?,
            };
            self.values.insert(written, value);
        }
        Ok(())
    }

    /// Returns a field of another resource, which is created if need be.
    async fn field(&mut self, field: Reference<'_>, purpose: Purpose<'_>) -> Result<Value> {
        let Reference { kind, instance, pointer } = field;
        let label = instance.unwrap_or_default();
        let Purpose { ctx, pool, own, .. } = purpose;
        let own = own || label == OWN;
        let is_it =
            |(of, one): &&(String, Instance)| of == label && one.resource().kind.name == kind;
        let known = self.refers.iter().find(is_it).map(|(_, one)| one);
        // What was created for something that was created for this request alone is this
        // request's own as well: a request token and the consent to it.
        let inner = || {
            let mut own = self.refers.iter().filter(|(of, _)| label == OWN && of == OWN);
            own.find_map(|(_, one)| one.made_with(kind))
        };
        if let Some(known) = known.or_else(inner) {
            return known.field(pointer);
        }
        let instance = pool.obtain(ctx, kind, label, own, self.version).await?;
        let value = instance.field(pointer)?;
        self.refers.push((label.to_owned(), instance));
        Ok(value)
    }

    /// Finds the value of a path parameter that the request does not give: of the target, of
    /// what the request refers to, or of a resource of the service that has this parameter.
    async fn parameter(&self, name: &str, purpose: Purpose<'_>, service: &str) -> Result<String> {
        let targets = purpose.target.and_then(|target| target.param(name));
        let found = targets.or_else(|| self.refers.iter().find_map(|(_, one)| one.param(name)));
        if let Some(value) = found {
            return Ok(value.to_owned());
        }
        let addressed = services::description(service)
            .resources
            .iter()
            .find(|resource| resource.kind.id_param == name);
        let Some(resource) = addressed else {
            return Err(Failure::new(format!(
                "the path of `{}` needs `{name}`, which its description does not give",
                self.operation.id
            )));
        };
        let Purpose { ctx, pool, .. } = purpose;
        Ok(pool.obtain(ctx, resource.kind.name, "", false, self.version).await?.id().to_owned())
    }
}

/// Decodes whatever comes: contract suites hold the answer against its schema, not a type.
#[expect(clippy::unnecessary_wraps, reason = "a decoder is a function that may fail")]
fn anything(content: Content<'_>) -> Result<Value, DecodeError> {
    let json = content.json.cloned();
    Ok(json.or_else(|| form(content.bytes)).unwrap_or_default())
}

/// Reads a form, in which OAuth 1.0a answers, as an object of its fields.
fn form(bytes: &[u8]) -> Option<Value> {
    let is_field = |field: &[u8]| {
        let name = field.split(|byte| *byte == b'=').next().unwrap_or_default();
        let is_word = name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        field.contains(&b'=') && !name.is_empty() && is_word
    };
    if !bytes.split(|byte| *byte == b'&').all(is_field) {
        return None;
    }
    let fields = url::form_urlencoded::parse(bytes);
    let fields = fields.map(|(name, text)| (name.into_owned(), Value::String(text.into_owned())));
    Some(Value::Object(fields.collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_an_object_and_other_text_is_none() {
        let read = form(b"oauth_token=ab12&oauth_token_secret=c%3D");
        assert_eq!(read, Some(json!({"oauth_token": "ab12", "oauth_token_secret": "c="})));
        for other in ["", "squall", "a=b&c", "=b", "<p class=\"x\">"] {
            assert_eq!(form(other.as_bytes()), None, "{other}");
        }
    }
}
