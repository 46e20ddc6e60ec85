//! The environment as what tests run on.

use super::Environment;
use crate::cleanup::Outcome;
use crate::credentials::SetupError;
use crate::execute::{Admission, Host, Pending};
use crate::journal::Sink;
use crate::registry::Test;
use crate::{Context, Failure};

impl Host for Environment {
    fn admit<'a>(&'a self, test: &'a Test) -> Pending<'a, Result<Admission, Failure>> {
        Box::pin(async move { Self::admit(self, test).await.map_err(failure) })
    }

    fn context<'a>(
        &'a self,
        test: &'a Test,
        admission: Admission,
        sink: &'a Sink,
    ) -> Pending<'a, Result<Context, Failure>> {
        Box::pin(async move { Self::context(self, test, admission, sink).await.map_err(failure) })
    }

    fn finish<'a>(&'a self, context: &'a Context) -> Pending<'a, Outcome> {
        Box::pin(Self::finish(self, context))
    }

    fn close(&self) -> Pending<'_, Outcome> {
        Box::pin(Self::close(self))
    }
}

fn failure(error: SetupError) -> Failure {
    if error.is_skip() {
        Failure::skip(error.to_string()).with_place(None)
    } else {
        Failure::from(error).with_place(None)
    }
}
