//! The observer of a test's requests: the guard checks them, the journal records them, and what
//! the cloud answers is kept if the run is asked to.

use std::sync::Arc;

use http::HeaderMap;

use crate::client::{AnswerInfo, CallInfo, Exchange, Observer, Refusal};
use crate::journal::{Event, Sink};
use crate::ledger::Ledger;
use crate::observed::AnswerKeeper;

use super::guard::{self, Passing};
use super::marks::{Altered, AsDescribed, Carried};
use super::outage::Outage;
use super::pretence::Pretence;

/// The observer of a test's sessions, or of the runner's own.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) test: Option<String>,
    pub(crate) sink: Sink,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) outage: Outage,
    /// Keeps what the cloud answers, if the run is asked to.
    pub(crate) observations: Option<Arc<AnswerKeeper>>,
    /// What the embedded cloud is to pretend of what the test sends, if anything.
    pub(crate) pretence: Option<Arc<Pretence>>,
}

impl Observer for Watch {
    fn before(&self, call: &CallInfo<'_>) -> Result<(), Refusal> {
        let mark = call.extension::<Carried>().and_then(Carried::mark);
        let passing = Passing {
            operation: &call.operation.id,
            method: call.operation.method,
            url: call.url,
            path: call.path,
            body: call.body,
            as_described: call.extension::<AsDescribed>().is_some(),
            altered: call.extension::<Altered>().is_some(),
        };
        self.outage.check()?;
        guard::pass(passing, mark.as_deref(), |id| self.ledger.has_made(id))
    }

    fn headers(&self, call: &CallInfo<'_>) -> HeaderMap {
        let pretence = self.pretence.as_ref();
        pretence.map(|pretence| pretence.headers(&call.operation.id)).unwrap_or_default()
    }

    fn answered(&self, answer: &AnswerInfo<'_>) {
        if let Some(observations) = &self.observations {
            // At once: a worker that is killed later has said so.
            if let Err(cause) = observations.see(answer) {
                self.sink.send(Event::AnswerNotKept { cause });
            }
        }
    }

    fn after(&self, exchange: Box<Exchange>) {
        self.outage.see(&exchange);
        self.sink.send(Event::Exchange { test: self.test.clone(), exchange });
    }
}
