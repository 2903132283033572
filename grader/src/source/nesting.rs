//! How deep source text is nested, measured on its tokens, before a parser or a compiler meets it: both call themselves for
//! everything that stands in something else, and have a stack that ends.

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream::IntoIter};

use crate::messages::sources;

/// Brackets in brackets. Solutions have up to 9; the compiler overflows at some 700 blocks.
pub const DEEPEST: usize = 64;
/// Words and signs in a row that may all belong to one expression, with those before the brackets that it stands in. Solutions
/// have up to 160; the compiler overflows at some 1500 words `return`.
pub const LONGEST: usize = 1000;

/// Where text is nested too deep, and how; a sentence that begins with the place goes on with it.
#[derive(Debug)]
pub struct Excess {
    /// The first token beyond the limit.
    pub at: proc_macro2::Span,
    /// What is wrong, and the way out.
    pub says: String,
}

/// A bracket that is not closed yet.
struct Level {
    tokens: IntoIter,
    /// Words and signs before it.
    before: usize,
    /// Those in it, since something ended.
    row: usize,
    /// Whether a comma may stand in the midst of something.
    is_open: bool,
    /// Whether a block has just ended.
    after_block: bool,
}

impl Level {
    fn new(tokens: TokenStream, before: usize) -> Self {
        Self { tokens: tokens.into_iter(), before, row: 0, is_open: false, after_block: false }
    }

    fn step(&mut self, token: &TokenTree) {
        let ends = match token {
            TokenTree::Punct(sign) => match sign.as_char() {
                ';' => true,
                ',' => !self.is_open,
                '#' | '\'' => self.after_block,
                _ => false,
            },
            TokenTree::Ident(word) => self.after_block && word != "else" && word != "as",
            TokenTree::Literal(_) => self.after_block,
            TokenTree::Group(group) => self.after_block && group.delimiter() == Delimiter::Brace,
        };
        if ends {
            (self.row, self.is_open) = (0, false);
        }
        self.row += 1;
        self.is_open |= matches!(token, TokenTree::Punct(sign) if matches!(sign.as_char(), '|' | '<'));
        self.after_block = matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    }
}

/// The first place where `tokens` go beyond a limit.
pub fn excess(tokens: &TokenStream) -> Option<Excess> {
    let mut open = vec![Level::new(tokens.clone(), 0)];
    while let Some(innermost) = open.last_mut() {
        let Some(token) = innermost.tokens.next() else {
            open.pop();
            continue;
        };
        innermost.step(&token);
        let row = innermost.before + innermost.row;
        if row > LONGEST {
            return Some(Excess { at: token.span(), says: sources::too_long(LONGEST) });
        }
        if let TokenTree::Group(group) = &token {
            if open.len() > DEEPEST {
                return Some(Excess { at: token.span(), says: sources::too_deep(DEEPEST) });
            }
            open.push(Level::new(group.stream(), row));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{items::Module, parse::deep_place};

    /// Sources in which something is nested `n` deep, one sort each.
    fn nested(n: usize) -> Vec<String> {
        let body = |code: String| format!("fn f() {{ let x = {code}; }}");
        let around = |open: &str, close: &str| [open.repeat(n), "1".to_owned(), close.repeat(n)].concat();
        vec![
            body(around("{", "}")),
            body(around("(", ")")),
            body(around("[", "]")),
            body(around("f(", ")")),
            body(around("if a {", "}")),
            body(around("S { x: ", " }")),
            body(around("match x { y => ", "}")),
            body(around("|x| ", "")),
            body(around("|x, y| ", "")),
            body(around("- ", "")),
            body(around("&", "")),
            body(around("!", "")),
            body(around("return ", "")),
            body(around("x = ", "")),
            body(around("match ", "")),
            body(around("move || ", "")),
            body(around("", " + 1.0")),
            body(around("", ".f()")),
            body(around("", ".f")),
            body(around("", "()")),
            body(around("", "[0]")),
            body(around("", "?")),
            body(around("", " as f32")),
            body(around("if a {} else ", "")),
            body(around("x || x && x == x | x ^ x & x << x + x * ", "")),
            format!("fn f() {{ {} }}", around("{ x; ", "}")),
            format!("fn f(x: {}) {{}}", around("[", "]").replace('1', "u8")),
            format!("fn f(x: {}) {{}}", around("Vec<", ">").replace('1', "u8")),
            format!("fn f(x: {}) {{}}", around("(A, B<u8, ", ">)").replace('1', "u8")),
            format!("fn f(x: {}) {{}}", around("T<u8, ", ">").replace('1', "u8")),
            format!("fn f(x: {}) {{}}", around("&", "").replace('1', "u8")),
            format!("fn f(x: {}) {{}}", around("fn() -> ", "").replace('1', "u8")),
            format!("use {};", around("a::", "").replace('1', "a")),
            format!("use {};", around("a::{b, ", "}").replace('1', "a")),
            around("mod a {", "}").replace('1', ""),
            format!("fn f() {{ let {} = x; }}", around("&", "").replace('1', "x")),
            format!("fn f() {{ let {} = x; }}", around("(x, ", ")").replace('1', "x")),
        ]
    }

    #[test]
    fn whatever_is_nested_within_the_limits_is_parsed_and_used_on_any_stack() {
        for kind in 0..nested(1).len() {
            let (mut least, mut most) = (1, LONGEST);
            while most - least > 1 {
                let middle = (least + most) / 2;
                let fits = deep_place(&nested(middle)[kind]).is_none();
                *(if fits { &mut least } else { &mut most }) = middle;
            }
            let text = &nested(least)[kind];
            let Ok(module) = Module::parse(text) else { continue };
            module.signatures();
            module.code_of(&["f".to_owned()]);
            assert!(module.ranges(&["f".to_owned()]).len() < 2, "{text}");
        }
    }

    #[test]
    fn whatever_is_nested_deeper_is_named_and_ends_nothing() {
        for text in nested(5_000) {
            let start: String = text.chars().take(60).collect();
            let (line, says) = deep_place(&format!("\n{text}")).unwrap_or_else(|| panic!("{start}"));
            assert_eq!(line, 2, "{start}");
            assert!(says.starts_with("has more than") || says.starts_with("is nested more than"), "{says}");
            assert!(Module::parse(&text).is_err());
        }
    }

    #[test]
    fn long_and_flat_text_is_no_matter() {
        let text = format!(
            "const A: [f32; 50000] = [{}];\nfn f() {{ {} }}\n{}",
            "1.0, ".repeat(50_000),
            "x += 1; if a { b() } *y = 2; vec![1]; match x { a | b => {} }\n".repeat(5_000),
            "/// Docs.\n#[inline]\nfn g(a: Vec<f32>, b: f32) -> f32 { a }\n".repeat(5_000)
        );
        assert!(deep_place(&text).is_none());
    }
}
