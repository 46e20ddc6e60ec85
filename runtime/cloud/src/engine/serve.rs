//! A described service at work.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use squall_client::validate::Validators;
use squall_model::description::Sender;
use squall_model::service::FaultShape;

use super::addresses::Addresses;
use super::plan::{Plan, Task};
use super::request::ServiceRequest;
use super::service::DescribedService;
use super::store::ItemStore;
use crate::fault::Fault;
use crate::outcome::Outcome;
use crate::request::RequestContext;

/// A described service and its state.
#[derive(Debug)]
pub(crate) struct Engine {
    service: DescribedService,
    plan: Plan,
    addresses: Addresses,
    store: Mutex<ItemStore>,
}

impl Engine {
    pub(crate) fn new(service: DescribedService, seed: u64) -> Self {
        let mut store = ItemStore::new(seed);
        if let Some(begin) = service.embedded.beginning {
            begin(&mut store);
        }
        let addresses = Addresses::new(service.spec, service.description);
        let plan = Plan::new(&service);
        Self { service, plan, addresses, store: Mutex::new(store) }
    }

    /// Returns the form of the service's errors.
    pub(crate) fn fault(&self) -> FaultShape {
        self.service.dialect().fault
    }

    /// Refuses an operation that the service has no answer to. If the service has no policy rules,
    /// also refuses to others what the description says an administrator sends, and all but
    /// reading to who has no role above reader.
    pub(crate) fn admit(
        &self,
        context: &RequestContext,
        validators: &Validators,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let task = self.task(context);
        if task.is_missing() {
            let request = self.request(&task, context, validators, now);
            return Err(request.without_handler().0);
        }
        let refused = context.rules.is_none()
            && !context.is_admin()
            && (task.sender == Sender::Admin || reads_only(context) && !is_read(context));
        if refused {
            return Err(context.refused(&context.operation.id.replace('.', ":")));
        }
        Ok(())
    }

    /// Answers a request that is routed, authenticated, admitted and valid.
    pub(crate) fn serve(
        &self,
        context: &RequestContext,
        validators: &Validators,
        now: Timestamp,
    ) -> Outcome {
        let task = self.task(context);
        let request = self.request(&task, context, validators, now);
        let mut store = self.items();
        if context.rules.is_some() {
            request.ask(&store).map_err(|fault| fault.0)?;
        }
        let answer = match task.handler {
            Some(handler) => handler(&mut store, &request),
            None => request.standard(&mut store),
        };
        answer.map(|answer| answer.0).map_err(|fault| fault.0)
    }

    /// Locks the state. After a panic in a handler it stays as it was at that moment.
    pub(crate) fn items(&self) -> MutexGuard<'_, ItemStore> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn task(&self, context: &RequestContext) -> Task {
        self.plan.task(&context.operation.id)
    }

    fn request<'a>(
        &'a self,
        task: &Task,
        context: &'a RequestContext,
        validators: &'a Validators,
        now: Timestamp,
    ) -> ServiceRequest<'a> {
        ServiceRequest {
            context,
            resource: task.resource,
            verb: task.verb,
            addresses: &self.addresses,
            dialect: self.service.dialect(),
            validators,
            now,
        }
    }
}

/// Whether a caller has no role above reader in its project.
fn reads_only(context: &RequestContext) -> bool {
    context.access.as_ref().is_some_and(|access| {
        access.project().is_some() && access.roles.iter().all(|(_, name)| name == "reader")
    })
}

fn is_read(context: &RequestContext) -> bool {
    context.operation.method.is_safe()
}
