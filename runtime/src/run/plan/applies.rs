//! Decides whether a cloud meets the need for a service.

use squall_model::VersionRange;

use super::profile::CloudProfile;
use crate::journal::Offer;
use crate::registry::Need;
use crate::services;
use crate::settings::ByHand;
use squall_model::suggest::{alternatives, similar};

pub(super) fn unmet(
    need: &Need,
    profile: &CloudProfile,
    by_hand: Option<&ByHand<bool>>,
) -> Option<String> {
    let Need { service, versions } = need;
    let Some(offer) = profile.offers.iter().find(|offer| offer.service == *service) else {
        let more = match by_hand {
            Some(set) => format!(" (set by {})", set.at),
            None => in_catalog(service, &profile.offers),
        };
        return Some(format!("needs {service}, which this cloud does not offer{more}"));
    };
    if profile.unknown.contains_key(*service) {
        return None;
    }
    if offer.versions.intersect(versions).is_some() && has_versions(&offer.versions, versions) {
        return None;
    }
    let offered = match offer.versions {
        VersionRange { min: None, max: None } => "has no microversions".to_owned(),
        range => format!("offers {range}"),
    };
    Some(format!("needs {service} {versions}, this cloud {offered}"))
}

/// Suggests services of the catalog with a similar name: a misspelt type would otherwise skip
/// its tests on every cloud.
fn in_catalog(service: &str, offers: &[Offer]) -> String {
    if services::built_in_named(service).is_some() {
        return String::new();
    }
    match alternatives(similar(service, offers.iter().map(|offer| offer.service.as_str()))).as_str()
    {
        "" => String::new(),
        near => format!("; it offers {near}: is the test's service type misspelt?"),
    }
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
        let profile = CloudProfile { offers, ..CloudProfile::default() };
        unmet(&Need { service: "compute", versions: needed }, &profile, None)
    }

    #[test]
    fn a_service_whose_versions_are_not_known_meets_any_need() {
        let offers = vec![Offer { service: "acme".into(), versions: VersionRange::ALL }];
        let mut profile = CloudProfile { offers, ..CloudProfile::default() };
        let need = Need { service: "acme", versions: range(1, 2) };
        assert!(unmet(&need, &profile, None).unwrap().contains("no microversions"));
        profile.unknown.insert("acme".into(), "status 503".into());
        assert_eq!(unmet(&need, &profile, None), None);
    }

    #[test]
    fn a_misspelt_service_type_is_compared_with_the_catalog() {
        let offers = vec![Offer { service: "acme-rockets".into(), versions: VersionRange::ALL }];
        let profile = CloudProfile { offers, ..CloudProfile::default() };
        let need = Need { service: "acme-rocket", versions: VersionRange::ALL };
        let skips = unmet(&need, &profile, None).unwrap();
        assert!(skips.ends_with("it offers `acme-rockets`: is the test's service type misspelt?"));
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
