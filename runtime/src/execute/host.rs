//! What tests run on: the seam between running tests and a cloud.

use std::pin::Pin;

use crate::cleanup::Outcome;
use crate::context::Standing;
use crate::credentials::{Lease, UnknownPersona, Wish};
use crate::journal::Sink;
use crate::registry::{IdentityWish, Test};
use crate::{Context, Failure};

/// A future that borrows what it came from.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a setup was let in with: identities that were lent to it, if any.
#[derive(Debug, Default)]
pub struct Admission(pub(crate) Option<Vec<Lease>>);

/// Who is given a context: a test, or the fixture of a suite.
#[derive(Debug, Clone, Copy)]
pub struct TestSetup<'a> {
    /// The test's id, or the suite's.
    pub id: &'a str,
    /// The identities that are leased for it.
    pub identities: &'a [IdentityWish],
    /// The nearest fixture around, whose identities it can act as.
    pub around: Option<&'a Standing>,
}

impl<'a> TestSetup<'a> {
    /// Makes a test a setup, in the nearest fixture around it.
    pub fn test(test: &'a Test, around: Option<&'a Standing>) -> Self {
        let shares = test.acts_as_fixture && around.is_some();
        let identities = if shares { &[] } else { test.identities.as_slice() };
        Self { id: test.id(), identities, around }
    }

    /// Gives what it wishes for.
    pub(crate) fn wishes(&self) -> Result<Vec<Wish>, UnknownPersona> {
        let wish = |IdentityWish { persona, fresh, .. }: &IdentityWish| {
            Ok(Wish { persona: persona.parse()?, fresh: *fresh })
        };
        self.identities.iter().map(wish).collect()
    }
}

/// Gives each test its context, and takes it back.
pub trait Host: Send + Sync + 'static {
    /// Lets a setup in when it is its turn, which may take as long as other tests do.
    fn admit<'a>(&'a self, setup: TestSetup<'a>) -> Pending<'a, Result<Admission, Failure>>;

    /// Makes what a setup needs that was let in: its identities and clients.
    fn context<'a>(
        &'a self,
        setup: TestSetup<'a>,
        admission: Admission,
        sink: &'a Sink,
    ) -> Pending<'a, Result<Context, Failure>>;

    /// Tells whether there are only so many identities, for which setups wait.
    fn is_lending(&self) -> bool;

    /// Undoes what a setup made, in reverse.
    fn finish<'a>(&'a self, context: &'a Context) -> Pending<'a, Outcome>;

    /// Undoes what was made for the run and not for a test, and what is left of
    /// tests that a worker was lost with.
    fn close(&self) -> Pending<'_, Outcome>;
}
