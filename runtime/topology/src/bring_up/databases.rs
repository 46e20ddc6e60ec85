//! The databases of a new cloud: loaded from a dump if the same packages have created one
//! before, otherwise synchronised and dumped.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::error::BringUpError;
use super::graph::{Piece, carry_out};
use crate::component::Service;
use crate::driver::{Driver, DriverError};
use crate::health::driver;
use crate::progress::{Progress, Step};
use crate::recipe::{Recipe, Setting, backing};
use crate::site::Home;

/// How many services synchronise at a time; each keeps one core busy.
const AT_ONCE: usize = 3;

/// The version of the dumps; raise it when the commands change.
const FORM: &str = "1";

/// Creates the databases, their users and tables, unless that was done before.
pub(super) async fn databases(
    setting: Setting<'_>,
    recipes: &[(Service, Recipe)],
    progress: &dyn Progress,
) -> Result<(), BringUpError> {
    let site = setting.site;
    let stamp = once(&site.state(), "databases");
    if stamp.exists() {
        return Ok(());
    }
    let server = backing::database(site);
    let all: Vec<&str> =
        recipes.iter().flat_map(|(_, recipe)| recipe.databases.iter().copied()).collect();
    // An interrupted call may have left incomplete databases.
    server.drop(&all).await?;
    for (service, recipe) in recipes.iter().filter(|(_, recipe)| !recipe.databases.is_empty()) {
        let password = site.secrets.database(*service);
        server.create(&recipe.databases, service.name(), password).await?;
    }
    let dump = dump(&site.home, setting);
    if dump.is_file() {
        let step = Step::begin(progress, "load the databases from a dump");
        server.load(&dump).await?;
        step.done();
    } else {
        synchronise(setting, recipes, progress).await?;
        let step = Step::begin(progress, "dump the databases");
        fs::create_dir_all(site.home.dumps()).map_err(|e| DriverError::file(&dump, e))?;
        server.dump(&all, &dump).await?;
        step.done();
    }
    fs::write(&stamp, "").map_err(|error| DriverError::file(&stamp, error))?;
    Ok(())
}

async fn synchronise(
    setting: Setting<'_>,
    recipes: &[(Service, Recipe)],
    progress: &dyn Progress,
) -> Result<(), BringUpError> {
    let driver = driver(setting.site, "");
    let driver = driver.as_ref();
    let mut pieces = Vec::new();
    for (service, recipe) in recipes.iter().filter(|(_, recipe)| !recipe.synchronise.is_empty()) {
        pieces.push(Piece::new(service.name(), Vec::new(), async move {
            let step = Step::begin(progress, &format!("synchronise the databases of {service}"));
            for command in &recipe.synchronise {
                driver.run(command).await?;
            }
            step.done();
            Ok::<(), BringUpError>(())
        }));
    }
    // The one that takes longest starts first.
    pieces.sort_by_key(|piece| match piece.id.as_str() {
        "nova" => 0,
        "keystone" => 1,
        _ => 2,
    });
    carry_out(pieces, AT_ONCE).await
}

/// The path of the dump for exactly the package versions of this cloud.
fn dump(home: &Home, setting: Setting<'_>) -> PathBuf {
    let mut digest = Sha256::new_with_prefix(FORM);
    for plan in &setting.site.plan.services {
        digest.update(plan.service.name());
        digest.update(plan.release.as_bytes());
        if let Some(lock) = setting.environments.lock(plan.service, &plan.release) {
            digest.update(lock.as_bytes());
        }
    }
    let name = hex::encode(digest.finalize());
    home.dumps().join(format!("{}.sql", name.get(..32).unwrap_or(&name)))
}

/// Runs the further commands of each service.
pub(super) async fn prepare(
    driver: &dyn Driver,
    recipes: &[(Service, Recipe)],
) -> Result<(), BringUpError> {
    for command in recipes.iter().flat_map(|(_, recipe)| &recipe.prepare) {
        driver.run(command).await?;
    }
    Ok(())
}

/// The file that records, within a cloud's state, that a step was done to that state.
pub(super) fn once(state: &Path, what: &str) -> PathBuf {
    state.join(format!("{what}-made"))
}
