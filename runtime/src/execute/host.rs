//! What tests run on: the seam between running tests and a cloud.

use std::pin::Pin;

use crate::cleanup::Outcome;
use crate::journal::Sink;
use crate::registry::Test;
use crate::{Context, Failure};

/// A future that borrows what it came from.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Gives each test its context, and takes it back.
pub trait Host: Send + Sync + 'static {
    /// Makes what a test needs: its identities and clients.
    fn context<'a>(
        &'a self,
        test: &'a Test,
        sink: &'a Sink,
    ) -> Pending<'a, Result<Context, Failure>>;

    /// Undoes what a test made, in reverse.
    fn finish<'a>(&'a self, context: &'a Context) -> Pending<'a, Outcome>;

    /// Undoes what was made for the run and not for a test, and what is left of
    /// tests that a worker was lost with.
    fn close(&self) -> Pending<'_, Outcome>;
}
