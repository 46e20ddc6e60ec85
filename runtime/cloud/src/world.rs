//! The world: the whole state of the cloud, behind one lock.

use crate::agenda::{Agenda, Work};
use crate::clock::{Clock, Stamp, stamp};
use crate::ids::Ids;
use crate::{compute, identity, image, network, object_storage, placement, volume};

/// Everything the cloud knows.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    agenda: Agenda,
    pub(crate) compute: compute::State,
    pub(crate) identity: identity::State,
    pub(crate) image: image::State,
    pub(crate) network: network::State,
    pub(crate) object_storage: object_storage::State,
    pub(crate) placement: placement::State,
    pub(crate) volume: volume::State,
}

impl World {
    /// Makes an empty world; [`crate::cloud`] fills it.
    pub(crate) fn new(seed: u64, speed: f64) -> Self {
        Self {
            clock: Clock::new(speed),
            ids: Ids::new(seed),
            agenda: Agenda::default(),
            compute: compute::State::default(),
            identity: identity::State::default(),
            image: image::State::default(),
            network: network::State::default(),
            object_storage: object_storage::State::default(),
            placement: placement::State::default(),
            volume: volume::State::default(),
        }
    }

    /// Lets `work` on a resource be done after some time.
    pub(crate) fn later(&mut self, milliseconds: u32, work: Work, id: &str) {
        self.agenda.note(self.clock.after(milliseconds), work, id);
    }

    /// Brings to an end what is due.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.elapsed();
        while let Some((work, id)) = self.agenda.take(now) {
            work(self, &id);
        }
    }

    /// Writes the present time.
    pub(crate) fn stamp(&self, form: Stamp) -> String {
        stamp(self.clock.now(), form)
    }
}
