//! Checks a request's path.

/// Returns the error of a path, if it has one.
pub(super) fn fault(path: &str) -> Option<&'static str> {
    if path.contains('?') {
        return Some("a path must not have a query: add an argument with `#[query]` instead");
    }
    if !path.starts_with('/') {
        return Some("a path must start with `/`, as in `/secrets/{secret_id}`");
    }
    if path.len() > 1 && path.ends_with('/') || path.contains("//") {
        return Some("a path must not have an empty segment: remove the extra `/`");
    }
    if path.contains(|c: char| c.is_whitespace() || c.is_control() || !c.is_ascii()) {
        return Some("a path must consist of ASCII characters without spaces");
    }
    if !is_balanced(path) {
        return Some("a path parameter must be a name in braces, as in `/secrets/{secret_id}`");
    }
    None
}

fn is_balanced(path: &str) -> bool {
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { return false };
        if before.contains('}') || !is_name(name) {
            return false;
        }
        rest = after;
    }
    !rest.contains('}')
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_segments_and_names_in_braces() {
        for path in ["/", "/secrets", "/secrets/{secret_id}", "/a/{b}.json/{c_1}"] {
            assert_eq!(fault(path), None, "{path}");
        }
        for path in ["", "secrets", "/a/", "/a//b", "/a b", "/{", "/}", "/{a", "/{A}", "/a?b"] {
            assert!(fault(path).is_some(), "{path}");
        }
    }
}
