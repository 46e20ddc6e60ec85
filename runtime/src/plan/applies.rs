//! Decides whether a test applies to a cloud.

use squall_model::VersionRange;

use super::why::{CloudProfile, why};
use crate::journal::Offer;
use crate::registry::{Need, Test, layers};
use crate::settings::ByHand;

/// Returns why a test is skipped on a cloud: its first requirement that is not met.
///
/// - A service that the cloud does not have: skipped.
/// - A range of microversions of which the cloud offers none: skipped. A service without
///   microversions meets only a requirement without a range.
/// - A feature that the cloud does not have: skipped.
/// - Whatever could not be found out counts as met, so that the test runs and shows it.
pub fn why_skip(test: &Test, profile: &CloudProfile) -> Option<String> {
    why(test, &layers(test), profile).into_iter().find_map(|reason| reason.skips)
}

pub(super) fn unmet(
    need: &Need,
    offers: &[Offer],
    by_hand: Option<&ByHand<bool>>,
) -> Option<String> {
    let Need { service, versions } = need;
    let Some(offer) = offers.iter().find(|offer| offer.service == *service) else {
        let set = by_hand.map_or_else(String::new, |set| format!(" (set by {})", set.at));
        return Some(format!("needs {service}, which this cloud does not offer{set}"));
    };
    if offer.versions.intersect(versions).is_some() && has_versions(&offer.versions, versions) {
        return None;
    }
    let offered = match offer.versions {
        VersionRange { min: None, max: None } => "has no microversions".to_owned(),
        range => format!("offers {range}"),
    };
    Some(format!("needs {service} {versions}, this cloud {offered}"))
}

/// An open offer is a service without microversions: it meets only an open need.
fn has_versions(offered: &VersionRange, needed: &VersionRange) -> bool {
    *needed == VersionRange::ALL || *offered != VersionRange::ALL
}

#[cfg(test)]
mod tests {
    use squall_model::Microversion;

    use super::*;

    fn range(min: u16, max: u16) -> VersionRange {
        VersionRange::new(Some(Microversion::new(2, min)), Some(Microversion::new(2, max)))
    }

    fn skip(needed: VersionRange, offered: Option<VersionRange>) -> Option<String> {
        let offers: Vec<Offer> = offered
            .map(|versions| Offer { service: "compute".into(), versions })
            .into_iter()
            .collect();
        unmet(&Need { service: "compute", versions: needed }, &offers, None)
    }

    #[test]
    fn a_need_is_met_where_the_ranges_meet() {
        assert_eq!(skip(range(1, 40), Some(range(30, 90))), None);
        assert_eq!(
            skip(range(91, 95), Some(range(1, 90))).unwrap(),
            "needs compute 2.91 to 2.95, this cloud offers 2.1 to 2.90"
        );
    }

    #[test]
    fn a_missing_service_is_named() {
        assert!(skip(VersionRange::ALL, None).unwrap().contains("does not offer"));
    }

    #[test]
    fn a_service_without_microversions_meets_only_an_open_need() {
        assert_eq!(skip(VersionRange::ALL, Some(VersionRange::ALL)), None);
        assert!(skip(range(1, 2), Some(VersionRange::ALL)).unwrap().contains("no microversions"));
    }
}
