//! Starts all processes in order, and creates the initial resources as soon as each API
//! answers.

use std::fs;
use std::sync::Mutex;

use jiff::Timestamp;

use super::conductor;
use super::databases::{databases, once};
use super::error::BringUpError;
use super::graph::{Piece, carry_out};
use super::{Stages, start};
use crate::bootstrap::{self, Rest};
use crate::component::{Component, Service};
use crate::driver::DriverError;
use crate::health::driver;
use crate::plan::Process;
use crate::progress::{Progress, Step};
use crate::recipe::{self, Recipe, Setting};

/// More than there are processes: the machine is the limit.
const AT_ONCE: usize = 64;

/// Starts the processes that are not running, and returns their names.
pub(super) async fn start(
    setting: Setting<'_>,
    recipes: &[(Service, Recipe)],
    progress: &dyn Progress,
    stages: &mut Stages,
) -> Result<Vec<String>, BringUpError> {
    let started = Mutex::new(Vec::new());
    let before = Timestamp::now();
    let plan = &setting.site.plan;
    let (backing, services): (Vec<&Process>, Vec<&Process>) =
        plan.processes.iter().partition(|process| process.component.service().is_none());
    let piece = |process: &'_ Process, further: &[&str]| {
        let mut after = process.after.clone();
        after.extend(further.iter().map(|id| (*id).to_owned()));
        let (process, started) = (process.clone(), &started);
        Piece::new(process.id.clone(), after, async move {
            if one(setting, &process, progress).await?
                && let Ok(mut started) = started.lock()
            {
                started.push(process.id);
            }
            Ok::<(), BringUpError>(())
        })
    };

    carry_out(backing.iter().map(|process| piece(process, &[])).collect(), AT_ONCE).await?;
    stages.end("backing services");
    databases(setting, recipes, progress).await?;
    stages.end("databases");

    let mut pieces: Vec<_> = services
        .iter()
        .map(|process| match process.component {
            // They request a token for placement when they start. Without their user they end
            // (nova 34.0.0, nova-conductor) or report their inventory a minute late.
            Component::NovaConductor | Component::NovaScheduler => piece(process, &["identity"]),
            Component::NovaCompute => piece(process, &["identity", "conductor"]),
            _ => piece(process, &[]),
        })
        .collect();
    let conductors: Vec<String> =
        setting.site.processes(Component::NovaConductor).map(|p| p.id.clone()).collect();
    let known = &started;
    pieces.push(Piece::new("conductor", conductors.clone(), async move {
        // A conductor that was running already listens.
        let anew =
            known.lock().is_ok_and(|started| conductors.iter().all(|id| started.contains(id)));
        if anew && !conductors.is_empty() {
            conductor::heard(setting, before).await
        } else {
            Ok(())
        }
    }));
    pieces.extend(given(setting, progress));
    carry_out(pieces, AT_ONCE).await?;
    stages.end("services and initial resources");
    let mut started = started.into_inner().unwrap_or_default();
    started.sort();
    Ok(started)
}

/// Starts a process unless it is running.
async fn one(
    setting: Setting<'_>,
    process: &Process,
    progress: &dyn Progress,
) -> Result<bool, BringUpError> {
    let step = Step::begin(progress, &format!("start {}", process.id));
    let started = start::start(setting, process).await?;
    if !started {
        step.at("already running");
    }
    step.done();
    Ok(started)
}

/// The initial resources, each piece after the APIs that it needs.
fn given<'a>(setting: Setting<'a>, progress: &'a dyn Progress) -> Vec<Piece<'a, BringUpError>> {
    let mut pieces = vec![
        Piece::new("first-user", Vec::new(), first_user(setting, progress)),
        Piece::new("identity", apis(setting, Service::Keystone, &["first-user"]), async move {
            let site = setting.site;
            give(setting, progress, "users, roles and the catalog", async |rest| {
                bootstrap::identity(site, rest).await
            })
            .await
        }),
    ];
    let has = |service| setting.release(service).is_ok();
    if has(Service::Nova) {
        let after = apis(setting, Service::Nova, &["identity"]);
        let work = give(setting, progress, "flavors", bootstrap::flavors);
        pieces.push(Piece::new("flavors", after, work));
    }
    if has(Service::Cinder) {
        let after = apis(setting, Service::Cinder, &["identity"]);
        let work = give(setting, progress, "volume types", bootstrap::volume_types);
        pieces.push(Piece::new("volume-types", after, work));
    }
    if has(Service::Glance) {
        let after = apis(setting, Service::Glance, &["identity"]);
        let work = give(setting, progress, "images", bootstrap::images);
        pieces.push(Piece::new("images", after, work));
    }
    if has(Service::Neutron) {
        let after = apis(setting, Service::Neutron, &["identity"]);
        let work = give(setting, progress, "networks", bootstrap::networks);
        pieces.push(Piece::new("networks", after, work));
    }
    pieces
}

/// The names of a service's API processes and of further pieces.
fn apis(setting: Setting<'_>, service: Service, further: &[&str]) -> Vec<String> {
    let all = setting.site.plan.processes.iter();
    let apis = all.filter(|p| p.component.is_api() && p.component.service() == Some(service));
    let mut ids: Vec<String> = apis.map(|process| process.id.clone()).collect();
    ids.extend(further.iter().map(|id| (*id).to_owned()));
    ids
}

async fn give(
    setting: Setting<'_>,
    progress: &dyn Progress,
    what: &str,
    work: impl AsyncFnOnce(&Rest) -> Result<(), squall_client::Error>,
) -> Result<(), BringUpError> {
    let step = Step::begin(progress, &format!("create {what}"));
    let refused = |error| BringUpError::Refused {
        what: format!("failed to create {what}"),
        why: Box::new(error),
        logs: setting.site.logs(),
    };
    let rest = Rest::admin(setting.site).map_err(refused)?;
    work(&rest).await.map_err(refused)?;
    step.done();
    Ok(())
}

/// Runs Keystone's own bootstrap, which creates the first user. It writes to the
/// database, so that Keystone need not be running.
async fn first_user(setting: Setting<'_>, progress: &dyn Progress) -> Result<(), BringUpError> {
    let stamp = once(&setting.site.state(), "first-user");
    if stamp.exists() {
        return Ok(());
    }
    let step = Step::begin(progress, "create the first user");
    driver(setting.site, "").run(&recipe::bootstrap(setting)?).await?;
    fs::write(&stamp, "").map_err(|error| DriverError::file(&stamp, error))?;
    step.done();
    Ok(())
}
