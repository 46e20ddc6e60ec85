//! JSON pointers (RFC 6901): their tokens, and how these are escaped.

use std::fmt;

/// Escapes a key as a token of a pointer.
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the key that a token stands for.
pub fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Appends a key or an index to a pointer.
pub fn join(base: &str, key: impl fmt::Display) -> String {
    format!("{base}/{}", escaped(&key.to_string()))
}

/// Returns the keys and indices that a pointer consists of.
///
/// ```
/// let keys: Vec<String> = squall_model::pointer::keys("/paths/~1servers/0").collect();
/// assert_eq!(keys, ["paths", "/servers", "0"]);
/// ```
pub fn keys(pointer: &str) -> impl DoubleEndedIterator<Item = String> {
    pointer.split('/').skip(1).collect::<Vec<_>>().into_iter().map(unescaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was() {
        for key in ["", "a", "a/b", "~1", "~", "a~/b~0"] {
            assert_eq!(unescaped(&escaped(key)), key);
            assert_eq!(keys(&join("/x", key)).collect::<Vec<_>>(), ["x", key]);
        }
    }

    #[test]
    fn the_whole_document_has_no_keys() {
        assert_eq!(keys("").count(), 0);
    }
}
