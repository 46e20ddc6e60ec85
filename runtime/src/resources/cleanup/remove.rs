//! Sending the requests that remove a resource, until the service has accepted them.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::bounds::{Unchanged, UndoError, UndoTimeouts, undoing};
use super::evidence::Evidence;
use super::fill::{self, Params};
use super::listing::{describe, refusal};
use crate::client::by_id::{Answer, Api, Request, Unanswered};
use crate::kinds::Step;
use crate::services;
use crate::wait::{Poll, ProbeError, Wait};

/// Sends requests as one identity, and records what they show about the services.
#[derive(Clone, Copy)]
pub(super) struct Remover<'a> {
    pub(super) api: &'a dyn Api,
    /// Who frees what the identity itself may not.
    pub(super) admin: Option<&'a dyn Api>,
    pub(super) evidence: &'a Evidence,
    pub(super) timeouts: &'a UndoTimeouts,
}

impl Remover<'_> {
    /// Sends a request until it is accepted or there is nothing to remove. After a
    /// refusal, what may free the resource is tried once.
    pub(super) async fn remove(
        self,
        request: Request<'_>,
        freeing: Freeing<'_>,
    ) -> Result<Removal, UndoError> {
        let (operation, service) = (request.operation, request.spec.name);
        let freed = AtomicBool::new(false);
        let unchanged = Unchanged::default();
        let removed = Wait::new(format!("{operation} to be accepted"))
            .within(self.timeouts.undo)
            .with_backoff(undoing())
            .until(|| async {
                let answer = match self.send(request.clone()).await {
                    Ok(answer) => answer,
                    Err(error) => return Err(error),
                };
                let is_proven = self.evidence.is_from_service(service, &answer);
                let again = matches!(answer.status, 400 | 403 | 409);
                if again && !freeing.steps.is_empty() && !freed.swap(true, Ordering::Relaxed) {
                    freeing.free(self.api, self.admin).await;
                    return Ok(Poll::not_yet(refusal(operation, &answer)));
                }
                match answer.status {
                    404 | 410 if self.evidence.proves_absence(service, &answer) => {
                        Ok(Poll::ready(Removal::Absent))
                    }
                    status @ 200..=299 if is_proven => Ok(Poll::ready(Removal::Done { status })),
                    200..=299 | 404 | 410 => {
                        Ok(Poll::ready(Removal::Unproven(describe(operation, &answer))))
                    }
                    400 | 409 | 423 | 429 | 500..=599 => {
                        let why = refusal(operation, &answer);
                        let changes = self.evidence.changes();
                        if unchanged.for_at_least(self.timeouts.unchanged, &why, changes) {
                            return Err(ProbeError::lasting(format!(
                                "{why}, for {} s without a change",
                                self.timeouts.unchanged.as_secs()
                            )));
                        }
                        Ok(Poll::not_yet(why).with_request_id(answer.request_id))
                    }
                    _ => Err(ProbeError::lasting(describe(operation, &answer))),
                }
            })
            .await;
        removed.map_err(UndoError::from)
    }

    /// Sends a request; an error is final once the service has not answered for a while.
    pub(super) async fn send(self, request: Request<'_>) -> Result<Answer, ProbeError> {
        let service = request.spec.name;
        match self.api.send(request).await {
            Ok(answer) => {
                self.evidence.answered(service, &answer);
                Ok(answer)
            }
            Err(error) => {
                let passing = error.passing && !self.evidence.unanswered(service, &error);
                let Unanswered { message, .. } = error;
                Err(ProbeError { message, request_id: None, passing })
            }
        }
    }
}

/// The result of a removing request.
#[derive(Debug)]
pub(super) enum Removal {
    /// The service accepted it.
    Done { status: u16 },
    /// The service says that there is nothing to remove.
    Absent,
    /// Something answered, perhaps not the service.
    Unproven(String),
}

/// Requests that may free a resource which cannot be removed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Freeing<'a> {
    pub(super) steps: &'static [Step],
    pub(super) params: &'a Params,
}

impl Freeing<'_> {
    /// Sends them; the next removal shows whether they helped.
    async fn free(&self, api: &dyn Api, admin: Option<&dyn Api>) {
        for step in self.steps {
            let body = step.body.and_then(|body| fill::body(body, self.params));
            let request = ask(step.operation, self.params, body);
            let mut freed = api.send(request.clone()).await;
            if let (Ok(Answer { status: 403, .. }), Some(admin)) = (&freed, admin) {
                freed = admin.send(request).await;
            }
            tracing::debug!(operation = step.operation, ?freed, "freeing what was refused");
        }
    }
}

pub(super) fn ask<'a>(
    operation: &'static str,
    params: &'a Params,
    body: Option<Value>,
) -> Request<'a> {
    Request { spec: services::spec_of(operation), operation, params, query: Vec::new(), body }
}
