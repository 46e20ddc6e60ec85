//! What proves that a resource is gone.
//!
//! A 404 alone proves nothing: a load balancer in front of a service has a 404 of its
//! own, and so has a web server at a wrong address. Absence counts if the service
//! itself reports it: the answer has the service's request id or the form of its
//! errors, or the same service has answered another request in this pass and showed no
//! more of itself then. A service whose other answers have a request id did not give one
//! that lacks it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::client::by_id::{Answer, Unanswered};

/// After this long without any answer, a service is not asked again in this pass.
const UNREACHABLE: Duration = Duration::from_secs(15);

/// What one pass of undoing learns about the services, shared by all its requests.
#[derive(Debug)]
pub struct Evidence {
    absence_counts: bool,
    services: Mutex<Services>,
    changes: AtomicUsize,
}

#[derive(Debug, Default)]
struct Services {
    /// The services that answered a request with success, and whether an answer showed
    /// that it was theirs.
    alive: BTreeMap<&'static str, bool>,
    /// Since when each service has not answered at all.
    silent: BTreeMap<&'static str, Instant>,
}

impl Default for Evidence {
    fn default() -> Self {
        Self { absence_counts: true, services: Mutex::default(), changes: AtomicUsize::new(0) }
    }
}

impl Evidence {
    /// For a cloud that may not be the one of the run: nothing there proves anything
    /// about what the run created.
    pub(super) fn of_unknown_cloud() -> Self {
        Self { absence_counts: false, ..Self::default() }
    }

    /// Records an answer.
    pub(super) fn answered(&self, service: &'static str, answer: &Answer) {
        let mut services = self.services();
        services.silent.remove(service);
        if (200..300).contains(&answer.status) && answer.is_from_service() {
            services.alive.insert(service, true);
        }
    }

    /// Records that a service answered with the list that was asked for.
    pub(super) fn listed(&self, service: &'static str) {
        self.services().alive.entry(service).or_insert(false);
    }

    /// Records that a service did not answer; returns whether to stop asking it.
    pub(super) fn unanswered(&self, service: &'static str, error: &Unanswered) -> bool {
        if !error.passing {
            return false;
        }
        let now = Instant::now();
        let mut services = self.services();
        now >= *services.silent.entry(service).or_insert(now) + UNREACHABLE
    }

    /// Whether the answer comes from the service itself.
    pub(super) fn is_from_service(&self, service: &'static str, answer: &Answer) -> bool {
        answer.is_from_service() || self.services().alive.get(service) == Some(&false)
    }

    /// Whether the answer proves that the addressed resource does not exist.
    pub(super) fn proves_absence(&self, service: &'static str, answer: &Answer) -> bool {
        self.absence_counts && self.reports_absence(service, answer)
    }

    /// Whether the service itself reports that the addressed resource does not exist; on
    /// a cloud that may be another this says nothing about the run's resource.
    pub(super) fn reports_absence(&self, service: &'static str, answer: &Answer) -> bool {
        matches!(answer.status, 404 | 410) && self.is_from_service(service, answer)
    }

    /// Whether absence from a complete list counts.
    pub(super) fn absence_counts(&self) -> bool {
        self.absence_counts
    }

    /// Records that something was removed: what was refused because of it may now be
    /// accepted.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how often something was removed.
    pub(super) fn changes(&self) -> usize {
        self.changes.load(Ordering::Relaxed)
    }

    fn services(&self) -> MutexGuard<'_, Services> {
        self.services.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::client::by_id::Origin;

    fn answer(status: u16, origin: Origin) -> Answer {
        Answer { status, body: Value::Null, request_id: None, origin }
    }

    #[test]
    fn only_the_service_itself_proves_absence() {
        let evidence = Evidence::default();
        let bare = answer(404, Origin::Unproven);
        assert!(!evidence.proves_absence("compute", &bare), "anything may have answered");
        assert!(evidence.proves_absence("compute", &answer(404, Origin::RequestId)));
        assert!(evidence.proves_absence("compute", &answer(410, Origin::Fault)));
        assert!(!evidence.proves_absence("compute", &answer(403, Origin::RequestId)));
        evidence.answered("compute", &answer(200, Origin::Unproven));
        assert!(!evidence.proves_absence("compute", &bare), "an unproven 200 is no better");
        evidence.listed("compute");
        assert!(evidence.proves_absence("compute", &bare), "compute answers");
        assert!(!evidence.proves_absence("volume", &bare), "volume did not");
    }

    #[test]
    fn an_answer_that_shows_less_than_the_others_is_not_the_service() {
        let evidence = Evidence::default();
        evidence.answered("compute", &answer(200, Origin::RequestId));
        evidence.listed("compute");
        let bare = answer(404, Origin::Unproven);
        assert!(!evidence.proves_absence("compute", &bare), "a proxy that lost the service");
        assert!(evidence.proves_absence("compute", &answer(404, Origin::RequestId)));
    }

    #[test]
    fn nothing_is_absent_from_a_cloud_that_may_be_another() {
        let evidence = Evidence::of_unknown_cloud();
        assert!(!evidence.proves_absence("compute", &answer(404, Origin::RequestId)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_never_answers_is_given_up() {
        let evidence = Evidence::default();
        let message = "connection refused".to_owned();
        let refused = Unanswered { message, passing: true, not_offered: false };
        assert!(!evidence.unanswered("compute", &refused));
        tokio::time::advance(UNREACHABLE).await;
        assert!(evidence.unanswered("compute", &refused));
        assert!(!evidence.unanswered("volume", &refused));
        evidence.answered("compute", &answer(503, Origin::Unproven));
        assert!(!evidence.unanswered("compute", &refused), "it answered meanwhile");
    }
}
