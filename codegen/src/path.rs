//! A path template: literal segments, and parameters in braces.

/// Returns the names of the parameters, in order.
pub fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
