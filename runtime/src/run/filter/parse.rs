//! Parses a filter by recursive descent, keeping positions for errors.

use std::ops::Range;

use regex::Regex;

use super::{Atom, Expression, FIELDS, Field, FilterError, Pattern};
use crate::model::suggest;

/// How deep parentheses and negations may be nested; deeper nesting could overflow the stack.
const DEPTH: usize = 100;

/// Parses all of `source`.
pub(super) fn parse(source: &str) -> Result<Expression, FilterError> {
    let mut parser = Parser { source, at: 0, depth: 0 };
    let root = parser.either()?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(root),
        Some(')') => Err(parser.error(parser.here(), "unmatched closing parenthesis", "remove it")),
        Some(_) => Err(parser.error(
            parser.here(),
            "expected an operator",
            "combine them with `&` or `|`, or pass two filters",
        )),
    }
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Expression, FilterError> {
        let mut left = self.both()?;
        while self.operator("|", "or") {
            left = Expression::Either(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Expression, FilterError> {
        let mut left = self.one()?;
        while self.operator("&", "and") {
            left = Expression::Both(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Expression, FilterError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.error(self.here(), "nested too deeply", "simplify the filter"));
        }
        let expression = if self.operator("!", "not") {
            Expression::Not(Box::new(self.one()?))
        } else {
            self.primary()?
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn primary(&mut self) -> Result<Expression, FilterError> {
        self.skip_space();
        let start = self.at;
        match self.peek() {
            None => Err(self.error(
                start..start,
                "unexpected end of the filter",
                "add a word, `/regex/`, or a predicate such as `service(compute)`",
            )),
            Some('(') => {
                self.at += 1;
                let inner = self.either()?;
                self.close(start)?;
                Ok(inner)
            }
            Some('/') => {
                let pattern = self.regex()?;
                Ok(Expression::Atom(Atom { field: Field::Any, pattern, span: start..self.at }))
            }
            Some(')' | '&' | '|') => Err(self.error(
                self.here(),
                "expected a word, `/regex/` or a predicate",
                "for example `boot`, `/boot$/` or `service(compute)`",
            )),
            Some(_) => self.word_or_predicate(start),
        }
    }

    fn word_or_predicate(&mut self, start: usize) -> Result<Expression, FilterError> {
        let word = self.word();
        if self.peek() != Some('(') {
            let pattern = Pattern::plain(&self.source[word.clone()], true);
            return Ok(Expression::Atom(Atom { field: Field::Any, pattern, span: word }));
        }
        let open = self.at;
        self.at += 1;
        let name = &self.source[word.clone()];
        if matches!(name, "all" | "none") {
            self.close(open)?;
            return Ok(if name == "all" { Expression::All } else { Expression::None });
        }
        let Some(&(_, field)) = FIELDS.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = FIELDS.iter().map(|(known, _)| *known).collect();
            return Err(self.error(
                word,
                format!("unknown filter predicate `{name}`"),
                suggest::or_known(name, known.into_iter().chain(["all", "none"])),
            ));
        };
        self.skip_space();
        let pattern = match self.peek() {
            Some('/') => self.regex()?,
            Some(')') => {
                return Err(self.error(
                    open..self.at + 1,
                    format!("`{name}` needs a pattern"),
                    format!("write `{name}(PATTERN)`; `all()` selects every test"),
                ));
            }
            _ => {
                let text = self.word();
                if text.is_empty() {
                    return Err(self.unclosed(open));
                }
                Pattern::plain(&self.source[text], field == Field::Test)
            }
        };
        self.close(open)?;
        Ok(Expression::Atom(Atom { field, pattern, span: start..self.at }))
    }

    /// Parses `/…/`, in which `\/` stands for a slash.
    fn regex(&mut self) -> Result<Pattern, FilterError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.next() {
                None => {
                    return Err(self.error(
                        start..self.at,
                        "the regular expression is not closed",
                        "end it with `/`; write a slash inside as `\\/`",
                    ));
                }
                Some('/') => break,
                Some('\\') if self.peek() == Some('/') => {
                    self.at += 1;
                    text.push('/');
                }
                Some(c) => text.push(c),
            }
        }
        Regex::new(&text).map(Pattern::Regex).map_err(|error| {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
            self.error(
                start..self.at,
                format!("invalid regular expression: {why}"),
                "see https://docs.rs/regex for the syntax",
            )
        })
    }

    fn close(&mut self, open: usize) -> Result<(), FilterError> {
        self.skip_space();
        match self.peek() {
            Some(')') => {
                self.at += 1;
                Ok(())
            }
            None => Err(self.unclosed(open)),
            Some(_) => Err(self.error(
                self.here(),
                "expected `)`",
                "a pattern is one word, with `*` as a wildcard, or `/regex/`",
            )),
        }
    }

    fn unclosed(&self, open: usize) -> FilterError {
        self.error(open..open + 1, "the parenthesis is not closed", "add `)`")
    }

    /// Consumes an operator, written as a symbol or as a word.
    fn operator(&mut self, sign: &str, word: &str) -> bool {
        self.skip_space();
        let rest = &self.source[self.at..];
        let after_word = rest.strip_prefix(word).and_then(|after| after.chars().next());
        let taken = if rest.starts_with(sign) {
            sign.len()
        } else if after_word.is_some_and(|c| c.is_whitespace() || c == '(') {
            word.len()
        } else {
            return false;
        };
        self.at += taken;
        // `&&` and `||` are common spellings.
        if taken == sign.len()
            && matches!(sign, "&" | "|")
            && self.source[self.at..].starts_with(sign)
        {
            self.at += sign.len();
        }
        true
    }

    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace() && !"()&|!".contains(c)) {
            self.next();
        }
        start..self.at
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Returns the position of the next character.
    fn here(&self) -> Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    fn error(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> FilterError {
        FilterError::new(self.source, span, message, help)
    }
}
