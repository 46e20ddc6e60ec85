//! The environment as what tests run on.

use super::Environment;
use crate::cleanup::Outcome;
use crate::execute::{Host, Pending};
use crate::journal::Sink;
use crate::registry::Test;
use crate::{Context, Failure};

impl Host for Environment {
    fn context<'a>(
        &'a self,
        test: &'a Test,
        sink: &'a Sink,
    ) -> Pending<'a, Result<Context, Failure>> {
        Box::pin(async move {
            Self::context(self, test, sink).await.map_err(|error| {
                if error.is_skip() {
                    Failure::skip(error.to_string()).with_place(None)
                } else {
                    Failure::from(error).with_place(None)
                }
            })
        })
    }

    fn finish<'a>(&'a self, context: &'a Context) -> Pending<'a, Outcome> {
        Box::pin(Self::finish(self, context))
    }

    fn close(&self) -> Pending<'_, Outcome> {
        Box::pin(Self::close(self))
    }
}
