//! Containers as web sites: pages for those who come without a token.

use squall_model::Method;

use super::access::{self, Deed};
use super::metadata::Metadata;
use super::site_listing::{self, Look};
use super::{download, place};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::query::truth;
use crate::request::RequestContext;
use crate::world::World;
use crate::world::object_storage::place::Place;

/// What a container's metadata says of the site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Site {
    pub(crate) index: String,
    pub(crate) error: String,
    pub(crate) listings: bool,
    pub(crate) label: String,
    pub(crate) css: String,
    directory_type: String,
}

impl Site {
    fn of(metadata: &Metadata) -> Self {
        let text = |name: &str| {
            metadata.get(&format!("x-container-meta-web-{name}")).cloned().unwrap_or_default()
        };
        let directory_type = match text("directory-type") {
            none if none.is_empty() => "application/directory".to_owned(),
            given => given,
        };
        Self {
            index: text("index"),
            error: text("error"),
            listings: truth(&text("listings")) == Some(true),
            label: text("listings-label"),
            css: text("listings-css"),
            directory_type,
        }
    }
}

/// Answers a request for a page, where it is one: without a token or with
/// `X-Web-Mode`, to a container that is a site.
pub(crate) fn serve(world: &mut World, context: &RequestContext) -> Option<Outcome> {
    let reads = matches!(context.operation.method, Method::Get | Method::Head);
    let web = context.header("x-web-mode").and_then(truth) == Some(true);
    if !reads || (context.access.is_some() && !web) {
        return None;
    }
    let container =
        world.object_storage.container_at(place::account(context), context.parameter(0))?;
    let site = Site::of(&container.metadata);
    if site.index.is_empty() && !site.listings {
        return None;
    }
    let visit = Visit { world, context, site };
    let outcome = match context.parameter(1) {
        "" => visit.root(),
        name => visit.page(name),
    };
    Some(outcome.or_else(|fault| visit.failed(fault)))
}

/// One request to one site.
struct Visit<'a> {
    world: &'a World,
    context: &'a RequestContext,
    site: Site,
}

impl Visit<'_> {
    fn root(&self) -> Outcome {
        self.allowed(Deed::List).or_else(|fault| {
            // Who may read pages need not be allowed to list them to see the index.
            if self.site.index.is_empty() { Err(fault) } else { self.allowed(Deed::Read) }
        })?;
        if !self.context.path.ends_with('/') {
            return Ok(self.with_slash());
        }
        match self.index(String::new()) {
            Err(fault) if fault.status == 404 => self.listing(""),
            other => other,
        }
    }

    fn page(&self, name: &str) -> Outcome {
        let found = self.object(name);
        let directory = found.as_ref().is_ok_and(|reply| self.is_directory(reply));
        match found {
            Err(fault) if fault.status != 404 => return Err(fault),
            Ok(reply) if !directory => return Ok(reply),
            _ => {}
        }
        let below = format!("{}/", name.trim_end_matches('/'));
        let slash = name.ends_with('/');
        match self.index(below.clone()) {
            Ok(_) if !slash => Ok(self.with_slash()),
            Ok(reply) => Ok(reply),
            Err(fault) if fault.status != 404 => Err(fault),
            Err(_) if slash => self.listing(&below),
            Err(_) if self.has_below(&below) => Ok(self.with_slash()),
            Err(fault) => Err(fault),
        }
    }

    fn index(&self, below: String) -> Outcome {
        if self.site.index.is_empty() {
            return Err(super::not_found());
        }
        self.object(&(below + &self.site.index))
    }

    fn object(&self, name: &str) -> Outcome {
        self.allowed(Deed::Read)?;
        let place = Place { object: name.to_owned(), ..Place::of(self.context) };
        let now = self.world.clock.now();
        download::send(&self.world.object_storage, &place, self.context, now)
    }

    fn listing(&self, prefix: &str) -> Outcome {
        if !self.site.listings {
            return Err(super::not_found());
        }
        self.allowed(Deed::List)?;
        let Place { account, container, .. } = Place::of(self.context);
        let found = self.world.object_storage.container_at(&account, &container);
        let found = found.ok_or_else(super::not_found)?;
        let look = Look { label: &self.site.label, css: &self.site.css };
        site_listing::page(found, prefix, &look, &self.context.path).ok_or_else(super::not_found)
    }

    /// Answers a failure with the site's own page, where it has one for the status.
    fn failed(&self, fault: Fault) -> Outcome {
        let custom = fault.status == 404 || self.context.parameter(1).is_empty();
        if self.site.error.is_empty() || !custom {
            return Err(fault);
        }
        match self.object(&format!("{}{}", fault.status, self.site.error)) {
            Ok(reply) => Ok(Reply { status: fault.status, ..reply }),
            Err(_) => Err(fault),
        }
    }

    fn allowed(&self, deed: Deed) -> Result<Reply, Fault> {
        let container = self.context.parameter(0);
        access::check_at(&self.world.object_storage, container, deed, self.context)?;
        Ok(Reply::empty(200))
    }

    fn is_directory(&self, reply: &Reply) -> bool {
        let typed = match &reply.body {
            crate::outcome::ReplyBody::Bytes { media_type, content } => {
                content.len() <= 1 && *media_type == self.site.directory_type
            }
            _ => false,
        };
        typed && reply.status == 200
    }

    fn has_below(&self, prefix: &str) -> bool {
        let Place { account, container, .. } = Place::of(self.context);
        let found = self.world.object_storage.container_at(&account, &container);
        found.is_some_and(|c| c.objects.keys().any(|name| name.starts_with(prefix)))
            && self.allowed(Deed::List).is_ok()
    }

    fn with_slash(&self) -> Reply {
        let to = format!("{}{}/", self.context.base, self.context.path);
        Reply::empty(301).header("location", to)
    }
}
