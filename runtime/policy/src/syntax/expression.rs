//! Parses a rule into an expression, with the grammar of `oslo_policy._parser.ParseState`.
//!
//! Upstream reduces greedily what is on a stack and has no grammar apart from that. The same
//! reductions in the same order give the same expressions, odd cases included.

use std::fmt;

use super::token::{Token, tokenise};
use super::{Problem, shown};

/// The longest text of a rule in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;

/// How deep a rule may nest.
pub(crate) const DEEPEST: u32 = 100;

/// A parsed rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// `@`, or nothing at all.
    True,
    /// `!`, or what oslo.policy cannot read.
    False,
    Not(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    /// A check: what is before and after the first colon.
    Check {
        kind: Box<str>,
        value: Box<str>,
    },
}

impl Expression {
    /// Returns how many expressions contain each other at most.
    fn depth(&self) -> u32 {
        match self {
            Self::True | Self::False | Self::Check { .. } => 1,
            Self::Not(inner) => inner.depth() + 1,
            Self::And(all) | Self::Or(all) => {
                all.iter().map(Self::depth).max().unwrap_or_default() + 1
            }
        }
    }

    /// Calls `take` with each check.
    pub(crate) fn each_check<'e>(&'e self, take: &mut impl FnMut(&'e str, &'e str)) {
        match self {
            Self::True | Self::False => {}
            Self::Not(inner) => inner.each_check(take),
            Self::And(all) | Self::Or(all) => all.iter().for_each(|one| one.each_check(take)),
            Self::Check { kind, value } => take(kind, value),
        }
    }
}

/// As `str()` of oslo.policy's checks.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, word) = match self {
            Self::True => return f.write_str("@"),
            Self::False => return f.write_str("!"),
            Self::Not(inner) => return write!(f, "not {inner}"),
            Self::Check { kind, value } => return write!(f, "{kind}:{value}"),
            Self::And(all) => (all, " and "),
            Self::Or(all) => (all, " or "),
        };
        f.write_str("(")?;
        for (at, one) in all.iter().enumerate() {
            write!(f, "{}{one}", if at == 0 { "" } else { word })?;
        }
        f.write_str(")")
    }
}

/// Parses a rule. What oslo.policy cannot read denies; why is added to `problems`.
pub(crate) fn parse(text: &str, problems: &mut Vec<Problem>) -> Expression {
    // An empty rule allows, but one of spaces alone leaves the parser's stack empty and denies.
    if text.is_empty() {
        return Expression::True;
    }
    if text.len() > LONGEST {
        problems.push(Problem::new(
            format!("the rule has {} bytes, more than {LONGEST}", text.len()),
            "split it into several rules that refer to each other with `rule:`",
        ));
        return Expression::False;
    }
    let mut state = State { stack: Vec::new(), too_deep: false };
    tokenise(text, |token| state.shift(token, problems));
    if state.too_deep {
        problems.push(Problem::new(
            format!("the rule nests deeper than {DEEPEST} levels"),
            "split it into several rules that refer to each other with `rule:`",
        ));
        return Expression::False;
    }
    if let [Item::Check(one) | Item::And(one) | Item::Or(one)] = state.stack.as_mut_slice() {
        return std::mem::replace(&mut one.expression, Expression::False);
    }
    problems.push(state.reason(text));
    Expression::False
}

/// Parses a single check, as `oslo_policy._parser._parse_check` does.
pub(crate) fn parse_check(text: &str, problems: &mut Vec<Problem>) -> Expression {
    match (text, text.split_once(':')) {
        ("!", _) => return Expression::False,
        ("@", _) => return Expression::True,
        (_, Some((kind, value))) => {
            return Expression::Check { kind: kind.into(), value: value.into() };
        }
        (_, None) => {}
    }
    problems.push(Problem::new(
        format!("`{}` is not a check: it has no colon", shown(text)),
        "write a check such as `role:admin`, `rule:admin_required` or \
         `project_id:%(project_id)s`; oslo.policy denies instead",
    ));
    Expression::False
}

/// An expression, and how deep it nests.
struct Nested {
    expression: Expression,
    depth: u32,
}

enum Item<'t> {
    Check(Nested),
    And(Nested),
    Or(Nested),
    Quoted(&'t str),
    AndWord,
    OrWord,
    NotWord,
    Open,
    Close,
}

struct State<'t> {
    stack: Vec<Item<'t>>,
    /// Once it is too deep nothing is built any more.
    too_deep: bool,
}

impl<'t> State<'t> {
    fn shift(&mut self, token: Token<'t>, problems: &mut Vec<Problem>) {
        if self.too_deep {
            return;
        }
        self.stack.push(match token {
            Token::Check(text) => {
                Item::Check(Nested { expression: parse_check(text, problems), depth: 1 })
            }
            Token::Quoted(text) => Item::Quoted(text),
            Token::And => Item::AndWord,
            Token::Or => Item::OrWord,
            Token::Not => Item::NotWord,
            Token::Open => Item::Open,
            Token::Close => Item::Close,
        });
        while !self.too_deep && self.reduce() {}
    }

    /// Applies the first reduction that fits the top of the stack; three items before two.
    fn reduce(&mut self) -> bool {
        let count = self.stack.len();
        let reduces = match self.stack.as_slice() {
            [.., Item::Open, Item::Check(_) | Item::And(_) | Item::Or(_), Item::Close]
            | [
                ..,
                Item::Check(_) | Item::And(_) | Item::Or(_),
                Item::AndWord | Item::OrWord,
                Item::Check(_),
            ] => 3,
            [.., Item::NotWord, Item::Check(_)] => 2,
            _ => return false,
        };
        let mut top = self.stack.split_off(count - reduces).into_iter();
        let item = match (top.next(), top.next(), top.next()) {
            (_, Some(Item::Check(one) | Item::And(one) | Item::Or(one)), Some(Item::Close)) => {
                Item::Check(one)
            }
            (Some(Item::Check(a)), Some(Item::AndWord), Some(Item::Check(b))) => {
                Item::And(join(a, b, Expression::And))
            }
            (Some(Item::And(a)), Some(Item::AndWord), Some(Item::Check(b))) => {
                Item::And(extend(a, b))
            }
            (Some(Item::Or(a)), Some(Item::AndWord), Some(Item::Check(b))) => {
                Item::Or(and_to_last(a, b))
            }
            (Some(Item::Check(a) | Item::And(a)), Some(Item::OrWord), Some(Item::Check(b))) => {
                Item::Or(join(a, b, Expression::Or))
            }
            (Some(Item::Or(a)), Some(Item::OrWord), Some(Item::Check(b))) => Item::Or(extend(a, b)),
            (Some(Item::NotWord), Some(Item::Check(one)), None) => Item::Check(Nested {
                depth: one.depth + 1,
                expression: Expression::Not(Box::new(one.expression)),
            }),
            // The slice pattern above admits nothing else.
            _ => return false,
        };
        if let Item::Check(one) | Item::And(one) | Item::Or(one) = &item {
            self.too_deep = one.depth > DEEPEST;
        }
        self.stack.push(item);
        true
    }

    /// Says why the stack did not reduce to one expression.
    fn reason(&self, text: &str) -> Problem {
        let count = |is: fn(&Item<'_>) -> bool| self.stack.iter().filter(|item| is(item)).count();
        let opens = count(|item| matches!(item, Item::Open));
        let closes = count(|item| matches!(item, Item::Close));
        let quoted = self.stack.iter().find_map(|item| match item {
            Item::Quoted(text) => Some(*text),
            _ => None,
        });
        let operand = |item: &Item<'_>| {
            matches!(item, Item::Check(_) | Item::And(_) | Item::Or(_) | Item::Quoted(_))
        };
        let neighbours = self.stack.windows(2).any(|two| {
            operand(&two[0]) && (operand(&two[1]) || matches!(two[1], Item::NotWord | Item::Open))
        });
        let (what, help) = if self.stack.is_empty() {
            (
                "the rule is nothing but spaces, which denies everything".to_owned(),
                "write `!` to deny, or `@` to allow".to_owned(),
            )
        } else if let Some(quoted) = quoted {
            (
                format!("a text in quotes is not a check: `{}`", shown(quoted)),
                "compare it with something: `'text':%(name)s`, or `name:text` without quotes"
                    .to_owned(),
            )
        } else if opens > closes {
            (format!("{opens} of its `(` are not closed"), "add the `)` that is missing".to_owned())
        } else if closes > 0 {
            (
                "a `)` closes nothing".to_owned(),
                "remove it, or add the `(` that is missing".to_owned(),
            )
        } else if neighbours {
            ("two checks follow each other".to_owned(), "join them with `and` or `or`".to_owned())
        } else {
            (
                "an operator has nothing to join".to_owned(),
                "write a check on both sides of `and` and `or`, and after `not`".to_owned(),
            )
        };
        Problem::new(
            format!("cannot parse `{}`: {what}", shown(text)),
            format!("{help}; oslo.policy denies everything by such a rule"),
        )
    }
}

fn join(a: Nested, b: Nested, of: fn(Vec<Expression>) -> Expression) -> Nested {
    let depth = a.depth.max(b.depth) + 1;
    Nested { expression: of(vec![a.expression, b.expression]), depth }
}

fn extend(mut a: Nested, b: Nested) -> Nested {
    a.depth = a.depth.max(b.depth + 1);
    if let Expression::And(all) | Expression::Or(all) = &mut a.expression {
        all.push(b.expression);
    }
    a
}

/// `a or b` followed by `and c`: the last of the alternatives becomes `b and c`.
fn and_to_last(mut a: Nested, c: Nested) -> Nested {
    let mut below = c.depth + 1;
    if let Expression::Or(all) = &mut a.expression {
        match all.pop() {
            Some(Expression::And(mut both)) => {
                both.push(c.expression);
                all.push(Expression::And(both));
            }
            Some(one) => {
                below = below.max(one.depth() + 1);
                all.push(Expression::And(vec![one, c.expression]));
            }
            None => {}
        }
    }
    a.depth = a.depth.max(below + 1);
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        let mut problems = Vec::new();
        let expression = parse(text, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        expression.to_string()
    }

    fn problem(text: &str) -> String {
        let mut problems = Vec::new();
        assert_eq!(parse(text, &mut problems), Expression::False);
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems.remove(0).message
    }

    #[test]
    fn operators_bind_as_in_oslo_policy() {
        for (text, expected) in [
            ("", "@"),
            ("@", "@"),
            ("!", "!"),
            ("a:b", "a:b"),
            ("not a:b and c:d", "(not a:b and c:d)"),
            ("a:1 or b:2 and c:3", "(a:1 or (b:2 and c:3))"),
            ("a:1 or b:2 and c:3 and d:4", "(a:1 or (b:2 and c:3 and d:4))"),
            ("a:1 and b:2 or c:3", "((a:1 and b:2) or c:3)"),
            ("a:1 and b:2 or c:3 and d:4", "((a:1 and b:2) or (c:3 and d:4))"),
            ("not (a:1 or not b:2)", "not (a:1 or not b:2)"),
            ("((a:1))", "a:1"),
            ("not not a:1", "not not a:1"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_parsed_says_why() {
        for (text, expected) in [
            (" ", "nothing but spaces"),
            ("'a'", "a text in quotes is not a check: `a`"),
            ("(a:1 and b:2", "1 of its `(` are not closed"),
            ("a:1)", "a `)` closes nothing"),
            ("a:1 b:2", "two checks follow each other"),
            ("a:1 not b:2", "two checks follow each other"),
            ("a:1 and", "an operator has nothing to join"),
            ("or a:1", "an operator has nothing to join"),
        ] {
            let found = problem(text);
            assert!(found.contains(expected), "{text}: {found}");
        }
    }

    #[test]
    fn a_check_without_a_colon_denies_alone() {
        let mut problems = Vec::new();
        let expression = parse("admin or role:admin", &mut problems);
        assert_eq!(expression.to_string(), "(! or role:admin)");
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let levels = DEEPEST as usize;
        assert_eq!(parsed(&"(".repeat(500)[..0]), "@");
        assert_eq!(
            parsed(&format!("{}a:1", "not ".repeat(levels - 1))).len(),
            4 * (levels - 1) + 3
        );
        let deep = format!("{}a:1", "not ".repeat(levels));
        assert!(problem(&deep).contains("nests deeper than 100 levels"));
        let long = "x".repeat(LONGEST + 1);
        assert!(problem(&long).contains("65537 bytes"));
        // Parentheses alone nest nothing.
        assert_eq!(parsed(&format!("{}a:1{}", "(".repeat(1000), ")".repeat(1000))), "a:1");
    }
}
