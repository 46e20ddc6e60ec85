//! The interface between running tests and a cloud.

use crate::client::transport::BoxFuture;
use crate::context::ActiveFixture;
use crate::credentials::{Lease, PersonaRequest, UnknownPersona};
use crate::journal::Sink;
use crate::ledger::CleanupOutcome;
use crate::registry::{IdentityRequest, Test};
use crate::{Context, Failure};

/// The identities borrowed for a test or fixture, if any.
#[derive(Debug, Default)]
pub struct Admission(pub(crate) Option<Vec<Lease>>);

/// A request for a context: by a test, or by the fixture of a suite.
#[derive(Debug, Clone, Copy)]
pub struct TestSetup<'a> {
    /// The id of the test or of the suite.
    pub id: &'a str,
    /// The identities to lease for it.
    pub identities: &'a [IdentityRequest],
    /// The enclosing fixture, whose identities it can use too.
    pub around: Option<&'a ActiveFixture>,
}

impl<'a> TestSetup<'a> {
    /// Creates the request of a test, inside the given fixture.
    pub fn test(test: &'a Test, around: Option<&'a ActiveFixture>) -> Self {
        let shares = test.acts_as_fixture && around.is_some();
        let identities = if shares { &[] } else { test.identities.as_slice() };
        Self { id: test.id(), identities, around }
    }

    /// Returns the identities it asks for.
    pub(crate) fn persona_requests(&self) -> Result<Vec<PersonaRequest>, UnknownPersona> {
        let request = |IdentityRequest { persona, fresh, .. }: &IdentityRequest| {
            Ok(PersonaRequest { persona: persona.parse()?, fresh: *fresh })
        };
        self.identities.iter().map(request).collect()
    }
}

/// Creates each test's context and cleans up after it.
pub trait Host: Send + Sync + 'static {
    /// Waits until its identities are free, which may take as long as other tests run.
    fn admit<'a>(&'a self, setup: TestSetup<'a>) -> BoxFuture<'a, Result<Admission, Failure>>;

    /// Creates the context: identities and clients.
    fn context<'a>(
        &'a self,
        setup: TestSetup<'a>,
        admission: Admission,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Context, Failure>>;

    /// Whether there is a fixed number of identities, for which tests have to wait.
    fn is_lending(&self) -> bool;

    /// Undoes what a test or fixture made, in reverse order.
    fn finish<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, CleanupOutcome>;

    /// Undoes what was made for the run as a whole, and what tests of lost workers left.
    fn close(&self) -> BoxFuture<'_, CleanupOutcome>;
}
