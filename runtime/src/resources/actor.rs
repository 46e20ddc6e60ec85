//! An identity that a test acts as: its session and the clients of the services.

use std::fmt;
use std::sync::OnceLock;

use crate::client::{ServiceClient, ServiceDescription, Session};
use crate::wait::Shared;

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

    /// Makes its requests those of the test that another actor acts in.
    pub(crate) fn observed_as(self, other: &Self) -> Self {
        let session = self.session.observed_as(&other.session);
        // The clients hold the session before.
        Self { session, clients: Clients::default(), ..self }
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
}

macro_rules! clients {
    ($($name:ident, $client:ident, $what:literal;)+) => {
        /// The clients of the services, each created on first use: most tests use one or two
        /// of them.
        #[derive(Clone, Default)]
        struct Clients {
            $($name: OnceLock<squall_services::clients::$name::$client>,)+
        }

        impl Actor {$(
            #[doc = concat!("Returns the client of ", $what, ".")]
            pub fn $name(&self) -> &squall_services::clients::$name::$client {
                use squall_services::clients::$name::$client as Client;
                let client = || Client::new(self.session.service(Client::SPEC));
                self.clients.$name.get_or_init(client)
            }
        )+}
    };
}
squall_services::each_service!(clients);

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, user_id, project_id, .. } = self;
        write!(f, "Actor({name}, user {user_id}, project {project_id:?})")
    }
}
