//! The world: the whole state of the cloud, behind one lock, and the services that it is the
//! state of. A service is a module here, and everything else knows it from [`SERVICES`] and its
//! row in `squall_model::service::KNOWN`.

mod agenda;
pub(crate) mod compute;
pub(crate) mod identity;
pub(crate) mod image;
pub(crate) mod network;
pub(crate) mod object_storage;
pub(crate) mod placement;
pub(crate) mod volume;

use squall_model::ServiceSpec;
use squall_services::spec;

use crate::behaviour::Behaviour;
use crate::clock::{Clock, Stamp, stamp};
use crate::ids::Ids;
use agenda::{Agenda, Work};

/// A service: the operations that it is routed from, and what it does for them.
pub(crate) type Service = (fn() -> &'static ServiceSpec, &'static [&'static [Behaviour]]);

/// The services that the cloud serves, in the order of its catalog.
pub(crate) const SERVICES: &[Service] = &[
    (spec::identity, identity::BEHAVIOURS),
    (spec::compute, compute::BEHAVIOURS),
    (spec::image, image::BEHAVIOURS),
    (spec::network, network::BEHAVIOURS),
    (spec::volume, volume::BEHAVIOURS),
    (spec::object_storage, object_storage::BEHAVIOURS),
    (spec::placement, placement::BEHAVIOURS),
];

/// Everything the cloud knows.
#[derive(Clone)]
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

    /// Whether everything is as in another state of the same cloud. The ids that were used on
    /// the way there do not count.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        self.agenda.is_as(&other.agenda)
            && self.compute == other.compute
            && self.identity == other.identity
            && self.image == other.image
            && self.network == other.network
            && self.object_storage == other.object_storage
            && self.placement == other.placement
            && self.volume == other.volume
    }

    /// Writes the present time.
    pub(crate) fn stamp(&self, form: Stamp) -> String {
        stamp(self.clock.now(), form)
    }
}
