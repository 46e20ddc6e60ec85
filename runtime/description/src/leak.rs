//! Data that lives as long as the process, as the tables of generated crates do.
//!
//! A description is read once for each file: a few hundred kilobytes, by a build script or by a
//! program that needs them until it ends.

/// Returns a copy of a text that is never freed.
pub(crate) fn text(text: &str) -> &'static str {
    if text.is_empty() { "" } else { Box::leak(text.to_owned().into_boxed_str()) }
}

/// Returns a list that is never freed.
pub(crate) fn list<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Box::leak(items.into_iter().collect::<Vec<T>>().into_boxed_slice())
}

/// Returns copies of pairs of texts that are never freed.
pub(crate) fn pairs(
    pairs: &[(impl AsRef<str>, impl AsRef<str>)],
) -> &'static [(&'static str, &'static str)] {
    list(pairs.iter().map(|(key, value)| (text(key.as_ref()), text(value.as_ref()))))
}
