//! The topologies shipped with the program.

/// Names and texts, the simplest first.
const ALL: [(&str, &str); 3] = [
    ("all-in-one", include_str!("all-in-one.yaml")),
    ("multi-compute", include_str!("multi-compute.yaml")),
    ("ha", include_str!("ha.yaml")),
];

/// Returns the names of the shipped topologies.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|(name, _)| name)
}

/// Returns the text of a shipped topology.
pub fn text(name: &str) -> Option<&'static str> {
    ALL.into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
}
