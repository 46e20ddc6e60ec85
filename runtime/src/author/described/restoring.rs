//! What is to be sent after a request that changes what is not the run's: a service of the cloud,
//! an agent, the default of a quota.
//!
//! It goes into the ledger before the request is sent, so that a killed run leaves the cloud as it
//! was.

use std::collections::BTreeMap;

use serde_json::Value;
use squall_model::description::{DescribedRequest, How};
use squall_model::{Method, Microversion, Operation, ServiceSpec};

use super::pool::Pool;
use super::request::{Filled, FilledBody, Obtain as _, Purpose, Ready, prepare};
use super::sender::sender;
use crate::client::by_id::{Api as _, Request, SessionApi};
use crate::client::validate::Validators;
use crate::client::{OperationRef, Session};
use crate::ledger::Restoration;
use crate::{Context, Failure, Result, kinds, services};

/// Has a call undone at the end of the test.
///
/// What it does to a resource of the run goes with that resource, so that a refusal to undo it
/// means nothing: the call itself may have been refused.
pub(crate) async fn undone_afterwards(
    ctx: &Context,
    undoing: &'static DescribedRequest,
    purpose: Purpose<'_>,
) -> Result<()> {
    let ready = prepare(undoing, purpose).await?;
    let target = purpose.target.map(super::Instance::id);
    if names_ours(ctx, &ready) || target.is_some_and(|id| ctx.has_made(id)) {
        let undo = ready.call("");
        ctx.defer(async move {
            match undo.send().await {
                Ok(_) => Ok(()),
                Err(error) if error.refused().is_some() => Ok(()),
                Err(error) => Err(Failure::from(error)),
            }
        });
        return Ok(());
    }
    let filled = ready.filled("");
    let FilledBody::Json(body) = filled.body.clone() else { return Ok(()) };
    let session = sender(ctx, undoing.by)?.session();
    let change = Restoration {
        operation: ready.operation().id.to_string(),
        body: Some(body),
        was: Value::Null,
    };
    ctx.maker().restoring(session, parameters(&ready), change).await?;
    Ok(())
}

/// How a value that is not the run's is put back after a request that replaces it.
pub(crate) struct PutBack {
    operation: &'static Operation,
    session: Session,
    params: BTreeMap<String, String>,
    version: Option<Microversion>,
    /// The valid request, which says the values of its fields.
    body: Value,
    /// All values that were there.
    was: Value,
}

impl PutBack {
    /// Reads what is there before a request replaces it; none where that is the run's, or where
    /// the request replaces nothing.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) async fn of(
        ctx: &Context,
        pool: &Pool,
        how: How,
        request: &'static DescribedRequest,
        ready: &Ready,
    ) -> Result<Option<Self>> {
        let operation = ready.operation();
        let replaces = matches!(operation.method, Method::Put | Method::Patch);
        if !replaces || kinds::making(&operation.id).is_some() || names_ours(ctx, ready) {
            return Ok(None);
        }
        let kind = match how {
            How::Creates(_) => return Ok(None),
            How::Called(call) if call.own => return Ok(None),
            How::Called(call) => call.on,
            How::Standard(resource, _) => Some(resource.kind.name),
        };
        let target = match kind {
            Some(kind) => Some(pool.obtain(ctx, kind, "", false, None).await?),
            None => None,
        };
        if target.as_ref().is_some_and(|target| ctx.has_made(target.id())) {
            return Ok(None);
        }
        // In the form of the newest version, which cleanup speaks.
        let purpose = Purpose { ctx, pool, target: target.as_ref(), own: false, version: None };
        let newest = prepare(request, purpose).await?;
        let FilledBody::Json(body) = newest.filled("").body else { return Ok(None) };
        let session = sender(ctx, request.by)?.session().clone();
        let params = parameters(&newest);
        let known = ctx.maker().ledger.was(&operation.id, &params);
        let was = match known {
            Some(was) => was,
            None => match shown(&session, operation, &params).await? {
                Some(shown) => shown,
                None => target.map(|target| target.object()).unwrap_or_default(),
            },
        };
        let version = newest.version();
        Ok(Some(Self { operation, session, params, version, body, was }))
    }

    /// Records that a request with this body is about to be sent; returns the number of the entry.
    ///
    /// # Errors
    /// It cannot be recorded.
    pub(crate) async fn record(&self, ctx: &Context, sent: &Filled) -> Result<u64> {
        let body = match &sent.body {
            FilledBody::Json(sent) => self.body_after(sent),
            FilledBody::None | FilledBody::Text(..) => self.body.clone(),
        };
        let change = Restoration {
            operation: self.operation.id.to_string(),
            body: Some(body),
            was: self.was.clone(),
        };
        Ok(ctx.maker().restoring(&self.session, self.params.clone(), change).await?)
    }

    /// Returns the body that restores the fields which another one sets: of the valid request,
    /// with the values that were there of those that it lacks, where the schema lets them be set.
    fn body_after(&self, sent: &Value) -> Value {
        let mut body = self.body.clone();
        let envelope = match self.body.as_object() {
            Some(fields) if fields.len() == 1 => {
                fields.iter().next().filter(|(_, value)| value.is_object()).map(|(key, _)| key)
            }
            _ => None,
        };
        let inside = |whole: &Value| match envelope {
            Some(key) => whole.get(key).cloned(),
            None => Some(whole.clone()),
        };
        // What a list shows has no envelope.
        let was = inside(&self.was).unwrap_or_else(|| self.was.clone());
        let Some(Value::Object(sent)) = inside(sent) else { return body };
        let validators = Validators::default();
        let operation = OperationRef::from(self.operation);
        for (name, _) in sent {
            let Some(value) = was.get(&name) else { continue };
            let mut longer = body.clone();
            let fields = match envelope {
                Some(key) => longer.get_mut(key),
                None => Some(&mut longer),
            };
            let Some(Value::Object(fields)) = fields else { continue };
            fields.entry(name).or_insert_with(|| value.clone());
            let outcome = validators.request(&operation, self.version, Some(&longer));
            if outcome.is_ok_and(|outcome| outcome.violations.is_empty()) {
                body = longer;
            }
        }
        body
    }
}

/// Whether the path of a request names a resource of the run.
fn names_ours(ctx: &Context, ready: &Ready) -> bool {
    ready.path().iter().any(|(_, value)| ctx.has_made(value))
}

fn parameters(ready: &Ready) -> BTreeMap<String, String> {
    let path = ready.filled("").path().to_vec();
    path.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Returns what the operation shows that reads the same path.
async fn shown(
    session: &Session,
    operation: &Operation,
    params: &BTreeMap<String, String>,
) -> Result<Option<Value>> {
    let Some((spec, _)) = services::operation(&operation.id) else { return Ok(None) };
    let spec: &'static ServiceSpec = spec;
    let mut all = spec.operations.iter();
    let show = all.find(|one| one.method == Method::Get && one.path == operation.path);
    let Some(show) = show else { return Ok(None) };
    let request = Request { spec, operation: &show.id, params, query: Vec::new(), body: None };
    let answer = SessionApi::new(session.clone()).send(request).await;
    match answer {
        Ok(answer) if answer.status < 300 => Ok(Some(answer.body)),
        Ok(answer) => Err(Failure::skip(format!(
            "what `{}` would change cannot be read: `{}` answered {}",
            operation.id, show.id, answer.status
        ))),
        Err(error) => Err(Failure::skip(format!(
            "what `{}` would change cannot be read: {}",
            operation.id, error.message
        ))),
    }
}
