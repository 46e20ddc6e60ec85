//! One case of a test, as its author writes it.

use std::borrow::Cow;

use squall_model::VersionRange;

use super::attributes::{Need, TestFuture};
use crate::Context;

/// One case of a test with `cases = function`.
///
/// Each case is a test of its own: it has an id, a verdict and a line in every report, and is
/// selected, scheduled, retried and counted alone. Its id is the test's, a dot, and its own:
///
/// ```
/// use squall::{Case, Context};
///
/// fn sizes() -> Vec<Case<u64>> {
///     vec![Case::new("empty", 0), Case::new("one-byte", 1).with_summary("A single byte.")]
/// }
///
/// /// An object of this size comes back as sent.
/// #[squall::test(id = "object-storage.objects.size", needs(object_storage), cases = sizes)]
/// async fn size(ctx: &Context, bytes: &u64) -> squall::Result {
///     // `object-storage.objects.size.empty` and `object-storage.objects.size.one-byte`
///     Ok(())
/// }
/// ```
///
/// The function is called in each process of a run, before anything runs, and has to return the
/// same cases each time. It must be quick, and must not ask the cloud.
#[derive(Debug, Clone)]
pub struct Case<T> {
    pub(super) id: Cow<'static, str>,
    pub(super) summary: Option<Cow<'static, str>>,
    pub(super) needs: Vec<Need>,
    pub(super) features: Vec<&'static str>,
    pub(super) tags: Vec<&'static str>,
    pub(super) known_bug: Option<&'static str>,
    pub(super) value: T,
}

impl<T> Case<T> {
    /// Creates a case. Its id consists of lower-case letters, digits, `-`, `_`, `.` and `@`, as
    /// in `snapshots.show@3.65`, and must not change: results are compared by it.
    pub fn new(id: impl Into<Cow<'static, str>>, value: T) -> Self {
        Self {
            id: id.into(),
            summary: None,
            needs: Vec::new(),
            features: Vec::new(),
            tags: Vec::new(),
            known_bug: None,
            value,
        }
    }

    /// Returns its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Says in one line what the case tests; otherwise that is the test's summary.
    #[must_use]
    pub fn with_summary(mut self, summary: impl Into<Cow<'static, str>>) -> Self {
        self.summary = Some(summary.into());
        self
    }

    /// Adds a service that the case calls, and the microversions it needs.
    #[must_use]
    pub fn with_need(mut self, service: &'static str, versions: VersionRange) -> Self {
        self.needs.push(Need { service, versions });
        self
    }

    /// Adds a feature that the cloud must have.
    #[must_use]
    pub fn with_feature(mut self, feature: &'static str) -> Self {
        self.features.push(feature);
        self
    }

    /// Adds a tag.
    #[must_use]
    pub fn with_tag(mut self, tag: &'static str) -> Self {
        self.tags.push(tag);
        self
    }

    /// Names the bug that makes the case fail until it is fixed.
    #[must_use]
    pub fn with_known_bug(mut self, bug: &'static str) -> Self {
        self.known_bug = Some(bug);
        self
    }
}

/// What a case runs.
pub type CaseRun = dyn for<'a> Fn(&'a Context) -> TestFuture<'a> + Send + Sync;

/// A case with the function that runs it.
#[allow(missing_debug_implementations, reason = "it holds a closure")]
pub struct BoundCase {
    pub(super) case: Case<()>,
    pub(super) run: Box<CaseRun>,
}

/// Binds the cases of a test to its function.
pub fn bind<T: Send + Sync + 'static>(
    cases: impl IntoIterator<Item = Case<T>>,
    run: for<'a> fn(&'a Context, &'a T) -> TestFuture<'a>,
) -> Vec<BoundCase> {
    let bound = |Case { id, summary, needs, features, tags, known_bug, value }| {
        // Registered tests live as long as the process.
        let value: &'static T = Box::leak(Box::new(value));
        BoundCase {
            case: Case { id, summary, needs, features, tags, known_bug, value: () },
            run: Box::new(move |ctx| run(ctx, value)),
        }
    };
    cases.into_iter().map(bound).collect()
}
