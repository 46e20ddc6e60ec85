//! One request's way through the cloud, the same for all services.
//!
//! Mount, version document, microversion, token, route, media type, behaviour, query, body,
//! policy rules; each step may end it with a fault in the service's own shape.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use jiff::Timestamp;
use squall_model::Microversion;
use squall_model::service::{EMBEDDED_SERVER, ServiceProfile};
use uuid::Uuid;

use crate::NO_BEHAVIOUR;
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::mount::Mount;
use crate::outcome::{Outcome, Reply, ReplyBody};
use crate::query::Query;
use crate::request::{Reach, RequestContext};
use crate::route::Found;
use crate::world::object_storage::{self, bulk, gate};
use crate::world::{World, compute, identity, image, network, placement, volume};
use crate::{choose, conform, discovery, media, negotiate, pretend};

impl Cloud {
    /// Answers one request, as the server and the in-process transport do.
    ///
    /// The cloud's address in links and in the catalog is the one that the request was
    /// sent to.
    pub fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        answer(self, request)
    }

    /// Refuses a request that is not looked at any further, in its service's own form.
    pub(crate) fn refuse(&self, parts: &Parts, status: u16, message: String) -> Response<Bytes> {
        let mount = mount_of(self, parts.uri.path());
        let fault = Fault::new(status, message);
        finish(mount, None, Err(fault), &base(parts), Wanted::by(parts))
    }
}

fn answer(cloud: &Cloud, request: Request<Bytes>) -> Response<Bytes> {
    let path = request.uri().path().to_owned();
    let mount = mount_of(cloud, &path);
    let (parts, body) = request.into_parts();
    let (base, wanted) = (base(&parts), Wanted::by(&parts));
    let request = Request::from_parts(parts, body);
    let (version, outcome) = match mount {
        None => (None, Err(no_service(&path))),
        Some(mount) => {
            let asked = negotiate::negotiate(mount, request.headers());
            let version = asked.as_ref().ok().copied().flatten();
            (version, asked.and_then(|version| serve(cloud, mount, version, request)))
        }
    };
    finish(mount, version, outcome, &base, wanted)
}

/// In which form a client takes an answer.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    /// Without a body.
    head: bool,
    /// Of the media types of an error it asks for JSON.
    json: bool,
}

impl Wanted {
    fn by(parts: &Parts) -> Self {
        let accept = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        let json = accept.is_some_and(|accept| accept.contains("json") && !accept.contains("html"));
        Self { head: parts.method == Method::HEAD, json }
    }
}

/// Adds what every answer of a service has.
fn finish(
    mount: Option<&Mount>,
    version: Option<Microversion>,
    outcome: Outcome,
    base: &str,
    wanted: Wanted,
) -> Response<Bytes> {
    let service = mount.map_or_else(|| ServiceProfile::of("identity"), |mount| &mount.service);
    let request_id = request_id(service);
    let mut reply =
        outcome.unwrap_or_else(|fault| fault.reply(service.fault, &request_id, wanted.json));
    if let Some(mount) = mount {
        let headers = negotiate::headers(mount, version);
        reply.headers.extend(headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    let ids = service.request_id_headers.iter();
    reply.headers.extend(ids.map(|name| ((*name).to_owned(), request_id.clone())));
    match service.name {
        "object_storage" => reply = object_storage::dressed(reply),
        "identity" => reply = identity::dressed(reply, base),
        "placement" => reply = placement::dressed(reply, version),
        _ => {}
    }
    reply.headers.push(("server".to_owned(), EMBEDDED_SERVER.to_owned()));
    render(reply, wanted.head)
}

/// Returns the id of a request: swift's transactions have a form of their own, with the
/// time in it (`swift.common.utils.generate_trans_id`).
fn request_id(service: &ServiceProfile) -> String {
    if service.name == "object_storage" {
        let random = Uuid::new_v4().simple().to_string();
        let now = Timestamp::now().as_second();
        return format!("tx{}-{now:010x}", &random[..21]);
    }
    format!("req-{}", Uuid::new_v4())
}

fn mount_of<'a>(cloud: &'a Cloud, path: &str) -> Option<&'a Mount> {
    cloud.mounts().iter().find(|mount| mount.below(path).is_some())
}

/// Takes the steps that a service takes for a request at a version.
fn serve(
    cloud: &Cloud,
    mount: &Mount,
    version: Option<Microversion>,
    request: Request<Bytes>,
) -> Outcome {
    let (parts, body) = request.into_parts();
    let base = base(&parts);
    let path = parts.uri.path().to_owned();
    let rest = mount.below(&path).unwrap_or_default();
    if let Some(reply) = discovery::document(mount, &parts.method, rest, &base) {
        return reply;
    }
    let mut world = cloud.world();
    world.settle();
    let token = parts.headers.get("x-auth-token").and_then(|token| token.to_str().ok());
    let access = token.and_then(|token| world.identity.access(token, world.clock.now()));
    let open = is_open(mount.service.name, &parts.method, rest);
    if access.is_none() && !open {
        return Err(unauthorized(&base));
    }
    if let Some(access) = &access
        && !identity::access_rules::allow(
            &world.identity,
            access,
            mount.service.service_type,
            parts.method.as_str(),
            &path,
        )
    {
        return Err(unauthorized(&base));
    }
    let credentials = match (&mount.rules, &access, token) {
        (Some(rules), Some(access), Some(token)) => {
            Some(rules.credentials(token, &world.identity.caller(access)))
        }
        _ => None,
    };
    let found = locate(mount, rest)?;
    let (at, sent) = ((cloud.validators(), version), (&parts.method, &parts.headers, &body));
    let json = media::read(mount.service.name, &found, at, sent)?;
    let operation = match bulk::operation(mount, &parts) {
        Some(operation) => operation,
        None => match choose::operation(&found, &parts.method, version, &json) {
            Ok(operation) => operation,
            Err(missing) => {
                let sent = choose::Sent { method: &parts.method, path: rest, body: &body, json };
                return choose::refusal(&mount.service, &found, missing, &sent);
            }
        },
    };
    let context = RequestContext {
        operation,
        parameters: found.parameters,
        query: Query::parse(parts.uri.query().unwrap_or_default()),
        headers: parts.headers,
        body,
        json,
        version,
        access,
        rules: mount.rules.clone(),
        credentials,
        reach: Reach::default(),
        is_head: parts.method == Method::HEAD,
        base,
        path,
    }
    .with_reach();
    if cloud.pretends(&operation.id, &context.headers) {
        return pretend::serve(&mut world, mount, |world| perform(cloud, mount, world, context));
    }
    perform(cloud, mount, &mut world, context)
}

/// Does what an operation does, after the checks that precede it in its service.
fn perform(
    cloud: &Cloud,
    mount: &Mount,
    world: &mut World,
    mut context: RequestContext,
) -> Outcome {
    let operation = context.operation;
    if let Some(engine) = &mount.engine {
        let now = world.clock.now();
        engine.admit(&context, cloud.validators(), now)?;
        conform::request(cloud.validators(), &mut context)?;
        return engine.serve(&context, cloud.validators(), now);
    }
    // Whoever asks learns that it is missing here, and not that it is forbidden.
    let handler = cloud
        .behaviour(&operation.id)
        .ok_or_else(|| Fault::new(501, format!("{NO_BEHAVIOUR} {}.", operation.id)))?;
    let validators = cloud.validators();
    match mount.service.name {
        // Its access is by account and by lists.
        "object_storage" => return gate::serve(world, &context, handler),
        // Placement asks who the caller is before it looks at anything.
        "placement" => {
            placement::policy::ask(&context)?;
            conform::query(validators, &context)?;
            placement::before_body(&world.placement, &context)?;
            conform::body(validators, &mut context)?;
        }
        // The others validate in a decorator, a hook or a deserializer around what asks.
        name => {
            conform::query(validators, &context)?;
            match name {
                "image" => image::before_body(&context)?,
                "network" => network::before_body(&world.network, &context)?,
                _ => {}
            }
            conform::body(validators, &mut context)?;
            ask(name, world, &context)?;
        }
    }
    handler(world, &context)
}

/// Asks the policy rules of a service, in the order in which it finds and asks.
fn ask(service: &str, world: &World, context: &RequestContext) -> Result<(), Fault> {
    match service {
        "compute" => compute::policy::ask(world, context),
        "identity" => identity::policy::ask(world, context),
        "image" => image::policy::ask(world, context),
        "network" => network::policy::ask(world, context),
        "volume" => volume::policy::ask(world, context),
        _ => Ok(()),
    }
}

/// Whether a path of a service is answered without a token.
fn is_open(service: &str, method: &Method, rest: &str) -> bool {
    match service {
        "identity" => method == Method::POST && rest == "/v3/auth/tokens",
        // Pages, temporary URLs and open containers need none; the account's gate asks.
        "object_storage" => {
            rest.starts_with("/v1/AUTH_")
                || rest == "/info" && (method == Method::GET || method == Method::HEAD)
        }
        _ => false,
    }
}

/// Finds the path's operations, the version's part of the path taken off.
fn locate<'a>(mount: &'a Mount, rest: &str) -> Result<Found<'a>, Fault> {
    let greedy = mount.service.keeps_slashes;
    let below_version = if greedy {
        account_path(rest)?
    } else {
        rest.strip_prefix(mount.spec.version_path).unwrap_or("/\u{0}")
    };
    mount.routes.find(below_version, greedy).ok_or_else(choose::not_there)
}

/// Takes `/v1/AUTH_…` off an object storage path; who may go there is for
/// [`gate`] to say, which knows the container.
fn account_path(rest: &str) -> Result<&str, Fault> {
    let Some(account) = rest.strip_prefix("/v1/") else { return Ok(rest) };
    let end = account.find('/').unwrap_or(account.len());
    let (account, path) = account.split_at(end);
    account
        .strip_prefix("AUTH_")
        .filter(|project| !project.is_empty())
        .ok_or_else(choose::not_there)?;
    Ok(path)
}

/// Returns the address that the request was sent to.
fn base(parts: &Parts) -> String {
    let scheme = parts.uri.scheme_str().unwrap_or("http");
    let host = parts.headers.get("host").and_then(|host| host.to_str().ok());
    let authority = parts.uri.authority().map(http::uri::Authority::as_str).or(host);
    format!("{scheme}://{}", authority.unwrap_or("localhost"))
}

fn unauthorized(base: &str) -> Fault {
    Fault::unauthorized().header("www-authenticate", identity::challenge(base))
}

fn no_service(path: &str) -> Fault {
    Fault::not_found(format!("No service of the embedded cloud has the path {path}."))
}

fn render(reply: Reply, head: bool) -> Response<Bytes> {
    let (content, media_type) = match reply.body {
        ReplyBody::Empty => (Bytes::new(), None),
        ReplyBody::Json(value) => {
            (Bytes::from(value.to_string()), Some("application/json".to_owned()))
        }
        ReplyBody::Bytes { content, media_type } => (content, Some(media_type)),
    };
    let length = content.len();
    let mut response = Response::new(if head { Bytes::new() } else { content });
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) =
            (http::HeaderName::try_from(name), HeaderValue::try_from(value))
        {
            headers.append(name, value);
        }
    }
    if let Some(Ok(media_type)) = media_type.map(HeaderValue::try_from) {
        headers.entry(CONTENT_TYPE).or_insert(media_type);
    }
    if reply.status != 204 && !headers.contains_key(CONTENT_LENGTH) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}
