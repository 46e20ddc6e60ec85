//! Starts a process and waits until it answers.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::{BringUpError, Silent};
use crate::driver::{Driver, State};
use crate::health::driver;
use crate::plan::Process;
use crate::recipe::{self, Setting};

/// How long a process may take until it answers. A busy machine takes ten times as long
/// as an idle one.
const DEADLINE: Duration = Duration::from_secs(240);

/// The interval between checks of a process.
const PAUSE: Duration = Duration::from_millis(500);

/// How many lines of a log an error shows.
const TAIL: usize = 20;

/// Starts a process unless it is running, waits until it answers, and returns whether it
/// was started.
pub(super) async fn start(setting: Setting<'_>, process: &Process) -> Result<bool, BringUpError> {
    let driver = driver(setting.site, &process.node);
    let runs = matches!(driver.status(&process.id).await?, State::Running(_));
    if !runs {
        let daemon = recipe::daemon(setting, process)?;
        driver.start(&daemon).await?;
    }
    answers(setting, process, driver.as_ref()).await?;
    Ok(!runs)
}

/// Waits until a process answers.
pub(super) async fn answers(
    setting: Setting<'_>,
    process: &Process,
    driver: &dyn Driver,
) -> Result<(), BringUpError> {
    let answering = async {
        for check in recipe::ready(setting.site, process) {
            if !check.wait(DEADLINE).await {
                return Err(format!("did not answer within {} s", DEADLINE.as_secs()));
            }
        }
        Ok(())
    };
    let watching = async {
        loop {
            sleep(PAUSE).await;
            match driver.status(&process.id).await {
                Ok(State::Running(_)) => {}
                Ok(_) => return "ended before it answered".to_owned(),
                Err(error) => return error.to_string(),
            }
        }
    };
    let what = tokio::select! {
        answered = answering => match answered {
            Ok(()) => return Ok(()),
            Err(what) => what,
        },
        what = watching => what,
    };
    Err(silent(setting, process, driver, what).await)
}

/// Checks that no process has ended.
pub(super) async fn all_run(setting: Setting<'_>) -> Result<(), BringUpError> {
    for process in &setting.site.plan.processes {
        let driver = driver(setting.site, &process.node);
        if !matches!(driver.status(&process.id).await?, State::Running(_)) {
            let what = "ended after it was started".to_owned();
            return Err(silent(setting, process, driver.as_ref(), what).await);
        }
    }
    Ok(())
}

/// Returns the error of a process that does not answer.
async fn silent(
    setting: Setting<'_>,
    process: &Process,
    driver: &dyn Driver,
    what: String,
) -> BringUpError {
    let log = setting.site.logs().join(format!("{}.log", process.id));
    let tail = driver.logs(&log, TAIL).await.unwrap_or_default();
    Box::new(Silent {
        process: process.id.clone(),
        service: process.component.service().map(|service| service.to_string()),
        what,
        log,
        tail,
        cloud: setting.site.name.clone(),
    })
    .into()
}

/// Restarts a process, waits until it answers, and returns how long that took.
pub async fn restart(setting: Setting<'_>, process: &Process) -> Result<Duration, BringUpError> {
    let since = Instant::now();
    let driver = driver(setting.site, &process.node);
    let daemon = recipe::daemon(setting, process)?;
    driver.restart(&daemon).await?;
    answers(setting, process, driver.as_ref()).await?;
    Ok(since.elapsed())
}
