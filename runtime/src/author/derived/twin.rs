//! The twins: valid requests that were answered with success, from which the changed ones are
//! derived.

use std::collections::HashMap;
use std::sync::Arc;

use squall_derived::{Constraint, derive};
use squall_model::description::After;
use squall_model::{Microversion, Operation};
use tokio::sync::{Mutex, OnceCell};

use super::case::{DerivedCase, request};
use crate::described::{
    Filled, FilledBody, How, Instance, Obtain as _, Pool, Purpose, PutBack, Ready, call,
    comes_after, perform_before, prepare, standard,
};
use crate::{Context, Failure, Result, kinds};

/// The twins of a suite, each sent when the first test needs it.
#[derive(Clone)]
pub struct Twins(Arc<Inner>);

struct Inner {
    /// The context that creates the resources.
    ctx: Context,
    pool: Pool,
    /// By operation and version.
    twins: Mutex<HashMap<Key, SharedTwin>>,
}

type Key = (&'static str, Option<Microversion>);

type SharedTwin = Arc<OnceCell<Result<Arc<Twin>>>>;

/// A valid request that was answered with success.
pub(super) struct Twin {
    /// The request, on the resource that it was answered on.
    ready: Ready,
    /// The name in it, with which the changes were derived.
    name: String,
    /// What can be changed about it, by id.
    constraints: HashMap<String, Constraint>,
    /// How what it changes is put back, if that is not the run's.
    put_back: Option<PutBack>,
}

impl Twin {
    /// Returns the request with this name where one belongs.
    pub(super) fn filled(&self, name: &str) -> Filled {
        self.ready.filled(name)
    }

    /// Returns the name with which the changes were derived.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns how what it changes is put back, if that is not the run's.
    pub(super) fn put_back(&self) -> Option<&PutBack> {
        self.put_back.as_ref()
    }
}

impl Twins {
    /// Creates the twins of a suite; the resources that they need are deleted when this context
    /// ends.
    pub fn new(ctx: &Context) -> Self {
        let (ctx, pool) = (ctx.clone(), Pool::new(ctx));
        Self(Arc::new(Inner { ctx, pool, twins: Mutex::default() }))
    }

    /// Returns the resources that requests share.
    pub(super) fn pool(&self) -> &Pool {
        &self.0.pool
    }

    /// Returns the twin of a case, and the constraint.
    ///
    /// # Errors
    /// The valid request was refused, or the constraint does not hold at the version of this
    /// cloud: both skip the test.
    pub(super) async fn of(&self, case: &DerivedCase) -> Result<(Arc<Twin>, Constraint)> {
        let DerivedCase { operation, how, version, constraint } = *case;
        let key = (operation.id.as_ref(), version);
        let cell = Arc::clone(self.0.twins.lock().await.entry(key).or_default());
        let twin = cell.get_or_init(|| self.send(operation, how, version)).await.clone();
        let twin = twin.map_err(|failure| without_twin(&failure))?;
        match twin.constraints.get(constraint) {
            Some(found) => Ok((Arc::clone(&twin), found.clone())),
            None => Err(Failure::skip(
                "the constraint does not follow from the valid request that was sent here: the \
                 cloud's newest version has another schema, or a value of it is not valid",
            )),
        }
    }

    /// Sends the valid request of an operation.
    async fn send(
        &self,
        operation: &'static Operation,
        how: How,
        version: Option<Microversion>,
    ) -> Result<Arc<Twin>> {
        let ctx = &self.0.ctx;
        let ready = self.succeeded(operation, how, version).await?;
        let described = request(how).ok_or_else(|| Failure::new("nothing calls it"))?;
        let put_back = PutBack::of(ctx, &self.0.pool, how, described, &ready).await?;
        let name = kinds::making(&operation.id).map(|kind| ctx.unique_name(kind));
        let name = name.unwrap_or_else(|| "squall".to_owned());
        let filled = ready.filled(&name);
        let body = match &filled.body {
            FilledBody::Json(body) => Some(body),
            FilledBody::None | FilledBody::Text(..) => None,
        };
        let schemas = operation.schemas.read().map_err(|error| {
            Failure::new(format!("the schemas of `{}` cannot be read: {error}", operation.id))
        })?;
        let constraints = derive(&schemas, filled.version, body, &filled.query);
        let constraints = constraints.into_iter().collect();
        Ok(Arc::new(Twin { ready, name, constraints, put_back }))
    }

    /// Sends the valid request of an operation on a resource of its own, and returns it. One
    /// that uses up its resource is returned for another that is still there.
    async fn succeeded(
        &self,
        operation: &'static Operation,
        how: How,
        version: Option<Microversion>,
    ) -> Result<Ready> {
        let Inner { ctx, pool, .. } = &*self.0;
        // Nobody else asks for a resource with this label.
        let label = version.map_or_else(String::new, |version| format!("@{version}"));
        let label = format!("{}{label}", operation.id);
        match how {
            How::Creates(resource) => {
                let purpose = Purpose { ctx, pool, target: None, own: resource.fresh, version };
                let request = request(how).ok_or_else(|| {
                    Failure::new(format!("nothing creates a {}", resource.kind.name))
                })?;
                Ok(pool.send_creating(resource, request, purpose).await?.0)
            }
            How::Standard(resource, request) => {
                let kind = resource.kind.name;
                if operation.method.is_safe() {
                    let target = pool.obtain(ctx, kind, "", false, version).await?;
                    return standard(ctx, pool, request, &target, version).await;
                }
                if operation.verb() == "delete" {
                    let target = pool.obtain(ctx, kind, "", true, version).await?;
                    standard(ctx, pool, request, &target, version).await?;
                    let live = pool.obtain(ctx, kind, &label, false, version).await?;
                    return self.prepared(how, Some(&live), version).await;
                }
                let target = pool.obtain(ctx, kind, &label, false, version).await?;
                let ready = standard(ctx, pool, request, &target, version).await?;
                comes_after(ctx, pool, &target, After::Ready).await?;
                Ok(ready)
            }
            How::Called(called) => {
                let gone = called.after == After::Gone;
                let target = match called.on {
                    Some(kind) if called.own && gone => {
                        Some(pool.obtain(ctx, kind, "", true, version).await?)
                    }
                    Some(kind) if called.own => {
                        Some(pool.obtain(ctx, kind, &label, false, version).await?)
                    }
                    Some(kind) => Some(pool.obtain(ctx, kind, "", false, version).await?),
                    None => None,
                };
                let target = target.as_ref();
                for before in called.before {
                    perform_before(ctx, pool, before, target, version).await?;
                }
                let ready = call(ctx, pool, called, target, version).await?;
                let (Some(kind), true) = (called.on, called.own && gone) else { return Ok(ready) };
                let live = pool.obtain(ctx, kind, &label, false, version).await?;
                for before in called.before {
                    perform_before(ctx, pool, before, Some(&live), version).await?;
                }
                self.prepared(how, Some(&live), version).await
            }
        }
    }

    /// Returns the request of an operation on a resource, without sending it.
    async fn prepared(
        &self,
        how: How,
        target: Option<&Instance>,
        version: Option<Microversion>,
    ) -> Result<Ready> {
        let Inner { ctx, pool, .. } = &*self.0;
        let own = matches!(how, How::Called(call) if call.own);
        let purpose = Purpose { ctx, pool, target, own, version };
        let request = request(how).ok_or_else(|| Failure::new("nothing calls it"))?;
        prepare(request, purpose).await
    }
}

/// Returns the skip of a test whose valid request was not answered with success.
fn without_twin(failure: &Failure) -> Failure {
    if failure.is_skip() {
        return failure.clone();
    }
    let causes = failure.causes().iter().map(String::as_str);
    let all: Vec<&str> = std::iter::once(failure.message()).chain(causes).collect();
    Failure::skip(format!("its valid request was refused: {}", all.join(": ")))
}
