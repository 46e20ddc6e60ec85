//! The resources that calls share: created when first needed, deleted with the context that
//! the pool stands for.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use squall_model::Microversion;
use squall_model::description::{DescribedRequest, Resource, ResourceOrigin};
use squall_model::kind::{Id, text_of};
use tokio::sync::{Mutex, OnceCell};

use super::instance::Instance;
use super::ready;
use super::refused;
use super::request::{Obtain, Obtaining, Purpose, Ready, prepare};
use crate::{Context, Failure, Result, services};

/// The resources that calls share.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    /// The context that creates what is shared.
    ctx: Context,
    /// By kind and instance.
    shared: Mutex<HashMap<(String, String), SharedInstance>>,
}

/// An instance that the first who needs it creates.
type SharedInstance = Arc<OnceCell<Result<Instance>>>;

impl Pool {
    /// Creates an empty pool; what it creates is deleted when this context ends.
    pub fn new(ctx: &Context) -> Self {
        ctx.undo_by_kind();
        Self(Arc::new(Inner { ctx: ctx.clone(), shared: Mutex::default() }))
    }

    /// Returns the shared resource of a kind, as in `volume.snapshot`. It must not be changed.
    ///
    /// # Errors
    /// No description has the kind, or it or what it refers to cannot be created. The failure
    /// is remembered, so that what needs it next fails at once.
    pub async fn instance(&self, kind: &str) -> Result<Instance> {
        self.obtain(&self.0.ctx, kind, "", false, None).await
    }

    /// Creates a resource of a kind for this test alone; what it refers to may be shared.
    ///
    /// # Errors
    /// See [`instance`](Self::instance).
    pub async fn own(&self, ctx: &Context, kind: &str) -> Result<Instance> {
        self.obtain(ctx, kind, "", true, None).await
    }

    /// Returns the resource of a kind that all who give this label share. A resource that
    /// nothing creates is the same for every label; it is addressed as it is at the version.
    pub(crate) async fn labelled(
        &self,
        kind: &str,
        label: &str,
        version: Option<Microversion>,
    ) -> Result<Instance> {
        self.obtain(&self.0.ctx, kind, label, false, version).await
    }

    /// Creates a resource, or finds it.
    pub(super) async fn create(
        &self,
        ctx: &Context,
        resource: &'static Resource,
        version: Option<Microversion>,
    ) -> Result<Instance> {
        let purpose = Purpose { ctx, pool: self, target: None, own: resource.fresh, version };
        let created = match &resource.origin {
            ResourceOrigin::Existing { list, fields } => {
                find(resource, list, fields, purpose).await
            }
            ResourceOrigin::Created(request) | ResourceOrigin::Changed(request) => {
                self.send_creating(resource, request, purpose).await.map(|(_, instance)| instance)
            }
        };
        created.map_err(|failure| {
            let skip = failure.is_skip();
            let what = format!("no {} to test with", resource.kind.name);
            if skip {
                Failure::skip(format!("{what}: {}", failure.message()))
            } else {
                failure.context(what)
            }
        })
    }

    /// Sends the request that creates a resource, and returns it with the resource.
    pub(crate) async fn send_creating(
        &self,
        resource: &'static Resource,
        request: &'static DescribedRequest,
        purpose: Purpose<'_>,
    ) -> Result<(Ready, Instance)> {
        let ready = prepare(request, purpose).await?;
        let kind = resource.kind;
        let (id, name, body) = send_tracked(resource, &ready, purpose.ctx).await?;
        let object = body.pointer(resource.object).cloned().unwrap_or_default();
        let params = ready.params(&name, kind);
        let instance = Instance::new(resource, id, object, params, ready.refers().to_vec());
        if kind.state.is_some_and(|state| !state.ready.is_empty()) {
            ready::becomes_ready(purpose.ctx, self, &instance).await?;
        }
        Ok((ready, instance))
    }
}

impl Obtain for Pool {
    fn obtain<'a>(
        &'a self,
        ctx: &'a Context,
        kind: &'a str,
        label: &'a str,
        own: bool,
        version: Option<Microversion>,
    ) -> Obtaining<'a> {
        Box::pin(async move {
            let resource = services::resource(kind)?;
            // What is found costs nothing, and is addressed in another way at other versions.
            if let ResourceOrigin::Existing { .. } = resource.origin {
                return self.create(ctx, resource, version).await;
            }
            if own {
                return self.create(ctx, resource, None).await;
            }
            let key = (kind.to_owned(), label.to_owned());
            let cell = Arc::clone(self.0.shared.lock().await.entry(key).or_default());
            cell.get_or_init(|| self.create(&self.0.ctx, resource, None)).await.clone()
        })
    }
}

/// Sends a creating request, through the ledger unless it makes a part of another resource.
/// Returns the id, the name, and the body of the answer.
pub(super) async fn send_tracked(
    resource: &'static Resource,
    ready: &Ready,
    ctx: &Context,
) -> Result<(String, String, Value)> {
    let kind = resource.kind;
    if !resource.is_tracked() {
        let name = ctx.unique_name(kind);
        let body = ready.call(&name).send().await.map_err(refused::by_service)?.value;
        let shown = body.pointer(&format!("{}{}", resource.object, resource.id));
        let id = shown.and_then(text_of).unwrap_or_else(|| name.clone());
        return Ok((id, name, body));
    }
    if kind.id == Id::Coordinates {
        let response = ctx.change(kind, ready.call("")).await;
        let response = response.map_err(refused::while_creating)?;
        return Ok((String::new(), String::new(), response.value));
    }
    let made = ctx.create_named(kind, |name| ready.call(name)).await;
    let made = made.map_err(refused::while_creating)?;
    Ok((made.id, made.name, made.value))
}

/// Finds a resource that nothing creates.
async fn find(
    resource: &'static Resource,
    list: &'static str,
    fields: &'static [(&'static str, &'static str)],
    purpose: Purpose<'_>,
) -> Result<Instance> {
    let request = resource.standard.iter().find(|request| request.operation == list);
    let request = request.ok_or_else(|| Failure::new(format!("`{list}` is not described")))?;
    let ready = prepare(request, purpose).await?;
    let body = ready.call("").send().await.map_err(refused::by_service)?.value;
    let items = body.pointer(resource.collection).and_then(Value::as_array);
    let fits = |item: &&Value| {
        fields.iter().all(|(pointer, wanted)| {
            item.pointer(pointer).and_then(text_of).is_some_and(|text| text == *wanted)
        })
    };
    let item = items.into_iter().flatten().find(fits).ok_or_else(|| {
        Failure::skip(format!("the cloud has no {} that fits", resource.kind.name))
    })?;
    let id = item.pointer(resource.id).and_then(text_of).unwrap_or_default();
    let refers = ready.refers().to_vec();
    Ok(Instance::new(resource, id, item.clone(), ready.params("", resource.kind), refers))
}
