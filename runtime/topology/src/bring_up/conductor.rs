//! Waits until a conductor listens, before compute services call it.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::error::BringUpError;
use crate::recipe::{Setting, backing};

/// A compute service also waits by itself, so this only saves time.
const PATIENCE: Duration = Duration::from_secs(40);

/// Waits until a conductor that was started after `since` has reported.
///
/// A call to a conductor that does not listen yet is lost, and a compute service waits
/// ten seconds for the answer before it retries (`nova.conductor.api`,
/// `API.wait_until_ready`). A conductor has no port; it creates its service record right
/// before it listens, and updates it from then on.
pub(super) async fn heard(setting: Setting<'_>, since: Timestamp) -> Result<(), BringUpError> {
    let server = backing::database(setting.site);
    let since = since.strftime("%Y-%m-%d %H:%M:%S");
    let question = format!(
        "SELECT COUNT(*) FROM nova_cell1.services WHERE `binary` = 'nova-conductor' AND deleted = 0 \
         AND GREATEST(created_at, COALESCE(updated_at, created_at)) >= '{since}'"
    );
    let until = Instant::now() + PATIENCE;
    while server.query(&question).await?.trim() == "0" && Instant::now() < until {
        sleep(Duration::from_millis(400)).await;
    }
    Ok(())
}
