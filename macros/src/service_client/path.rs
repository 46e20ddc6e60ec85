//! A request's path, and the names in its braces.

/// Gives the names in a path's braces, in order.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Tells what is wrong with a path, if anything is.
pub(super) fn fault(path: &str) -> Option<&'static str> {
    if path.contains('?') {
        return Some("a path has no query: a parameter is an argument with `#[query]` before it");
    }
    if !path.starts_with('/') {
        return Some("a path starts with `/`, as in `/secrets/{secret_id}`");
    }
    if path.len() > 1 && path.ends_with('/') || path.contains("//") {
        return Some("a path has no empty part: leave the second `/` out");
    }
    if path.contains(|c: char| c.is_whitespace() || c.is_control() || !c.is_ascii()) {
        return Some("a path is ASCII without blanks");
    }
    if !is_balanced(path) {
        return Some("a parameter of a path is a name in braces, as in `/secrets/{secret_id}`");
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
    fn a_path_is_parts_and_names_in_braces() {
        for path in ["/", "/secrets", "/secrets/{secret_id}", "/a/{b}.json/{c_1}"] {
            assert_eq!(fault(path), None, "{path}");
        }
        for path in ["", "secrets", "/a/", "/a//b", "/a b", "/{", "/}", "/{a", "/{A}", "/a?b"] {
            assert!(fault(path).is_some(), "{path}");
        }
    }

    #[test]
    fn names_come_in_order() {
        let found: Vec<&str> = parameters("/a/{b}/c/{d}").collect();
        assert_eq!(found, ["b", "d"]);
    }
}
