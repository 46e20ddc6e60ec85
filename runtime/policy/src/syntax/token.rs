//! Splits the text of a rule into tokens, as `oslo_policy._parser._parse_tokenize` does.

/// A token, which borrows from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// A single check, such as `role:admin`.
    Check(&'t str),
    /// A text in quotes, without them. No rule of the grammar accepts it.
    Quoted(&'t str),
    And,
    Or,
    Not,
    Open,
    Close,
}

/// Whether Python's `\s` matches a character: Unicode white space and the four separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Calls `take` with each token. Parentheses count only at the ends of a word, because they may
/// be inside a check: `%(name)s`.
pub(crate) fn tokenise<'t>(text: &'t str, mut take: impl FnMut(Token<'t>)) {
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        let word = {
            let clean = word.trim_start_matches('(');
            (clean.len()..word.len()).for_each(|_| take(Token::Open));
            clean
        };
        let clean = word.trim_end_matches(')');
        if clean.eq_ignore_ascii_case("and") {
            take(Token::And);
        } else if clean.eq_ignore_ascii_case("or") {
            take(Token::Or);
        } else if clean.eq_ignore_ascii_case("not") {
            take(Token::Not);
        } else if !clean.is_empty() {
            // Upstream looks at the last character of the word with its parentheses, so that
            // `('a')` holds a check without a colon rather than a text in quotes.
            let quoted = ['\'', '"']
                .iter()
                .any(|quote| word.len() >= 2 && word.starts_with(*quote) && word.ends_with(*quote));
            take(if quoted {
                Token::Quoted(&word[1..word.len() - 1])
            } else {
                Token::Check(clean)
            });
        }
        (clean.len()..word.len()).for_each(|_| take(Token::Close));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        let mut out = Vec::new();
        tokenise(text, |token| out.push(token));
        out
    }

    #[test]
    fn parentheses_inside_a_word_belong_to_the_check() {
        let found = tokens("(a:%(b)s)");
        assert_eq!(found, [Token::Open, Token::Check("a:%(b)s"), Token::Close]);
    }

    #[test]
    fn operators_are_recognised_in_any_case_and_after_any_white_space() {
        let found = tokens("NOT\u{1f}a:b\u{a0}And\t((c:d))");
        assert_eq!(
            found,
            [
                Token::Not,
                Token::Check("a:b"),
                Token::And,
                Token::Open,
                Token::Open,
                Token::Check("c:d"),
                Token::Close,
                Token::Close
            ]
        );
    }

    #[test]
    fn a_text_in_quotes_is_none_before_a_parenthesis() {
        assert_eq!(tokens("'a'"), [Token::Quoted("a")]);
        assert_eq!(tokens("('a')"), [Token::Open, Token::Check("'a'"), Token::Close]);
        assert_eq!(tokens("'"), [Token::Check("'")]);
    }
}
