//! Which microversion a request is answered at.

use http::HeaderMap;
use squall_model::{Microversion, VersionRange};

use crate::fault::Fault;
use crate::mount::Mount;

/// The header that every service with microversions reads.
pub(crate) const HEADER: &str = "openstack-api-version";

/// Chooses the version.
///
/// - A service without microversions answers at none.
/// - Without a header the service answers at its lowest version.
/// - `latest` is the highest.
/// - What is no version is refused with 400; one outside the range with 406.
pub(crate) fn negotiate(mount: &Mount, headers: &HeaderMap) -> Result<Option<Microversion>, Fault> {
    let VersionRange { min: Some(min), max: Some(max) } = mount.spec.versions else {
        return Ok(None);
    };
    let Some(asked) = asked(mount, headers) else { return Ok(Some(min)) };
    if asked.eq_ignore_ascii_case("latest") {
        return Ok(Some(max));
    }
    let version: Microversion = asked.parse().map_err(|_| {
        Fault::bad_request(format!(
            "API Version String {asked} is of invalid format. Must be of format MajorNum.MinorNum."
        ))
    })?;
    if version < min || version > max {
        let fault = Fault::new(
            406,
            format!(
                "Version {version} is not supported by the API. Minimum is {min} and maximum is {max}."
            ),
        );
        // Nova answers with the version that it refuses: nova 34.0.0,
        // `nova.api.openstack.wsgi.Request.set_api_version_request`.
        let refused =
            if mount.service.name == "compute" { said(mount, version) } else { Vec::new() };
        return Err(refused
            .into_iter()
            .fold(fault, |fault, (name, value)| fault.header(name, value)));
    }
    Ok(Some(version))
}

/// Returns the headers that say at which version an answer was made.
pub(crate) fn headers(mount: &Mount, version: Option<Microversion>) -> Vec<(&'static str, String)> {
    if !mount.spec.has_microversions() {
        return Vec::new();
    }
    let own = mount.service.own_version_header.map(|own| own.name);
    let mut out = vec![("vary", spelled(mount, HEADER).to_owned())];
    out.extend(own.map(|own| ("vary", spelled(mount, own).to_owned())));
    out.extend(version.map(|version| said(mount, version)).into_iter().flatten());
    out
}

/// Returns the headers that name a version.
fn said(mount: &Mount, version: Microversion) -> Vec<(&'static str, String)> {
    let own = mount.service.own_version_header.map(|own| own.name);
    let mut out = vec![(HEADER, format!("{} {version}", word(mount)))];
    out.extend(own.map(|own| (own, version.to_string())));
    out
}

/// Returns the name of a version header as the service writes it in `Vary`: placement in lower
/// case (`microversion_parse.STANDARD_HEADER`), nova and cinder with capitals
/// (`API_VERSION_REQUEST_HEADER` in their `wsgi`).
fn spelled(mount: &Mount, name: &'static str) -> &'static str {
    match name {
        HEADER if mount.service.name != "placement" => "OpenStack-API-Version",
        "x-openstack-nova-api-version" => "X-OpenStack-Nova-API-Version",
        other => other,
    }
}

/// Finds this service's part of the header, which may speak of several.
fn asked<'a>(mount: &Mount, headers: &'a HeaderMap) -> Option<&'a str> {
    let common = headers
        .get_all(HEADER)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|entry| {
            let (service, version) = entry.trim().split_once(' ')?;
            service.eq_ignore_ascii_case(word(mount)).then(|| version.trim())
        });
    common.or_else(|| headers.get(mount.service.own_version_header?.name)?.to_str().ok())
}

fn word(mount: &Mount) -> &'static str {
    mount.service.word(mount.service.service_type)
}

#[cfg(test)]
mod tests {
    use squall_model::ServiceSpec;

    use super::*;

    fn compute() -> Mount {
        let spec = ServiceSpec {
            service_type: "compute",
            name: "compute",
            version_path: "/v2.1",
            versions: VersionRange::new(
                Some(Microversion::new(2, 1)),
                Some(Microversion::new(2, 104)),
            ),
            source: "nova",
            history: &[],
            operations: &[],
        };
        Mount::new(Box::leak(Box::new(spec))).unwrap()
    }

    fn ask(name: &'static str, value: &'static str) -> Result<String, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        negotiate(&compute(), &headers).map(|v| v.unwrap().to_string()).map_err(|f| f.status)
    }

    #[test]
    fn the_rules_of_the_doc_hold() {
        assert_eq!(ask("accept", "*/*").unwrap(), "2.1");
        assert_eq!(ask(HEADER, "volume 3.1, compute 2.90").unwrap(), "2.90");
        assert_eq!(ask(HEADER, "compute latest").unwrap(), "2.104");
        assert_eq!(ask("x-openstack-nova-api-version", "2.12").unwrap(), "2.12");
        assert_eq!(ask(HEADER, "compute 2.105"), Err(406));
        assert_eq!(ask(HEADER, "compute 1.9"), Err(406));
        assert_eq!(ask(HEADER, "compute two"), Err(400));
    }
}
