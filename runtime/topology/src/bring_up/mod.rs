//! Brings a cloud up: from nothing, from kept state, or from what a killed call left.
//!
//! Each step checks what exists and does what is missing, so that repeating an
//! interrupted or failed call continues where it stopped.

mod conductor;
mod databases;
mod error;
mod graph;
mod services;
mod start;

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

pub use error::{BringUpError, Silent};
pub use start::restart;

use crate::Plan;
use crate::clouds_yaml;
use crate::component::{Component, Service};
use crate::debian::{self, Package};
use crate::health::{self, Fresh};
use crate::progress::{Progress, Step};
use crate::recipe::{self, Recipe, Setting, backing};
use crate::release::{self, Bundle, Environments};
use crate::site::{Home, Lock, Site};

/// How long agents and hosts may take to report once every process answers.
const PATIENCE: Duration = Duration::from_secs(180);

/// A cloud that is up.
#[derive(Debug)]
pub struct Up {
    /// The cloud.
    pub site: Site,
    /// How long each stage took.
    pub stages: Vec<(&'static str, Duration)>,
    /// How long the whole took.
    pub total: Duration,
    /// The processes that were started.
    pub started: Vec<String>,
}

/// Brings a cloud up.
///
/// # Errors
/// The first failure. Processes that came up keep running.
pub async fn bring_up(
    home: &Home,
    name: &str,
    plan: Plan,
    progress: &dyn Progress,
) -> Result<Up, BringUpError> {
    let _lock = Lock::take(home, name, "squall cloud up")?;
    let mut stages = Stages::begin();
    let site = Site::establish(home, name, plan)?;

    debian::ensure(&packages(&site.plan), progress).await?;
    stages.end("Debian packages");
    let environments = install(&site, progress).await?;
    stages.end("environments");

    let setting = Setting { site: &site, environments: &environments };
    let recipes = configure(setting).await?;
    stages.end("files");
    let before = Timestamp::now();
    let started = services::start(setting, &recipes, progress, &mut stages).await?;
    clouds_yaml::write(&site)?;
    agents(setting, Fresh { since: before, started: &started }, progress).await?;
    stages.end("agents and hosts");
    let (stages, total) = stages.finish();
    Ok(Up { site, stages, total, started })
}

/// Installs the missing releases of a cloud, and returns all of them.
///
/// # Errors
/// A release cannot be installed.
pub async fn install(site: &Site, progress: &dyn Progress) -> Result<Environments, BringUpError> {
    let mut wanted: Vec<(Bundle, String)> = Vec::new();
    let mut add = |bundle: Bundle, release: &str| {
        let one = (bundle, release.to_owned());
        if !wanted.contains(&one) {
            wanted.push(one);
        }
    };
    for plan in &site.plan.services {
        add(plan.service.into(), &plan.release);
    }
    for process in &site.plan.processes {
        if let (Some(service), Some(release)) = (process.component.service(), &process.release) {
            add(service.into(), release);
        }
    }
    if let Some(plan) = site.plan.services.first() {
        add(Bundle::Client, &plan.release);
    }
    Ok(release::install(&wanted, site.home.path(), progress).await?)
}

/// Creates folders and files, and returns each service's recipe.
async fn configure(setting: Setting<'_>) -> Result<Vec<(Service, Recipe)>, BringUpError> {
    let site = setting.site;
    let mut recipes = Vec::new();
    for plan in &site.plan.services {
        recipes.push((plan.service, recipe::recipe(setting, plan.service)?));
    }
    let driver = health::driver(site, "");
    let mut folders = site.folders();
    folders.extend(recipes.iter().flat_map(|(_, recipe)| recipe.folders.iter().cloned()));
    driver.prepare(&folders).await?;
    let mut files = recipe::common_files(setting);
    files.extend(recipes.iter().flat_map(|(_, recipe)| recipe.files.iter().cloned()));
    driver.configure(&files).await?;
    databases::prepare(driver.as_ref(), &recipes).await?;
    if let Some(command) = backing::database(site).initialise() {
        driver.run(&command).await?;
    }
    Ok(recipes)
}

/// Waits until every agent is up and every compute host can be used.
async fn agents(
    setting: Setting<'_>,
    fresh: Fresh<'_>,
    progress: &dyn Progress,
) -> Result<(), BringUpError> {
    let site = setting.site;
    let step = Step::begin(progress, "wait for agents and hosts");
    let until = Instant::now() + PATIENCE;
    loop {
        let missing = match health::agents(site, Some(fresh)).await {
            Ok(found) if found.missing.is_empty() => break,
            Ok(found) => found.missing,
            Err(why) => vec![why],
        };
        // Do not wait for a process that has ended.
        start::all_run(setting).await?;
        if Instant::now() >= until {
            return Err(BringUpError::Missing { after: PATIENCE, missing, logs: site.logs() });
        }
        if let Some(first) = missing.first() {
            step.at(&format!("{} missing: {first}", missing.len()));
        }
        sleep(Duration::from_millis(700)).await;
    }
    step.done();
    Ok(())
}

/// The Debian packages that a plan needs.
fn packages(plan: &Plan) -> Vec<Package> {
    let of = |component| match component {
        Component::Database => Some(Package::Mariadb),
        Component::Broker | Component::PortMapper => Some(Package::Rabbitmq),
        Component::Cache => Some(Package::Memcached),
        Component::LoadBalancer => Some(Package::Haproxy),
        // `qemu-img` writes images to volumes.
        Component::CinderVolume => Some(Package::QemuUtils),
        _ => None,
    };
    let mut packages: Vec<Package> =
        plan.processes.iter().filter_map(|process| of(process.component)).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

/// The durations of the stages.
struct Stages {
    begun: Instant,
    last: Instant,
    times: Vec<(&'static str, Duration)>,
}

impl Stages {
    fn begin() -> Self {
        let now = Instant::now();
        Self { begun: now, last: now, times: Vec::new() }
    }

    fn end(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.times.push((stage, now - self.last));
        self.last = now;
    }

    fn finish(self) -> (Vec<(&'static str, Duration)>, Duration) {
        (self.times, self.begun.elapsed())
    }
}
