//! The databases of a fresh cloud: loaded from a dump of freshly synchronised ones
//! where these very packages made one before, else synchronised and dumped.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::error::BringUpError;
use super::graph::{Piece, carry_out};
use crate::component::Service;
use crate::driver::{Driver, DriverError};
use crate::health::driver;
use crate::hex::hex;
use crate::progress::{Progress, Step};
use crate::recipe::{Recipe, Setting, backing};
use crate::site::Home;

/// How many services synchronise at a time: each is one Python that computes.
const AT_ONCE: usize = 3;

/// What a dump depends on besides the packages; raise it when what is run changes.
const FORM: &str = "1";

/// Makes the databases, their users and their tables, unless that was done.
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
    // A call that was interrupted may have left some of them half made.
    server.drop(&all).await?;
    for (service, recipe) in recipes.iter().filter(|(_, recipe)| !recipe.databases.is_empty()) {
        let password = site.secrets.database(*service);
        server.create(&recipe.databases, service.name(), password).await?;
    }
    let dump = dump(&site.home, setting);
    if dump.is_file() {
        let step = Step::begin(progress, "load the databases, which were synchronised before");
        server.load(&dump).await?;
        step.done();
    } else {
        synchronise(setting, recipes, progress).await?;
        let step = Step::begin(progress, "keep a dump of the databases");
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
    // The one that takes longest begins first.
    pieces.sort_by_key(|piece| match piece.id.as_str() {
        "nova" => 0,
        "keystone" => 1,
        _ => 2,
    });
    carry_out(pieces, AT_ONCE).await
}

/// The dump of a cloud's packages: those that have databases, to the last version.
fn dump(home: &Home, setting: Setting<'_>) -> PathBuf {
    let mut digest = Sha256::new_with_prefix(FORM);
    for plan in &setting.site.plan.services {
        digest.update(plan.service.name());
        digest.update(plan.release.as_bytes());
        if let Some(lock) = setting.environments.lock(plan.service, &plan.release) {
            digest.update(lock.as_bytes());
        }
    }
    let name = hex(&digest.finalize());
    home.dumps().join(format!("{}.sql", name.get(..32).unwrap_or(&name)))
}

/// Runs what each service has to have run besides its databases.
pub(super) async fn prepare(
    driver: &dyn Driver,
    recipes: &[(Service, Recipe)],
) -> Result<(), BringUpError> {
    for command in recipes.iter().flat_map(|(_, recipe)| &recipe.prepare) {
        driver.run(command).await?;
    }
    Ok(())
}

/// Makes a note that something was done to a cloud's state, in that state.
pub(super) fn once(state: &Path, what: &str) -> PathBuf {
    state.join(format!("{what}-made"))
}
