//! The environment as what tests run on.

use super::Environment;
use crate::client::transport::BoxFuture;
use crate::credentials::SetupError;
use crate::execute::{Admission, Host, TestSetup};
use crate::journal::Sink;
use crate::ledger::CleanupOutcome;
use crate::{Context, Failure};

impl Host for Environment {
    fn admit<'a>(&'a self, setup: TestSetup<'a>) -> BoxFuture<'a, Result<Admission, Failure>> {
        Box::pin(async move { Self::admit(self, setup).await.map_err(failure) })
    }

    fn context<'a>(
        &'a self,
        setup: TestSetup<'a>,
        admission: Admission,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Context, Failure>> {
        Box::pin(async move { Self::context(self, setup, admission, sink).await.map_err(failure) })
    }

    fn finish<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, CleanupOutcome> {
        Box::pin(Self::finish(self, context))
    }

    fn is_lending(&self) -> bool {
        Self::is_lending(self)
    }

    fn close(&self) -> BoxFuture<'_, CleanupOutcome> {
        Box::pin(Self::close(self))
    }
}

fn failure(error: SetupError) -> Failure {
    if error.is_skip() {
        Failure::skip(error.to_string()).with_location(None)
    } else {
        Failure::from(error).with_location(None)
    }
}
