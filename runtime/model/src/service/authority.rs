//! Official service types and the other names that clouds use for them.

mod types;

use types::TYPES;

/// Returns the official type of a service type or alias; any other text as it is.
///
/// `_` may stand for `-`.
///
/// ```
/// use squall_model::service::official;
/// assert_eq!(official("volumev3"), "block-storage");
/// assert_eq!(official("object_store"), "object-store");
/// assert_eq!(official("acme-rockets"), "acme-rockets");
/// ```
pub fn official(service_type: &str) -> &str {
    row(service_type).map_or(service_type, |(official, ..)| official)
}

/// Returns every name of a service, the official one first, then its aliases in the
/// order in which they are tried.
pub fn aliases(service_type: &str) -> impl Iterator<Item = &str> {
    let (first, others): (&str, &[&str]) = match row(service_type) {
        Some((official, _, others)) => (official, others),
        None => (service_type, &[]),
    };
    std::iter::once(first).chain(others.iter().copied())
}

/// Whether a text is an official service type.
pub fn is_official(service_type: &str) -> bool {
    TYPES.iter().any(|(official, ..)| *official == service_type)
}

/// Returns the project that develops the service of a type or alias.
pub fn project(service_type: &str) -> Option<&'static str> {
    row(service_type).map(|(_, project, _)| *project)
}

/// Returns every official type.
pub fn official_types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(official, ..)| *official)
}

fn row(name: &str) -> Option<&'static (&'static str, &'static str, &'static [&'static str])> {
    let same = |known: &str| {
        known.len() == name.len()
            && known.bytes().zip(name.bytes()).all(|(a, b)| a == b || (a, b) == (b'-', b'_'))
    };
    TYPES.iter().find(|(official, _, others)| same(official) || others.iter().any(|o| same(o)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_services() {
        let mut all: Vec<&str> =
            TYPES.iter().flat_map(|(official, ..)| aliases(official)).collect();
        all.sort_unstable();
        let names = all.len();
        all.dedup();
        assert_eq!(names, all.len());
        assert!(TYPES.is_sorted_by_key(|(official, ..)| *official));
    }

    #[test]
    fn aliases_come_after_the_official_type_in_the_authoritys_order() {
        let names: Vec<&str> = aliases("block-store").collect();
        assert_eq!(names, ["block-storage", "volumev3", "volumev2", "volume", "block-store"]);
        assert_eq!(aliases("acme").collect::<Vec<_>>(), ["acme"]);
    }
}
