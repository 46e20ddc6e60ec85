//! One cloud on this machine: its folders, ports, secrets and plan, stored in
//! `cloud.json` for later calls.

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
    /// The home that it belongs to.
    pub home: Home,
    /// Its folder.
    pub root: PathBuf,
    /// Its resolved topology.
    pub plan: Plan,
    /// A random id that distinguishes it from another cloud of the same name.
    pub id: String,
    /// The ports of its processes.
    pub ports: Ports,
    /// Its passwords and keys.
    pub secrets: Secrets,
}

/// The content of `cloud.json`.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    id: String,
    ports: Ports,
    secrets: Secrets,
    plan: Plan,
}

impl Site {
    /// Reads the cloud with a name.
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

    /// Returns the cloud with a name, creating it if there is none.
    ///
    /// # Errors
    /// A cloud of that name has another topology or release.
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

    /// Returns the folder of configuration.
    pub fn etc(&self) -> PathBuf {
        self.root.join("etc")
    }

    /// Returns the folder of data that survives a restart.
    pub fn state(&self) -> PathBuf {
        self.root.join("state")
    }

    /// Returns the folder of logs.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Returns the folder of sockets and process files.
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// Returns the folder of our programs that services look up in `PATH`.
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// Returns every folder.
    pub fn folders(&self) -> Vec<PathBuf> {
        vec![self.etc(), self.state(), self.logs(), self.run(), self.bin()]
    }

    /// Returns the path of `clouds.yaml`.
    pub fn clouds_yaml(&self) -> PathBuf {
        self.root.join("clouds.yaml")
    }

    /// Returns the port of a process; 0 where it does not listen.
    pub fn port(&self, process: &str) -> u16 {
        self.ports.of(process)
    }

    /// Returns a further port of a process: `("broker", "distribution")`.
    pub fn port_named(&self, process: &str, purpose: &str) -> u16 {
        self.ports.of(&format!("{process}/{purpose}"))
    }

    /// Returns the port of a service for clients: the load balancer's where it is behind
    /// one, otherwise its API process's.
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

    /// Returns the processes of a component.
    pub fn processes(&self, component: Component) -> impl Iterator<Item = &crate::plan::Process> {
        self.plan.processes.iter().filter(move |process| process.component == component)
    }

    /// Returns the first process of a component.
    pub fn first(&self, component: Component) -> Option<&crate::plan::Process> {
        self.plan.processes.iter().find(|process| process.component == component)
    }

    /// Returns the releases of its services as text: `2026.2`, or `2026.1, 2026.2`.
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

    /// Writes `cloud.json` atomically, readable by its owner only.
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

/// Writes a file atomically, readable by its owner only.
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
