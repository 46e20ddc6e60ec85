//! The headers that services of `OpenStack` share.

use http::{HeaderMap, HeaderName, HeaderValue};
use squall_model::Microversion;
use squall_model::service::{REQUEST_ID_HEADERS, ServiceProfile};

/// The microversion header that all services read.
const COMMON: &str = "openstack-api-version";

/// Returns the headers that ask a service for a microversion.
///
/// - Every service: `OpenStack-API-Version: <word> <version>`. The word is the service
///   type, or what the table of services ([`ServiceProfile`]) has in its place.
/// - A service with a header of its own also gets that one, up to the version that
///   made it superfluous: compute below 2.27 reads nothing else.
pub fn asking(service_type: &str, version: Microversion) -> Vec<(HeaderName, HeaderValue)> {
    let profile = ServiceProfile::of(service_type);
    let common = (COMMON, format!("{} {version}", profile.word(service_type)));
    let own = profile.own_header(version).map(|own| (own, version.to_string()));
    std::iter::once(common)
        .chain(own)
        .filter_map(|(name, value)| {
            Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?))
        })
        .collect()
}

/// Returns the microversion that a response says it was made at.
pub fn answered(service_type: &str, headers: &HeaderMap) -> Option<Microversion> {
    let profile = ServiceProfile::of(service_type);
    let word = profile.word(service_type);
    let common = headers
        .get_all(COMMON)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().split_once(' '))
        .find(|(service, _)| *service == word)
        .and_then(|(_, version)| version.trim().parse().ok());
    common.or_else(|| {
        let own = profile.own_version_header?;
        headers.get(own.name)?.to_str().ok()?.trim().parse().ok()
    })
}

/// Returns the id that a service gave a request, by whichever header carries it.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID_HEADERS
        .into_iter()
        .find_map(|name| headers.get(name)?.to_str().ok())
        .map(str::to_owned)
}

/// Returns the media type of a body.
pub fn media_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(service_type: &str, minor: u16) -> Vec<String> {
        asking(service_type, Microversion::new(2, minor))
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect()
    }

    #[test]
    fn compute_before_2_27_is_asked_in_both_ways() {
        assert_eq!(
            asked("compute", 26),
            ["openstack-api-version: compute 2.26", "x-openstack-nova-api-version: 2.26"]
        );
        assert_eq!(asked("compute", 27), ["openstack-api-version: compute 2.27"]);
    }

    #[test]
    fn block_storage_is_called_volume() {
        assert_eq!(asked("block-storage", 1), ["openstack-api-version: volume 2.1"]);
    }

    #[test]
    fn the_services_own_part_of_an_answer_counts() {
        let mut headers = HeaderMap::new();
        headers.append(COMMON, HeaderValue::from_static("volume 3.1, compute 2.90"));
        assert_eq!(answered("compute", &headers), Some(Microversion::new(2, 90)));
        assert_eq!(answered("placement", &headers), None);
    }
}
