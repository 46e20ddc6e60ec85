//! The line of a JSON pointer in a YAML or JSON text.
//!
//! Only diagnostics need it, so the text is parsed a second time, with places,
//! and only when there is something to say.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::raw::options;
use crate::diagnostic::Diagnostic;

/// Fills in the lines of the diagnostics that have a pointer and no line.
pub(super) fn fill(text: &str, diagnostics: &mut [Diagnostic]) {
    if diagnostics.iter().all(|d| d.line.is_some()) {
        return;
    }
    let Ok(root) = serde_saphyr::from_str_with_options::<Spanned<Node>>(text, options()) else {
        return;
    };
    for diagnostic in diagnostics.iter_mut().filter(|d| d.line.is_none()) {
        diagnostic.line = locate(&root, &diagnostic.pointer);
    }
}

/// Follows the pointer as far as it goes and gives the line of the last step.
fn locate(root: &Spanned<Node>, pointer: &str) -> Option<usize> {
    let mut node = &root.value;
    let mut line = None;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let next = match node {
            Node::Map(entries) => entries.iter().find(|(key, _)| key.value == token),
            Node::List(items) => {
                let Some(item) = token.parse().ok().and_then(|at: usize| items.get(at)) else {
                    break;
                };
                line = usize::try_from(item.referenced.line()).ok().or(line);
                node = &item.value;
                continue;
            }
            Node::Scalar => None,
        };
        let Some((key, value)) = next else { break };
        line = usize::try_from(key.referenced.line()).ok().or(line);
        node = &value.value;
    }
    line.filter(|line| *line > 0)
}

/// A value of which only the places are kept.
enum Node {
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
    List(Vec<Spanned<Node>>),
    Scalar,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_the_line_of_its_last_known_key() {
        let text = "a:\n  - b: 1\n  - c:\n      d/e: x\n";
        let root: Spanned<Node> = serde_saphyr::from_str(text).unwrap();
        let lines = ["/a", "/a/1/c", "/a/1/c/d~1e", "/a/1/c/missing", ""].map(|p| locate(&root, p));
        assert_eq!(lines, [Some(1), Some(3), Some(4), Some(3), None]);
    }
}
