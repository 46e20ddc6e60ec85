//! The cloud: its state behind one lock, its services and its administrator.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use secrecy::SecretString;
use squall_client::validate::Validators;
use squall_model::digest::fnv1a;

use crate::behaviour::Handler;
use crate::engine::{self, DescribedService, RegistrationFault, RegistrationFaults};
use crate::mount::Mount;
use crate::policy::{self, PolicyFile, PolicyFileError, ServiceRules};
use crate::world::{World, identity};
use crate::{bootstrap, ids, names, tables};

/// The options of a new cloud.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The seed of resource ids: the same seed and order of requests give the same ids.
    /// Tokens and passwords never depend on it.
    pub seed: u64,
    /// The speed of asynchronous work: a server takes some tenths of a second to build at
    /// 1.0, half of that at 2.0, and is ready at the next request at infinity.
    pub speed: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, speed: 1.0 }
    }
}

/// The credentials of a cloud's first administrator.
#[derive(Debug, Clone)]
pub struct AdminCredentials {
    /// The user's name.
    pub username: String,
    /// The password, created with the cloud.
    pub password: SecretString,
    /// The project the user administers.
    pub project_name: String,
    /// The name of the domain that both belong to.
    pub domain_name: String,
    /// The cloud's only region.
    pub region_name: String,
}

/// Collects what a cloud is made of.
#[derive(Debug, Clone)]
pub struct CloudBuilder {
    options: Options,
    services: Vec<DescribedService>,
    policy_files: Vec<PolicyFile>,
}

/// The reasons why a cloud cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// The services that it is to serve from their descriptions.
    #[error(transparent)]
    Services(#[from] RegistrationFaults),
    /// The policy files.
    #[error(transparent)]
    Policy(#[from] PolicyFileError),
}

impl CloudBuilder {
    /// Adds services that are served from their descriptions.
    #[must_use]
    pub fn services(mut self, services: &[DescribedService]) -> Self {
        self.services.extend_from_slice(services);
        self
    }

    /// Adds a policy file of a service, which changes its default rules. A later one comes before
    /// an earlier one.
    #[must_use]
    pub fn policy_file(mut self, file: PolicyFile) -> Self {
        self.policy_files.push(file);
        self
    }

    /// Creates the cloud.
    ///
    /// # Errors
    /// All that is wrong with the services, or with the policy files.
    pub fn build(self) -> Result<Cloud, CloudError> {
        let found = Cloud::faults_of(&self.services);
        if !found.is_empty() {
            return Err(RegistrationFaults(found).into());
        }
        let rules = policy::with_files(&self.services, &self.policy_files)?;
        Ok(Cloud::assemble(self.options, &self.services, rules))
    }
}

/// An embedded cloud; clones share one state.
#[derive(Clone)]
pub struct Cloud(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    pub(crate) mounts: Vec<Mount>,
    behaviours: HashMap<&'static str, Handler>,
    validators: Validators,
    admin: AdminCredentials,
    /// The ids of the operations that are only pretended.
    pretended: Mutex<BTreeSet<String>>,
}

impl Cloud {
    /// Creates a cloud with its administrator, catalog and initial resources.
    pub fn new(options: Options) -> Self {
        let rules = policy::defaults(&[]);
        Self::assemble(options, &[], rules)
    }

    /// Starts a cloud that is more than [`new`](Self::new) gives.
    pub fn builder(options: Options) -> CloudBuilder {
        CloudBuilder { options, services: Vec::new(), policy_files: Vec::new() }
    }

    /// Creates a cloud that serves these services as well, from their descriptions. Each is
    /// mounted below its service type, and is in the catalog.
    ///
    /// # Errors
    /// All that is wrong with the services.
    pub fn with_services(
        options: Options,
        services: &[DescribedService],
    ) -> Result<Self, CloudError> {
        Self::builder(options).services(services).build()
    }

    /// Returns what is wrong with services that a cloud is to serve from their descriptions.
    pub fn faults_of(services: &[DescribedService]) -> Vec<RegistrationFault> {
        engine::faults(services, &tables::specs())
    }

    fn assemble(
        options: Options,
        services: &[DescribedService],
        mut rules: HashMap<String, Arc<ServiceRules>>,
    ) -> Self {
        let mut world = World::new(options.seed, options.speed);
        let password = ids::secret();
        bootstrap::fill(&mut world, &password);
        let mut mounts = tables::mounts();
        for service in services {
            let mount = Mount::described(*service, seed_of(options.seed, service.spec.name));
            identity::bootstrap::offer(&mut world, &mount.service, mount.path);
            mounts.push(mount);
        }
        for mount in &mut mounts {
            mount.rules = rules.remove(mount.service.name);
        }
        let admin = AdminCredentials {
            username: "admin".to_owned(),
            password: password.into(),
            project_name: "admin".to_owned(),
            domain_name: "Default".to_owned(),
            region_name: names::REGION.to_owned(),
        };
        Self(Arc::new(Inner {
            world: Mutex::new(world),
            mounts,
            behaviours: tables::behaviours(),
            validators: Validators::default(),
            admin,
            pretended: Mutex::default(),
        }))
    }

    /// Returns the credentials of the first administrator.
    pub fn admin(&self) -> &AdminCredentials {
        &self.0.admin
    }

    /// Whether a request carries a valid token.
    pub(crate) fn knows_caller(&self, headers: &HeaderMap) -> bool {
        let token = headers.get("x-auth-token").and_then(|token| token.to_str().ok());
        let world = self.world();
        token.is_some_and(|token| world.identity.access(token, world.clock.now()).is_some())
    }

    pub(crate) fn mounts(&self) -> &[Mount] {
        &self.0.mounts
    }

    pub(crate) fn behaviour(&self, id: &str) -> Option<Handler> {
        self.0.behaviours.get(id).copied()
    }

    pub(crate) fn validators(&self) -> &Validators {
        &self.0.validators
    }

    /// Locks the set of the operations that are pretended.
    pub(crate) fn pretended(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.pretended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the state. After a panic in a behaviour the state stays as it was at that moment.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("admin", &self.0.admin).finish_non_exhaustive()
    }
}

/// Returns the seed of a described service's ids: another than the cloud's own and than that of
/// any other service, and the same whichever services are beside it.
fn seed_of(seed: u64, service: &str) -> u64 {
    seed.wrapping_add(fnv1a(service.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_described_service_has_ids_of_its_own() {
        let (rockets, missiles) = (seed_of(7, "rocketry"), seed_of(7, "missiles"));
        assert!(rockets != 7 && missiles != 7 && rockets != missiles);
        assert_ne!(seed_of(8, "rocketry"), rockets);
    }
}
