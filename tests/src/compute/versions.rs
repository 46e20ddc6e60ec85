//! Microversions: side by side, and one that does not exist.

use futures_util::future::try_join_all;
use squall::compute::Compute;
use squall::model::Microversion;
use squall::{Context, ensure, ensure_eq};

/// Concurrent requests are each answered at their own microversion.
#[squall::test(id = "compute.versions.side-by-side", kind = "microversion")]
async fn versions_do_not_mix(ctx: &Context) -> squall::Result {
    let offered = ctx.facts().versions("compute").unwrap_or(Compute::SPEC.versions);
    let starts = Compute::SPEC.operation("compute.flavors.list_detail").map(|operation| {
        operation.response_intervals().into_iter().filter_map(|interval| interval.min)
    });
    let versions: Vec<Microversion> = starts
        .into_iter()
        .flatten()
        .filter(|version| offered.contains(Some(*version)))
        .cycle()
        .take(24)
        .collect();
    ensure!(!versions.is_empty(), "no microversion to request");
    let flavors = ctx.compute().flavors();
    let asked = versions.iter().map(|version| flavors.list_detail().at(*version).send());
    for (answer, version) in try_join_all(asked).await?.into_iter().zip(versions) {
        ensure_eq!(answer.version, Some(version));
    }
    Ok(())
}

/// An unsupported microversion is refused, and the error names it.
#[squall::test(id = "compute.versions.too-high", kind = "microversion", tags(negative))]
async fn a_version_beyond_the_last_is_refused(ctx: &Context) -> squall::Result {
    let call = ctx.compute().servers().list().header("OpenStack-API-Version", "compute 2.9999");
    let refused = call.expect_error(406).await?;
    ensure!(refused.request_id.is_some(), "the error response has no request id");
    Ok(())
}
