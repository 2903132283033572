//! Code as runs of tokens in which names of variables, numbers and texts are no longer told apart: renaming changes nothing.

use std::collections::BTreeSet;

/// Names that mean something, whatever somebody calls things.
const KEYWORDS: [&str; 21] = [
    "as", "break", "const", "continue", "else", "false", "fn", "for", "if", "impl", "in", "let", "loop",
    "match", "mut", "return", "self", "struct", "true", "where", "while",
];

#[derive(Clone, Copy, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Number,
    Text,
    Sign(char),
}

/// The hashes of all runs of `length` tokens.
pub fn runs(code: &str, length: usize) -> BTreeSet<u32> {
    let tokens = tokens(code);
    let marks: Vec<u32> = (0..tokens.len()).map(|i| mark(&tokens, i)).collect();
    marks.windows(length).map(|run| run.iter().fold(2_166_136_261, |sum, mark| mix(sum, *mark))).collect()
}

/// What a token is worth: a name that is called, a field, a path or a type says what is done; any other could be any other.
fn mark(tokens: &[Token], i: usize) -> u32 {
    let before = i.checked_sub(1).and_then(|i| tokens.get(i));
    let after = tokens.get(i + 1);
    match tokens[i] {
        Token::Number => 1,
        Token::Text => 2,
        Token::Sign(sign) => mix(3, u32::from(sign)),
        Token::Word(word) => {
            let is_called = matches!(after, Some(Token::Sign('(' | '!' | ':')));
            let is_member = before == Some(&Token::Sign('.')) || before == Some(&Token::Sign(':'));
            let is_type = word.starts_with(|c: char| c.is_uppercase());
            if is_called && after != Some(&Token::Sign(':'))
                || is_member
                || is_type
                || KEYWORDS.contains(&word)
            {
                word.bytes().fold(4, |sum, byte| mix(sum, u32::from(byte)))
            } else {
                5
            }
        }
    }
}

/// A step of FNV-1a over 32 bits.
fn mix(sum: u32, value: u32) -> u32 {
    (sum ^ value).wrapping_mul(16_777_619)
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut rest) = (Vec::new(), code.trim_start());
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = match first {
            '"' => text_end(rest),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(end);
        tokens.push(match first {
            '"' => Token::Text,
            c if c.is_ascii_digit() => Token::Number,
            c if is_word(c) => Token::Word(token),
            c => Token::Sign(c),
        });
        rest = after.trim_start();
    }
    tokens
}

/// Where a text ends that begins with a quote.
fn text_end(rest: &str) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return i + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_make_no_difference_and_what_is_called_does() {
        let runs = |code| runs(code, 4);
        assert_eq!(runs("let a = b.exp() + 1;"), runs("let total = input . exp ( ) + 7 ;"));
        assert_ne!(runs("let a = b.exp() + 1;"), runs("let a = b.ln() + 1;"));
        assert_ne!(runs("let a = b.exp() + 1;"), runs("let a = b.exp() - 1;"));
        assert_eq!(runs("f(\"a \\\" b\", c)"), runs("f(\"x\", y)"));
        assert!(runs("a b").is_empty());
    }
}
