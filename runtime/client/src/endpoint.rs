//! URLs: what a catalog says, what a version adds, and what must be encoded.

use std::fmt::Write as _;

/// Returns the URL that operations' paths are appended to.
///
/// A catalog may have the path of the API version in its endpoints or leave it
/// out, and a project's id may follow it:
///
/// - an endpoint without a version gets `version_path` at its end;
/// - one with the same version stays as it is, whatever follows the version;
/// - one with another version gets ours in its place;
/// - a service without version path is called at its endpoint as it is.
///
/// ```
/// use squall_client::endpoint::root;
/// assert_eq!(root("http://c/compute", "/v2.1"), "http://c/compute/v2.1");
/// assert_eq!(root("http://c/volume/v3/77ac", "/v3"), "http://c/volume/v3/77ac");
/// assert_eq!(root("http://c/identity/v2.0/", "/v3"), "http://c/identity/v3");
/// assert_eq!(root("http://c:8080/v1/AUTH_77ac", ""), "http://c:8080/v1/AUTH_77ac");
/// ```
pub fn root(endpoint: &str, version_path: &str) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    if version_path.is_empty() {
        return endpoint.to_owned();
    }
    match split_version(endpoint) {
        Some((before, version, after)) if version == version_path => {
            format!("{before}{version}{after}")
        }
        Some((before, _, after)) => format!("{before}{version_path}{after}"),
        None => format!("{endpoint}{version_path}"),
    }
}

/// Returns where the paths outside an endpoint's version begin.
pub(crate) fn outside(endpoint: &str) -> &str {
    let endpoint = endpoint.trim_end_matches('/');
    split_version(endpoint).map_or(endpoint, |(before, _, _)| before)
}

/// Returns the URLs of a service's version documents, the better one first: the
/// version's own, and the service's root.
pub fn version_documents(endpoint: &str, version_path: &str) -> Vec<String> {
    let endpoint = endpoint.trim_end_matches('/');
    let before = split_version(endpoint).map_or(endpoint, |(before, _, _)| before);
    let mut places = vec![format!("{before}/")];
    if !version_path.is_empty() {
        places.insert(0, format!("{before}{version_path}/"));
    }
    places
}

/// Splits at the last part of the path that is a version, as in `/v2.1`.
fn split_version(endpoint: &str) -> Option<(&str, &str, &str)> {
    let path = endpoint.find("://").map_or(0, |at| at + 3);
    let path = path + endpoint[path..].find('/')?;
    let mut end = endpoint.len();
    while let Some(start) = endpoint[path..end].rfind('/').map(|at| path + at) {
        if is_version(&endpoint[start + 1..end]) {
            return Some((&endpoint[..start], &endpoint[start..end], &endpoint[end..]));
        }
        end = start;
    }
    None
}

fn is_version(part: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    part.strip_prefix('v').is_some_and(|number| match number.split_once('.') {
        Some((major, minor)) => digits(major) && digits(minor),
        None => digits(number),
    })
}

/// Encodes one part of a path.
///
/// A slash inside a value is encoded, except for object storage, whose objects
/// are called with slashes in them and whose own client sends them as they are.
pub(crate) fn encode_segment(value: &str, keep_slashes: bool) -> String {
    encode(value, |byte| b"-._~!$'()*,;:@".contains(&byte) || keep_slashes && byte == b'/')
}

/// Encodes a name or a value of a query.
pub(crate) fn encode_query(value: &str) -> String {
    encode(value, |byte| b"-._~:/,".contains(&byte))
}

fn encode(value: &str, kept: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || kept(byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use squall_model::service::ServiceProfile;

    use super::*;

    #[test]
    fn every_shape_of_endpoint_gives_the_right_root() {
        for (endpoint, version_path, expected) in [
            ("http://c:8774", "/v2.1", "http://c:8774/v2.1"),
            ("http://c:8774/", "/v2.1", "http://c:8774/v2.1"),
            ("http://c/compute/v2.1/", "/v2.1", "http://c/compute/v2.1"),
            ("http://c/compute/v2.1/77ac", "/v2.1", "http://c/compute/v2.1/77ac"),
            ("http://c/compute/v2/77ac", "/v2.1", "http://c/compute/v2.1/77ac"),
            ("http://c/v3", "/v3", "http://c/v3"),
            ("http://v3.example.org/identity", "/v3", "http://v3.example.org/identity/v3"),
            ("http://c:9696/networking", "/v2.0", "http://c:9696/networking/v2.0"),
            ("http://c/placement", "", "http://c/placement"),
            ("http://c/v1/AUTH_v2", "", "http://c/v1/AUTH_v2"),
        ] {
            assert_eq!(root(endpoint, version_path), expected, "{endpoint} {version_path}");
        }
    }

    #[test]
    fn version_documents_stand_above_a_projects_path() {
        assert_eq!(
            version_documents("http://c/volume/v3/77ac", "/v3"),
            ["http://c/volume/v3/", "http://c/volume/"]
        );
        assert_eq!(version_documents("http://c/placement", ""), ["http://c/placement/"]);
    }

    #[test]
    fn slashes_stay_in_the_names_of_objects_only() {
        assert_eq!(encode_segment("a/b c", false), "a%2Fb%20c");
        assert_eq!(encode_segment("a/b ü", true), "a/b%20%C3%BC");
        assert_eq!(encode_query("a&b=c d+e"), "a%26b%3Dc%20d%2Be");
    }

    #[test]
    fn what_is_the_whole_stores_is_outside_the_account() {
        let store = ServiceProfile::of("object-store");
        assert!(store.is_outside_endpoint("/info"));
        assert!(!store.is_outside_endpoint("/{container}"));
        assert!(!ServiceProfile::of("image").is_outside_endpoint("/info"));
        assert_eq!(outside("http://c:8080/v1/AUTH_77ac"), "http://c:8080");
        assert_eq!(outside("http://c/object-store/v1/AUTH_77ac/"), "http://c/object-store");
    }
}
