//! The headers that services of `OpenStack` share.

use http::{HeaderMap, HeaderName, HeaderValue};
use squall_model::Microversion;

/// The microversion header that all services read.
const COMMON: &str = "openstack-api-version";

/// The last version of compute before the common header (2.27 brought it).
const COMPUTE_LEGACY_END: Microversion = Microversion::new(2, 27);

/// Gives the headers that ask a service for a microversion.
///
/// - all: `OpenStack-API-Version: <word> <version>`, the word being the service
///   type, except that block storage is called `volume`;
/// - compute below 2.27 also `X-OpenStack-Nova-API-Version`, because a service
///   that old reads nothing else;
/// - shared file systems read `X-OpenStack-Manila-API-Version`, bare metal
///   `X-OpenStack-Ironic-API-Version`.
pub fn asking(service_type: &str, version: Microversion) -> Vec<(HeaderName, HeaderValue)> {
    let mut all = vec![(COMMON.to_owned(), format!("{} {version}", word(service_type)))];
    if let Some(own) = own_header(service_type, version) {
        all.push((own.to_owned(), version.to_string()));
    }
    all.into_iter()
        .filter_map(|(name, value)| {
            Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
        })
        .collect()
}

/// Gives the microversion that a response says it was made at.
pub fn answered(service_type: &str, headers: &HeaderMap) -> Option<Microversion> {
    let word = word(service_type);
    let common = headers
        .get_all(COMMON)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().split_once(' '))
        .find(|(service, _)| *service == word)
        .and_then(|(_, version)| version.trim().parse().ok());
    common.or_else(|| {
        let own = own_header(service_type, Microversion::new(0, 0))?;
        headers.get(own)?.to_str().ok()?.trim().parse().ok()
    })
}

/// Gives the service's id of a request; some have a name of their own for it.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    ["x-openstack-request-id", "x-compute-request-id", "x-trans-id"]
        .into_iter()
        .find_map(|name| headers.get(name)?.to_str().ok())
        .map(str::to_owned)
}

/// Gives the media type of a body.
pub fn media_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
}

fn word(service_type: &str) -> &str {
    match service_type {
        "block-storage" => "volume",
        other => other,
    }
}

fn own_header(service_type: &str, version: Microversion) -> Option<&'static str> {
    match service_type {
        "compute" if version < COMPUTE_LEGACY_END => Some("x-openstack-nova-api-version"),
        "shared-file-system" => Some("x-openstack-manila-api-version"),
        "baremetal" => Some("x-openstack-ironic-api-version"),
        _ => None,
    }
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
