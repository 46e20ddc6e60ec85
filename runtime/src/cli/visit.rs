//! Going to a cloud to ask it something: one of the user's, or an embedded one that is
//! there for as long as it takes.

use super::complaint::Complaint;
use crate::client::Session;
use crate::clouds;
use crate::embedded;

/// Gives a session of a cloud to `ask`; the embedded one's where no name is given.
pub(super) async fn visit<T>(
    cloud: Option<&str>,
    label: &str,
    ask: impl AsyncFnOnce(Session) -> Result<T, Complaint>,
) -> Result<T, Complaint> {
    let Some(name) = cloud else { return visit_embedded(label, ask).await };
    let config = clouds::find(name)?;
    ask(Session::builder(config).label(label).build()?).await
}

/// Gives the name that a cloud goes by in reports and settings.
pub(super) fn name_of(cloud: Option<&str>) -> &str {
    cloud.unwrap_or(embedded::NAME)
}

#[cfg(feature = "embedded")]
async fn visit_embedded<T>(
    label: &str,
    ask: impl AsyncFnOnce(Session) -> Result<T, Complaint>,
) -> Result<T, Complaint> {
    let cloud = squall_cloud::Cloud::new(squall_cloud::Options::default());
    let served = squall_cloud::serve(cloud, ([127, 0, 0, 1], 0).into()).await?;
    let config = embedded::Access::from(&served).config();
    let told = ask(Session::builder(config).label(label).build()?).await;
    served.shutdown().await?;
    told
}

#[cfg(not(feature = "embedded"))]
async fn visit_embedded<T>(
    _: &str,
    _: impl AsyncFnOnce(Session) -> Result<T, Complaint>,
) -> Result<T, Complaint> {
    Err(Complaint::bad_input(
        "this program was built without the embedded cloud",
        "name a cloud with `--cloud`",
    ))
}
