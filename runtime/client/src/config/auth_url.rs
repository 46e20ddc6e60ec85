//! The URL of the identity service as people write it.

/// Cuts what does not belong to the URL of a service: query, fragment, and the path of
/// a request that was pasted with it. Returns the rest, and what was cut.
///
/// ```text
/// http://c/identity/v3/auth/tokens   →  http://c/identity/v3
/// http://c:5000/?x=1                 →  http://c:5000/
/// ```
pub(super) fn cut(url: &str) -> (&str, Option<&str>) {
    let mut end = url.find(['?', '#']).unwrap_or(url.len());
    let path = url[..end].trim_end_matches('/');
    for request in ["/auth/tokens", "/auth/catalog", "/auth", "/tokens"] {
        if let Some(before) = path.strip_suffix(request) {
            // A service may be below a path of that name, as in `/identity/auth`.
            if request != "/auth" || before.ends_with("/v3") {
                end = before.len();
                break;
            }
        }
    }
    (&url[..end], (end < url.len()).then(|| &url[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted_with_the_url_is_cut() {
        for (url, expected, gone) in [
            ("http://c", "http://c", None),
            ("http://c/identity/v3/", "http://c/identity/v3/", None),
            ("http://c/identity/v3/auth/tokens", "http://c/identity/v3", Some("/auth/tokens")),
            ("http://c/v3/auth/tokens/", "http://c/v3", Some("/auth/tokens/")),
            ("http://c/v2.0/tokens", "http://c/v2.0", Some("/tokens")),
            ("http://c/v3/auth/catalog", "http://c/v3", Some("/auth/catalog")),
            ("http://c/auth/tokens", "http://c", Some("/auth/tokens")),
            ("http://c/v3/auth", "http://c/v3", Some("/auth")),
            ("http://c/auth", "http://c/auth", None),
            ("http://c/?x=1", "http://c/", Some("?x=1")),
            ("http://c/v3#top", "http://c/v3", Some("#top")),
            ("http://c/v3/auth/tokens?nocatalog", "http://c/v3", Some("/auth/tokens?nocatalog")),
        ] {
            assert_eq!(cut(url), (expected, gone), "{url}");
        }
    }
}
