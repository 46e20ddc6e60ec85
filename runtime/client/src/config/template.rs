//! `{region_name}` and its like in the values of a cloud's keys.

use std::collections::BTreeMap;

use super::tree::{Kind, Node};

/// Fills in the keys of a cloud, as openstacksdk does by Python's `str.format`: `{key}`
/// is the text of that key, `{{` and `}}` are braces.
///
/// # Errors
/// The name in braces that is no key with a text, or the text after a single brace.
pub(super) fn fill(text: &str, keys: &BTreeMap<String, Node>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
            continue;
        }
        let (name, after) = rest.split_once('}').filter(|_| brace == "{").ok_or(brace)?;
        let Some(Kind::Text(value)) = keys.get(name).map(|node| &node.kind) else {
            return Err(name.to_owned());
        };
        out.push_str(value);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_keys_of_the_cloud() {
        let keys = BTreeMap::from([("region_name".to_owned(), Node::variable("one"))]);
        for (text, expected) in [
            ("https://{region_name}.example/v3", Ok("https://one.example/v3")),
            ("plain", Ok("plain")),
            ("{{region_name}}", Ok("{region_name}")),
            ("a{{{region_name}}}b", Ok("a{one}b")),
            ("{regoin_name}", Err("regoin_name")),
            ("{", Err("{")),
            ("a}b", Err("}")),
        ] {
            let filled = fill(text, &keys);
            assert_eq!(filled.as_deref().map_err(String::as_str), expected, "{text}");
        }
    }
}
