//! A server as compute keeps it, and the states it goes through.

use std::collections::BTreeMap;

use super::{Flavor, State};
use crate::document::Document;
use crate::fault::Fault;
use crate::policy::{Owned, Owner};
use crate::request::RequestContext;

/// A server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Server {
    pub(crate) id: String,
    /// What the hypervisor's name for it is made from.
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) hostname: String,
    pub(crate) project: String,
    pub(crate) user: String,
    /// None where it boots from a volume.
    pub(crate) image: Option<String>,
    pub(crate) image_properties: Document,
    pub(crate) flavor: Flavor,
    /// The flavor before a resize that is not confirmed.
    pub(crate) former: Option<Flavor>,
    /// The image that it is kept as while it is shelved.
    pub(crate) kept_as: Option<String>,
    /// The state before a resize, in which it ends as well.
    pub(crate) before: Option<&'static str>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) tags: Vec<String>,
    pub(crate) key_name: Option<String>,
    pub(crate) security_groups: Vec<String>,
    pub(crate) vm: &'static str,
    pub(crate) task: Option<&'static str>,
    /// The state that it is in when its task is done.
    pub(crate) then: Option<&'static str>,
    /// Why it is in error.
    pub(crate) fault: Option<Fault500>,
    /// The zone of the host that it was put on; none where no host would have it.
    pub(crate) host_zone: Option<String>,
    pub(crate) created: String,
    pub(crate) updated: String,
    pub(crate) launched: Option<String>,
    pub(crate) config_drive: bool,
    pub(crate) disk_config: String,
    pub(crate) access: [String; 2],
    pub(crate) lock: Option<Lock>,
    pub(crate) zone: Option<String>,
    pub(crate) user_data: Option<String>,
    pub(crate) reservation: String,
    pub(crate) launch_index: u64,
    pub(crate) certificates: Option<Vec<String>>,
    pub(crate) hints: Document,
    pub(crate) volumes: Vec<Device>,
    pub(crate) nics: Vec<Nic>,
    pub(crate) history: Vec<Event>,
}

/// Why a server came to be in error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault500 {
    pub(crate) message: &'static str,
    pub(crate) created: String,
}

/// Why a server is locked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lock {
    pub(crate) from_outside: bool,
    pub(crate) reason: Option<String>,
}

/// A volume that a server holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Device {
    pub(crate) volume: String,
    pub(crate) attachment: String,
    pub(crate) mapping: String,
    pub(crate) name: String,
    pub(crate) tag: Option<String>,
    pub(crate) delete: bool,
}

/// A port that a server holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Nic {
    pub(crate) port: String,
    pub(crate) tag: Option<String>,
    /// Whether compute made the port, and so removes it.
    pub(crate) ours: bool,
}

/// Something that was asked of a server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) action: &'static str,
    pub(crate) request: String,
    pub(crate) user: String,
    pub(crate) project: String,
    pub(crate) start: String,
    pub(crate) finish: Option<String>,
    pub(crate) failed: bool,
}

impl Server {
    /// Returns the status that is shown, as nova's `common.py` makes it of both states.
    pub(crate) fn status(&self) -> &'static str {
        match (self.vm, self.task) {
            ("building", _) => "BUILD",
            ("active" | "stopped" | "error", Some("rebuilding")) => "REBUILD",
            ("active" | "stopped", Some("resize_prep" | "resize_migrating")) => "RESIZE",
            ("active", Some("rebooting")) => "REBOOT",
            ("active", Some("rebooting_hard")) => "HARD_REBOOT",
            ("active", Some("updating_password")) => "PASSWORD",
            ("active" | "paused", Some("migrating")) => "MIGRATING",
            ("resized", Some("resize_reverting")) => "REVERT_RESIZE",
            ("active", _) => "ACTIVE",
            ("stopped", _) => "SHUTOFF",
            ("paused", _) => "PAUSED",
            ("suspended", _) => "SUSPENDED",
            ("rescued", _) => "RESCUE",
            ("resized", _) => "VERIFY_RESIZE",
            ("shelved", _) => "SHELVED",
            ("shelved_offloaded", _) => "SHELVED_OFFLOADED",
            ("soft-delete", _) => "SOFT_DELETED",
            ("error", _) => "ERROR",
            ("deleted", _) => "DELETED",
            _ => "UNKNOWN",
        }
    }

    /// Whether it is not locked, or by the side of the one who asks: its project, or others
    /// (`nova.compute.api.API.is_expected_locked_by`).
    pub(crate) fn locked_as_expected(&self, project: &str) -> bool {
        let from_outside = self.project != project;
        self.lock.as_ref().is_none_or(|lock| lock.from_outside == from_outside)
    }

    /// Returns nova's number for the state of power.
    pub(crate) fn power(&self) -> u8 {
        match self.vm {
            "active" | "rescued" | "resized" => 1,
            "paused" => 3,
            "stopped" | "suspended" | "shelved" | "shelved_offloaded" => 4,
            _ => 0,
        }
    }

    /// Returns the volume that it boots from, if it boots from one.
    pub(crate) fn root_volume(&self) -> Option<&str> {
        let boots = self.image.is_none();
        self.volumes.first().filter(|_| boots).map(|device| device.volume.as_str())
    }

    /// Whether it is on a host.
    pub(crate) fn placed(&self) -> bool {
        self.vm != "shelved_offloaded" && self.vm != "deleted" && self.host_zone.is_some()
    }
}

impl Owned for Server {
    fn owner(&self) -> Owner<'_> {
        Owner::new(&self.project, &self.user)
    }
}

/// Finds a server that the caller may see.
pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Server, Fault> {
    state
        .servers
        .get(id)
        .filter(|server| context.may_see(&server.project))
        .ok_or_else(|| missing(id))
}

/// Finds a server to change it: not while it is locked, but for administrators.
pub(crate) fn find_mut<'a>(
    state: &'a mut State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a mut Server, Fault> {
    let server = state
        .servers
        .get_mut(id)
        .filter(|server| context.may_see(&server.project))
        .ok_or_else(|| missing(id))?;
    if server.lock.is_some() && !context.is_admin() {
        return Err(Fault::conflict(format!("Instance {id} is locked")));
    }
    Ok(server)
}

/// Refuses what is asked of a server in other states than these.
pub(crate) fn in_state(server: &Server, verb: &str, states: &[&str]) -> Result<(), Fault> {
    if states.contains(&server.vm) {
        return Ok(());
    }
    Err(Fault::conflict(format!(
        "Cannot '{verb}' instance {} while it is in vm_state {}",
        server.id, server.vm
    )))
}

/// Finds a server that the caller may see, also one that is deleted.
pub(crate) fn find_any<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Server, Fault> {
    let deleted = state.deleted.get(id).filter(|server| context.may_see(&server.project));
    find(state, id, context).or_else(|fault| deleted.ok_or(fault))
}

pub(crate) fn missing(id: &str) -> Fault {
    Fault::not_found(format!("Instance {id} could not be found."))
}
