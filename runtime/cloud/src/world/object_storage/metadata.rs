//! Metadata, which travels in headers with a prefix of their own.

use std::collections::BTreeMap;

use http::HeaderMap;

use crate::fault::Fault;
use crate::outcome::Reply;

/// Metadata by the header's whole name in lower case.
pub(crate) type Metadata = BTreeMap<String, String>;

/// The longest name of a metadata item, without its prefix.
pub(crate) const MAX_NAME: usize = 128;
/// The longest value of a metadata item.
pub(crate) const MAX_VALUE: usize = 256;
/// The most metadata items in one request.
pub(crate) const MAX_COUNT: usize = 90;
/// The most bytes of all names and values in one request.
pub(crate) const MAX_SIZE: usize = 4096;

/// Refuses what is too long or too much, as `swift.common.constraints.check_metadata` does.
pub(crate) fn check(headers: &HeaderMap, prefix: &str) -> Result<(), Fault> {
    let (mut count, mut size) = (0, 0);
    for (name, value) in headers {
        let Some(name) = name.as_str().strip_prefix(prefix) else { continue };
        if name.is_empty() {
            return Err(Fault::bad_request("Metadata name cannot be empty"));
        }
        if name.len() > MAX_NAME {
            return Err(Fault::bad_request(format!("Metadata name too long: {prefix}{name}")));
        }
        if value.len() > MAX_VALUE {
            return Err(Fault::bad_request(format!(
                "Metadata value longer than {MAX_VALUE}: {prefix}{name}"
            )));
        }
        count += 1;
        size += name.len() + value.len();
    }
    if count > MAX_COUNT {
        return Err(Fault::bad_request(format!("Too many metadata items; max {MAX_COUNT}")));
    }
    if size > MAX_SIZE {
        return Err(Fault::bad_request(format!("Total metadata too large; max {MAX_SIZE}")));
    }
    Ok(())
}

/// Returns the headers of a request that start with one of these prefixes.
pub(crate) fn read(headers: &HeaderMap, prefixes: &[&str]) -> Metadata {
    headers
        .iter()
        .filter(|(name, _)| prefixes.iter().any(|prefix| name.as_str().starts_with(prefix)))
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

/// Adds a request's metadata to what is there: an empty value removes an entry,
/// and so does the header `X-Remove-…`.
pub(crate) fn merge(metadata: &mut Metadata, headers: &HeaderMap, prefixes: &[&str]) {
    for (name, value) in read(headers, prefixes) {
        if value.is_empty() {
            metadata.remove(&name);
        } else {
            metadata.insert(name, value);
        }
    }
    for name in headers.keys() {
        if let Some(rest) = name.as_str().strip_prefix("x-remove-") {
            metadata.remove(&format!("x-{rest}"));
        }
    }
}

/// Adds metadata to a reply's headers.
pub(crate) fn write(reply: Reply, metadata: &Metadata) -> Reply {
    metadata.iter().fold(reply, |reply, (name, value)| reply.header(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_and_remove_headers_take_entries_away() {
        let mut metadata = Metadata::from([
            ("x-container-meta-a".to_owned(), "1".to_owned()),
            ("x-container-meta-b".to_owned(), "2".to_owned()),
        ]);
        let mut headers = HeaderMap::new();
        headers.insert("x-container-meta-a", "".parse().unwrap());
        headers.insert("x-remove-container-meta-b", "yes".parse().unwrap());
        headers.insert("x-container-meta-c", "3".parse().unwrap());
        merge(&mut metadata, &headers, &["x-container-meta-"]);
        assert_eq!(
            metadata.into_iter().collect::<Vec<_>>(),
            [("x-container-meta-c".into(), "3".into())]
        );
    }
}
