//! An identity that a test acts as: its session and the clients of the services.

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

/// The clients of the services, each created on first use: most tests use one or two of
/// them.
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
    /// Wraps a session that has a token already.
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

    /// Makes its waits use the shared lists.
    pub(crate) fn sharing(mut self, shared: &Shared) -> Self {
        self.shared = Some(shared.clone());
        self
    }

    /// Returns the shared lists for its waits.
    pub(crate) fn shared(&self) -> Option<&Shared> {
        self.shared.as_ref()
    }

    /// Returns its name in the test.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the user's id.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Returns the project's id; `None` for an identity in another scope.
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// Returns a client of any service, by its spec or by a plugin's description.
    pub fn service(&self, service: impl Into<ServiceDescription>) -> ServiceClient {
        self.session.service(service)
    }

    /// Returns the client of compute.
    pub fn compute(&self) -> &Compute {
        let client = || Compute::new(self.session.service(Compute::SPEC));
        self.clients.compute.get_or_init(client)
    }

    /// Returns the client of identity.
    pub fn identity(&self) -> &Identity {
        let client = || Identity::new(self.session.service(Identity::SPEC));
        self.clients.identity.get_or_init(client)
    }

    /// Returns the client of image.
    pub fn image(&self) -> &Image {
        let client = || Image::new(self.session.service(Image::SPEC));
        self.clients.image.get_or_init(client)
    }

    /// Returns the client of network.
    pub fn network(&self) -> &Network {
        let client = || Network::new(self.session.service(Network::SPEC));
        self.clients.network.get_or_init(client)
    }

    /// Returns the client of object storage.
    pub fn object_storage(&self) -> &ObjectStorage {
        let client = || ObjectStorage::new(self.session.service(ObjectStorage::SPEC));
        self.clients.object_storage.get_or_init(client)
    }

    /// Returns the client of placement.
    pub fn placement(&self) -> &Placement {
        let client = || Placement::new(self.session.service(Placement::SPEC));
        self.clients.placement.get_or_init(client)
    }

    /// Returns the client of volume.
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
