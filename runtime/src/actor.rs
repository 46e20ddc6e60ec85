//! Someone who acts: an identity's session, and the clients of our services.

use std::fmt;
use std::sync::OnceLock;

use crate::client::{ServiceClient, ServiceDescription, Session};
use crate::compute::Compute;
use crate::identity::Identity;
use crate::image::Image;
use crate::network::Network;
use crate::placement::Placement;
use crate::volume::Volume;
use crate::wait::Shared;
use squall_object_storage::ObjectStorage;

/// An identity that a test acts as.
#[derive(Clone)]
pub struct Actor {
    name: String,
    session: Session,
    user_id: String,
    project_id: Option<String>,
    clients: Clients,
    shared: Option<Shared>,
}

/// The clients of our services, each made when it is first asked for: most tests act as one
/// of several identities at one of seven services.
#[derive(Clone, Default)]
struct Clients {
    compute: OnceLock<Compute>,
    identity: OnceLock<Identity>,
    image: OnceLock<Image>,
    network: OnceLock<Network>,
    object_storage: OnceLock<ObjectStorage>,
    placement: OnceLock<Placement>,
    volume: OnceLock<Volume>,
}

impl Actor {
    /// Makes an actor of a session whose token is there.
    pub(crate) fn new(
        name: &str,
        session: Session,
        user_id: &str,
        project_id: Option<&str>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            session,
            user_id: user_id.to_owned(),
            project_id: project_id.map(str::to_owned),
            clients: Clients::default(),
            shared: None,
        }
    }

    /// Lets its waits look at the lists that others look at.
    pub(crate) fn sharing(mut self, shared: &Shared) -> Self {
        self.shared = Some(shared.clone());
        self
    }

    /// Gives the lists that its waits may look at.
    pub(crate) fn shared(&self) -> Option<&Shared> {
        self.shared.as_ref()
    }

    /// Gives what the test calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Gives the user's id.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Gives the id of the project; none for an identity in another scope.
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// Gives a client of any service, by its spec or by what a plugin says of it.
    pub fn service(&self, service: impl Into<ServiceDescription>) -> ServiceClient {
        self.session.service(service)
    }

    /// Gives the client of compute.
    pub fn compute(&self) -> &Compute {
        let client = || Compute::new(self.session.service(Compute::SPEC));
        self.clients.compute.get_or_init(client)
    }

    /// Gives the client of identity.
    pub fn identity(&self) -> &Identity {
        let client = || Identity::new(self.session.service(Identity::SPEC));
        self.clients.identity.get_or_init(client)
    }

    /// Gives the client of image.
    pub fn image(&self) -> &Image {
        let client = || Image::new(self.session.service(Image::SPEC));
        self.clients.image.get_or_init(client)
    }

    /// Gives the client of network.
    pub fn network(&self) -> &Network {
        let client = || Network::new(self.session.service(Network::SPEC));
        self.clients.network.get_or_init(client)
    }

    /// Gives the client of object storage.
    pub fn object_storage(&self) -> &ObjectStorage {
        let client = || ObjectStorage::new(self.session.service(ObjectStorage::SPEC));
        self.clients.object_storage.get_or_init(client)
    }

    /// Gives the client of placement.
    pub fn placement(&self) -> &Placement {
        let client = || Placement::new(self.session.service(Placement::SPEC));
        self.clients.placement.get_or_init(client)
    }

    /// Gives the client of volume.
    pub fn volume(&self) -> &Volume {
        let client = || Volume::new(self.session.service(Volume::SPEC));
        self.clients.volume.get_or_init(client)
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, user_id, project_id, .. } = self;
        write!(f, "Actor({name}, user {user_id}, project {project_id:?})")
    }
}
