//! One cloud on this machine: its folders, ports and secrets, and what it was made
//! of. Kept in `cloud.json`, so that the next call finds the same cloud.

mod error;
mod home;
mod lock;
mod ports;
mod secrets;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use error::{SiteError, SiteErrorKind};
pub use home::Home;
pub use lock::Lock;
pub use ports::Ports;
pub use secrets::{Secret, Secrets};

use crate::Plan;
use crate::component::{Component, Service};

/// One cloud on this machine.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// The home that it lies in.
    pub home: Home,
    /// Its folder.
    pub root: PathBuf,
    /// The topology that it was made of, resolved.
    pub plan: Plan,
    /// A random word that tells it from another cloud of its name.
    pub id: String,
    /// Where its processes listen.
    pub ports: Ports,
    /// Its passwords and keys.
    pub secrets: Secrets,
}

/// What `cloud.json` holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    id: String,
    ports: Ports,
    secrets: Secrets,
    plan: Plan,
}

impl Site {
    /// Reads a cloud back, where there is one of that name.
    pub fn open(home: &Home, name: &str) -> Result<Option<Self>, SiteError> {
        let root = home.cloud(name)?;
        let file = root.join("cloud.json");
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SiteError::file(name, &file, error)),
        };
        let kept: Kept = serde_json::from_slice(&text).map_err(|error| {
            SiteError::new(name, SiteErrorKind::Unreadable { file, why: error.to_string() })
        })?;
        let Kept { name, id, ports, secrets, plan } = kept;
        Ok(Some(Self { name, home: home.clone(), root, plan, id, ports, secrets }))
    }

    /// Gives the cloud of a name: as it was made, or made now.
    ///
    /// # Errors
    /// A cloud of that name is made of another topology or release.
    pub fn establish(home: &Home, name: &str, plan: Plan) -> Result<Self, SiteError> {
        if let Some(site) = Self::open(home, name)? {
            return site.made_of(&plan);
        }
        let root = home.cloud(name)?;
        let site = Self {
            name: name.to_owned(),
            home: home.clone(),
            root,
            ports: Ports::free(&plan, &home.blocks()?)
                .ok_or_else(|| SiteError::new(name, SiteErrorKind::NoPorts))?,
            secrets: Secrets::generate(),
            id: Secret::generate().expose().to_owned(),
            plan,
        };
        site.keep()?;
        Ok(site)
    }

    /// Where configuration is.
    pub fn etc(&self) -> PathBuf {
        self.root.join("etc")
    }

    /// Where what outlives a restart is.
    pub fn state(&self) -> PathBuf {
        self.root.join("state")
    }

    /// Where each process writes its log.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Where sockets and the files about processes are.
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// Where programs of ours are that the services look for in `PATH`.
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// Every folder.
    pub fn folders(&self) -> Vec<PathBuf> {
        vec![self.etc(), self.state(), self.logs(), self.run(), self.bin()]
    }

    /// The file that clients read.
    pub fn clouds_yaml(&self) -> PathBuf {
        self.root.join("clouds.yaml")
    }

    /// Where a process of the plan listens; 0 where it does not.
    pub fn port(&self, process: &str) -> u16 {
        self.ports.of(process)
    }

    /// A further port of a process: `("broker", "distribution")`.
    pub fn port_named(&self, process: &str, purpose: &str) -> u16 {
        self.ports.of(&format!("{process}/{purpose}"))
    }

    /// Where clients reach a service: at the load balancer where it is fronted,
    /// else at its API process.
    pub fn endpoint(&self, service: Service) -> u16 {
        let front = self.ports.of(&ports::front(service));
        if front != 0 {
            return front;
        }
        let api = |process: &&crate::plan::Process| {
            process.component.is_api() && process.component.service() == Some(service)
        };
        self.plan.processes.iter().find(api).map_or(0, |process| self.port(&process.id))
    }

    /// The processes of a component.
    pub fn processes(&self, component: Component) -> impl Iterator<Item = &crate::plan::Process> {
        self.plan.processes.iter().filter(move |process| process.component == component)
    }

    /// The first process of a component, for what only one of them has.
    pub fn first(&self, component: Component) -> Option<&crate::plan::Process> {
        self.plan.processes.iter().find(|process| process.component == component)
    }

    /// The releases that its services run, as text: `2026.2`, or `2026.1, 2026.2`.
    pub fn release(&self) -> String {
        releases(&self.plan)
    }

    fn made_of(self, plan: &Plan) -> Result<Self, SiteError> {
        if self.plan == *plan {
            return Ok(self);
        }
        let kind = SiteErrorKind::OtherPlan {
            was: format!("{}, release {}", self.plan.topology, releases(&self.plan)),
            wanted: format!("{}, release {}", plan.topology, releases(plan)),
        };
        Err(SiteError::new(&self.name, kind))
    }

    /// Writes `cloud.json` whole or not at all, for its owner only.
    fn keep(&self) -> Result<(), SiteError> {
        let kept = Kept {
            name: self.name.clone(),
            id: self.id.clone(),
            ports: self.ports.clone(),
            secrets: self.secrets.clone(),
            plan: self.plan.clone(),
        };
        let file = self.root.join("cloud.json");
        let text = serde_json::to_vec_pretty(&kept).map_err(io::Error::other);
        text.and_then(|text| write_private(&file, &text))
            .map_err(|error| SiteError::file(&self.name, &file, error))
    }
}

/// Writes a file whole or not at all, for its owner only.
pub fn write_private(file: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let part = file.with_extension("part");
    let _ = fs::remove_file(&part);
    let mut open = fs::File::options();
    let mut out = open.write(true).create_new(true).mode(0o600).open(&part)?;
    out.write_all(content)?;
    out.sync_all()?;
    fs::rename(&part, file)
}

fn releases(plan: &Plan) -> String {
    let names: std::collections::BTreeSet<&str> =
        plan.processes.iter().filter_map(|process| process.release.as_deref()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}
