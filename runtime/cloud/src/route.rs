//! The router: from method, path, action and version to an operation.
//!
//! It knows nothing but the operation table. A literal segment is preferred to
//! a parameter, as in `/servers/detail` beside `/servers/{server_id}`.

use std::collections::{BTreeSet, HashMap};

use http::Method;
use percent_encoding::percent_decode_str;
use squall_model::{Microversion, Operation};

/// The operations of one service as a tree of path segments.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<String, Node>,
    parameter: Option<Box<Node>>,
    operations: Vec<&'static Operation>,
}

/// Everything the table has at one path.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    operations: &'a [&'static Operation],
    /// The values of the path's parameters, in order, decoded.
    pub(crate) parameters: Vec<String>,
}

/// Why no operation was chosen at a path that exists.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// The path has other methods only.
    Method(Vec<&'static str>),
    /// The method is there, but not at this version.
    Version,
    /// The body names no action, or none that is known.
    Action,
}

impl Routes {
    pub(crate) fn new(operations: &'static [&'static Operation]) -> Self {
        let mut routes = Self::default();
        for operation in operations {
            let mut node = &mut routes.root;
            for segment in segments(&operation.path) {
                node = if segment.starts_with('{') {
                    node.parameter.get_or_insert_default()
                } else {
                    node.literals.entry(segment.to_owned()).or_default()
                };
            }
            node.operations.push(operation);
        }
        routes
    }

    /// Finds what the table has at a path below the service's version path.
    ///
    /// `greedy` lets the last parameter of a path take the rest of it, slashes
    /// and all, as an object's name does.
    pub(crate) fn find(&self, path: &str, greedy: bool) -> Option<Found<'_>> {
        let parts: Vec<&str> = if greedy {
            let rest = path.trim_start_matches('/');
            rest.splitn(2, '/').filter(|part| !part.is_empty()).collect()
        } else {
            segments(path).collect()
        };
        let mut parameters = Vec::new();
        let node = descend(&self.root, &parts, &mut parameters)?;
        Some(Found { operations: &node.operations, parameters })
    }
}

impl Found<'_> {
    /// Chooses the operation for a method, a version and the body's keys.
    pub(crate) fn choose(
        &self,
        method: &Method,
        version: Option<Microversion>,
        has_key: impl Fn(&str) -> bool,
    ) -> Result<&'static Operation, Missing> {
        let by_method =
            || self.operations.iter().copied().filter(|op| op.method.as_str() == method.as_str());
        if by_method().next().is_none() {
            return Err(Missing::Method(self.allowed()));
        }
        let with_action = by_method().filter(|op| op.action.as_deref().is_some_and(&has_key));
        let without = by_method().filter(|op| op.action.is_none());
        let mut named = with_action.chain(without).peekable();
        if named.peek().is_none() {
            return Err(Missing::Action);
        }
        named.find(|op| op.versions.contains(version)).ok_or(Missing::Version)
    }

    /// Walks the operations of a method.
    pub(crate) fn of(&self, method: &Method) -> impl Iterator<Item = &'static Operation> {
        self.operations.iter().copied().filter(move |op| op.method.as_str() == method.as_str())
    }

    /// Whether it is what the table has at this path.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.operations.iter().any(|op| op.path == path)
    }

    /// Returns the methods of the path, sorted.
    fn allowed(&self) -> Vec<&'static str> {
        let methods: BTreeSet<&str> = self.operations.iter().map(|op| op.method.as_str()).collect();
        methods.into_iter().collect()
    }
}

fn descend<'a>(node: &'a Node, parts: &[&str], parameters: &mut Vec<String>) -> Option<&'a Node> {
    let Some((first, rest)) = parts.split_first() else {
        return (!node.operations.is_empty()).then_some(node);
    };
    if let Some(found) = node.literals.get(*first).and_then(|next| descend(next, rest, parameters))
    {
        return Some(found);
    }
    let next = node.parameter.as_deref()?;
    let kept = parameters.len();
    parameters.push(decode(first));
    let found = descend(next, rest, parameters);
    if found.is_none() {
        parameters.truncate(kept);
    }
    found
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Decodes percent signs; what is not UTF-8 becomes the replacement character.
pub(crate) fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use squall_model::VersionRange;

    use super::*;
    use crate::behaviour::operation;

    fn routes() -> Routes {
        let v = Microversion::new;
        let table = vec![
            operation("GET", "/servers/{server_id}", None, VersionRange::ALL),
            operation("GET", "/servers/detail", None, VersionRange::ALL),
            operation("POST", "/servers/{server_id}/action", Some("os-start"), VersionRange::ALL),
            operation(
                "POST",
                "/servers/{server_id}/action",
                Some("old"),
                VersionRange::new(None, Some(v(2, 5))),
            ),
            operation("PUT", "/{container}/{object}", None, VersionRange::ALL),
        ];
        Routes::new(Box::leak(table.into_boxed_slice()))
    }

    #[test]
    fn a_literal_is_preferred_and_a_dead_end_is_left() {
        let routes = routes();
        assert!(routes.find("/servers/detail", false).unwrap().parameters.is_empty());
        assert_eq!(routes.find("/servers/a%20b", false).unwrap().parameters, ["a b"]);
        assert_eq!(routes.find("/servers/detail/action", false).unwrap().parameters, ["detail"]);
        assert!(routes.find("/nothing/at/all", false).is_none());
    }

    #[test]
    fn the_last_parameter_takes_the_rest_when_greedy() {
        assert_eq!(routes().find("/c/a/b/c", true).unwrap().parameters, ["c", "a/b/c"]);
    }

    #[test]
    fn what_is_missing_is_told_apart() {
        let routes = routes();
        let show = routes.find("/servers/1", false).unwrap();
        assert_eq!(
            show.choose(&Method::POST, None, |_| true).unwrap_err(),
            Missing::Method(vec!["GET"])
        );
        let action = routes.find("/servers/1/action", false).unwrap();
        let at = Some(Microversion::new(2, 9));
        let choose = |key: &str| action.choose(&Method::POST, at, |name| name == key);
        assert_eq!(choose("nothing").unwrap_err(), Missing::Action);
        assert_eq!(choose("old").unwrap_err(), Missing::Version);
        assert_eq!(choose("os-start").unwrap().action.as_deref(), Some("os-start"));
    }
}
