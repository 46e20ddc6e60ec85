//! What can be asked of a server, and the states in which nova takes it.
//!
//! The states are those of `check_instance_state` at each function of `nova.compute.api.API`
//! (nova 33.0.0), the words those that its controllers put into a refusal.

use serde_json::{Value, json};
use squall::client::{Call, decode};
use squall::compute::Compute;
use squall::scenario::servers;
use squall::{Context, Failure, Result};

use State::{Active, Error, Offloaded, Paused, Rescued, Resized, Stopped, Suspended};

/// A state that a server stays in until something is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Active,
    Stopped,
    Paused,
    Suspended,
    Rescued,
    Resized,
    Offloaded,
    Error,
}

impl State {
    /// The state as ids of cases have it, as nova calls it, the status that it is shown as, and
    /// what the cloud must be able to do for a server to get there.
    pub(super) const ALL: [(Self, &'static str, &'static str, &'static str, Option<&'static str>);
        8] = [
        (Active, "active", "active", "ACTIVE", None),
        (Stopped, "stopped", "stopped", "SHUTOFF", None),
        (Paused, "paused", "paused", "PAUSED", Some("compute.pause")),
        (Suspended, "suspended", "suspended", "SUSPENDED", Some("compute.suspend")),
        (Rescued, "rescued", "rescued", "RESCUE", Some("compute.rescue")),
        (Resized, "resized", "resized", "VERIFY_RESIZE", Some("compute.resize")),
        (Offloaded, "offloaded", "shelved_offloaded", "SHELVED_OFFLOADED", Some("compute.shelve")),
        (Error, "error", "error", "ERROR", None),
    ];

    /// Brings a server that is ACTIVE into the state; `flavor` is what it is resized to.
    pub(super) async fn reach(self, ctx: &Context, id: &str, flavor: &str) -> Result {
        match self {
            Active => return Ok(()),
            Stopped => servers::stop(ctx, id).await,
            Paused => servers::pause(ctx, id).await,
            Suspended => servers::suspend(ctx, id).await,
            Rescued => servers::rescue(ctx, id, json!({})).await,
            Resized => servers::resize(ctx, id, flavor).await,
            Offloaded => servers::shelve(ctx, id).await,
            Error => servers::reset(ctx, id, "ERROR").await,
        }
        .map(drop)
    }
}

/// What actions refer to.
#[derive(Debug)]
pub(super) struct References {
    pub(super) image: String,
    pub(super) flavor: String,
}

/// Something that is asked of a server.
#[derive(Debug)]
pub(super) struct Action {
    /// As the ids of cases have it.
    pub(super) id: &'static str,
    /// As nova's messages have it.
    pub(super) word: &'static str,
    /// Whose it is to ask.
    pub(super) by: By,
    /// The states in which it is taken.
    pub(super) taken_in: &'static [State],
    /// The request.
    pub(super) call: fn(&Compute, &str, &References) -> Call<()>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The server's owner, unless it is locked.
    Owner,
    /// The server's owner, even if it is locked: nothing of the server changes.
    OwnerOfLocked,
    /// An admin, for whom no lock holds.
    Admin,
}

/// Finds an action by its id.
pub(super) fn named(id: &str) -> Result<&'static Action> {
    let found = ACTIONS.iter().find(|action| action.id == id);
    found.ok_or_else(|| Failure::new(format!("there is no action `{id}` in the table")))
}

const NOWHERE: &str = "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f06";

const fn action(
    id: &'static str,
    word: &'static str,
    by: By,
    taken_in: &'static [State],
    call: fn(&Compute, &str, &References) -> Call<()>,
) -> Action {
    Action { id, word, by, taken_in, call }
}

use By::{Admin, Owner, OwnerOfLocked};

const AWAKE: &[State] = &[Active, Stopped, Paused, Suspended];

/// Every action that not all states allow.
pub(super) const ACTIONS: &[Action] = &[
    action("start", "start", Owner, &[Stopped], |c, id, _| c.servers().start(id)),
    action("stop", "stop", Owner, &[Active, Error], |c, id, _| c.servers().stop(id)),
    action("pause", "pause", Owner, &[Active], |c, id, _| c.servers().pause(id)),
    action("unpause", "unpause", Owner, &[Paused], |c, id, _| c.servers().unpause(id)),
    action("suspend", "suspend", Owner, &[Active], |c, id, _| c.servers().suspend(id)),
    action("resume", "resume", Owner, &[Suspended], |c, id, _| c.servers().resume(id)),
    action("reboot-soft", "reboot", Owner, &[Active], |c, id, _| {
        c.servers().reboot(id, json!({ "type": "SOFT" }))
    }),
    action(
        "reboot-hard",
        "reboot",
        Owner,
        &[Active, Stopped, Paused, Suspended, Error],
        |c, id, _| c.servers().reboot(id, json!({ "type": "HARD" })),
    ),
    action("rescue", "rescue", Owner, &[Active, Stopped, Error], |c, id, _| {
        c.servers().rescue(id, json!({})).decoded_by(decode::nothing)
    }),
    action("unrescue", "unrescue", Owner, &[Rescued], |c, id, _| c.servers().unrescue(id)),
    action("rebuild", "rebuild", Owner, &[Active, Stopped, Error], |c, id, to| {
        let body = json!({ "imageRef": to.image });
        c.servers().rebuild(id, body).decoded_by(decode::nothing)
    }),
    action("resize", "resize", Owner, &[Active, Stopped], |c, id, to| {
        c.servers().resize(id, json!({ "flavorRef": to.flavor }))
    }),
    action("confirm-resize", "confirmResize", Owner, &[Resized], |c, id, _| {
        c.servers().confirm_resize(id)
    }),
    action("revert-resize", "revertResize", Owner, &[Resized], |c, id, _| {
        c.servers().revert_resize(id)
    }),
    action("migrate", "migrate", Admin, &[Active, Stopped], |c, id, _| {
        c.servers().migrate(id, Value::Null)
    }),
    action("migrate-live", "os-migrateLive", Admin, &[Active, Paused], |c, id, _| {
        c.servers().migrate_live(id, json!({ "host": null, "block_migration": "auto" }))
    }),
    // Of a server that is on no host nova says first that it is where it is to go (400).
    action("evacuate", "evacuate", Admin, &[Active, Stopped, Error, Offloaded], |c, id, _| {
        c.servers().evacuate(id, json!({})).decoded_by(decode::nothing)
    }),
    action("shelve", "shelve", Owner, AWAKE, |c, id, _| c.servers().shelve(id)),
    // It is taken of what is shelved and still on its host alone.
    action("shelve-offload", "shelveOffload", Admin, &[], |c, id, _| {
        c.servers().shelve_offload(id)
    }),
    action("unshelve", "unshelve", Owner, &[Offloaded], |c, id, _| {
        c.servers().unshelve(id, Value::Null)
    }),
    action("create-image", "createImage", OwnerOfLocked, AWAKE, |c, id, _| {
        c.servers().create_image(id, json!({})).decoded_by(decode::nothing)
    }),
    action("create-backup", "createBackup", OwnerOfLocked, AWAKE, |c, id, _| {
        let body = json!({ "backup_type": "daily", "rotation": 1 });
        c.servers().create_backup(id, body).decoded_by(decode::nothing)
    }),
    action("change-password", "changePassword", Owner, &[Active], |c, id, _| {
        c.servers().change_password(id, json!({ "adminPass": "correct horse" }))
    }),
    action(
        "crash-dump",
        "trigger_crash_dump",
        Owner,
        &[Active, Paused, Rescued, Resized, Error],
        |c, id, _| c.servers().trigger_crash_dump(id),
    ),
    // It is taken of what is deleted and not yet reclaimed alone.
    action("restore", "restore", Owner, &[], |c, id, _| c.servers().restore(id)),
    action(
        "attach-volume",
        "attach_volume",
        Owner,
        &[Active, Stopped, Paused, Resized, Offloaded],
        |c, id, _| {
            let body = json!({ "volumeId": NOWHERE });
            c.server_volume_attachments().create(id, body).decoded_by(decode::nothing)
        },
    ),
    action(
        "attach-interface",
        "attach_interface",
        Owner,
        &[Active, Stopped, Paused],
        |c, id, _| {
            let body = json!({ "net_id": NOWHERE });
            c.server_interfaces().create(id, body).decoded_by(decode::nothing)
        },
    ),
    action("set-metadata", "update metadata", Owner, AWAKE, |c, id, _| {
        let body = json!({ "colour": "blue" });
        c.server_metadata().create(id, body).decoded_by(decode::nothing)
    }),
];
