//! What tests run on: the seam between running tests and a cloud.

use std::pin::Pin;

use crate::cleanup::Outcome;
use crate::credentials::Lease;
use crate::journal::Sink;
use crate::registry::Test;
use crate::{Context, Failure};

/// A future that borrows what it came from.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a test was let in with: identities that were lent to it, if any.
#[derive(Debug, Default)]
pub struct Admission(pub(crate) Option<Vec<Lease>>);

/// Gives each test its context, and takes it back.
pub trait Host: Send + Sync + 'static {
    /// Lets a test in when it is its turn, which may take as long as other tests do.
    fn admit<'a>(&'a self, test: &'a Test) -> Pending<'a, Result<Admission, Failure>>;

    /// Makes what a test needs that was let in: its identities and clients.
    fn context<'a>(
        &'a self,
        test: &'a Test,
        admission: Admission,
        sink: &'a Sink,
    ) -> Pending<'a, Result<Context, Failure>>;

    /// Undoes what a test made, in reverse.
    fn finish<'a>(&'a self, context: &'a Context) -> Pending<'a, Outcome>;

    /// Undoes what was made for the run and not for a test, and what is left of
    /// tests that a worker was lost with.
    fn close(&self) -> Pending<'_, Outcome>;
}
