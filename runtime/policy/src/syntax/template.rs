//! The right side of a check: a text with `%(name)s` for attributes of the target.
//!
//! Upstream applies Python's `%` operator to the text and the target. Of its conversions only
//! `%(name)s` and `%%` are read here; oslo.policy fails on most others, and no service uses any.

use super::{Problem, shown};

/// A text, some parts of which are attributes of the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) pieces: Box<[Piece]>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// What stands for itself.
    Text(Box<str>),
    /// An attribute of the target.
    Attribute(Box<str>),
    /// What cannot be read: evaluating it fails.
    Broken,
}

impl Template {
    /// Creates a template without attributes.
    pub(crate) fn text(text: &str) -> Self {
        Self { pieces: [Piece::Text(text.into())].into() }
    }

    /// Reads a template. Whatever cannot be read is added to `problems` and is the last piece.
    pub(crate) fn read(text: &str, problems: &mut Vec<Problem>) -> Self {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            plain.push_str(before);
            if let Some(next) = after.strip_prefix('%') {
                plain.push('%');
                rest = next;
            } else if let Some((name, next)) = attribute(after) {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain).into()));
                }
                pieces.push(Piece::Attribute(name.into()));
                rest = next;
            } else {
                problems.push(Problem::new(
                    format!("cannot read an attribute of the target in `{}`", shown(text)),
                    "write `%(name)s` for an attribute, and `%%` for a percent sign",
                ));
                pieces.push(Piece::Broken);
                return Self { pieces: pieces.into() };
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Text(plain.into()));
        }
        Self { pieces: pieces.into() }
    }

    /// Returns the text if it has no attributes.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &*self.pieces {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the names of the attributes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Attribute(name) => Some(&**name),
            Piece::Text(_) | Piece::Broken => None,
        })
    }
}

/// Splits `(name)s…` into the name and what follows. Parentheses in a name are paired.
fn attribute(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('(')?;
    let mut open = 1_usize;
    let end = inner.char_indices().find_map(|(at, c)| {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })?;
    let next = inner[end + 1..].strip_prefix('s')?;
    Some((&inner[..end], next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Piece>, usize) {
        let mut problems = Vec::new();
        let template = Template::read(text, &mut problems);
        (template.pieces.into_vec(), problems.len())
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    fn name(name: &str) -> Piece {
        Piece::Attribute(name.into())
    }

    #[test]
    fn attributes_and_percent_signs_are_read() {
        assert_eq!(read(""), (vec![text("")], 0));
        assert_eq!(read("a"), (vec![text("a")], 0));
        assert_eq!(read("%(a.b)s"), (vec![name("a.b")], 0));
        assert_eq!(
            read("x%(a)s%%%(f(b))sy"),
            (vec![text("x"), name("a"), text("%"), name("f(b)"), text("y")], 0)
        );
    }

    #[test]
    fn what_python_or_we_do_not_convert_is_a_problem() {
        for broken in ["%", "%(a", "%(a)", "%(a)d", "%s", "50%off", "%(a)5s"] {
            let (pieces, problems) = read(broken);
            assert_eq!((pieces.last(), problems), (Some(&Piece::Broken), 1), "{broken}");
        }
    }
}
