//! The topologies that come with the program.

/// Name and text, the simplest first.
const ALL: [(&str, &str); 3] = [
    ("all-in-one", include_str!("all-in-one.yaml")),
    ("multi-compute", include_str!("multi-compute.yaml")),
    ("ha", include_str!("ha.yaml")),
];

/// Gives the names of the topologies that come with the program.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|(name, _)| name)
}

/// Gives the text of one of them.
pub fn text(name: &str) -> Option<&'static str> {
    ALL.into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
}
