//! A session for one command: with a cloud of clouds.yaml, or with an embedded cloud that
//! runs only as long as the command.

use super::error::CliError;
use crate::client::Session;
use crate::clouds;
use crate::embedded;

/// Calls `ask` with a session of the named cloud, or of an embedded cloud without a name.
pub(super) async fn with_session<T>(
    cloud: Option<&str>,
    label: &str,
    ask: impl AsyncFnOnce(Session) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let Some(name) = cloud else { return with_embedded_session(label, ask).await };
    let config = clouds::find_for_command(name)?;
    ask(Session::builder(config).label(label).build()?).await
}

/// Returns the cloud's name in reports and settings.
pub(super) fn name_of(cloud: Option<&str>) -> &str {
    cloud.unwrap_or(embedded::NAME)
}

#[cfg(feature = "embedded")]
async fn with_embedded_session<T>(
    label: &str,
    ask: impl AsyncFnOnce(Session) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let cloud = embedded::cloud(squall_cloud::Options::default())?;
    let served = squall_cloud::serve(cloud, ([127, 0, 0, 1], 0).into()).await?;
    let config = embedded::Access::from(&served).config();
    let answer = ask(Session::builder(config).label(label).build()?).await;
    served.shutdown().await?;
    answer
}

#[cfg(not(feature = "embedded"))]
async fn with_embedded_session<T>(
    _: &str,
    _: impl AsyncFnOnce(Session) -> Result<T, CliError>,
) -> Result<T, CliError> {
    Err(CliError::bad_input(
        "this program was built without the embedded cloud",
        "name a cloud with `--cloud`",
    ))
}
