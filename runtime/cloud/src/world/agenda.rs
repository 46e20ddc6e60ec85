//! The agenda: work that is under way and when it is done.
//!
//! Nothing runs in the background. Each request first settles what is due, in
//! the order in which it is due, so that a run can be repeated.

use std::collections::BTreeMap;
use std::time::Duration;

/// Work that comes to an end by itself.
pub(crate) type Work = fn(&mut crate::world::World, id: &str);

/// What is under way, by the moment at which it is done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    due: BTreeMap<(Duration, u64), (Work, String)>,
    serial: u64,
}

impl Agenda {
    /// Notes that `work` on the resource `id` is done at a moment.
    pub(crate) fn note(&mut self, at: Duration, work: Work, id: impl Into<String>) {
        self.serial += 1;
        self.due.insert((at, self.serial), (work, id.into()));
    }

    /// Whether the same was noted, and as much of it done, as in another state of this agenda.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.serial == other.serial && self.due.keys().eq(other.due.keys())
    }

    /// Takes the next work that is due.
    pub(crate) fn take(&mut self, now: Duration) -> Option<(Work, String)> {
        let entry = self.due.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }
}
